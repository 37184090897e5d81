"""HTTP towards the service: TLS always (but to this computer), answers with limits, lost answers asked for again."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from doc_service.agent.origins import origin_of
from doc_service.domain.errors import DomainError

ANSWER_LIMIT = 128 * 1024 * 1024
TRIES = 5
_PASSING = frozenset({429, 502, 503, 504})
_WAIT_LIMIT = 30.0


class UnreachableError(DomainError):
    """The service gave no answer, however often it was asked."""


class RefusedError(DomainError):
    """The service said no. ``reason`` is its stable code, ``status`` the HTTP status, ``wait`` the seconds after which
    it may be asked again (Retry-After), or None."""

    def __init__(self, status: int, reason: str, text: str, wait: float | None) -> None:
        super().__init__("agent.refused", "", reason=reason, text=text)
        self.status = status
        self.reason = reason
        self.wait = wait


class HttpClient:
    """One service. Redirects are not followed: they would carry the session to another place. Proxies are those of the
    environment, as in the person's browser."""

    def __init__(
        self,
        service: str,
        *,
        ca: Path | None = None,
        language: str = "az",
        timeout: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """``ca``: PEM of an authority that the service's TLS certificate rests on besides the usual ones. Raises
        ``DomainError`` "agent.bad_service", "agent.insecure_service", "agent.bad_ca"."""
        self.origin = origin_of(service)
        self._sleep = sleep
        self._client = httpx.Client(
            base_url=self.origin,
            verify=_tls(ca),
            timeout=timeout,
            transport=transport,
            headers={"Accept-Language": language, "User-Agent": "doc-service-agent/1"},
        )

    def bearer(self, token: str) -> None:
        """Every later request carries ``token``."""
        self._client.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return _object(self._send("GET", path, params=dict(params or {})))

    def read(self, path: str) -> bytes:
        """Exact bytes. Raises also ``DomainError`` "agent.too_large" (limit)."""
        return self._send("GET", path, headers={"Accept": "application/pdf"}).content

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One idempotency key for all tries, so that a lost answer does nothing twice."""
        return _object(self._send("POST", path, json=dict(body), headers={"Idempotency-Key": str(uuid4())}))

    def delete(self, path: str) -> None:
        self._send("DELETE", path)

    def close(self) -> None:
        self._client.close()

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Raises ``RefusedError``, ``UnreachableError`` "agent.unreachable" (service, why), and ``DomainError``
        "agent.untrusted_service" (service) when its TLS certificate does not hold."""
        for attempt in range(TRIES):
            last = attempt == TRIES - 1
            try:
                answer = self._receive(method, path, options)
            except httpx.TransportError as error:
                if _is_distrust(error):
                    raise DomainError("agent.untrusted_service", "service", service=self.origin) from None
                if last:
                    raise UnreachableError(
                        "agent.unreachable", "service", service=self.origin, why=type(error).__name__
                    ) from None
                self._sleep(0.5 * 2**attempt)
                continue
            if answer.is_success:
                return answer
            refused = _refusal(answer)
            if last or answer.status_code not in _PASSING:
                raise refused
            self._sleep(min(refused.wait or 0.5 * 2**attempt, _WAIT_LIMIT))
        raise AssertionError("unreachable")

    def _receive(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        with self._client.stream(method, path, **options) as answer:
            data = bytearray()
            for piece in answer.iter_bytes():
                data += piece
                if len(data) > ANSWER_LIMIT:
                    raise DomainError("agent.too_large", "", limit=ANSWER_LIMIT)
            return httpx.Response(answer.status_code, headers=_plain(answer.headers), content=bytes(data))


def _is_distrust(error: BaseException | None) -> bool:
    """Whether the TLS certificate was the reason, which no repetition changes."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _plain(headers: httpx.Headers) -> list[tuple[str, str]]:
    """Without the headers that describe the encoding on the way, which is undone."""
    gone = ("content-encoding", "transfer-encoding", "content-length")
    return [(name, value) for name, value in headers.multi_items() if name not in gone]


def _tls(ca: Path | None) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    if ca is not None:
        try:
            context.load_verify_locations(cafile=ca)
        except (OSError, ssl.SSLError) as error:
            raise DomainError("agent.bad_ca", "ca", path=str(ca), reason=str(error)) from None
    return context


def _object(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code == httpx.codes.NO_CONTENT:
        return {}
    try:
        value = answer.json()
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise DomainError("agent.bad_answer", "", part="body")
    return value


def _refusal(answer: httpx.Response) -> RefusedError:
    """Problem details (RFC 9457) with the service's stable code."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    reason = str(problem.get("code") or f"http.{answer.status_code}")[:80]
    text = str(problem.get("detail") or problem.get("title") or answer.reason_phrase)[:500]
    after = answer.headers.get("retry-after", "")
    return RefusedError(answer.status_code, reason, text, float(after) if after.isdecimal() else None)
