"""Downloads from the archive: streamed, whole or in part (RFC 9110 §14), with their digest (RFC 9530).

What is sent was read and compared with its digest (DESIGN 4), also when a part was asked for: the last piece of an
answer is held back until the whole object has been read. That costs reading an object for each part of it, and lets no
damaged byte out as a whole answer. Memory stays at two pieces, whatever the size.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

import anyio
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from doc_service.api.etags import not_modified
from doc_service.api.problems import ApiError
from storage.api import ObjectStore, StorageError

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Stored:
    """An object of the archive as it is handed out. ``sha256`` hex and ``size`` in bytes as recorded with the document;
    ``name``: the file's name for people, in any letters."""

    key: str
    sha256: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes ``first`` to ``last``, both included, of ``size``."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def part_of(header: str, size: int) -> Part | None:
    """The single range of a Range header; None when it is to be ignored: another unit, several ranges, no range at all
    (RFC 9110 §14.2). Raises ``ApiError`` "http.range_not_satisfiable" for one that lies outside."""
    match = _RANGE.fullmatch(header)
    if match is None or not (match[1] or match[2]):
        return None
    if match[1]:
        first, last = int(match[1]), min(int(match[2]), size - 1) if match[2] else size - 1
        if match[2] and int(match[2]) < first:
            return None
    else:
        first, last = max(size - int(match[2]), 0), size - 1
    if first >= size or last < first:
        raise ApiError("http.range_not_satisfiable", headers={"content-range": f"bytes */{size}"}, size=size)
    return Part(first, last, size)


def disposition(name: str, *, inline: bool = False) -> str:
    """RFC 6266 with the name in UTF-8 (RFC 8187) and a plain one for old readers. Whatever could end the name or lead
    to another folder is taken out."""
    safe = "".join(c for c in name if c.isprintable() and c not in '/\\"').strip(". ") or "document"
    plain = _PLAIN.sub("_", safe).strip("_") or "document"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


class Download(Response):
    """Streams ``stored`` from ``store``. Its first bytes are read before the answer begins, so that an archive out of
    reach is a problem and no broken file. ``headers``: what the route adds, e.g. what the copy is worth."""

    def __init__(
        self,
        request: Request,
        store: ObjectStore,
        stored: Stored,
        headers: Mapping[str, str] | None = None,
        *,
        inline: bool = False,
    ) -> None:
        tag = f'"{stored.sha256}"'
        known = not_modified(request, tag)
        self._store, self._stored = store, stored
        self._part = None if known else _asked(request, tag, stored.size)
        self._empty = known or request.method == "HEAD"
        self.background = None
        self.status_code = 304 if known else 206 if self._part else 200
        self.init_headers(_headers(stored, tag, self._part, self.status_code, inline=inline) | dict(headers or {}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        if self._empty:
            await send(start)
            await send({"type": "http.response.body", "body": b""})
            return
        pieces = _Pieces(self._store, self._stored, self._part)
        try:
            following = await run_in_threadpool(pieces.next)
            await send(start)
            await self._send(pieces, following, send)
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(pieces.close)

    async def _send(self, pieces: _Pieces, piece: bytes | None, send: Send) -> None:
        """A failure now can only break the answer off: the server closes the connection short of Content-Length."""
        while piece is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await run_in_threadpool(pieces.next)
        await send({"type": "http.response.body", "body": b""})


class _Pieces:
    """The pieces of a part, or of the whole, from a reader that checks the digest."""

    def __init__(self, store: ObjectStore, stored: Stored, part: Part | None) -> None:
        self._stored = stored
        self._part = part or Part(0, stored.size - 1, stored.size)
        self._open: Callable[[], AbstractContextManager[BinaryIO]] = lambda: store.open(stored.key)
        self._context: AbstractContextManager[BinaryIO] | None = None
        self._pieces: Iterator[bytes] | None = None

    def next(self) -> bytes | None:
        """None at the end. Raises ``StorageError``."""
        if self._pieces is None:
            self._context = self._open()
            self._pieces = self._read(self._context.__enter__())
        return next(self._pieces, None)

    def close(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            with suppress(StorageError):
                context.__exit__(None, None, None)

    def _read(self, reader: BinaryIO) -> Iterator[bytes]:
        """Each piece goes out when the next one is there; the last one when the reader has come to the end, where it
        compares the digest."""
        held, at = b"", 0
        while piece := reader.read(PIECE):
            inside = piece[max(self._part.first - at, 0) : max(self._part.last + 1 - at, 0)]
            at += len(piece)
            if inside:
                if held:
                    yield held
                held = inside
        if at != self._stored.size:
            raise StorageError("storage.corrupt", key=self._stored.key, version="")
        if held:
            yield held


def _asked(request: Request, tag: str, size: int) -> Part | None:
    """If-Range: with another version than the present one the whole is sent (RFC 9110 §13.1.5)."""
    header = request.headers.get("range")
    same = request.headers.get("if-range", tag).strip() == tag
    return part_of(header, size) if header is not None and same and request.method == "GET" else None


def _headers(stored: Stored, tag: str, part: Part | None, status: int, *, inline: bool) -> dict[str, str]:
    digest = base64.b64encode(bytes.fromhex(stored.sha256)).decode()
    told = {
        "etag": tag,
        "vary": "Authorization, Cookie",
        "cache-control": "private, no-cache",
        "accept-ranges": "bytes",
        "repr-digest": f"sha-256=:{digest}:",
    }
    if status == 304:
        return told
    told |= {
        "content-type": stored.media_type,
        "content-length": str(part.length if part else stored.size),
        "content-disposition": disposition(stored.name, inline=inline),
    }
    if part:
        told["content-range"] = f"bytes {part.first}-{part.last}/{part.size}"
    return told
