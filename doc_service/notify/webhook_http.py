"""Webhooks over HTTP/1.1: one connection for each delivery, to an address that was judged first.

No redirects (a receiver could lead to another place), no proxies of the environment, no cookies; the answer's status is
read and its body is not. TLS verifies certificate and host name, whatever address the name has.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

from doc_service.domain.errors import DomainError
from doc_service.notify.addresses import AddressPolicy
from doc_service.ports_notify import WebhookAnswer

_PORTS = {"https": 443, "http": 80}
_AGENT = b"doc-service-webhooks/1"
_FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    ssl.SSLError,
    OSError,
)


class HttpWebhookSender:
    """``WebhookSender``. ``timeout``: from the first packet to the status line, all steps together. ``ca_file``: CA of
    receivers with certificates of their own, beside the public ones."""

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        timeout: timedelta = timedelta(seconds=10),
        ca_file: Path | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy
        self._timeout = timeout.total_seconds()
        self._monotonic = monotonic
        self._tls = ssl.create_default_context()
        if ca_file is not None:
            self._tls.load_verify_locations(cafile=ca_file)

    def check(self, url: str) -> None:
        parts = urlsplit(url)
        self._policy.resolve(parts.hostname or "", _port(parts))

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        parts = urlsplit(url)
        address = self._policy.resolve(parts.hostname or "", _port(parts))
        backend = _Pinned(address, self._monotonic() + self._timeout, self._monotonic)
        fields = [(name.encode(), value.encode()) for name, value in headers.items()]
        fields += [
            (b"host", parts.netloc.encode()),
            (b"user-agent", _AGENT),
            (b"content-length", str(len(body)).encode()),
        ]
        with httpcore.ConnectionPool(ssl_context=self._tls, max_connections=1, network_backend=backend) as pool:
            try:
                steps = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)
                with pool.stream(
                    b"POST", _target(parts), headers=fields, content=body, extensions={"timeout": steps}
                ) as response:
                    return WebhookAnswer(response.status)
            except _FAILURES as error:
                raise DomainError("webhook.no_answer", "", reason=_reason(error)) from error


def _reason(error: BaseException) -> str:
    """The kind of failure: what the receiver said may hold anything."""
    return "certificate" if "CERTIFICATE_VERIFY_FAILED" in str(error) else type(error).__name__


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


def _target(parts: SplitResult) -> httpcore.URL:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return httpcore.URL(
        scheme=parts.scheme.encode(), host=(parts.hostname or "").encode(), port=_port(parts), target=path.encode()
    )


class _Pinned(httpcore.NetworkBackend):
    """Connects to ``address`` whatever the name, and no longer than ``until``."""

    def __init__(self, address: str, until: float, monotonic: Callable[[], float]) -> None:
        self._address, self._until, self._monotonic = address, until, monotonic
        self._inner = httpcore.SyncBackend()

    def left(self, failure: type[httpcore.TimeoutException]) -> float:
        left = self._until - self._monotonic()
        if left <= 0:
            raise failure
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        step = self.left(httpcore.ConnectTimeout)
        stream = self._inner.connect_tcp(self._address, port, step, local_address, socket_options)
        return _Hurried(stream, self)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(min(seconds, self.left(httpcore.ConnectTimeout)))


class _Hurried(httpcore.NetworkStream):
    """A connection whose steps share one time-out: a receiver that sends a byte now and then gains nothing by it."""

    def __init__(self, inner: httpcore.NetworkStream, backend: _Pinned) -> None:
        self._inner, self._backend = inner, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._backend.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._backend.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        step = self._backend.left(httpcore.ConnectTimeout)
        return _Hurried(self._inner.start_tls(ssl_context, server_hostname, step), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
