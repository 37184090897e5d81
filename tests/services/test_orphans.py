"""What killed processes leave in the archive is found, told apart from what is needed, and removed."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from doc_service.bootstrap import Container, open_container
from doc_service.demo.scenario import build_scenario
from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.clusters.files import CaseFile, file_key
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.signatures import SigningLease
from doc_service.services.sweep_orphans import Kept
from doc_service.settings import Settings
from storage.api import ObjectStore
from storage.keys import revision_key
from tests.pki_fixtures import Faults
from tests.services.conftest import Service

pytestmark = pytest.mark.xdist_group("services")
DAY = timedelta(days=1)


@dataclass
class MovableClock:
    """The system's clock, put forward by hand."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Archive:
    service: Service
    clock: MovableClock
    document: str

    @property
    def container(self) -> Container:
        return self.service.container

    def leave(self, number: int, data: bytes = b"left", document: str = "", until: datetime | None = None) -> str:
        """What a process that died between writing and commit leaves; returns the key."""
        sha256 = hashlib.sha256(data).hexdigest()
        key = revision_key(document or self.document, number, sha256)
        self.container.store.put_new(key, data, sha256=sha256, retain_until=until)
        return key

    def sweep(self, *, dry_run: bool = False, hours: int = 24) -> dict[str, Kept | None]:
        use = self.container.use_cases
        swept = use.sweep_orphans(timedelta(hours=hours), "operator", dry_run=dry_run)
        return {orphan.key: orphan.kept for orphan in swept.orphans}

    def swept_events(self) -> list[dict]:
        with self.container.work.uow.reading() as uow:
            events = uow.audit.of_subject("document", self.document)
        return [dict(e.details) for e in events if str(e.action) == "archive.orphans_swept"]

    def there(self, key: str) -> bool:
        return bool(self.container.store.versions(key))

    def check(self) -> set[str]:
        found = self.container.use_cases.verify_archive(lambda stage, done, total: None)
        assert found.valid is not bool(found.faults)
        return {fault.code for fault in found.faults}


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A service with one archived document."""
    clock, faults = MovableClock(), Faults()
    settings = Settings(data_dir=tmp_path_factory.mktemp("orphans"), job_lease=timedelta(seconds=2))
    with open_container(settings, clock=clock, wrap_pki=faults.wrap) as container:
        scenario = build_scenario(container.protocol, datetime.now().astimezone().date())
        service = Service(container, faults, scenario)
        document = service.signing(2)
        service.sign_all(document)
        container.runner.run_until_idle(timedelta(seconds=90))
        assert service.document(document).state is DocumentState.ARCHIVED
        yield Archive(service, clock, document)


@pytest.fixture
def archive(archived: Archive) -> Iterator[Archive]:
    archived.clock.ahead = timedelta()
    yield archived
    archived.clock.ahead = timedelta()


def test_an_old_orphan_goes_and_nothing_else(archive: Archive) -> None:
    with archive.container.work.uow.reading() as uow:
        needed = [r.key for r in uow.documents.revisions(archive.document)]
    old = archive.leave(1, b"old")
    assert archive.sweep()[old] is Kept.YOUNG
    archive.clock.ahead = 2 * DAY
    young = archive.leave(2, b"young")
    assert archive.sweep(dry_run=True) == {old: None, young: Kept.YOUNG}
    assert archive.there(old)
    assert archive.swept_events() == []
    assert archive.sweep() == {old: None, young: Kept.YOUNG}
    assert (archive.there(old), archive.there(young)) == (False, True)
    assert archive.swept_events() == [{"objects": [old], "bytes": 3}]
    assert archive.sweep() == {young: Kept.YOUNG}
    assert len(archive.swept_events()) == 1, "a second run finds nothing and says nothing"
    assert all(archive.there(key) for key in needed)
    assert archive.check() == set()
    assert archive.container.audit.verify()["valid"]
    archive.clock.ahead = 4 * DAY
    assert archive.sweep() == {young: None}


def test_what_is_protected_stays(archive: Archive) -> None:
    held, kept = archive.leave(1, b"held"), archive.leave(1, b"kept", until=archive.clock.now() + DAY)
    archive.container.store.legal_hold(held, on=True)
    far = archive.leave(99, b"from a later database")
    foreign = archive.leave(0, b"nobody knows it", document="unknown-document")
    archive.clock.ahead = 30 * DAY
    assert archive.sweep() == {
        held: Kept.RETAINED,
        kept: Kept.RETAINED,
        far: Kept.LATER_REVISION,
        foreign: Kept.UNKNOWN_DOCUMENT,
    }
    assert all(map(archive.there, (held, kept, far, foreign)))
    assert archive.check() == {"archive.revision_unrecorded"}
    store = archive.container.store
    store.legal_hold(held, on=False)
    for key in (held, kept, far, foreign):
        store.delete_version(key, store.stat(key).version)


def test_a_document_at_work_is_left_alone(archive: Archive) -> None:
    """Somebody is about to refer to the object: a job waits, or a signer holds the lease."""
    document = archive.service.registered(2)
    orphan = archive.leave(0, b"unfinished", document=document)
    archive.clock.ahead = 2 * DAY
    assert archive.sweep() == {orphan: Kept.BUSY}
    archive.container.runner.run_until_idle(timedelta(seconds=60))
    assert archive.sweep(dry_run=True) == {orphan: None}
    request = archive.service.requests(document)[0]
    with archive.container.work.uow() as uow:
        uow.signatures.take_lease(SigningLease(document, 1, request.id, archive.clock.now() + timedelta(minutes=2)))
        uow.commit()
    assert archive.sweep() == {orphan: Kept.BUSY}
    archive.clock.ahead += timedelta(minutes=3)
    assert archive.sweep() == {orphan: None}


FILE = ("cluster", "kl", "imza-numuneleri", "imza.pdf", b"%PDF-1.7 specimen", "operator")


@pytest.fixture
def file(archive: Archive) -> CaseFile:
    """A paper of others, handed in for a cluster."""
    body = archive.service.document(archive.document).body_id
    with archive.container.work.uow() as uow:
        try:
            uow.clusters.get("kl")
        except NotFoundError:
            uow.clusters.add(Cluster("kl", "Klaster", "Sumqayıt", "boru", date(2026, 1, 10), body))
            uow.commit()
    return archive.container.use_cases.clusters.keep_file(*FILE)


class Killed(BaseException):
    """What ends the process after the object was written."""


class Dying:
    """A store whose user is killed before the commit."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put_new(self, key: str, content: bytes, *, sha256: str) -> None:
        self._store.put_new(key, content, sha256=sha256)
        raise Killed


