"""The S3 store when the server, the network or the medium fails: whole or not at all, told by its name, in time."""

from __future__ import annotations

import hashlib
import io
import secrets
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.api import StorageError
from storage.s3.location import Access, S3Location
from storage.s3.store import S3Store
from storage.s3.uploading import PART
from storage.s3.wire import Patience
from tests.fixtures_s3 import S3Server
from tests.storage.conftest import SystemClock, s3_store
from tools.servers.minio import Minio

SHORT = Patience(connect=1, read=1, total=3, attempts=3, pause=0.05, longest_pause=0.2)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(StorageError) as caught:
        action()
    return caught.value.code


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Minio]:
    """One that a test may do anything to."""
    with Minio(tmp_path / "minio") as server:
        yield server


def bucket_on(server: Minio) -> str:
    name = f"t-{secrets.token_hex(4)}"
    as_fixture(server).client().make_bucket(bucket_name=name, object_lock=True)
    return name


def as_fixture(server: Minio) -> S3Server:
    return S3Server("minio", server.url, server.access_key, server.secret_key)


def store_on(server: Minio, bucket: str = "", **options: object) -> S3Store:
    options.setdefault("patience", SHORT)
    return s3_store(as_fixture(server), bucket or bucket_on(server), **options)


class Interrupting(io.RawIOBase):
    """Zeros; does ``action`` when half of them were read."""

    def __init__(self, size: int, action: Callable[[], object]) -> None:
        self.left, self._half, self._action = size, size // 2, action

    def read(self, size: int = -1) -> bytes:
        if self.left <= self._half:
            self._action()
            self._half = -1
        size = min(size, self.left, 1 << 20)
        self.left -= size
        return bytes(size)


def test_a_server_killed_in_an_upload_has_nothing_of_it_and_the_next_attempt_works(server: Minio) -> None:
    store = store_on(server)
    data = bytes(PART * 4)
    source = Interrupting(len(data), server.kill)
    assert code_of(lambda: store.put_new("k", source, sha256=sha(data))) == "storage.unavailable"
    server.start()
    assert store.versions("k") == ()
    assert list(store.list()) == []
    assert store.verify(store.put_new("k", io.BytesIO(data), sha256=sha(data)).key)


def test_an_upload_goes_on_over_a_restart(server: Minio) -> None:
    store = store_on(server, patience=Patience(attempts=20, pause=0.1, longest_pause=0.5))
    data = bytes(PART * 4)

    def restart() -> None:
        server.kill()
        server.start()

    info = store.put_new("k", Interrupting(len(data), restart), sha256=sha(data))
    assert (info.size, store.verify("k")) == (len(data), True)


def test_what_was_stored_is_there_after_a_kill(server: Minio) -> None:
    store = store_on(server)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    stored = [store.put_new(f"k{n}", b"%d" % n, sha256=sha(b"%d" % n), retain_until=until) for n in range(20)]
    server.kill()
    server.start()
    assert sorted(store.list(), key=lambda i: i.key) == sorted(stored, key=lambda i: i.key)
    assert all(store.verify(i.key) for i in stored)


def test_a_reader_goes_on_over_a_restart(server: Minio) -> None:
    store = store_on(server, patience=Patience(attempts=20, pause=0.1, longest_pause=0.5))
    data = secrets.token_bytes(PART * 3)
    store.put_new("k", data, sha256=sha(data))
    with store.open("k") as reader:
        first = reader.read(PART)
        server.kill()
        server.start()
        assert first + reader.read() == data


def test_a_frozen_server_costs_no_more_than_the_patience(server: Minio) -> None:
    store = store_on(server)
    data = secrets.token_bytes(PART)
    store.put_new("k", data, sha256=sha(data))
    server.freeze()
    try:
        for action in (lambda: store.read("k"), lambda: store.stat("k"), lambda: list(store.list())):
            assert code_of(action) == "storage.unavailable"
        assert code_of(lambda: store.put_new("n", data, sha256=sha(data))) == "storage.unavailable"
    finally:
        server.thaw()
    assert store.read("k") == data
    assert store.put_new("n", data, sha256=sha(data)).size == len(data)


def test_nobody_listens(server: Minio) -> None:
    store = store_on(server)
    server.kill()
    for action in (
        lambda: store.read("k"),
        lambda: store.put_new("k", b"x", sha256=sha(b"x")),
        lambda: store.versions("k"),
    ):
        assert code_of(action) == "storage.unavailable"


@dataclass
class Shifted:
    by: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.mark.parametrize("name", ["minio", "rgw"])
@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_wrong_clock_is_told(request: pytest.FixtureRequest, name: str, by: timedelta) -> None:
    server: S3Server = request.getfixturevalue(name)
    location = S3Location.parse(server.bucket_url("no-such-bucket"))
    store = S3Store(location, Access(server.access_key, server.secret_key), Shifted(by), patience=SHORT)
    assert code_of(lambda: store.stat("k")) == "storage.clock_skew"


