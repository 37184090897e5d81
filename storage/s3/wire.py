"""Signed S3 requests with time limits and bounded retries.

The ``minio`` package signs (AWS Signature 4). Its request method is not used: over TLS it leaves the payload unsigned,
it has no deadline for a request as a whole, no conditional writes, and cannot read dates with nanoseconds. Here every
payload's SHA-256 is signed, so that the server refuses bytes that are not those sent.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlencode, urlsplit

import urllib3
from minio.credentials.credentials import Credentials
from minio.signer import sign_v4_s3
from urllib3.exceptions import HTTPError

from storage.s3.answers import RefusedError, read_refusal, unavailable
from storage.s3.location import Access

CHUNK = 1 << 20
MAX_ANSWER = 32 << 20
"""Bytes of an answer that is no object: a listing of 1,000 versions has about 0.5 MB."""

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
_EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits in seconds. ``total`` bounds one request with all its repetitions; ``slowest`` (bytes a second) lengthens
    it for bodies. Pauses grow from ``pause`` to ``longest_pause`` and are drawn at random below that (full jitter), so
    that many workers do not come back at the same moment."""

    connect: float = 5.0
    read: float = 20.0
    total: float = 60.0
    slowest: float = 256 * 1024
    attempts: int = 5
    pause: float = 0.2
    longest_pause: float = 5.0
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = field(default=random.SystemRandom().random)

    def deadline(self, size: int = 0) -> float:
        return self.monotonic() + self.total + size / self.slowest

    def timeout(self, deadline: float) -> urllib3.Timeout:
        left = max(0.001, deadline - self.monotonic())
        return urllib3.Timeout(connect=min(self.connect, left), read=min(self.read, left))

    def wait(self, attempt: int, deadline: float) -> bool:
        """Pauses before another attempt; False when there is none left."""
        pause = min(self.longest_pause, self.pause * 2**attempt) * self.chance()
        if attempt + 1 >= self.attempts or self.monotonic() + pause >= deadline:
            return False
        self.sleep(pause)
        return True


@dataclass(frozen=True, slots=True)
class Request:
    """``name``: of the object in the bucket, "" for the bucket itself. ``size``: bytes expected in the answer."""

    method: str
    name: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    headers: Mapping[str, str]
    body: bytes = b""


def pool_maker(ca_file: Path | None = None, connections: int = 40) -> Callable[[], urllib3.PoolManager]:
    """Makes connection pools that check the server's certificate against ``ca_file`` or the system's authorities."""

    def make() -> urllib3.PoolManager:
        return urllib3.PoolManager(
            maxsize=connections, retries=False, blocksize=256 * 1024, cert_reqs="CERT_REQUIRED",
            ca_certs=None if ca_file is None else str(ca_file),
        )  # fmt: skip

    return make


class Wire:
    """Requests to one bucket. Safe for threads; a process that was forked gets connections of its own."""

    def __init__(
        self, endpoint: str, bucket: str, region: str, access: Access, clock: Clock, patience: Patience,
        new_pool: Callable[[], urllib3.PoolManager],
    ) -> None:  # fmt: skip
        self._base = f"{endpoint}/{quote(bucket)}"
        self._region = region
        self._credentials = Credentials(access.key, access.secret)
        self._clock = clock
        self.patience = patience
        self._new_pool = new_pool
        self._pool_of = (os.getpid(), new_pool())

    def call(self, request: Request) -> Answer:
        """Sends until answered or out of patience. Every request must be safe to repeat.

        Raises ``RefusedError`` for a refusal that another attempt would not change, ``storage.unavailable`` else."""
        with self.open(request) as (response, deadline), network_errors():
            return Answer(response.headers, self._body(response, deadline))

    @contextmanager
    def open(self, request: Request) -> Iterator[tuple[urllib3.BaseHTTPResponse, float]]:
        """The answer's body unread, and the moment (``Patience.monotonic``) by which it must have been read."""
        deadline = self.patience.deadline(max(request.size, len(request.body)))
        response = self._until_answered(request, deadline)
        whole = False
        try:
            yield response, deadline
            whole = True
        finally:
            if not whole:
                response.close()
            response.release_conn()

    def _body(self, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        """What there is at a time, so that a peer that sends a little now and then meets the deadline, too."""
        body = io.BytesIO()
        while chunk := response.read1(CHUNK):
            body.write(chunk)
            if body.tell() > MAX_ANSWER or self.patience.monotonic() > deadline:
                raise unavailable("answer too long")
        return body.getvalue()

    def _until_answered(self, request: Request, deadline: float) -> urllib3.BaseHTTPResponse:
        attempt = 0
        while True:
            try:
                return self._once(request, deadline)
            except RefusedError as refusal:
                if refusal.full or refusal.status not in _TRANSIENT or not self.patience.wait(attempt, deadline):
                    raise
            except (HTTPError, OSError) as error:
                if not self.patience.wait(attempt, deadline):
                    raise unavailable(type(error).__name__) from error
            attempt += 1

    def _once(self, request: Request, deadline: float) -> urllib3.BaseHTTPResponse:
        url = f"{self._base}/{quote(request.name)}" if request.name else self._base
        query = urlencode(sorted(request.query.items()), quote_via=quote, safe="")
        url = f"{url}?{query}" if query else url
        response = self._pool().request(
            request.method, url, body=io.BytesIO(request.body) if request.body else None,
            headers=self._signed(request, url), timeout=self.patience.timeout(deadline),
            preload_content=False, redirect=False, retries=False, decode_content=False,
        )  # fmt: skip
        if response.status < 300:
            return response
        try:
            raise read_refusal(response.status, response.headers, self._body(response, deadline))
        finally:
            response.release_conn()

    def _signed(self, request: Request, url: str) -> dict[str, str]:
        now = self._clock.now().astimezone(UTC)
        digest = request.sha256 or (hashlib.sha256(request.body).hexdigest() if request.body else _EMPTY_SHA256)
        headers = {
            **request.headers,
            "Host": urlsplit(url).netloc,
            "User-Agent": "doc-service",
            "Accept-Encoding": "identity",
            "x-amz-content-sha256": digest,
            "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ"),
        }
        if request.method in ("PUT", "POST"):
            headers["Content-Length"] = str(len(request.body))
        signed = sign_v4_s3(
            method=request.method, url=urlsplit(url), region=self._region, headers=dict(headers),
            credentials=self._credentials, content_sha256=digest, date=now,
        )  # fmt: skip
        return {name: str(value) for name, value in signed.items()}

    def _pool(self) -> urllib3.PoolManager:
        """A forked process must not write into its parent's connections."""
        pid, pool = self._pool_of
        if pid != os.getpid():
            pool = self._new_pool()
            self._pool_of = (os.getpid(), pool)
        return pool


@contextmanager
def network_errors() -> Iterator[None]:
    """What breaks while a body is read, as ``storage.unavailable``."""
    try:
        yield
    except (HTTPError, OSError) as error:
        raise unavailable(type(error).__name__) from error