def test_what_a_killed_upload_left_goes_and_files_stay(archive: Archive, file: CaseFile) -> None:
    keep, store = archive.container.use_cases.clusters.keep_file, archive.container.store
    before = {info.key for info in store.list("cluster-files/")}
    assert file.key in before
    with pytest.raises(Killed):
        replace(keep, store=Dying(store))(*FILE[:4], b"%PDF-1.7 other", "operator")
    (orphan,) = {info.key for info in store.list("cluster-files/")} - before
    assert archive.sweep() == {orphan: Kept.YOUNG}
    archive.clock.ahead = 2 * DAY
    assert archive.sweep(dry_run=True) == {orphan: None}
    assert archive.sweep() == {orphan: None}
    assert {info.key for info in store.list("cluster-files/")} == before
    with archive.container.work.uow.reading() as uow:
        (event,) = uow.audit.of_subject("file", orphan.split("/")[1])
    assert (str(event.action), event.details["objects"]) == ("archive.orphans_swept", [orphan])
    assert archive.check() == set()


def test_a_file_whose_record_was_lost_stays_and_is_told(archive: Archive, file: CaseFile) -> None:
    store, content = archive.container.store, b"%PDF-1.7 lost"
    digest = hashlib.sha256(content).hexdigest()
    key = file_key("accession", "lost", digest)
    store.put_new(key, content, sha256=digest, retain_until=archive.clock.now() + timedelta(days=1))
    archive.clock.ahead = 30 * DAY
    assert archive.sweep() == {key: Kept.RETAINED}
    assert archive.check() == {"archive.file_unrecorded"}
    store.delete_version(key, store.stat(key).version)


def test_an_upload_that_was_killed_before_it_was_locked_is_locked_by_the_next(archive: Archive, file: CaseFile) -> None:
    harmed(archive, file, "record gone", {"archive.file_not_retained"}, healed=True)


@pytest.mark.parametrize(
    ("harm", "code"),
    [("changed", "file_corrupt"), ("gone", "file_corrupt"), ("directory gone", "file_missing")],
)
def test_the_check_names_the_file_that_is_wrong(archive: Archive, file: CaseFile, harm: str, code: str) -> None:
    """002 §7.1.6: a changed byte, lost bytes, a lost object."""
    harmed(archive, file, harm, {f"archive.{code}"})


