"""Comparing and repairing: whatever is missing, damaged, different or less protected, on either side."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from doc_service.domain.audit_events import Action
from doc_service.services.reconcile_archive import Finding, Reconciliation
from storage.comparing import Kind
from tests.reserve.conftest import Centre, damage, key_of, sha

DAY = timedelta(days=1)
SIDES = ["primary", "reserve"]


def root(tmp_path: Path, side: str) -> Path:
    return tmp_path / {"primary": "archive", "reserve": "reserve"}[side]


def found(report: Reconciliation) -> list[tuple[str, str, str]]:
    return [(f.key, f.kind, f.side) for f in report.findings]


@pytest.fixture
def keys(centre: Centre) -> list[str]:
    """Five objects that both sides have."""
    made = [centre.put(b"object %d" % n, n) for n in range(5)]
    assert centre.follow() == []
    return made


def lose(centre: Centre, side: str, key: str) -> None:
    store = centre.first if side == "primary" else centre.second
    store.delete_version(key, store.stat(key).version)


def test_equal_sides(centre: Centre, keys: list[str]) -> None:
    for deep in (False, True):
        report = centre.reconcile(deep=deep)
        assert (report.compared, report.equal, report.found, report.sound) == (5, 5, 0, True)
        assert report.last_key == keys[-1]


def test_what_trying_a_store_has_left_is_no_difference(centre: Centre, keys: list[str]) -> None:
    for store, name in ((centre.first, "one"), (centre.second, "two")):
        store.put_new(f"storage-check/{name}/locked", b"tried", sha256=sha(b"tried"))
    report = centre.reconcile(repair=True)
    assert (report.compared, report.found, report.sound) == (5, 0, True)


@pytest.mark.parametrize("side", SIDES)
def test_missing_objects_come_back_with_their_protection(centre: Centre, keys: list[str], side: str) -> None:
    for store in (centre.first, centre.second):
        store.retain(keys[0], centre.clock.now() + DAY)
    lose(centre, side, keys[2])
    other = centre.second if side == "primary" else centre.first
    other.retain(keys[2], centre.clock.now() + DAY)
    other.legal_hold(keys[2], True)
    before = centre.holdings()
    report = centre.reconcile()
    assert found(report) == [(keys[2], "missing", side)]
    assert not report.sound
    assert centre.holdings() == before
    report = centre.reconcile(repair=True)
    assert (report.outcomes, report.sound) == ({"repaired": 1}, True)
    assert centre.holdings()[0] == centre.holdings()[1]
    assert centre.reconcile(deep=True).found == 0


@pytest.mark.parametrize("data", [b"rotten", b"", None])
@pytest.mark.parametrize("side", SIDES)
def test_damaged_bytes_are_seen_by_a_deep_run_and_mended(
    centre: Centre, keys: list[str], tmp_path: Path, side: str, data: bytes | None
) -> None:
    store = centre.first if side == "primary" else centre.second
    store.retain(keys[1], centre.clock.now() + 30 * DAY)
    before = store.versions(keys[1])
    damage(root(tmp_path, side), keys[1], data)
    assert [k for _, k, _ in found(centre.reconcile())] == ["retention"]
    report = centre.reconcile(deep=True, repair=True)
    assert (keys[1], Kind.CORRUPT, side) in found(report)
    assert centre.reconcile(deep=True, repair=True).sound
    assert store.read(keys[1]) == b"object 1"
    assert store.versions(keys[1]) == before
    assert centre.holdings()[0] == centre.holdings()[1]


def test_damage_on_both_sides_is_told_and_left(centre: Centre, keys: list[str], tmp_path: Path) -> None:
    for side in SIDES:
        damage(root(tmp_path, side), keys[3])
    report = centre.reconcile(deep=True, repair=True)
    assert found(report) == [(keys[3], "lost", "both")]
    assert report.findings[0].outcome == "storage.corrupt"
    assert not report.sound


@pytest.mark.parametrize("side", SIDES)
def test_a_foreign_object_gives_way_to_the_one_that_the_key_names(centre: Centre, side: str) -> None:
    good, bad = (centre.second, centre.first) if side == "primary" else (centre.first, centre.second)
    key = key_of(b"named")
    good.put_new(key, b"named", sha256=sha(b"named"))
    bad.put_new(key, b"foreign", sha256=sha(b"foreign"))
    assert found(centre.reconcile()) == [(key, "differs", side)]
    assert centre.reconcile(repair=True).sound
    assert bad.read(key) == b"named"


@pytest.mark.parametrize("side", SIDES)
def test_a_foreign_object_that_is_locked_is_told(centre: Centre, side: str) -> None:
    good, bad = (centre.second, centre.first) if side == "primary" else (centre.first, centre.second)
    key = key_of(b"named")
    good.put_new(key, b"named", sha256=sha(b"named"))
    bad.put_new(key, b"foreign", sha256=sha(b"foreign"), retain_until=centre.clock.now() + DAY)
    report = centre.reconcile(repair=True)
    assert [f.outcome for f in report.findings] == ["storage.retained"]
    assert bad.read(key) == b"foreign"


def test_objects_under_plain_keys_that_differ_cannot_be_decided(centre: Centre) -> None:
    centre.first.put_new("plain", b"one", sha256=sha(b"one"))
    centre.second.put_new("plain", b"two", sha256=sha(b"two"))
    assert found(centre.reconcile(repair=True)) == [("plain", "differs", "both")]
    assert (centre.first.read("plain"), centre.second.read("plain")) == (b"one", b"two")


def test_protection_is_the_stronger_of_both(centre: Centre, keys: list[str]) -> None:
    now = centre.clock.now()
    centre.first.retain(keys[0], now + 9 * DAY)
    centre.second.retain(keys[0], now + 3 * DAY)
    centre.second.retain(keys[1], now + 9 * DAY)
    centre.second.legal_hold(keys[2], True)
    centre.first.legal_hold(keys[3], True)
    expected = [
        (keys[0], "retention", "reserve"), (keys[1], "retention", "primary"),
        (keys[2], "hold", "primary"), (keys[3], "hold", "reserve"),
    ]  # fmt: skip
    assert found(centre.reconcile()) == expected
    assert centre.reconcile(repair=True).sound
    assert centre.holdings()[0] == centre.holdings()[1]
    assert [i.legal_hold for i in centre.first.list()] == [False, False, True, True, False]


def test_an_announced_deletion_is_awaited_and_not_undone(centre: Centre, keys: list[str]) -> None:
    centre.store.delete_version(keys[0], centre.first.stat(keys[0]).version)
    report = centre.reconcile(repair=True)
    assert (report.awaited, report.found) == (1, 0)
    assert centre.first.versions(keys[0]) == ()
    centre.follow()
    assert centre.holdings()[0] == centre.holdings()[1]


def test_an_announced_deletion_of_what_is_referred_to_is_undone(centre: Centre, keys: list[str]) -> None:
    centre.refer(keys[0])
    centre.store.delete_version(keys[0], centre.first.stat(keys[0]).version)
    assert centre.reconcile(repair=True).sound
    assert centre.first.read(keys[0]) == b"object 0"


def test_what_a_revision_refers_to_and_neither_side_has(centre: Centre, keys: list[str]) -> None:
    centre.refer(keys[0])
    centre.refer(keys[4])
    for side in SIDES:
        lose(centre, side, keys[4])
    report = centre.reconcile(repair=True)
    assert found(report) == [(keys[4], "lost", "both")]
    assert report.compared == 5


def test_records_that_cannot_be_read_do_not_end_the_run(centre: Centre, keys: list[str], tmp_path: Path) -> None:
    record = next((tmp_path / "archive/objects").joinpath(f"{keys[1]},v").glob("*/000000.json"))
    record.chmod(0o644)
    record.write_bytes(b"{")
    lose(centre, "reserve", keys[3])
    report = centre.reconcile(repair=True)
    assert found(report) == [(keys[1], "corrupt", "primary"), (keys[3], "missing", "reserve")]
    assert report.outcomes == {"storage.corrupt": 1, "repaired": 1}
    assert centre.store.read(keys[1]) == b"object 1"


def test_a_run_that_a_store_ends_can_be_gone_on_with(centre: Centre, keys: list[str]) -> None:
    lose(centre, "reserve", keys[1])
    lose(centre, "reserve", keys[4])
    cut: list[str] = []

    def tell(finding: Finding) -> None:
        cut.append(finding.key)
        centre.reserve.down = "storage.unavailable"

    report = centre.parts.reconcile("operator", repair=True, progress=lambda *_: None, tell=tell)
    assert report.stopped == "storage.unavailable reserve"
    assert report.last_key == keys[1]
    assert not report.sound
    centre.reserve.down = ""
    report = centre.reconcile(repair=True, after=report.last_key)
    assert (report.compared, report.outcomes) == (3, {"repaired": 1})
    assert centre.holdings()[0] == centre.holdings()[1]


@pytest.mark.parametrize("side", SIDES)
def test_a_side_that_is_down_from_the_start_ends_the_run_and_counts_nothing(
    centre: Centre, keys: list[str], side: str
) -> None:
    getattr(centre, side).down = "storage.unavailable"
    report = centre.reconcile(repair=True)
    assert (report.stopped, report.found, report.sound) == (f"storage.unavailable {side}", 0, False)


def test_repairs_are_recorded_before_they_are_made(centre: Centre, keys: list[str]) -> None:
    lose(centre, "reserve", keys[1])
    centre.reconcile()
    report = centre.reconcile(repair=True)
    with centre.work.uow.reading() as uow:
        events = uow.audit.of_subject("archive", "reserve")
    assert [e.action for e in events] == [Action.ARCHIVE_RECONCILED, Action.ARCHIVE_REPAIRED, Action.ARCHIVE_RECONCILED]
    assert events[1].details["objects"] == [{"key": keys[1], "kind": "missing", "side": "reserve"}]
    assert events[2].details["outcomes"] == {"repaired": 1}
    assert events[0].details["repair"] is False
    assert json.loads(json.dumps(report.as_json()))["counts"] == {"missing reserve": 1}


def test_many_differences_are_repaired_in_batches(centre: Centre) -> None:
    for number in range(120):
        data = b"n %d" % number
        centre.first.put_new(key_of(data, number=number), data, sha256=sha(data))
    assert centre.reconcile(repair=True).outcomes == {"repaired": 120}
    with centre.work.uow.reading() as uow:
        events = uow.audit.of_subject("archive", "reserve")
    assert [len(e.details["objects"]) for e in events if e.action is Action.ARCHIVE_REPAIRED] == [100, 20]
    assert centre.holdings()[0] == centre.holdings()[1]


def test_what_is_stored_while_stores_are_compared_is_no_difference(centre: Centre, keys: list[str]) -> None:
    """A difference is looked at again: here the job has run between listing and looking."""
    late = b"late"

    def listing(prefix: str = "") -> object:
        centre.put(late, 9)
        yield from real(prefix)

    real, centre.first.keys = centre.first.keys, listing  # type: ignore[attr-defined]
    judged, followed = centre.primary.store.stat, []

    def stat(key: str, version: str | None = None) -> object:
        if key == key_of(late, number=9):
            del centre.primary.stat  # type: ignore[attr-defined]
            assert centre.follow() == []
            followed.append(key)
        return judged(key, version)

    centre.primary.stat = stat  # type: ignore[attr-defined]
    assert centre.reconcile().found == 0
    assert followed
