"""The reserve centre follows the archive: late, twice, out of order, and after outages."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from doc_service.domain.errors import ConflictError
from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.policy import is_retryable
from storage.announcing import Change
from storage.api import StorageError
from tests.reserve.conftest import Centre, damage, sha

DAY = timedelta(days=1)


def test_what_is_stored_reaches_the_reserve_with_its_protection(centre: Centre) -> None:
    """002 §3.5: a parallel copy in the reserve centre."""
    until = centre.clock.now() + 30 * DAY
    one = centre.put(b"one", retain_until=until)
    two = centre.put(b"two", 1)
    centre.store.retain(two, until)
    centre.store.legal_hold(two, True)
    assert centre.second.versions(one) == ()
    assert centre.follow() == []
    ours, theirs = centre.holdings()
    assert ours == theirs
    assert len(ours) == 2
    assert centre.second.stat(two).legal_hold


def test_the_same_change_again_is_not_followed_twice(centre: Centre) -> None:
    key = centre.put(b"x")
    centre.put(b"x")
    centre.store.retain(key, centre.clock.now() + DAY)
    centre.store.retain(key, centre.clock.now() + DAY)
    assert len(centre.jobs()) == 2


def test_holds_come_and_go_and_come_again(centre: Centre) -> None:
    key = centre.put(b"x")
    for on in (True, False, True):
        centre.store.legal_hold(key, on)
        assert centre.follow() == []
        assert centre.second.stat(key).legal_hold is on


def test_late_jobs_bring_the_present_state(centre: Centre) -> None:
    key = centre.put(b"x")
    centre.store.legal_hold(key, True)
    centre.store.retain(key, centre.clock.now() + DAY)
    centre.store.legal_hold(key, False)
    for job in reversed(centre.jobs() * 2):
        assert centre.run(job) is None
        assert centre.holdings()[0] == centre.holdings()[1]


def test_retention_in_the_reserve_is_never_shortened(centre: Centre) -> None:
    now = centre.clock.now()
    key = centre.put(b"x", retain_until=now + DAY)
    centre.follow()
    centre.second.retain(key, now + 9 * DAY)
    centre.store.retain(key, now + 2 * DAY)
    assert centre.follow() == []
    assert centre.second.stat(key).retain_until == now + 9 * DAY


def test_a_retention_that_is_over_is_not_asked_for(centre: Centre) -> None:
    key = centre.put(b"x", retain_until=centre.clock.now() + DAY)
    centre.clock.forward(days=2)
    assert centre.follow() == []
    assert centre.second.stat(key).retain_until is None
    assert centre.reconcile().sound


def test_a_deletion_is_followed(centre: Centre) -> None:
    key = centre.put(b"x")
    centre.follow()
    centre.store.delete_version(key, centre.first.stat(key).version)
    assert centre.follow() == []
    assert centre.holdings() == ({}, {})


def test_a_deletion_late_does_not_touch_what_was_stored_again(centre: Centre) -> None:
    key = centre.put(b"x")
    centre.store.delete_version(key, centre.first.stat(key).version)
    centre.put(b"x")
    for job in reversed(centre.jobs()):
        assert centre.run(job) is None
    assert centre.second.read(key) == b"x"


def test_absence_alone_deletes_nothing(centre: Centre, tmp_path: Path) -> None:
    key = centre.put(b"x")
    centre.follow()
    centre.first.delete_version(key, centre.first.stat(key).version)
    for change in (Change.PUT, Change.RETAIN, Change.HOLD):
        _replicate(centre, key, change)
    assert centre.second.read(key) == b"x"


def test_what_a_revision_refers_to_is_never_deleted_from_the_reserve(centre: Centre) -> None:
    key = centre.put(b"x")
    centre.refer(key)
    centre.follow()
    centre.store.delete_version(key, centre.first.stat(key).version)
    with pytest.raises(ConflictError) as caught:
        centre.follow()
    assert caught.value.code == "archive.deleted_but_referred"
    assert centre.second.read(key) == b"x"


def test_what_is_referred_to_and_nowhere_is_an_error(centre: Centre) -> None:
    key = centre.put(b"x")
    centre.refer(key)
    centre.first.delete_version(key, centre.first.stat(key).version)
    (error,) = centre.follow()
    assert (error.code, error.params["side"]) == ("storage.not_found", "both")
    assert not is_retryable(error)


def test_a_deletion_waits_for_a_clock_that_is_behind_and_not_for_a_real_retention(centre: Centre) -> None:
    key = centre.put(b"x")
    centre.follow()
    centre.second.retain(key, centre.clock.now() + timedelta(minutes=1))
    centre.store.delete_version(key, centre.first.stat(key).version)
    with pytest.raises(ConflictError) as caught:
        centre.follow()
    assert is_retryable(caught.value)
    centre.second.retain(key, centre.clock.now() + 30 * DAY)
    (error,) = centre.follow()
    assert error.code == "storage.retained"
    assert not is_retryable(error)


@pytest.mark.parametrize("down", ["storage.unavailable", "storage.denied", "storage.clock_skew"])
def test_a_reserve_that_is_down_keeps_the_jobs_and_is_asked_once_in_a_while(centre: Centre, down: str) -> None:
    for number in range(5):
        centre.put(b"%d" % number, number)
    centre.reserve.down = down
    errors = centre.follow()
    assert len(errors) == 5
    assert all(is_retryable(e) and e.params["side"] == "reserve" for e in errors)
    assert centre.reserve.calls == 1
    centre.reserve.down = ""
    assert len(centre.follow()) == 5
    centre.clock.forward(seconds=16)
    assert centre.follow() == []
    assert centre.holdings()[0] == centre.holdings()[1]


def test_an_archive_that_is_down_is_not_taken_for_the_reserve(centre: Centre) -> None:
    centre.put(b"1")
    centre.primary.down = "storage.unavailable"
    (error,) = centre.follow()
    assert error.params["side"] == "primary"
    centre.primary.down = ""
    assert centre.follow() == []


def test_a_damaged_original_is_not_copied(centre: Centre, tmp_path: Path) -> None:
    key = centre.put(b"sound")
    damage(tmp_path / "archive", key, b"soUnd")
    (error,) = centre.follow()
    assert (error.code, error.params["side"]) == ("storage.corrupt", "primary")
    assert centre.second.versions(key) == ()


def test_bytes_that_are_not_those_of_the_key_are_not_copied(centre: Centre) -> None:
    key = centre.put(b"x").replace(sha(b"x"), sha(b"y"))
    centre.store.put_new(key, b"other", sha256=sha(b"other"))
    assert [e.code for e in centre.follow()] == ["storage.corrupt"]


def test_a_link_of_the_audit_log_is_named_after_something_else(centre: Centre) -> None:
    key = f"audit/doc-service/links/{sha(b'before')}"
    centre.store.put_new(key, b"audit/next", sha256=sha(b"audit/next"))
    assert centre.follow() == []
    centre.primary.down = "storage.unavailable"
    assert centre.store.read(key) == b"audit/next"


def test_changes_between_looking_and_copying_are_caught_up(centre: Centre) -> None:
    """Whatever was seen is looked at again after the reserve was changed."""
    key = centre.put(b"x")
    real, turns = centre.second.put_new, []

    def put_late(*args: object, **named: object) -> object:
        done = real(*args, **named)  # type: ignore[arg-type]
        if not turns:
            turns.append(centre.first.legal_hold(key, True))
        return done

    centre.second.put_new = put_late  # type: ignore[method-assign,assignment]
    assert centre.follow() == []
    assert centre.second.stat(key).legal_hold


def test_a_database_that_cannot_keep_the_announcement_is_an_error_and_the_put_may_be_repeated(
    centre: Centre, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "main.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError) as caught:
            centre.put(b"x")
    assert caught.value.code == "storage.unavailable"
    assert is_retryable(caught.value)
    key = centre.put(b"x")
    assert [job.payload["key"] for job in centre.jobs()] == [key]


def test_a_deletion_repeated_after_a_crash_is_announced(centre: Centre) -> None:
    key = centre.put(b"x")
    centre.follow()
    version = centre.first.stat(key).version
    centre.first.delete_version(key, version)
    with pytest.raises(StorageError) as caught:
        centre.store.delete_version(key, version)
    assert caught.value.code == "storage.not_found"
    assert centre.follow() == []
    assert centre.second.versions(key) == ()


def test_long_keys_make_short_jobs(centre: Centre) -> None:
    key = "/".join(["abcdefghi"] * 90)
    centre.store.put_new(key, io.BytesIO(b"x"), sha256=sha(b"x"))
    (job,) = centre.jobs()
    assert len(job.key) < 100
    assert job.kind is JobKind.REPLICATE
    assert centre.follow() == []


def _replicate(centre: Centre, key: str, change: str) -> None:
    centre.parts.handler(Job("late", JobKind.REPLICATE, "late", centre.clock.now(), {"key": key, "change": change}))
