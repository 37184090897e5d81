"""Reading goes on while the first store is down; nothing damaged is handed out, and nothing is written elsewhere."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from storage.api import StorageError
from storage.fallback import IN_MEMORY
from tests.reserve.conftest import Centre, damage, key_of, sha

pytestmark = pytest.mark.filterwarnings("error")
DOWN = ["storage.unavailable", "storage.denied", "storage.clock_skew"]


@pytest.fixture
def key(centre: Centre) -> str:
    found = centre.put(b"original")
    centre.put(b"second", 1)
    centre.follow()
    return found


@pytest.mark.parametrize("down", DOWN)
def test_reads_are_served_by_the_reserve(centre: Centre, key: str, down: str) -> None:
    info = centre.store.stat(key)
    centre.primary.down = down
    assert centre.store.read(key) == b"original"
    with centre.store.open(key, info.version) as reader:
        assert reader.read() == b"original"
    assert centre.store.stat(key).sha256 == sha(b"original")
    assert [v.sha256 for v in centre.store.versions(key)] == [sha(b"original")]
    assert centre.store.verify(key)
    assert [i.key for i in centre.store.list("documents/")] == sorted([key, key_of(b"second", number=1)])
    assert centre.fallbacks[0] == (key, down)
    assert len(centre.fallbacks) == 6


@pytest.mark.parametrize("down", DOWN)
def test_writes_fail_and_go_nowhere_else(centre: Centre, key: str, down: str) -> None:
    version = centre.store.stat(key).version
    centre.primary.down = down
    now = centre.clock.now()
    for action in (
        lambda: centre.put(b"new", 2),
        lambda: centre.store.retain(key, now),
        lambda: centre.store.legal_hold(key, True),
        lambda: centre.store.delete_version(key, version),
    ):
        with pytest.raises(StorageError) as caught:
            action()
        assert caught.value.code == down
    assert centre.jobs() == []
    centre.primary.down = ""
    assert centre.holdings()[0] == centre.holdings()[1]


def test_a_dead_store_is_asked_once_in_a_while(centre: Centre, key: str) -> None:
    centre.primary.down = "storage.unavailable"
    before = centre.primary.calls
    for _ in range(10):
        centre.store.read(key)
        list(centre.store.list())
    assert centre.primary.calls == before + 1
    centre.clock.forward(seconds=16)
    centre.store.read(key)
    centre.store.read(key)
    assert centre.primary.calls == before + 2
    centre.primary.down = ""
    centre.clock.forward(seconds=16)
    told = len(centre.fallbacks)
    centre.store.read(key)
    centre.store.read(key)
    assert len(centre.fallbacks) == told


def test_what_the_reserve_lacks_is_asked_of_the_first_store_although_it_rests(centre: Centre, key: str) -> None:
    centre.primary.down = "storage.unavailable"
    centre.store.read(key)
    centre.primary.down = ""
    fresh = key_of(b"fresh", number=3)
    centre.first.put_new(fresh, b"fresh", sha256=sha(b"fresh"))
    assert centre.store.read(fresh) == b"fresh"
    assert centre.parts.store.breaker.closed  # type: ignore[attr-defined]


@pytest.mark.parametrize("data", [b"rotten", b"", None])
def test_damaged_bytes_are_never_handed_out(centre: Centre, key: str, tmp_path: Path, data: bytes | None) -> None:
    damage(tmp_path / "archive", key, data)
    assert centre.store.read(key) == b"original"
    with centre.store.open(key) as reader:
        assert reader.read(3) == b"ori"
    assert centre.fallbacks == [(key, "storage.corrupt")] * 2
    assert not centre.store.verify(key)
    assert centre.parts.store.breaker.closed  # type: ignore[attr-defined]


def test_an_object_that_the_first_store_lost(centre: Centre, key: str) -> None:
    centre.first.delete_version(key, centre.first.stat(key).version)
    assert centre.store.read(key) == b"original"
    assert centre.store.versions(key) == centre.second.versions(key)
    assert {reason for _, reason in centre.fallbacks} == {"storage.not_found"}


def test_what_neither_has(centre: Centre) -> None:
    key = key_of(b"nothing")
    for reserve in ("", "storage.unavailable"):
        centre.reserve.down = reserve
        with pytest.raises(StorageError) as caught:
            centre.store.read(key)
        assert caught.value.code == "storage.not_found"
        assert centre.store.versions(key) == ()
    assert centre.fallbacks == []


def test_both_down_gives_the_first_stores_error(centre: Centre, key: str) -> None:
    centre.primary.down, centre.reserve.down = "storage.denied", "storage.unavailable"
    for _ in range(2):
        for action in (lambda: centre.store.read(key), lambda: centre.store.stat(key)):
            with pytest.raises(StorageError) as caught:
                action()
            assert caught.value.code == "storage.denied"
    with pytest.raises(StorageError):
        list(centre.store.list())


def test_a_copy_that_is_not_what_its_key_says_is_refused(centre: Centre) -> None:
    key = key_of(b"wanted")
    centre.second.put_new(key, b"forged", sha256=sha(b"forged"))
    for down in ("storage.unavailable", ""):
        centre.primary.down = down
        with pytest.raises(StorageError) as caught:
            centre.store.read(key)
        assert caught.value.code == (down or "storage.not_found")


def test_damage_on_both_sides_is_an_error(centre: Centre, key: str, tmp_path: Path) -> None:
    damage(tmp_path / "archive", key)
    damage(tmp_path / "reserve", key)
    with pytest.raises(StorageError) as caught:
        centre.store.read(key)
    assert caught.value.code == "storage.corrupt"


def test_a_listing_that_breaks_off_goes_on_in_the_reserve(centre: Centre, key: str) -> None:
    def broken(prefix: str = "") -> object:
        yield next(real(prefix))
        raise StorageError("storage.unavailable", reason="cut")

    real, centre.first.list = centre.first.list, broken  # type: ignore[method-assign,assignment]
    assert [i.key for i in centre.store.list("documents/")] == sorted([key, key_of(b"second", number=1)])
    assert centre.fallbacks == [("documents/", "storage.unavailable")]


def test_large_objects_are_checked_whole_before_their_first_byte(centre: Centre, tmp_path: Path) -> None:
    data = bytes(range(256)) * (IN_MEMORY // 256 + 4096)
    key = key_of(data)
    centre.store.put_new(key, io.BytesIO(data), sha256=sha(data))
    centre.follow()
    damage(tmp_path / "archive", key, data[:-1] + b"!")
    with centre.store.open(key) as reader:
        assert reader.read(10) == data[:10]
        assert reader.read() == data[10:]
    assert centre.fallbacks == [(key, "storage.corrupt")]
