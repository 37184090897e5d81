"""What comes back from a backup is what was there, and the service goes on from it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from doc_service.backup.check import check_backup
from doc_service.backup.layout import OBJECTS, OBJECTS_LIST
from doc_service.backup.objects import read_lines
from doc_service.backup.survey import ArchiveState
from doc_service.bootstrap import open_container
from doc_service.domain.errors import ConflictError
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import check_drift, head_revision, migrate
from doc_service.system import SystemClock
from storage.s3.location import Access, S3Location
from storage.s3.store import S3Store
from tests.backup.conftest import ARCHIVED, REGISTERED, SIGNING, Place, enter, finish, quiet, sign
from tests.backup.test_refusals import reseal
from tests.fixtures_s3 import S3Server

pytestmark = pytest.mark.xdist_group("backup")
DOCUMENTS = ARCHIVED + SIGNING + REGISTERED


def test_everything_comes_back_into_an_empty_place(place: Place, tmp_path: Path, target: Place) -> None:
    report = place.backup(tmp_path / "b", objects=True)
    assert report.faults == ()
    before, objects = place.tables(), place.objects()
    done = target.restore(tmp_path / "b")
    assert (done.survey.state, done.survey.ahead, done.faults) == (ArchiveState.EMPTY, 0, ())
    after = target.tables()
    for name in before.keys() - {"audit_events", "jobs"}:
        assert after[name] == before[name], name
    assert [r[1] for r in after["audit_events"][:-1]] == [r[1] for r in before["audit_events"][:-1]]
    assert target.rows("SELECT action FROM audit_events ORDER BY rowno DESC LIMIT 1") == [("backup.restored",)]
    assert place.rows("SELECT action FROM audit_events ORDER BY rowno DESC LIMIT 1") == [("backup.made",)]
    found = target.objects()
    assert found.keys() == objects.keys()
    for key, info in objects.items():
        copy = found[key]
        assert (copy.sha256, copy.size, copy.retain_until, copy.legal_hold) == (
            info.sha256, info.size, info.retain_until, info.legal_hold,
        )  # fmt: skip
    assert sum(info.legal_hold for info in found.values()) == 1


def test_the_drill_verifies_every_document_log_and_journal(made: Path, target: Place) -> None:
    target.restore(made)
    report = target.drill(made)
    assert report.faults == ()
    assert (report.documents, report.judged, report.journal_entries) == (DOCUMENTS, ARCHIVED, DOCUMENTS)


def test_numbers_go_on_and_waiting_work_is_done(made: Path, target: Place) -> None:
    numbers = "SELECT journal, year, seq FROM journal_entries ORDER BY journal, year, seq"
    target.restore(made)
    before = target.rows(numbers)
    with open_container(target.settings) as service:
        finish(service)
        for document in ("paper-0000004", "paper-0000005", *enter(service, DOCUMENTS, 2)):
            finish(service)
            sign(service, document)
        finish(service)
        assert service.audit.checkpoint()["size"]
        assert service.audit.verify()["valid"]
    assert set(target.rows("SELECT state, count(*) FROM documents GROUP BY state")) == {("archived", DOCUMENTS + 2)}
    after = target.rows(numbers)
    assert set(before) < set(after)
    for journal, year in {row[:2] for row in after}:
        given = [seq for j, y, seq in after if (j, y) == (journal, year)]
        assert given == list(range(1, len(given) + 1))


def test_leases_of_runners_that_are_no_more_are_taken_off(place: Place, tmp_path: Path, target: Place) -> None:
    with open_container(place.settings, services=False) as service, service.work.uow() as uow:
        now = service.work.clock.now()
        claimed = uow.jobs.claim(now, now + timedelta(days=1), "dead", limit=9)
        assert claimed
        uow.commit()
    place.backup(tmp_path / "b", objects=True)
    assert target.restore(tmp_path / "b").released == len(claimed)
    assert target.rows("SELECT count(*) FROM jobs WHERE lease_token IS NOT NULL") == [(0,)]


def test_the_list_names_every_object_and_those_referred_to(place: Place, tmp_path: Path) -> None:
    key = "documents/paper-0000000/revisions/00009/" + "0" * 64
    sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    place.store.put_new(key, b"", sha256=sha256)
    place.backup(tmp_path / "b")
    lines = list(read_lines(tmp_path / "b" / OBJECTS_LIST))
    assert [line.key for line in lines] == sorted(place.objects())
    assert [line.key for line in lines if not line.referred] == [key]
    assert not (tmp_path / "b" / OBJECTS).exists()


def test_only_what_the_dump_refers_to_is_put_back(place: Place, tmp_path: Path, target: Place) -> None:
    """A checkpoint made between dump and list would leave the restored log behind the archive for ever."""
    later = b"a checkpoint that the dump does not know"
    key = f"audit/doc-service/checkpoints/999999999999/{hashlib.sha256(later).hexdigest()}"
    place.store.put_new(key, later, sha256=hashlib.sha256(later).hexdigest())
    report = place.backup(tmp_path / "b", objects=True)
    assert report.description.objects == report.description.referred + 1
    target.restore(tmp_path / "b")
    assert target.objects().keys() == place.objects().keys() - {key}


def test_later_backups_share_the_copies_of_earlier_ones(place: Place, tmp_path: Path, target: Place) -> None:
    first = place.backup(tmp_path / "b1", objects=True)
    with open_container(place.settings) as service:
        finish(service)
    second = place.backup(tmp_path / "b2", objects=True, since=tmp_path / "b1")
    assert first.shared == 0
    assert second.shared == first.description.objects
    assert second.copied > 0
    inodes = {p.name: p.stat().st_ino for p in (tmp_path / "b1" / OBJECTS).rglob("*") if p.is_file()}
    shared = [
        p for p in (tmp_path / "b2" / OBJECTS).rglob("*") if p.is_file() and p.stat().st_ino == inodes.get(p.name)
    ]
    assert len(shared) == second.shared
    shutil.rmtree(tmp_path / "b1")
    assert check_backup(tmp_path / "b2", quiet).valid
    target.restore(tmp_path / "b2")
    assert target.drill(tmp_path / "b2").valid


def test_a_backup_without_objects_fits_the_surviving_archive(place: Place, tmp_path: Path, target: Place) -> None:
    place.backup(tmp_path / "b")
    with pytest.raises(ConflictError, match=r"backup\.no_source"):
        target.restore(tmp_path / "b")
    assert target.untouched
    shutil.copytree(place.data / "archive", target.data / "archive", dirs_exist_ok=True)
    done = target.restore(tmp_path / "b")
    assert (done.survey.state, done.copied) == (ArchiveState.HOLDS, 0)
    assert target.drill(tmp_path / "b").valid


def test_objects_come_from_another_archive(place: Place, tmp_path: Path, target: Place) -> None:
    place.backup(tmp_path / "b")
    done = target.restore(tmp_path / "b", f"file://{place.data / 'archive'}")
    assert done.copied == done.description.referred
    assert target.drill(tmp_path / "b").valid
    assert sum(i.legal_hold for i in target.objects().values()) == 1


def test_retention_and_hold_are_applied_again_to_objects_that_are_there(
    place: Place, tmp_path: Path, target: Place
) -> None:
    place.backup(tmp_path / "b", objects=True)
    for key, info in place.objects().items():
        target.store.put_new(key, place.store.read(key), sha256=info.sha256)
    done = target.restore(tmp_path / "b")
    assert (done.survey.state, done.copied) == (ArchiveState.HOLDS, 0)
    assert {(i.key, i.retain_until, i.legal_hold) for i in target.objects().values()} == {
        (i.key, i.retain_until, i.legal_hold) for i in place.objects().values()
    }


def test_no_secret_and_no_private_key_is_in_a_backup(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOC_SERVICE_ARCHIVE_SECRET_KEY", "S3cretOfTheArchive")
    monkeypatch.setenv("DOC_SERVICE_BROKER_URL", "amqp://a:S3cretOfTheBroker@h/")
    place.backup(tmp_path / "b", objects=True)
    private = (place.data / "audit-key.pem").read_bytes().splitlines()[1]
    for path in (tmp_path / "b").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"S3cret" not in content
            assert private not in content
            assert b"PRIVATE KEY" not in content


def test_the_list_of_digests_is_read_by_coreutils(made: Path) -> None:
    done = subprocess.run(["sha256sum", "-c", "--strict", "MANIFEST"], cwd=made, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    listed = {line.split()[1] for line in (made / "MANIFEST").read_text().splitlines() if not line.startswith("#")}
    assert listed == {p.name for p in made.iterdir() if p.is_file()} - {"MANIFEST"}
    assert json.loads((made / "backup.json").read_text())["database"]["rows"]["documents"] == DOCUMENTS


def test_a_backup_of_an_older_schema_is_brought_forward(backup: Path, target: Place) -> None:
    older(backup, "0003")
    target.restore(backup)
    assert target.rows("SELECT version_num FROM alembic_version") == [(head_revision(),)]
    assert target.drill(backup).valid
    engine = make_engine(target.settings.database)
    assert check_drift(engine) == []
    engine.dispose()


def older(backup: Path, revision: str) -> None:
    """Makes of a backup one that an earlier program would have made of the same rows."""
    dump, old = backup / "database.sqlite", backup / "old.sqlite"
    engine = make_engine(f"sqlite:///{old}")
    migrate(engine, to=revision)
    engine.dispose()
    with closing(sqlite3.connect(old)) as database:
        database.execute("ATTACH ? AS new", (str(dump),))
        names = [n for (n,) in database.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        counts = {}
        for name in names:
            if name.startswith(("sqlite_", "alembic_")):
                continue
            columns = ", ".join(row[1] for row in database.execute(f"PRAGMA main.table_info({name})"))
            database.execute(f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM new.{name} ORDER BY rowid")
            counts[name] = database.execute(f"SELECT count(*) FROM main.{name}").fetchone()[0]
        database.commit()
        database.execute("DETACH new")
        database.execute("PRAGMA journal_mode = DELETE")
    old.replace(dump)
    description = json.loads((backup / "backup.json").read_text())
    description["database"].update(schema=revision, rows=counts)
    (backup / "backup.json").write_text(json.dumps(description))
    reseal(backup)


def test_objects_come_from_the_reserve_centre(
    place: Place, tmp_path: Path, target: Place, minio: S3Server, new_bucket: Callable[[S3Server], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    url = minio.bucket_url(new_bucket(minio))
    monkeypatch.setenv("DOC_SERVICE_RESERVE_URL", url)
    monkeypatch.setenv("DOC_SERVICE_RESERVE_ACCESS_KEY", minio.access_key)
    monkeypatch.setenv("DOC_SERVICE_RESERVE_SECRET_KEY", minio.secret_key)
    place.backup(tmp_path / "b")
    reserve = S3Store(S3Location.parse(url), Access(minio.access_key, minio.secret_key), SystemClock())
    for key, info in place.objects().items():
        reserve.put_new(key, place.store.read(key), sha256=info.sha256, retain_until=info.retain_until)
    done = target.restore(tmp_path / "b", url)
    assert done.copied == done.description.referred
    assert target.drill(tmp_path / "b").valid


def test_the_dump_of_postgresql_restores_and_holds(
    tmp_path: Path, prepared: Place, new_postgres_url: Callable[[], str]
) -> None:
    place = prepared.empty(tmp_path / "service", new_postgres_url())
    with open_container(place.settings) as service:
        documents = enter(service, 0, 2)
        finish(service)
        sign(service, documents[0])
        finish(service)
    place.backup(tmp_path / "b", objects=True)
    target = place.empty(tmp_path / "target", new_postgres_url())
    target.restore(tmp_path / "b")
    report = target.drill(tmp_path / "b")
    assert (report.faults, report.documents, report.judged) == ((), 2, 1)
    with open_container(target.settings) as service:
        sign(service, documents[1])
        finish(service)
        assert service.audit.verify()["valid"]
    with pytest.raises(ConflictError, match=r"backup\.other_engine"):
        prepared.empty(tmp_path / "sqlite").restore(tmp_path / "b")


def test_postgresql_and_minio_come_back_in_another_database_and_bucket(
    tmp_path: Path, prepared: Place, new_postgres_url: Callable[[], str], minio: S3Server,
    new_bucket: Callable[[S3Server], str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The parts of production; the bucket is read and written by the service's own store."""
    monkeypatch.setenv("DOC_SERVICE_ARCHIVE_ACCESS_KEY", minio.access_key)
    monkeypatch.setenv("DOC_SERVICE_ARCHIVE_SECRET_KEY", minio.secret_key)
    monkeypatch.setenv("DOC_SERVICE_ARCHIVE_URL", minio.bucket_url(new_bucket(minio)))
    place = prepared.empty(tmp_path / "service", new_postgres_url())
    with open_container(place.settings) as service:
        documents = enter(service, 0, 2)
        finish(service)
        for document in documents:
            sign(service, document)
        finish(service)
        retained = {i.key: i.retain_until for i in service.store.list("documents/")}
    place.backup(tmp_path / "b", objects=True)
    monkeypatch.setenv("DOC_SERVICE_ARCHIVE_URL", minio.bucket_url(new_bucket(minio)))
    target = place.empty(tmp_path / "target", new_postgres_url())
    done = target.restore(tmp_path / "b")
    assert done.survey.state is ArchiveState.EMPTY
    report = target.drill(tmp_path / "b")
    assert (report.faults, report.judged) == ((), 2)
    with open_container(target.settings, services=False) as service:
        found = {i.key: i.retain_until for i in service.store.list("documents/")}
    assert found == retained
    assert all(found.values())