def harmed(archive: Archive, file: CaseFile, harm: str, codes: set[str], *, healed: bool = False) -> None:
    """The check tells exactly this while the file is so; ``healed``: the same bytes handed in again make it good."""
    directory = archive.container.settings.archive_dir / "objects" / f"{file.key},v" / "000001"
    aside = archive.container.settings.data_dir / "aside"
    shutil.copytree(directory, aside)
    assert archive.check() == set()
    if harm == "directory gone":
        shutil.rmtree(directory)
    elif harm == "changed":
        content = bytearray((directory / "data").read_bytes())
        content[-1] ^= 1
        (directory / "data").unlink()
        (directory / "data").write_bytes(content)
    else:
        (directory / HARMS[harm][1]).unlink()
    assert archive.check() == codes
    if healed:
        assert archive.container.use_cases.clusters.keep_file(*FILE) == file
        assert archive.check() == set()
    shutil.rmtree(directory, ignore_errors=True)
    aside.rename(directory)
    assert archive.check() == set()


def test_young_work_cannot_be_named(archive: Archive) -> None:
    with pytest.raises(ConflictError, match=r"archive\.sweep_too_young"):
        archive.container.use_cases.sweep_orphans(timedelta(minutes=59), "operator")


def test_nothing_is_swept_while_the_database_is_behind_the_archive(archive: Archive) -> None:
    """A database restored from an old backup: its newer documents only look like orphans."""
    orphan = archive.leave(1, b"looks like an orphan")
    archive.container.audit.checkpoint()
    database = archive.container.settings.data_dir / "doc-service.db"
    with sqlite3.connect(database) as connection:
        dump = list(connection.iterdump())
    with archive.container.work.uow() as uow:
        archive.container.work.record(uow, "operator", Action.ARCHIVE_EXPORTED, ("document", archive.document))
        uow.commit()
    archive.container.audit.checkpoint()
    other = archive.container.settings.data_dir.with_name("restored")
    other.mkdir()
    with sqlite3.connect(other / "doc-service.db") as connection:
        connection.executescript("\n".join(dump))
    for name in ("archive", "audit-key.pem", "development-pki"):
        (other / name).symlink_to(archive.container.settings.data_dir / name)
    archive.clock.ahead = 2 * DAY
    settings = Settings(data_dir=other)
    with (
        open_container(settings, clock=archive.clock, services=False) as restored,
        pytest.raises(ConflictError, match=r"audit\.behind_archive"),
    ):
        restored.use_cases.sweep_orphans(DAY, "operator")
    assert archive.there(orphan)
    assert archive.sweep() == {orphan: None}


HARMS = {
    "gone": ("archive.object_corrupt", "data"),
    "changed": ("archive.object_corrupt", "data"),
    "directory gone": ("archive.object_missing", ""),
    "record gone": ("archive.not_retained", "000001.json"),
    "record damaged": ("archive.object_corrupt", "000000.json"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_the_check_names_what_is_wrong(archive: Archive, harm: str) -> None:
    with archive.container.work.uow.reading() as uow:
        revision = uow.documents.revisions(archive.document)[1]
    code, name = HARMS[harm]
    directory = archive.container.settings.archive_dir / "objects" / f"{revision.key},v" / "000001"
    aside = archive.container.settings.data_dir / "aside"
    assert archive.check() == set()
    _copy(directory, aside)
    path = directory / name
    if harm == "directory gone":
        directory.rename(directory.with_name("gone"))
    elif harm in ("gone", "record gone"):
        path.unlink()
    else:
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    assert code in archive.check()
    if harm == "directory gone":
        directory.with_name("gone").rename(directory)
    else:
        path.unlink(missing_ok=True)
        path.write_bytes((aside / name).read_bytes())
    for leftover in aside.iterdir():
        leftover.unlink()
    aside.rmdir()
    assert archive.check() == set()


def _copy(directory: Path, aside: Path) -> None:
    aside.mkdir()
    for path in directory.iterdir():
        (aside / path.name).write_bytes(path.read_bytes())


def test_what_a_killed_writer_left_goes_at_the_next_start(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with open_container(settings, services=False):
        room = settings.archive_dir / "work" / "dead"
        room.mkdir()
        (room / "data").write_bytes(b"half")
        hour_ago = datetime.now(UTC).timestamp() - 3600
        os.utime(room, (hour_ago, hour_ago))
    with open_container(settings, services=False):
        assert room.exists(), "who only reads changes nothing"
    with open_container(settings):
        assert not room.exists()
