"""Calls to remote signing services: bounded in time and size, no redirects, and honest about what may have arrived."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

_MORE = 1 << 16


class RemoteHttpError(Exception):
    """No usable answer. ``sent``: the request may have reached the service, so that it may have acted on it."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        self.reason = reason
        self.sent = sent
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """Any answer with a status; ``content_type`` in lower case without parameters."""

    status: int
    body: bytes
    content_type: str


class RemoteHttp:
    """One service; safe to share between threads.

    ``timeout``: seconds a step (connect, write, read); ``total``: seconds from the start of a call to the last byte of
    its answer, to within one step; ``limit``: bytes of an answer. ``ca_file``: PEM of the service's CA when it is not a
    public one. Proxies and certificates named by the environment are not used. Every call has a connection of its own:
    on a kept one that the service has just closed nobody could tell whether a request arrived.
    """

    def __init__(
        self,
        *,
        timeout: float = 10.0,
        total: float = 20.0,
        limit: int = 4 * 1024 * 1024,
        ca_file: Path | None = None,
        client_certificate: tuple[Path, Path] | None = None,
    ) -> None:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
        if client_certificate is not None:
            context.load_cert_chain(*(str(path) for path in client_certificate))
        self._client = httpx.Client(
            verify=context,
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"Accept": "application/json"},
        )
        self._total = total
        self._limit = limit

    def post_json(self, url: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> RemoteAnswer:
        """Raises ``RemoteHttpError``."""
        return self._send("POST", url, headers, json=dict(content))

    def post_form(self, url: str, content: Mapping[str, str], headers: Mapping[str, str]) -> RemoteAnswer:
        """Raises ``RemoteHttpError``."""
        return self._send("POST", url, headers, data=dict(content))

    def get(self, url: str, headers: Mapping[str, str]) -> RemoteAnswer:
        """Raises ``RemoteHttpError``."""
        return self._send("GET", url, headers)

    def close(self) -> None:
        self._client.close()

    def _send(self, method: str, url: str, headers: Mapping[str, str], **content: Any) -> RemoteAnswer:
        deadline = time.monotonic() + self._total
        try:
            with self._client.stream(method, url, headers=dict(headers), **content) as response:
                return RemoteAnswer(response.status_code, self._read(response, deadline), _media_type(response))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise RemoteHttpError(_reason(error), sent=False) from error
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise RemoteHttpError(_reason(error), sent=not isinstance(error, httpx.InvalidURL)) from error

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        data = bytearray()
        for piece in response.iter_bytes(_MORE):
            data += piece
            if len(data) > self._limit:
                raise RemoteHttpError("the answer is too large", sent=True)
            if time.monotonic() > deadline:
                raise RemoteHttpError("the answer took too long", sent=True)
        return bytes(data)


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
