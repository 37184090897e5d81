"""The one way this library reaches the network, so that time-outs and limits hold everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

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


class HttpxTransport:
    """``HttpTransport`` over httpx: no redirects to other places, a time-out in seconds for every step, and at most
    ``limit`` bytes of answer (CRLs are the largest). Safe to share between threads; ``close`` it at the end."""

    def __init__(self, *, timeout: float = 10.0, limit: int = 32 * 1024 * 1024, proxy: str | None = None) -> None:
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False, proxy=proxy)
        self._limit = limit

    def get(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        return self._send("GET", url, None, headers)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        return self._send("POST", url, body, headers)

    def close(self) -> None:
        self._client.close()

    def _send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        try:
            with self._client.stream(method, url, content=body, headers=dict(headers)) as response:
                if response.status_code != httpx.codes.OK:
                    raise HttpError(f"{url}: status {response.status_code}")
                return HttpAnswer(self._read(response, url), _media_type(response))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise HttpError(f"{url}: {error}") from error

    def _read(self, response: httpx.Response, url: str) -> bytes:
        data = bytearray()
        for piece in response.iter_bytes():
            data += piece
            if len(data) > self._limit:
                raise HttpError(f"{url}: answer larger than {self._limit} bytes")
        return bytes(data)


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
