"""Rate limits by token buckets, in this process.

In process and not in the database, since a limit that costs a write for every request would be what it guards against.
With n processes behind a proxy, somebody who reaches all of them has at most n times the figure; the proxy's limits by
address (deploy/nginx) hold for all together. What must be exact, wrong passwords, is counted by account in the
database, whatever process they reach (``services.access``).
"""

from __future__ import annotations

import ipaddress
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doc_service.api.problems import ApiError, Problem, TooLargeError

MIB = 1024 * 1024
_MOST_KEYS = 100_000
"""Buckets kept; about 20 MB. The one used least recently goes first, and whoever it was begins with a full one."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``quota`` requests in ``window`` seconds, all of them at once if need be; 0: no limit."""

    name: str
    quota: int
    window: int = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """``remaining`` whole requests are left; ``wait``: seconds until the next one is, 0 when it was granted."""

    granted: bool
    remaining: int
    wait: int
    full_in: int


class Buckets:
    """One bucket a key. ``monotonic``: seconds."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float]) -> None:
        self.rate = rate
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> Taken:
        """Takes one token of ``key``, if there is one."""
        speed, now = self.rate.quota / self.rate.window, self._monotonic()
        with self._lock:
            level, at = self._buckets.pop(key, (float(self.rate.quota), now))
            level = min(float(self.rate.quota), level + (now - at) * speed)
            granted = level >= 1
            level -= 1 if granted else 0
            self._buckets[key] = (level, now)
            if len(self._buckets) > _MOST_KEYS:
                self._buckets.popitem(last=False)
        wait = 0 if granted else math.ceil((1 - level) / speed)
        return Taken(granted, int(level), wait, math.ceil((self.rate.quota - level) / speed))

    def require(self, key: str) -> Mapping[str, str]:
        """Headers for the answer (draft-ietf-httpapi-ratelimit-headers). Raises ``ApiError`` "request.too_many"."""
        if not self.rate.quota:
            return {}
        taken = self.take(key)
        name = self.rate.name
        headers = {
            "ratelimit-policy": f'"{name}";q={self.rate.quota};w={self.rate.window}',
            "ratelimit": f'"{name}";r={taken.remaining};t={taken.full_in}',
        }
        if not taken.granted:
            raise ApiError("request.too_many", headers={**headers, "retry-after": str(taken.wait)}, seconds=taken.wait)
        return headers


@dataclass(frozen=True, slots=True)
class Limits:
    """``address``: of every request; ``login``: of attempts to log in, by address; ``heavy``: of verifying files, by
    address; ``account``: of requests with credentials; ``phone``: of calls by SİMA's app, by address; ``check``: of
    public checks of copies, by address."""

    address: Buckets
    login: Buckets
    heavy: Buckets
    account: Buckets
    phone: Buckets
    check: Buckets

    @classmethod
    def make(cls, per_minute: Mapping[str, int], monotonic: Callable[[], float]) -> Limits:
        return cls(**{name: Buckets(Rate(name, per_minute[name]), monotonic) for name in cls.__slots__})


def network_of(address: str) -> str:
    """Whose address it is, as far as can be told: an IPv6 host has a /64 of its own (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def client_of(scope: Scope) -> str:
    """By the connection, or by X-Forwarded-For of a proxy that uvicorn was told to trust (FORWARDED_ALLOW_IPS)."""
    client = scope.get("client")
    return network_of(client[0]) if client else "unknown"


class LimitAddresses:
    """ASGI middleware: every request by address. Probes of health are left alone, since an orchestrator that is
    refused restarts the service."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self._app, self._buckets = app, buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/health/"):
            try:
                self._buckets.require(client_of(scope))
            except ApiError as error:
                await Problem.of(error).response(Headers(scope=scope).get("accept-language", ""))(scope, receive, send)
                return
        await self._app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """The largest body in bytes, and the code of refusing more."""

    largest: int
    code: str = "request.too_large"


BODY_LIMIT = BodyLimit(MIB)
LARGER_BODIES: Mapping[str, BodyLimit] = {
    "/verify": BodyLimit(64 * MIB, "verify.too_large"),
    "/v1/verification": BodyLimit(64 * MIB, "verify.too_large"),
    "/v1/documents": BodyLimit(8 * MIB),
}
"""By path; everything else has ``BODY_LIMIT``."""
LARGER_BELOW: Mapping[str, BodyLimit] = {
    "/sima/": BodyLimit(48 * MIB, "sima.too_large"),
    "/v1/checks/": BodyLimit(64 * MIB, "verify.too_large"),
    "/v1/documents/": BodyLimit(8 * MIB),
    "/v1/registry-sheets/": BodyLimit(16 * MIB, "sheet.too_large"),
    "/v1/case-files/": BodyLimit(20 * MIB, "file.too_large"),
}
"""By what the path begins with: a phone brings a whole signed file, in Base64; a holder compares a copy; the data of a
registry of 5,000 organisations weigh 3 MB."""


class LimitBodies:
    """ASGI middleware: bodies beyond the limit of their path are refused, by their declared length before a byte is
    read, else as soon as they have passed it."""

    def __init__(self, app: ASGIApp, larger: Mapping[str, BodyLimit] = LARGER_BODIES) -> None:
        self._app, self._larger = app, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"]) or _below(scope["path"])
        headers = Headers(scope=scope)
        if _length(headers) > limit.largest:
            error = TooLargeError(limit.largest, limit.code)
            await Problem.of(error).response(headers.get("accept-language", ""))(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)


def _below(path: str) -> BodyLimit:
    return next((limit for start, limit in LARGER_BELOW.items() if path.startswith(start)), BODY_LIMIT)


def _counted(receive: Receive, limit: BodyLimit) -> Receive:
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limit.largest:
                raise TooLargeError(limit.largest, limit.code)
        return message

    return counting


def _length(headers: Headers) -> int:
    declared = headers.get("content-length", "0")
    return int(declared) if declared.isdecimal() and len(declared) < 19 else 0
