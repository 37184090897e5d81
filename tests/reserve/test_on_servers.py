"""The same on real servers: MinIO beside MinIO, Ceph's gateway, and a directory; one is killed."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from minio import Minio as Client
from sqlalchemy import Engine

from storage.api import ObjectStore, StorageError
from storage.filesystem import FilesystemStore
from storage.s3.location import Access, S3Location
from storage.s3.store import S3Store
from storage.s3.wire import Patience
from tests.fixtures_s3 import S3Server
from tests.reserve.conftest import Centre, key_of, make_centre, sha
from tools.servers.minio import Minio

HASTY = Patience(connect=2, read=4, total=20, attempts=2, pause=0.05)
LATER = datetime(2041, 1, 1, tzinfo=UTC)


class RealClock:
    """Servers have their own; the breakers' is moved by hand."""

    ticks = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return self.ticks


def s3(server: S3Server, place: str) -> S3Store:
    access = Access(server.access_key, server.secret_key)
    return S3Store(S3Location.parse(server.bucket_url(place)), access, RealClock(), patience=HASTY)


def directory(request: pytest.FixtureRequest) -> ObjectStore:
    return FilesystemStore(request.getfixturevalue("tmp_path") / "archive", RealClock())


def on_minio(request: pytest.FixtureRequest) -> ObjectStore:
    server: S3Server = request.getfixturevalue("minio")
    return s3(server, request.getfixturevalue("new_bucket")(server))


def on_rgw(request: pytest.FixtureRequest) -> ObjectStore:
    server: S3Server = request.getfixturevalue("rgw")
    return s3(server, request.getfixturevalue("new_bucket")(server))


PAIRS: dict[str, tuple[Callable[..., ObjectStore], Callable[..., ObjectStore]]] = {
    "minio-minio": (on_minio, on_minio),
    "minio-rgw": (on_minio, on_rgw),
    "directory-minio": (directory, on_minio),
}


@pytest.fixture(params=sorted(PAIRS))
def pair(request: pytest.FixtureRequest, engine: Engine) -> Centre:
    first, second = PAIRS[request.param]
    return make_centre(engine, RealClock(), first(request), second(request))


def test_objects_with_their_protection_reach_the_other_server(pair: Centre) -> None:
    plain = pair.put(b"plain")
    kept = pair.put(b"kept", 1, retain_until=datetime.now(UTC) + timedelta(days=9, microseconds=7))
    pair.store.retain(plain, LATER)
    pair.store.legal_hold(kept, True)
    large = bytes(range(256)) * (9 << 12)
    pair.store.put_new(key_of(large, number=2), io.BytesIO(large), sha256=sha(large))
    gone = pair.put(b"gone", 3)
    pair.follow()
    pair.store.delete_version(gone, pair.first.stat(gone).version)
    jobs = pair.jobs()
    for job in [*reversed(jobs), *jobs]:
        assert pair.run(job) is None
    ours, theirs = pair.holdings()
    assert ours == theirs
    assert set(ours) == {plain, kept, key_of(large, number=2)}
    assert pair.second.stat(plain).retain_until == LATER
    with pytest.raises(StorageError) as caught:
        pair.second.delete_version(plain, pair.second.stat(plain).version)
    assert caught.value.code == "storage.retained"
    assert pair.reconcile(deep=True).found == 0
    release(pair, kept)


def test_differences_are_found_and_repaired(pair: Centre) -> None:
    keys = [pair.put(b"object %d" % n, n) for n in range(6)]
    pair.follow()
    for store, key in ((pair.first, keys[0]), (pair.second, keys[1])):
        store.delete_version(key, store.stat(key).version)
    pair.first.retain(keys[2], LATER)
    pair.second.retain(keys[3], LATER)
    pair.second.legal_hold(keys[4], True)
    named = key_of(b"named", number=7)
    pair.first.put_new(named, b"named", sha256=sha(b"named"))
    pair.second.put_new(named, b"foreign", sha256=sha(b"foreign"))
    report = pair.reconcile(repair=True)
    assert dict(report.counts) == {
        "missing primary": 1, "missing reserve": 1, "retention primary": 1, "retention reserve": 1,
        "hold primary": 1, "differs reserve": 1,
    }  # fmt: skip
    assert report.sound
    ours, theirs = pair.holdings()
    assert ours == theirs
    assert len(ours) == 7
    assert pair.reconcile(deep=True).found == 0
    release(pair, keys[4])


def test_a_foreign_version_under_lock_is_told_and_not_read(pair: Centre) -> None:
    key = key_of(b"named")
    pair.first.put_new(key, b"named", sha256=sha(b"named"))
    pair.second.put_new(key, b"foreign", sha256=sha(b"foreign"), retain_until=datetime.now(UTC) + timedelta(days=1))
    report = pair.reconcile(repair=True)
    assert [(f.kind, f.side, f.outcome) for f in report.findings] == [("differs", "reserve", "storage.retained")]
    pair.primary.down = "storage.unavailable"
    with pytest.raises(StorageError):
        pair.store.read(key)


def release(pair: Centre, key: str) -> None:
    """A hold outlives the test on servers that go on."""
    for store in (pair.first, pair.second):
        store.legal_hold(key, False)


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Minio]:
    with Minio(tmp_path / "mortal") as server:
        yield server


@pytest.fixture
def bucket(mortal: Minio) -> S3Store:
    name = f"t-{secrets.token_hex(8)}"
    netloc = urlsplit(mortal.url).netloc
    Client(
        endpoint=netloc, access_key=mortal.access_key, secret_key=mortal.secret_key, secure=False, region="us-east-1"
    ).make_bucket(bucket_name=name, object_lock=True)
    return s3(S3Server("minio", mortal.url, mortal.access_key, mortal.secret_key), name)


@pytest.mark.parametrize("way", ["kill", "freeze"])
def test_a_first_server_that_dies_is_read_elsewhere_and_comes_back(
    mortal: Minio, bucket: S3Store, engine: Engine, tmp_path: Path, way: str
) -> None:
    pair = make_centre(engine, RealClock(), bucket, FilesystemStore(tmp_path / "reserve", RealClock()))
    key = pair.put(b"original", retain_until=LATER)
    pair.follow()
    getattr(mortal, way)()
    for _ in range(20):
        assert pair.store.read(key) == b"original"
    assert pair.fallbacks == [(key, "storage.unavailable")] * 20
    with pytest.raises(StorageError) as caught:
        pair.put(b"new", 1)
    assert caught.value.code == "storage.unavailable"
    if way == "kill":
        mortal.start()
    else:
        mortal.thaw()
    pair.clock.ticks += 16
    assert pair.store.read(key) == b"original"
    assert len(pair.fallbacks) == 20
    pair.put(b"new", 1)
    assert pair.follow() == []
    assert pair.reconcile(deep=True).found == 0


def test_a_reserve_server_that_dies_catches_up(mortal: Minio, bucket: S3Store, engine: Engine, tmp_path: Path) -> None:
    pair = make_centre(engine, RealClock(), FilesystemStore(tmp_path / "archive", RealClock()), bucket)
    pair.put(b"before")
    pair.follow()
    mortal.kill()
    for number in range(1, 20):
        pair.put(b"during %d" % number, number)
    assert len(pair.follow()) == 19
    lag = pair.parts.lag()
    assert (lag.times.pending, lag.times.last_success is None) == (19, False)
    mortal.start()
    pair.clock.ticks += 16
    assert pair.follow() == []
    assert pair.parts.lag().times.pending == 0
    assert pair.reconcile(deep=True).found == 0
