"""The one way this library reaches the network, so that time-outs and limits hold everywhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any, Protocol

import httpcore
import httpx


class HttpError(Exception):
    """No usable answer: out of reach, too slow, too large, or a status other than 200."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A complete answer with status 200. ``content_type`` is lower case without parameters."""

    body: bytes
    content_type: str


class HttpTransport(Protocol):
    def get(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        """Raises ``HttpError``."""
        ...

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Raises ``HttpError``."""
        ...


_REFUSALS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    httpx.InvalidURL,
)
_STEPS_PER_REQUEST = 3


class HttpxTransport:
    """``HttpTransport`` over httpx's engine (httpcore): no redirects to other places, no proxies of the environment,
    and at most ``limit`` bytes of answer (CRLs are the largest). Safe to share between threads; ``close`` it at the
    end.

    ``timeout``: seconds for each single step (connect, write, read). ``total``: seconds from the start of a request to
    the last byte of its answer, by ``monotonic``; three times ``timeout`` unless given. A server that sends one byte
    now and then keeps every step short, so only the total ends such a request. Looking up the name of a host is
    outside both: the system's resolver has its own limits.
    """

    def __init__(
        self,
        *,
        timeout: float = 10.0,
        total: float | None = None,
        limit: int = 32 * 1024 * 1024,
        proxy: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._deadline = _Deadline(monotonic)
        self._total = _STEPS_PER_REQUEST * timeout if total is None else total
        self._steps = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), timeout)}
        self._limit = limit
        options: dict[str, Any] = {
            "network_backend": _Backend(httpcore.SyncBackend(), self._deadline),
            "ssl_context": httpx.create_ssl_context(trust_env=False),
            "max_connections": 100,
            "keepalive_expiry": 5.0,
        }
        self._pool = httpcore.ConnectionPool(**options) if proxy is None else httpcore.HTTPProxy(proxy, **options)

    def get(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        return self._send("GET", url, None, headers)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        return self._send("POST", url, body, headers)

    def close(self) -> None:
        self._pool.close()

    def _send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        self._deadline.start(self._total)
        fields = list(httpx.Headers(headers).raw)
        try:
            with self._pool.stream(
                method, _target(url), headers=fields, content=body, extensions=dict(self._steps)
            ) as response:
                if response.status != httpx.codes.OK:
                    raise HttpError(f"{url}: status {response.status}")
                return HttpAnswer(self._read(response, url), _media_type(response.headers))
        except _REFUSALS as error:
            raise HttpError(f"{url}: {error or type(error).__name__}") from error

    def _read(self, response: httpcore.Response, url: str) -> bytes:
        data = bytearray()
        for piece in response.iter_stream():
            data += piece
            if len(data) > self._limit:
                raise HttpError(f"{url}: answer larger than {self._limit} bytes")
        return bytes(data)


def _target(url: str) -> httpcore.URL:
    parsed = httpx.URL(url)
    return httpcore.URL(
        scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path or b"/"
    )


def _media_type(headers: Iterable[tuple[bytes, bytes]]) -> str:
    return str(httpx.Headers(list(headers)).get("Content-Type", "")).partition(";")[0].strip().lower()


class _Deadline:
    """The end of the request that the present thread makes."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._of_thread = threading.local()

    def start(self, seconds: float) -> None:
        self._of_thread.end = self._monotonic() + seconds

    def step(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        """Seconds that the next step may take; raises ``late`` when there are none left."""
        left = float(self._of_thread.end - self._monotonic())
        if left <= 0:
            raise late("the whole request took too long")
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection on which no step goes beyond the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.step(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.step(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        step = self._deadline.step(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, step), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Makes connections that keep to the deadline."""

    def __init__(self, inner: httpcore.NetworkBackend, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        step = self._deadline.step(timeout, httpcore.ConnectTimeout)
        stream = self._inner.connect_tcp(host, port, step, local_address, socket_options)
        return _Stream(stream, self._deadline)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)
