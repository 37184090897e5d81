"""Joining lists by key, and what an archive is before a restore: rules for any lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.backup.objects import Line, joined, read_lines
from doc_service.backup.survey import ArchiveState, survey
from doc_service.domain.errors import ConflictError, DomainError
from storage.api import ObjectInfo

BEGAN = datetime(2026, 11, 21, 3, tzinfo=UTC)
KEYS = st.sets(st.text("aəz/0", min_size=1, max_size=6).map(lambda name: f"documents/{name}"), max_size=12)


def info(key: str, sha256: str = "a" * 64, stored_at: datetime = BEGAN - timedelta(days=1)) -> ObjectInfo:
    return ObjectInfo(key, "000001", 3, sha256, stored_at)


def lines(keys: set[str], *, referred: bool = True) -> list[Line]:
    return [Line.of(info(key), referred=referred) for key in sorted(keys)]


def archive(keys: set[str]) -> list[ObjectInfo]:
    return [info(key) for key in sorted(keys)]


@given(KEYS, KEYS)
def test_every_key_of_both_lists_is_met_once_and_in_order(left: set[str], right: set[str]) -> None:
    pairs = list(joined(lines(left), archive(right)))
    keys = [x.key if x else y.key for x, y in pairs if x or y]
    assert keys == sorted(left | right)
    assert {x.key for x, y in pairs if x and y} == left & right
    assert {y.key for x, y in pairs if y and not x} == right - left


@given(KEYS, KEYS)
def test_what_an_archive_is(backup: set[str], held: set[str]) -> None:
    if held - backup and backup - held:
        with pytest.raises(ConflictError, match=r"backup\.archive_other"):
            survey(lines(backup), archive(held), BEGAN)
        return
    found = survey(lines(backup), archive(held), BEGAN)
    assert (found.held, found.missing, found.ahead) == (len(held & backup), len(backup - held), len(held - backup))
    assert [o.key for o in found.later] == sorted(held - backup)
    expected = ArchiveState.AHEAD if held - backup else ArchiveState.HOLDS if held else ArchiveState.EMPTY
    assert found.state is expected


def test_other_bytes_under_a_key_are_refused() -> None:
    with pytest.raises(ConflictError, match=r"backup\.archive_differs"):
        survey(lines({"documents/a"}), [info("documents/a", "b" * 64)], BEGAN)


def test_objects_written_while_the_backup_was_made_are_ahead_and_old_orphans_are_not() -> None:
    orphan, later = info("documents/a"), info("documents/b", stored_at=BEGAN + timedelta(seconds=1))
    listed = [Line.of(o, referred=False) for o in (orphan, later)]
    found = survey(listed, [orphan, later], BEGAN)
    assert [o.key for o in found.later] == ["documents/b"]
    assert survey(listed, [], BEGAN).state is ArchiveState.EMPTY


def test_remains_of_a_storage_check_are_no_part_of_the_archive() -> None:
    found = survey(lines({"documents/a"}), [info("storage-check/x")], BEGAN)
    assert (found.state, found.missing) == (ArchiveState.EMPTY, 1)


@given(st.lists(st.booleans(), min_size=1, max_size=5), st.booleans())
def test_lines_come_back_as_written(referred: list[bool], hold: bool) -> None:
    from tempfile import TemporaryDirectory

    written = [
        replace(Line.of(info(f"documents/ə{n}"), referred=r), legal_hold=hold, retain_until=BEGAN if r else None)
        for n, r in enumerate(referred)
    ]
    with TemporaryDirectory() as directory:
        path = Path(directory) / "objects.jsonl"
        path.write_text("".join(line.to_json() + "\n" for line in written), encoding="utf-8")
        assert list(read_lines(path)) == written


@pytest.mark.parametrize("content", ["{}\n", "x\n", '{"key": "a"}\n', "[]\n"])
def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "objects.jsonl").write_text(content)
    with pytest.raises(DomainError, match=r"backup\.tampered"):
        list(read_lines(tmp_path / "objects.jsonl"))


def test_a_list_out_of_order_is_refused(tmp_path: Path) -> None:
    two = [line.to_json() + "\n" for line in lines({"documents/a", "documents/b"})]
    (tmp_path / "objects.jsonl").write_text("".join(reversed(two)))
    with pytest.raises(DomainError, match=r"backup\.tampered"):
        list(read_lines(tmp_path / "objects.jsonl"))
