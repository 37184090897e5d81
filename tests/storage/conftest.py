"""Stores that keep the contract; a new adapter is added to ``STORES`` and passes the same suite."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.api import ObjectStore
from storage.filesystem import FilesystemStore


@dataclass
class MovableClock:
    """A clock that stands where it was put."""

    moment: datetime = datetime(2026, 11, 20, 9, 0, 0, 123456, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def forward(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


def filesystem(tmp_path: Path, clock: MovableClock) -> ObjectStore:
    return FilesystemStore(tmp_path / "archive", clock)


STORES: dict[str, Callable[[Path, MovableClock], ObjectStore]] = {"filesystem": filesystem}


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: MovableClock) -> ObjectStore:
    return STORES[request.param](tmp_path, clock)


@pytest.fixture
def put(store: ObjectStore) -> Callable[..., object]:
    def put(key: str, data: bytes, **options: object) -> object:
        return store.put_new(key, data, sha256=hashlib.sha256(data).hexdigest(), **options)  # type: ignore[arg-type]

    return put
