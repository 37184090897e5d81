"""What is refused, and that a refusal leaves the place as it was; an archive that is ahead is told."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.backup import layout
from doc_service.backup.check import check_backup
from doc_service.backup.survey import ArchiveState
from doc_service.bootstrap import open_container
from doc_service.domain.errors import ConflictError, DomainError
from storage.api import StorageError
from tests.backup.conftest import ARCHIVED, Place, enter, finish, quiet, sign

pytestmark = pytest.mark.xdist_group("backup")
FILES = (
    "MANIFEST", "audit-keys.pem", "backup.json", "checkpoint.json", "checkpoint.tsr", "database.sqlite",
    "objects.jsonl", "trust-anchors.pem",
)  # fmt: skip


def reseal(backup: Path) -> None:
    """As somebody would who can write the list of digests anew."""
    (backup / layout.MANIFEST).unlink()
    layout._seal(backup)


def flipped(content: bytes, place: int) -> bytes:
    at = place % len(content)
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.fixture(scope="module", name="tampered")
def _tampered(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    shutil.copytree(made, tmp_path_factory.mktemp("tampered") / "b")
    return next(tmp_path_factory.getbasetemp().glob("tampered*/b"))


@given(name=st.sampled_from(FILES), place=st.integers(0, 1 << 24))
def test_one_bit_of_any_file_is_seen(tampered: Path, made: Path, name: str, place: int) -> None:
    content = (made / name).read_bytes()
    (tampered / name).write_bytes(flipped(content, place))
    try:
        with pytest.raises(DomainError, match=r"backup\.tampered"):
            layout.check_files(tampered)
    finally:
        (tampered / name).write_bytes(content)
    assert layout.check_files(tampered)


@pytest.mark.parametrize("name", FILES)
def test_a_tampered_or_robbed_backup_is_not_restored(backup: Path, target: Place, name: str) -> None:
    content = (backup / name).read_bytes()
    (backup / name).write_bytes(flipped(content, len(content) // 2))
    with pytest.raises(DomainError, match=r"backup\.tampered"):
        target.restore(backup)
    (backup / name).unlink()
    with pytest.raises(DomainError, match=r"backup\.(tampered|incomplete)"):
        check_backup(backup, quiet)
    assert target.untouched


def test_damaged_and_missing_copies_are_named_and_never_restored(backup: Path, target: Place) -> None:
    damaged, missing = sorted(p for p in (backup / layout.OBJECTS).rglob("*") if p.is_file())[:2]
    content = damaged.read_bytes()
    damaged.write_bytes(flipped(content, len(content) - 1))
    missing.rename(backup / "kept")
    check = check_backup(backup, quiet)
    assert sorted(f.code for f in check.faults) == ["backup.copy_damaged", "backup.copy_missing"]
    for code in (r"storage\.(digest_mismatch|not_found)", r"storage\.not_found"):
        with pytest.raises(StorageError, match=code):
            target.restore(backup)
        assert not (target.data / "doc-service.db").exists()
        damaged.write_bytes(content)
    (backup / "kept").rename(missing)
    target.restore(backup)
    assert target.drill(backup).valid


def test_a_resealed_backup_with_a_changed_database_is_refused(backup: Path, target: Place) -> None:
    """Digests say nothing against whoever makes them anew; the audit log does."""
    with sqlite3.connect(backup / "database.sqlite") as database:
        database.execute("DROP TRIGGER audit_events_no_update")
        change = "CAST(replace(CAST(canonical AS TEXT), 'katiblik', 'basqasi1') AS BLOB)"
        database.execute(f"UPDATE audit_events SET canonical = {change} WHERE seq = 3")
    reseal(backup)
    with pytest.raises(DomainError, match=r"backup\.log_does_not_hold"):
        target.restore(backup)
    assert not (target.data / "doc-service.db").exists()


def test_a_resealed_backup_with_a_lost_row_is_refused(backup: Path, target: Place) -> None:
    with sqlite3.connect(backup / "database.sqlite") as database:
        database.execute("DROP TRIGGER document_revisions_no_delete")
        database.execute("DELETE FROM document_revisions WHERE number = 2")
    reseal(backup)
    with pytest.raises(DomainError, match=r"backup\.not_as_described"):
        target.restore(backup)
    assert not (target.data / "doc-service.db").exists()


def test_another_checkpoint_is_refused(backup: Path) -> None:
    description = json.loads((backup / "backup.json").read_text())
    description["audit"]["size"] += 1
    (backup / "backup.json").write_text(json.dumps(description))
    reseal(backup)
    with pytest.raises(DomainError, match=r"backup\.tampered"):
        check_backup(backup, quiet)


def test_what_is_no_backup_is_not_restored(tmp_path: Path, made: Path, target: Place) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(DomainError, match=r"backup\.incomplete"):
        target.restore(tmp_path / "b")
    assert target.untouched


def test_a_backup_is_never_written_over_anything(place: Place, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(ConflictError, match=r"backup\.exists"):
        place.backup(tmp_path / "b")
    assert not list((tmp_path / "b").iterdir())


def test_two_backups_into_one_place_do_not_mix(place: Place, tmp_path: Path) -> None:
    with layout.new_backup(tmp_path / "b") as _, pytest.raises(ConflictError, match=r"backup\.busy"):
        place.backup(tmp_path / "b")


def test_since_must_have_objects(place: Place, tmp_path: Path) -> None:
    place.backup(tmp_path / "b1")
    with pytest.raises(ConflictError, match=r"backup\.no_objects"):
        place.backup(tmp_path / "b2", objects=True, since=tmp_path / "b1")


def test_a_log_that_does_not_hold_is_not_backed_up(place: Place, tmp_path: Path) -> None:
    link = next(i for i in place.objects().values() if "/links/" in i.key)
    last = place.rows("SELECT sha256, key FROM audit_checkpoints ORDER BY size DESC LIMIT 1")[0]
    later = place.store.read(last[1]).replace(b'"size":', b'"size":9')
    digest = hashlib.sha256(later).hexdigest()
    key = f"audit/doc-service/checkpoints/900000000000/{digest}"
    place.store.put_new(key, later, sha256=digest)
    place.store.put_new(
        f"{link.key.rsplit('/', 1)[0]}/{last[0]}", key.encode(), sha256=hashlib.sha256(key.encode()).hexdigest()
    )
    with pytest.raises(ConflictError, match=r"audit\."):
        place.backup(tmp_path / "b")
    assert not (tmp_path / "b").exists()


def put(place: Place, key: str, content: bytes) -> None:
    place.store.put_new(key, content, sha256=hashlib.sha256(content).hexdigest())


def fill_database(place: Place, made: Path) -> None:
    with sqlite3.connect(place.data / "doc-service.db") as database:
        database.execute("CREATE TABLE guests (name TEXT)")


def leave_a_log(place: Place, made: Path) -> None:
    (place.data / "doc-service.db-wal").write_bytes(b"left of a lost database")


def another_archive(place: Place, made: Path) -> None:
    put(place, "documents/other/revisions/00000/" + "0" * 64, b"other")


def other_bytes(place: Place, made: Path) -> None:
    put(place, json.loads((made / "objects.jsonl").read_text().splitlines()[0])["key"], b"other")


def no_key(place: Place, made: Path) -> None:
    (place.data / "audit-key.pem").unlink()


def another_key(place: Place, made: Path) -> None:
    from doc_service.audit.keys import load_or_make_signer

    (place.data / "audit-key.pem").unlink()
    load_or_make_signer(place.data / "audit-key.pem")


def no_pki(place: Place, made: Path) -> None:
    shutil.rmtree(place.data / "development-pki")


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (fill_database, "backup.database_not_empty"),
        (leave_a_log, "backup.database_not_empty"),
        (another_archive, "backup.archive_other"),
        (other_bytes, "backup.archive_differs"),
        (no_key, "backup.audit_key_missing"),
        (another_key, "backup.audit_key_missing"),
        (no_pki, "backup.pki_missing"),
    ],
)
def test_a_place_that_does_not_fit_is_left_as_it_is(
    made: Path, target: Place, prepare: Callable[[Place, Path], Any], code: str
) -> None:
    prepare(target, made)
    before = {p: p.read_bytes() for p in target.data.rglob("*") if p.is_file()}
    with pytest.raises(DomainError) as refused:
        target.restore(made)
    assert refused.value.code == code
    assert {p: p.read_bytes() for p in target.data.rglob("*") if p.is_file()} == before


def test_a_restored_place_is_not_restored_into_again(made: Path, target: Place) -> None:
    target.restore(made)
    with pytest.raises(ConflictError, match=r"backup\.database_not_empty"):
        target.restore(made)


def test_an_archive_ahead_of_the_backup_is_told_with_its_numbers(place: Place, tmp_path: Path, target: Place) -> None:
    place.backup(tmp_path / "b")
    with open_container(place.settings) as service:
        (document,) = enter(service, 6, 1)
        finish(service)
        sign(service, document)
        finish(service)
        with service.work.uow.reading() as uow:
            registration = uow.documents.get(document).registration
    assert registration is not None
    shutil.copytree(place.data / "archive", target.data / "archive", dirs_exist_ok=True)
    done = target.restore(tmp_path / "b")
    assert done.survey.state is ArchiveState.AHEAD
    later = {o.key: o.number for o in done.survey.later}
    listed = {json.loads(line)["key"] for line in (tmp_path / "b" / "objects.jsonl").read_text().splitlines()}
    assert later.keys() == place.objects().keys() - listed
    assert registration.number in later.values()
    assert any(key.startswith("audit/") for key in later)
    with open_container(target.settings) as service, pytest.raises(ConflictError, match=r"audit\.behind_archive"):
        service.audit.checkpoint()
    codes = {f.code for f in target.drill(tmp_path / "b").faults}
    assert codes == {"backup.log_does_not_hold", "archive.revision_unrecorded"}


def test_what_the_archive_had_lost_already_is_told_and_the_rest_is_saved(
    place: Place, tmp_path: Path, target: Place
) -> None:
    lost, damaged = sorted(k for k in place.objects() if "/revisions/00000/" in k)[:2]
    shutil.rmtree(place.data / "archive" / "objects" / f"{lost},v")
    data = place.data / "archive" / "objects" / f"{damaged},v" / "000001" / "data"
    data.chmod(0o644)
    data.write_bytes(flipped(data.read_bytes(), 1000))
    report = place.backup(tmp_path / "b", objects=True)
    assert sorted(f.code for f in report.faults) == ["backup.object_damaged", "backup.object_missing"]
    assert not check_backup(tmp_path / "b", quiet).valid
    done = target.restore(tmp_path / "b")
    assert {f.params["key"] for f in done.faults} == {lost, damaged}
    assert {f.code for f in target.drill(tmp_path / "b").faults} == {"archive.object_missing"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DELETE FROM journal_entries WHERE seq = 2", "backup.journal_gap"),
        ("UPDATE journal_entries SET number = 'X-1' WHERE seq = 1", "backup.journal_document"),
        ("DELETE FROM audit_events WHERE seq = 5", "backup.log_does_not_hold"),
        ("UPDATE document_revisions SET sha256 = key WHERE number = 1", "archive.digest_differs"),
    ],
)
def test_the_drill_sees(made: Path, target: Place, change: str, code: str) -> None:
    target.restore(made)
    with sqlite3.connect(target.data / "doc-service.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute(change)
    assert code in {f.code for f in target.drill(made).faults}


def test_the_drill_sees_a_final_file_that_is_not_valid(made: Path, target: Place) -> None:
    """A file cut back to before its extension: digest and size are right, the signature's level is not."""
    target.restore(made)
    with sqlite3.connect(target.data / "doc-service.db") as database:
        body, earlier = database.execute(
            "SELECT d.body, r.key FROM documents d JOIN document_revisions r ON r.document_id = d.id "
            "WHERE d.id = 'paper-0000000' AND r.number = 1"
        ).fetchone()
        final = database.execute(
            "SELECT key FROM document_revisions WHERE document_id = 'paper-0000000' AND number = 2"
        ).fetchone()[0]
        assert final in body
        database.execute("UPDATE documents SET body = ? WHERE id = 'paper-0000000'", (body.replace(final, earlier),))
    report = target.drill(made)
    assert report.judged == ARCHIVED
    assert [f.code for f in report.faults] == ["backup.document_not_valid"]
