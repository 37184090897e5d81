"""Downloads: whole, in part, again, and never damaged."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import tracemalloc
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from doc_service.api.limits import MIB
from doc_service.api.problems import ApiError
from doc_service.api.ranges import PIECE, Stored, disposition, part_of
from tests.api.probe import Inside

FILE = "/v1/probe/file"
SIZE = 17 * PIECE + 17


@pytest.fixture
def content(inside: Inside) -> bytes:
    content = os.urandom(SIZE)
    digest = hashlib.sha256(content).hexdigest()
    key = f"tests/{digest}.pdf"
    inside.container.store.put_new(key, content, sha256=digest)
    inside.things.stored = Stored(key, digest, SIZE, "application/pdf", "Protokol № 7, şöbə.pdf")
    return content


def test_the_whole_file(inside: Inside, content: bytes) -> None:
    answer = inside.ask("GET", FILE)
    assert (answer.status_code, answer.content) == (200, content)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert answer.headers["etag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert (answer.headers["accept-ranges"], answer.headers["x-copy"]) == ("bytes", "final")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="Protokol_7_b_.pdf"; '
        "filename*=UTF-8''Protokol%20%E2%84%96%207%2C%20%C5%9F%C3%B6b%C9%99.pdf"
    )


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-", 10, SIZE - 1),
        ("bytes=-5", SIZE - 5, SIZE - 1),
        (f"bytes=-{SIZE * 2}", 0, SIZE - 1),
        (f"bytes={PIECE - 3}-{PIECE + 3}", PIECE - 3, PIECE + 3),
        (f"bytes={PIECE}-{2 * PIECE - 1}", PIECE, 2 * PIECE - 1),
        (f"bytes=5-{SIZE * 9}", 5, SIZE - 1),
    ],
)
def test_parts(inside: Inside, content: bytes, asked: str, first: int, last: int) -> None:
    answer = inside.ask("GET", FILE, headers={"range": asked})
    assert (answer.status_code, answer.content) == (206, content[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["content-length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_parts_that_are_not_there(inside: Inside, content: bytes, asked: str) -> None:
    answer = inside.ask("GET", FILE, headers={"range": asked})
    assert (answer.status_code, answer.json()["code"]) == (416, "http.range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"
    assert str(SIZE) in answer.json()["detail"]


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "lines=1-2", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b"])
def test_ranges_that_are_ignored(inside: Inside, content: bytes, asked: str) -> None:
    answer = inside.ask("GET", FILE, headers={"range": asked})
    assert (answer.status_code, len(answer.content)) == (200, SIZE)


def test_a_range_of_another_version_gives_the_whole(inside: Inside, content: bytes) -> None:
    tag = inside.ask("HEAD", FILE).headers["etag"]
    for if_range, status in ((tag, 206), ('"other"', 200), (f"W/{tag}", 200), ("Sat, 21 Nov 2026 09:00:00 GMT", 200)):
        answer = inside.ask("GET", FILE, headers={"range": "bytes=0-9", "if-range": if_range})
        assert answer.status_code == status, if_range


def test_head_and_not_modified_send_nothing(inside: Inside, content: bytes) -> None:
    head = inside.ask("HEAD", FILE, headers={"range": "bytes=0-9"})
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(SIZE))
    again = inside.ask("GET", FILE, headers={"if-none-match": head.headers["etag"], "range": "bytes=0-9"})
    assert (again.status_code, again.content) == (304, b"")


def test_an_object_that_is_not_there_is_a_problem(inside: Inside, content: bytes) -> None:
    inside.things.stored = Stored("tests/nothing.pdf", "0" * 64, 3, "application/pdf", "x.pdf")
    answer = inside.ask("GET", FILE)
    assert (answer.status_code, answer.json()["code"]) == (500, "storage.not_found")


@pytest.mark.parametrize("asked", [None, "bytes=1000-30000000"])
def test_memory_stays_flat(inside: Inside, asked: str | None) -> None:
    """32 MiB through a few pieces; TestClient would keep the answer, so the application is asked directly."""
    size = 32 * MIB
    content = os.urandom(MIB) * 32
    digest = hashlib.sha256(content).hexdigest()
    key = f"tests/{digest}.pdf"
    inside.container.store.put_new(key, content, sha256=digest)
    inside.things.stored = Stored(key, digest, size, "application/pdf", "x.pdf")
    del content
    sent, largest = asyncio.run(drained(inside.app, {"range": asked} if asked else {}))
    assert sent == (size if asked is None else 29_999_001)
    assert largest < 8 * MIB


async def drained(app: FastAPI, headers: dict[str, str]) -> tuple[int, int]:
    """Bytes sent, and the most memory that was taken meanwhile."""
    told = {"authorization": "Bearer auditor", "host": "service.test", **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "https",
        "path": FILE, "raw_path": FILE.encode(), "query_string": b"", "root_path": "", "client": ("192.0.2.1", 1),
        "server": ("service.test", 443), "state": {},
        "headers": [(k.encode(), v.encode()) for k, v in told.items()],
    }  # fmt: skip
    sent = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal sent
        sent += len(message.get("body", b""))

    tracemalloc.start()
    try:
        await app(scope, receive, send)
        return sent, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("asked", [None, "bytes=0-9", f"bytes={PIECE}-{PIECE + 9}"])
def test_damage_anywhere_lets_no_answer_pass_for_whole(inside: Inside, content: bytes, asked: str | None) -> None:
    """One bit at the very end of the file, far from what was asked for."""
    path = stored_file(inside, content)
    damaged = content[:-1] + bytes([content[-1] ^ 1])
    path.chmod(0o600)
    path.write_bytes(damaged)
    answer = inside.ask("GET", FILE, headers={"range": asked} if asked else {})
    if answer.headers["content-type"] == "application/problem+json":
        assert (answer.status_code, answer.json()["code"]) == (500, "storage.corrupt")
    else:
        assert len(answer.content) < int(answer.headers["content-length"])


def stored_file(inside: Inside, content: bytes) -> Path:
    files = [p for p in inside.container.settings.archive_dir.rglob("*") if p.is_file()]
    return next(p for p in files if p.stat().st_size == SIZE and p.read_bytes() == content)


@given(st.text(max_size=80))
def test_names_end_no_header_and_leave_no_folder(name: str) -> None:
    text = disposition(name)
    text.encode("latin-1")
    assert text.count('"') == 2
    assert not set(text) & set("\r\n\\/")


@given(st.text(alphabet="bytes=-0123456789, ", max_size=30), st.integers(1, 10_000))
def test_any_range_header_gives_a_part_inside_or_none(header: str, size: int) -> None:
    try:
        part = part_of(header, size)
    except ApiError:
        return
    assert part is None or 0 <= part.first <= part.last < size