@pytest.mark.parametrize("name", ["minio", "rgw"])
@pytest.mark.parametrize("wrong", ["key", "secret"])
def test_wrong_credentials_are_told(request: pytest.FixtureRequest, name: str, wrong: str) -> None:
    server: S3Server = request.getfixturevalue(name)
    access = Access("nobody", server.secret_key) if wrong == "key" else Access(server.access_key, "not-the-secret")
    store = S3Store(S3Location.parse(server.bucket_url("some-bucket")), access, SystemClock(), patience=SHORT)
    for action in (
        lambda: store.stat("k"),
        lambda: store.put_new("k", b"x", sha256=sha(b"x")),
        lambda: [*store.list()],
    ):
        assert code_of(action) == "storage.denied"


@pytest.mark.parametrize("name", ["minio", "rgw"])
def test_a_bucket_that_is_not_there(request: pytest.FixtureRequest, name: str) -> None:
    store = s3_store(request.getfixturevalue(name), "no-such-bucket-here", patience=SHORT)
    for action in (
        lambda: store.stat("k"),
        lambda: store.put_new("k", b"x", sha256=sha(b"x")),
        lambda: [*store.list()],
    ):
        assert code_of(action) == "storage.unavailable"


def small_disk(place: Path) -> tuple[str, ...]:
    """Gives the server a file system of 64 MB that nobody else sees; where none can be mounted, files of 4 MB."""
    mount = f"mount -t tmpfs -o size=64m tmpfs {shlex.quote(str(place))}"
    possible = (
        subprocess.run(["unshare", "--mount", "sh", "-c", mount], capture_output=True, check=False).returncode == 0
    )
    if possible:
        return ("unshare", "--mount", "sh", "-c", f'{mount} && exec "$0" "$@"')
    return ("sh", "-c", 'ulimit -f 8192 && exec "$0" "$@"')


def test_a_full_disk_is_told_as_one_and_nothing_is_half_there(tmp_path: Path) -> None:
    place = tmp_path / "minio"
    (place / "data").mkdir(parents=True)
    with Minio(place, wrapper=small_disk(place / "data")) as server:
        store = store_on(server)
        data = secrets.token_bytes(5 << 20)
        kept = []
        with pytest.raises(StorageError, match=r"storage\.no_space"):  # noqa: PT012
            for n in range(20):
                store.put_new(f"k{n:02d}", data, sha256=sha(data))
                kept.append(f"k{n:02d}")
        large = bytes(PART * 8)
        assert code_of(lambda: store.put_new("large", io.BytesIO(large), sha256=sha(large))) == "storage.no_space"
        assert [i.key for i in store.list()] == kept
        assert all(store.read(key) == data for key in kept)


@pytest.mark.parametrize("size", [1000, 300_000, PART * 2 + 5])
@pytest.mark.parametrize("damage", ["changed", "cut"])
def test_bytes_changed_on_the_server_s_disk_are_never_handed_out(server: Minio, size: int, damage: str) -> None:
    store = store_on(server)
    data = secrets.token_bytes(size)
    store.put_new("k", data, sha256=sha(data))
    files = [p for p in server.data.rglob("k!/**/*") if p.is_file()]
    path = max(files, key=lambda p: p.stat().st_size)
    raw = bytearray(path.read_bytes())
    raw[-300] ^= 1
    path.write_bytes(raw if damage == "changed" else raw[:-300])
    with pytest.raises(StorageError) as caught:
        store.read("k")
    small = path.name == "xl.meta"
    expected = {"storage.corrupt"} | (
        {"storage.not_found", "storage.unavailable"} if small and damage == "cut" else set()
    )
    assert caught.value.code in expected


def test_the_deadline_counts_for_slow_answers_too(tmp_path: Path) -> None:
    """A peer that sends one byte a while: every read succeeds, the whole never ends."""
    code = (
        "import socket, sys, time\n"
        "s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)\n"
        "while True:\n"
        "    c, _ = s.accept(); c.recv(65536)\n"
        "    c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 100000\\r\\n\\r\\n')\n"
        "    try:\n"
        "        while True: c.sendall(b'<' * 10); time.sleep(0.05)\n"
        "    except OSError: pass\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as peer:
        try:
            assert peer.stdout is not None
            location = S3Location.parse(f"s3+http://127.0.0.1:{int(peer.stdout.readline())}/bucket")
            store = S3Store(location, Access("k", "s"), SystemClock(), patience=Patience(total=1, attempts=1))
            assert code_of(lambda: store.stat("k")) == "storage.unavailable"
        finally:
            peer.kill()


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"", b"not xml <", b"<Error><Code>"])
def test_a_proxy_that_answers_instead_is_no_archive(body: bytes) -> None:
    code = (
        "import http.server, sys\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        f"        b = {body!r}\n"
        "        self.send_response(200); self.send_header('Content-Length', str(len(b))); self.end_headers()\n"
        "        self.wfile.write(b)\n"
        "    def log_message(self, *a): pass\n"
        "s = http.server.HTTPServer(('127.0.0.1', 0), H); print(s.server_port, flush=True); s.serve_forever()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as peer:
        try:
            assert peer.stdout is not None
            location = S3Location.parse(f"s3+http://127.0.0.1:{int(peer.stdout.readline())}/bucket")
            store = S3Store(location, Access("k", "s"), SystemClock(), patience=SHORT)
            assert code_of(lambda: store.stat("k")) == "storage.unavailable"
        finally:
            peer.kill()
