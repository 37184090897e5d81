"""Stores that keep the contract; a new adapter is added to ``STORES`` and passes the same suite."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from storage.api import ObjectStore
from storage.filesystem import FilesystemStore
from storage.s3.location import Access, S3Location
from storage.s3.store import S3Store
from tests.fixtures_s3 import S3Server


class TestClock(Protocol):
    """The clock that retention is measured by, and how a test gets on in time. ``tick``: the smallest difference that
    is kept; ``period``: one that a test can wait for; ``tolerance``: between this clock and the store's."""

    __test__ = False
    tick: timedelta
    period: timedelta
    tolerance: timedelta

    def now(self) -> datetime: ...
    def later(self) -> None: ...
    def just_before(self, moment: datetime) -> None: ...
    def reach(self, moment: datetime) -> None: ...


@dataclass
class MovableClock:
    """A clock that stands where it was put."""

    moment: datetime = datetime(2026, 11, 20, 9, 0, 0, 123456, tzinfo=UTC)
    tick: timedelta = timedelta(microseconds=1)
    period: timedelta = timedelta(days=1)
    tolerance: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.moment

    def forward(self, **parts: float) -> None:
        self.moment += timedelta(**parts)

    def later(self) -> None:
        self.forward(days=9999)

    def just_before(self, moment: datetime) -> None:
        self.moment = moment - self.tick

    def reach(self, moment: datetime) -> None:
        self.moment = moment


class ServerClock:
    """A server has its own clock, which cannot be moved: periods are short, and really pass."""

    tick = timedelta(seconds=1)
    period = timedelta(seconds=5)
    tolerance = timedelta(seconds=5)

    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)

    def later(self) -> None:
        time.sleep(1.1)

    def just_before(self, moment: datetime) -> None:
        assert datetime.now(UTC) < moment

    def reach(self, moment: datetime) -> None:
        while datetime.now(UTC) < moment + timedelta(seconds=1):
            time.sleep(0.1)


class SystemClock:
    """As the service itself uses it."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def filesystem(request: pytest.FixtureRequest, clock: TestClock) -> ObjectStore:
    return FilesystemStore(request.getfixturevalue("tmp_path") / "archive", clock)


def on_minio(request: pytest.FixtureRequest, clock: TestClock) -> ObjectStore:
    """A bucket of its own."""
    server: S3Server = request.getfixturevalue("minio")
    return s3_store(server, request.getfixturevalue("new_bucket")(server))


def on_rgw(request: pytest.FixtureRequest, clock: TestClock) -> ObjectStore:
    """A part of the name space of a bucket of the session: making a bucket takes it a second."""
    server: S3Server = request.getfixturevalue("rgw")
    bucket: str = request.getfixturevalue("rgw_bucket")
    return s3_store(server, f"{bucket}/sınaq-{secrets.token_hex(8)}")


def s3_store(server: S3Server, place: str, **options: object) -> S3Store:
    """As the server's owner."""
    location = S3Location.parse(server.bucket_url(place))
    return S3Store(location, Access(server.access_key, server.secret_key), SystemClock(), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def rgw_bucket(rgw: S3Server) -> str:
    name = f"t-{secrets.token_hex(8)}"
    rgw.client().make_bucket(bucket_name=name, object_lock=True)
    return name


STORES: dict[str, Callable[[pytest.FixtureRequest, TestClock], ObjectStore]] = {
    "filesystem": filesystem,
    "minio": on_minio,
    "rgw": on_rgw,
}


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> TestClock:
    """Of the store that the test runs on; movable for tests of no store in particular."""
    return (
        ServerClock()
        if getattr(request.node, "callspec", None) and _kind(request) in ("minio", "rgw")
        else MovableClock()
    )


def _kind(request: pytest.FixtureRequest) -> object:
    return request.node.callspec.params.get("store")


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, clock: TestClock) -> ObjectStore:
    return STORES[request.param](request, clock)


@pytest.fixture
def put(store: ObjectStore) -> Callable[..., object]:
    def put(key: str, data: bytes, **options: object) -> object:
        return store.put_new(key, data, sha256=hashlib.sha256(data).hexdigest(), **options)  # type: ignore[arg-type]

    return put
