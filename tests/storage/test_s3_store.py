"""What is particular to S3: hostile use of the service's own credentials, races, large objects, servers that differ."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import secrets
import threading
import tracemalloc
from collections.abc import Callable
from datetime import timedelta

import pytest

from storage.api import StorageError
from storage.keys import revision_key
from storage.s3.answers import RefusedError, moment, whole_seconds
from storage.s3.location import MAX_PREFIX_BYTES, S3Location
from storage.s3.store import S3Store
from storage.s3.uploading import PART
from storage.s3.wire import Patience
from tests.fixtures_s3 import S3Server
from tests.storage.conftest import ServerClock, on_minio, on_rgw, s3_store

CLOCK = ServerClock()
SERVERS = {"minio": on_minio, "rgw": on_rgw}


@pytest.fixture(params=sorted(SERVERS))
def store(request: pytest.FixtureRequest) -> S3Store:
    """As the server's owner: what holds against its credentials holds against the service's."""
    made = SERVERS[request.param](request, CLOCK)
    assert isinstance(made, S3Store)
    return made


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(StorageError) as caught:
        action()
    return caught.value.code


def soon() -> timedelta:
    return timedelta(seconds=60)


def test_what_is_put_over_an_object_is_never_read(store: S3Store) -> None:
    first = store.put_new("k", b"first", sha256=sha(b"first"))
    for _ in range(3):
        store.bucket.put("k", b"other", sha(b"other"), None, new=False)
    assert store.read("k") == b"first"
    assert store.stat("k") == first
    assert [i.sha256 for i in store.list()] == [first.sha256]
    assert [i.sha256 for i in store.versions("k")] == [first.sha256, *[sha(b"other")] * 3]
    assert code_of(lambda: store.put_new("k", b"other", sha256=sha(b"other"))) == "storage.exists"
    assert store.put_new("k", b"first", sha256=sha(b"first")) == first
    assert store.retain("k", CLOCK.now() + soon()).version == first.version


def test_a_delete_marker_hides_nothing(store: S3Store) -> None:
    first = store.put_new("k", b"first", sha256=sha(b"first"), retain_until=CLOCK.now() + soon())
    store.bucket.delete("k")
    store.bucket.delete("k")
    assert store.read("k") == b"first"
    assert [*store.list()] == [first]
    assert store.versions("k") == (first,)
    assert code_of(lambda: store.put_new("k", b"other", sha256=sha(b"other"))) == "storage.exists"
    assert store.put_new("k", b"first", sha256=sha(b"first")) == first


def test_of_a_content_key_the_named_content_counts_whatever_the_order(store: S3Store) -> None:
    """As if the server's clock had been set back: the other version is the oldest."""
    key = revision_key("d-1", 1, sha(b"true"))
    store.bucket.put(key, b"false", sha(b"false"), None, new=False)
    store.bucket.put(key, b"true", sha(b"true"), None, new=False)
    assert store.read(key) == b"true"
    assert [i.sha256 for i in store.list("documents/")] == [sha(b"true")]


def test_a_link_s_name_is_not_its_content(store: S3Store) -> None:
    key = f"audit/links/{sha(b'start')}"
    store.put_new(key, b"link", sha256=sha(b"link"))
    store.bucket.put(key, b"start", sha(b"start"), None, new=False)
    assert store.read(key) == b"link"


def test_a_lie_about_the_digest_is_told(store: S3Store) -> None:
    """The signed payload is true, the recorded digest is not."""
    upload = store.bucket.begin_upload("k", sha(b"claimed"), None)
    etag = store.bucket.put_part("k", upload, 1, b"real")
    store.bucket.complete_upload("k", upload, [etag])
    assert code_of(lambda: store.read("k")) == "storage.corrupt"
    assert not store.verify("k")


