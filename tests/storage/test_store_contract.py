"""The contract of ``storage.api.ObjectStore``: every adapter passes all of it."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.api import ObjectStore, StorageError

Put = Callable[..., object]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(StorageError) as caught:
        action()
    return caught.value.code


def test_what_was_put_is_read_back(store: ObjectStore, clock) -> None:
    info = store.put_new("a/b", b"content", sha256=sha(b"content"))
    assert (info.key, info.size, info.sha256) == ("a/b", 7, sha(b"content"))
    assert abs(info.stored_at - clock.now()) <= clock.tolerance
    assert (info.retain_until, info.legal_hold) == (None, False)
    assert store.read("a/b") == b"content"
    assert store.read("a/b", info.version) == b"content"
    assert store.stat("a/b") == store.stat("a/b", info.version) == info
    assert store.versions("a/b") == (info,)
    assert store.verify("a/b")


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 3_000_000])
def test_streams_of_any_size(store: ObjectStore, size: int) -> None:
    data = bytes(i % 251 for i in range(1000)) * (size // 1000 + 1)
    data = data[:size]
    assert store.put_new("s", io.BytesIO(data), sha256=sha(data)).size == size
    with store.open("s") as reader:
        parts = list(iter(lambda: reader.read(65_537), b""))
    assert b"".join(parts) == data


def test_the_same_bytes_again_give_the_version_that_is_there(store: ObjectStore, clock) -> None:
    first = store.put_new("k", b"x", sha256=sha(b"x"))
    clock.later()
    assert store.put_new("k", io.BytesIO(b"x"), sha256=sha(b"x")) == first
    assert store.versions("k") == (first,)


def test_repeating_with_longer_retention_lengthens_it_and_never_shortens(store: ObjectStore, clock, put: Put) -> None:
    late, early = clock.now() + timedelta(days=9), clock.now() + timedelta(days=1)
    put("k", b"x", retain_until=early)
    assert put("k", b"x", retain_until=late).retain_until == late
    assert put("k", b"x", retain_until=early).retain_until == late
    assert put("k", b"x").retain_until == late


def test_other_bytes_are_refused_and_nothing_changes(store: ObjectStore, put: Put) -> None:
    first = put("k", b"x")
    assert code_of(lambda: put("k", b"y")) == "storage.exists"
    assert store.read("k") == b"x"
    assert store.versions("k") == (first,)


@pytest.mark.parametrize("occupied", [False, True])
def test_bytes_that_are_not_those_declared(store: ObjectStore, put: Put, occupied: bool) -> None:
    if occupied:
        put("k", b"x")
    assert code_of(lambda: store.put_new("k", b"y", sha256=sha(b"x"))) == "storage.digest_mismatch"
    assert [i.sha256 for i in store.versions("k")] == ([sha(b"x")] if occupied else [])
    assert [i.key for i in store.list()] == (["k"] if occupied else [])


@pytest.mark.parametrize("digest", ["", "ab", sha(b"x").upper(), sha(b"x") + "\n", "../" + sha(b"x")[3:]])
def test_a_digest_must_be_a_digest(store: ObjectStore, digest: str) -> None:
    assert code_of(lambda: store.put_new("k", b"x", sha256=digest)) == "storage.bad_digest"


def test_what_is_not_there(store: ObjectStore, put: Put) -> None:
    info = put("a/b", b"x")
    for missing in ("a", "a/b/c", "b"):
        assert code_of(lambda: store.stat(missing)) == "storage.not_found"  # noqa: B023
        assert code_of(lambda: store.read(missing)) == "storage.not_found"  # noqa: B023
        assert store.versions(missing) == ()
    for version in (info.version + "0", "", "../" + info.version, "."):
        assert code_of(lambda: store.read("a/b", version)) == "storage.not_found"  # noqa: B023
        assert code_of(lambda: store.delete_version("a/b", version)) == "storage.not_found"  # noqa: B023


BAD_KEYS = [
    *("", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "../a", "a/./b", ".hidden", "-rf", "a."),
    *("a\x00b", "a\nb", "a b", "a,v", "a\\b", "a:b", "a*", "I\u0307", "\ud800"),
    *("x" * 201, "ə" * 101, "/".join(["abcdefghi"] * 91)),
]


@pytest.mark.parametrize("key", BAD_KEYS, ids=ascii)
def test_keys_that_are_refused_everywhere(store: ObjectStore, key: str, put: Put) -> None:
    for action in (
        lambda: put(key, b"x"),
        lambda: store.read(key),
        lambda: store.stat(key),
        lambda: store.versions(key),
        lambda: store.verify(key),
        lambda: store.legal_hold(key, True),
        lambda: store.delete_version(key, "1"),
    ):
        assert code_of(action) == "storage.bad_key"


@pytest.mark.parametrize("key", ["ə/Ğüş-İı.pdf", "x" * 200, "a.b_c-d+e=f@g", "/".join(["abcdefghi"] * 90), "ə" * 100])
def test_keys_that_are_allowed_everywhere(store: ObjectStore, key: str, put: Put) -> None:
    put(key, b"x")
    assert [i.key for i in store.list()] == [key]
    assert store.read(key) == b"x"


KEYS = st.lists(st.text("ab-.+ə1", min_size=1, max_size=3), min_size=1, max_size=3).map("/".join)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(keys=st.sets(KEYS, max_size=8), prefix=st.text("ab-./", max_size=3), data=st.data())
def test_listing_is_ordered_and_complete(store: ObjectStore, keys: set[str], prefix: str, data: st.DataObject) -> None:
    space = f"space{sum(1 for _ in store.list())}-{data.draw(st.uuids())}/"
    kept = []
    for key in keys:
        with contextlib.suppress(StorageError):
            kept.append(store.put_new(space + key, key.encode(), sha256=sha(key.encode())).key)
    assert len(kept) >= sum(1 for key in keys if re.fullmatch(r"[ab1ə]+(/[ab1ə]+)*", key))
    assert [i.key for i in store.list(space + prefix)] == sorted(k for k in kept if k.startswith(space + prefix))


def test_retention_can_be_set_and_lengthened_but_not_shortened(store: ObjectStore, clock, put: Put) -> None:
    put("k", b"x")
    until = clock.now() + timedelta(days=10)
    assert store.retain("k", until).retain_until == until
    assert store.retain("k", until).retain_until == until
    longer = until + clock.tick
    assert store.retain("k", longer) == store.stat("k")
    assert store.stat("k").retain_until == longer
    assert code_of(lambda: store.retain("k", until)) == "storage.retention_shortened"
    assert store.stat("k").retain_until == longer


def test_naive_moments_are_a_programming_error(store: ObjectStore, put: Put) -> None:
    naive = datetime(2030, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="timezone"):
        put("k", b"x", retain_until=naive)
    assert store.versions("k") == ()


def test_deletion_waits_for_the_end_of_retention(store: ObjectStore, clock, put: Put) -> None:
    until = clock.now() + clock.period
    info = put("k", b"x", retain_until=until)
    clock.just_before(until)
    assert code_of(lambda: store.delete_version("k", info.version)) == "storage.retained"
    assert store.read("k") == b"x"
    clock.reach(until)
    store.delete_version("k", info.version)
    assert code_of(lambda: store.read("k")) == "storage.not_found"
    assert code_of(lambda: store.delete_version("k", info.version)) == "storage.not_found"
    assert list(store.list()) == []


def test_legal_hold_outlasts_retention(store: ObjectStore, clock, put: Put) -> None:
    info = put("k", b"x")
    assert store.legal_hold("k", True).legal_hold
    assert store.legal_hold("k", True).legal_hold
    clock.later()
    assert code_of(lambda: store.delete_version("k", info.version)) == "storage.retained"
    assert not store.legal_hold("k", False).legal_hold
    store.delete_version("k", info.version)
    assert store.versions("k") == ()


def test_a_deleted_version_never_comes_back_under_its_number(store: ObjectStore, put: Put) -> None:
    old = put("k", b"x")
    store.delete_version("k", old.version)
    new = put("k", b"y")
    assert new.version != old.version
    assert store.read("k") == b"y"
    assert code_of(lambda: store.read("k", old.version)) == "storage.not_found"


def test_the_store_says_what_it_cannot_promise(store: ObjectStore) -> None:
    abilities = store.capabilities()
    assert abilities.immutable_against_own_credentials or abilities.limits
    assert all(code.startswith("storage.limit_") for code in abilities.limits)