@pytest.mark.parametrize("kind", ["same", "different"])
def test_writers_of_one_key_at_one_moment(store: S3Store, kind: str) -> None:
    """One content wins; writers of it get its version, the others ``storage.exists`` - also on a server that lets all
    of them in."""
    bodies = [b"x" * 1000 + (b"" if kind == "same" else bytes([n])) for n in range(8)]
    start, answers = threading.Barrier(len(bodies)), [""] * len(bodies)

    def write(n: int) -> None:
        start.wait()
        try:
            answers[n] = store.put_new("deep/er/key", bodies[n], sha256=sha(bodies[n])).sha256
        except StorageError as error:
            answers[n] = error.code

    threads = [threading.Thread(target=write, args=(n,)) for n in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = store.stat("deep/er/key").sha256
    expected = [won if sha(body) == won else "storage.exists" for body in bodies]
    assert answers == expected
    assert sha(store.read("deep/er/key")) == won


@pytest.mark.parametrize("size", [PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 12_345])
def test_objects_around_the_size_of_a_part(store: S3Store, size: int) -> None:
    data = secrets.token_bytes(1 << 16) * (size // (1 << 16) + 1)
    data = data[:size]
    until = whole_seconds(CLOCK.now() + timedelta(seconds=20))
    info = store.put_new("k", io.BytesIO(data), sha256=sha(data), retain_until=until)
    assert (info.size, info.retain_until) == (size, until)
    with store.open("k") as reader:
        assert sha(reader.read()) == info.sha256
    assert list(store.bucket.uploads()) == []


class Endless(io.RawIOBase):
    """A source that gives little at once, and is not what was declared."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        size = min(size, self.left, 100_000)
        self.left -= size
        return bytes(size)


def test_parts_that_are_not_the_declared_content_never_become_an_object(store: S3Store) -> None:
    assert code_of(lambda: store.put_new("k", Endless(PART * 2), sha256=sha(b"x"))) == "storage.digest_mismatch"
    assert store.versions("k") == ()
    assert list(store.bucket.uploads("k")) == []


def test_large_objects_take_constant_memory(store: S3Store) -> None:
    digest = hashlib.sha256(bytes(PART * 6)).hexdigest()
    tracemalloc.start()
    try:
        store.put_new("k", Endless(PART * 6), sha256=digest)
        assert store.verify("k")
        assert tracemalloc.get_traced_memory()[1] < PART * 4
    finally:
        tracemalloc.stop()


def test_a_source_that_breaks_leaves_nothing(store: S3Store) -> None:
    class Broken(Endless):
        def read(self, size: int = -1) -> bytes:
            if self.left < PART:
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        store.put_new("k", Broken(PART * 3), sha256=sha(b"x"))
    assert store.versions("k") == ()
    assert list(store.bucket.uploads("k")) == []


def test_a_finished_part_of_an_object_can_be_read(store: S3Store) -> None:
    data = secrets.token_bytes(300_000)
    store.put_new("k", data, sha256=sha(data))
    with store.open("k") as reader:
        assert reader.read(10) == data[:10]
    assert store.read("k") == data


def test_neither_owner_nor_time_undoes_compliance(store: S3Store) -> None:
    """Tried with the credentials of the server's owner."""
    until = CLOCK.now() + soon()
    info = store.put_new("k", b"x", sha256=sha(b"x"), retain_until=until)
    bypass = {"x-amz-bypass-governance-retention": "true"}
    for action in (
        lambda: store.bucket.delete("k", info.version),
        lambda: store.bucket.delete("k", info.version, headers=bypass),
        lambda: store.bucket.retain("k", info.version, until - timedelta(seconds=30)),
        lambda: store.bucket.retain("k", info.version, until, "GOVERNANCE"),
        lambda: store.bucket.retain("k", info.version, until + soon(), "GOVERNANCE"),
    ):
        with pytest.raises(RefusedError):
            action()
        assert store.stat("k", info.version) == info
    assert code_of(lambda: store.delete_version("k", info.version)) == "storage.retained"
    assert code_of(lambda: store.retain("k", until - timedelta(seconds=1))) == "storage.retention_shortened"
    assert store.read("k") == b"x"


def test_governance_is_not_taken_for_retention(store: S3Store) -> None:
    """Servers do not let a weak lock be made a strong one without the right to break it."""
    info = store.put_new("k", b"x", sha256=sha(b"x"))
    until = CLOCK.now() + timedelta(seconds=20)
    store.bucket.retain("k", info.version, until, "GOVERNANCE")
    assert store.stat("k").retain_until is None
    assert code_of(lambda: store.delete_version("k", info.version)) == "storage.retained"
    assert code_of(lambda: store.retain("k", until)) == "storage.denied"


def test_objects_of_others_are_not_ours(store: S3Store, request: pytest.FixtureRequest) -> None:
    name = store.location.beginning("foreign name.txt")
    server: S3Server = request.getfixturevalue("minio" if on_minio is SERVERS[store_kind(request)] else "rgw")
    server.client().put_object(bucket_name=store.location.bucket, object_name=name, data=io.BytesIO(b"?"), length=1)
    store.put_new("ours", b"x", sha256=sha(b"x"))
    assert [i.key for i in store.list()] == ["ours"]


def store_kind(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["store"])


def test_listing_goes_on_after_a_thousand(minio: S3Server, new_bucket: Callable[[S3Server], str]) -> None:
    store = s3_store(minio, new_bucket(minio))
    for n in range(1003):
        store.bucket.put("many", b"x", sha(b"x"), None, new=False)
        if n == 0:
            first = store.stat("many").version
    store.put_new("next", b"y", sha256=sha(b"y"))
    assert [i.key for i in store.list()] == ["many", "next"]
    assert store.stat("many").version == first
    assert len({v.version for v in store.bucket.versions("many")}) == 1003


@pytest.mark.parametrize("setting", ["AES256", "aws:kms:archive-key"])
def test_server_side_encryption(minio: S3Server, new_bucket: Callable[[S3Server], str], setting: str) -> None:
    bucket = new_bucket(minio)
    store = s3_store(minio, bucket, encryption=setting)
    for size in (10, PART + 1):
        data = secrets.token_bytes(size)
        store.put_new(f"k{size}", data, sha256=sha(data))
        assert store.read(f"k{size}") == data
        headers = minio.client().stat_object(bucket_name=bucket, object_name=f"k{size}!").metadata
        assert headers["x-amz-server-side-encryption"] == setting.removesuffix(":archive-key")


def test_encryption_that_s3_does_not_know(minio: S3Server) -> None:
    assert code_of(lambda: s3_store(minio, "bucket", encryption="rot13")) == "storage.bad_url"


def test_a_forked_process_has_connections_of_its_own(minio: S3Server, new_bucket: Callable[[S3Server], str]) -> None:
    store = s3_store(minio, new_bucket(minio))
    for n in range(20):
        store.put_new(f"k{n}", b"%d" % n, sha256=sha(b"%d" % n))

    def child() -> None:
        for n in range(20):
            assert store.read(f"k{n}") == b"%d" % n

    children = [multiprocessing.get_context("fork").Process(target=child) for _ in range(3)]
    for process in children:
        process.start()
    for _ in range(3):
        child()
    for process in children:
        process.join(60)
        assert process.exitcode == 0


def test_abandoned_uploads_are_swept(rgw: S3Server, rgw_bucket: str) -> None:
    store = s3_store(rgw, f"{rgw_bucket}/sweep-{secrets.token_hex(4)}")
    store.bucket.begin_upload("k", sha(b"x"), None)
    assert store.sweep() == 0, "too young"
    assert store.sweep(timedelta(seconds=-5)) == 1
    assert list(store.bucket.uploads()) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3+https://s3.example.az/arxiv", S3Location("https://s3.example.az", "arxiv")),
        (
            "s3+http://127.0.0.1:9000/arxiv/bir/iki?region=baku",
            S3Location("http://127.0.0.1:9000", "arxiv", "bir/iki", "baku"),
        ),
        ("s3+https://[::1]:9000/arxiv/ə/", S3Location("https://[::1]:9000", "arxiv", "ə")),
    ],
)
def test_urls(url: str, expected: S3Location) -> None:
    assert S3Location.parse(url) == expected
    assert S3Location.parse(expected.url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "s3://host/bucket", "https://host/bucket", "s3+https://host", "s3+https:///bucket", "s3+https://host/B"),
        *("s3+https://user:secret@host/bucket", "s3+https://host:0x1/bucket", "s3+https://host/bucket?x=1"),
        *("s3+https://host/bucket#f", "s3+https://host/bucket/" + "x" * (MAX_PREFIX_BYTES + 1)),
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(StorageError, match=r"storage\.bad_url") as caught:
        S3Location.parse(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["2026-11-21T12:00:00Z", "2026-11-21T12:00:00.000000000Z", "2026-11-21T12:00:00.000Z"])
def test_dates_of_every_precision(text: str) -> None:
    found = moment(text)
    assert found is not None
    assert found.isoformat() == "2026-11-21T12:00:00+00:00"


def test_pauses_are_bounded_and_drawn_at_random() -> None:
    slept: list[float] = []
    patience = Patience(
        attempts=9, pause=1, longest_pause=3, sleep=slept.append, monotonic=lambda: 0, chance=lambda: 0.5
    )
    assert all(patience.wait(n, 100) for n in range(8))
    assert slept == [0.5, 1, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]
    assert not patience.wait(8, 100)
    assert not patience.wait(0, 0.4), "past the deadline"
