"""The evidence package of one document: whole, current, checkable alone, and silent about other documents."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError
from tests.services.conftest import Service, running_service

pytestmark = pytest.mark.xdist_group("services")


@pytest.fixture(scope="module")
def two_documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str, str]]:
    """One service, two archived documents of different meetings."""
    for service in running_service(tmp_path_factory.mktemp("evidence")):
        first, second = (_archived(service) for _ in range(2))
        yield service, first, second


def _archived(service: Service) -> str:
    document = service.signing(2)
    service.sign_all(document)
    service.container.runner.run_until_idle(timedelta(seconds=90))
    assert service.document(document).state is DocumentState.ARCHIVED
    return document


@pytest.fixture
def documents(two_documents: tuple[Service, str, str]) -> Iterator[tuple[Service, str, str]]:
    two_documents[0].faults.resume()
    yield two_documents
    two_documents[0].faults.resume()


def check(package: Path, *arguments: str) -> tuple[int, dict]:
    """The one command that the package's README gives."""
    command = [sys.executable, "-I", "-S", "audit/verify_audit.py", "audit", "--json", *arguments]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def events_of(service: Service, document: str) -> list[str]:
    with service.container.work.uow.reading() as uow:
        return [event.id for event in uow.audit.of_subject("document", document)]


def test_the_package_proves_its_document(documents: tuple[Service, str, str], tmp_path: Path) -> None:
    service, first, _ = documents
    service.container.use_cases.export_evidence(first, tmp_path / "package")
    status, report = check(tmp_path / "package")
    assert (status, report["faults"], report["subject"]) == (0, [], f"document {first}")
    proof = json.loads((tmp_path / "package" / "audit" / "proof.json").read_text())
    assert [json.loads(e["event"])["id"] for e in proof["events"]] == events_of(service, first)
    sums = (tmp_path / "package" / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in sums)}
    files = {
        p.relative_to(tmp_path / "package").as_posix(): p for p in (tmp_path / "package").rglob("*") if p.is_file()
    }
    assert set(listed) == set(files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name].read_bytes()).hexdigest() == digest for name, digest in listed.items())


def test_nothing_of_another_document_goes_in(documents: tuple[Service, str, str], tmp_path: Path) -> None:
    service, first, second = documents
    service.container.use_cases.export_evidence(first, tmp_path / "package")
    foreign = [*events_of(service, second), second, f"meeting-{second.removeprefix('doc-')}"]
    with service.container.work.uow.reading() as uow:
        foreign += [revision.sha256 for revision in uow.documents.revisions(second)]
    for path in (tmp_path / "package").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert [name for name in foreign if name.encode() in content] == [], path


def test_a_later_event_is_in_the_package(documents: tuple[Service, str, str], tmp_path: Path) -> None:
    """Recorded after the last checkpoint: a new one is made before the export."""
    service, first, _ = documents
    with service.container.work.uow() as uow:
        service.container.work.record(uow, "auditor", Action.ARCHIVE_EXPORTED, ("document", first))
        uow.commit()
    service.container.use_cases.export_evidence(first, tmp_path / "package")
    status, report = check(tmp_path / "package")
    assert (status, report["proven"]) == (0, len(events_of(service, first)))


def test_without_the_time_stamp_authority_the_package_says_what_is_pending(
    documents: tuple[Service, str, str], tmp_path: Path
) -> None:
    service, first, _ = documents
    with service.container.work.uow() as uow:
        service.container.work.record(uow, "auditor", Action.ARCHIVE_EXPORTED, ("document", first))
        uow.commit()
    service.faults.pause("tsa")
    service.container.use_cases.export_evidence(first, tmp_path / "package")
    status, report = check(tmp_path / "package")
    assert (status, [f["code"] for f in report["faults"]]) == (1, ["audit.timestamp_missing"])
    status, report = check(tmp_path / "package", "--allow-unstamped")
    assert (status, report["proven"]) == (0, len(events_of(service, first)))
    assert "gözlənilir / pending" in (tmp_path / "package" / "audit" / "README.txt").read_text()
    service.faults.resume()
    service.container.use_cases.export_evidence(first, tmp_path / "later")
    assert check(tmp_path / "later")[0] == 0


def test_a_draft_has_no_evidence(documents: tuple[Service, str, str], tmp_path: Path) -> None:
    service, _, _ = documents
    draft = service.drafted(2)
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        service.container.use_cases.export_evidence(draft, tmp_path / "package")
    assert not (tmp_path / "package").exists()


def test_the_package_holds_the_record_of_each_signature(documents: tuple[Service, str, str], tmp_path: Path) -> None:
    """The log, which the package proves, names the digest of each record's canonical JSON."""
    service, first, _ = documents
    service.container.use_cases.export_evidence(first, tmp_path / "package")
    records = json.loads((tmp_path / "package" / "signing_records.json").read_text())
    digests = [
        hashlib.sha256(json.dumps(r, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
        for r in records
    ]
    with service.container.work.uow.reading() as uow:
        events = uow.audit.of_subject("document", first)
    assert [e.details["record_sha256"] for e in events if e.action is Action.SIGNATURE_COMPLETED] == digests
    assert len(digests) == 2


def test_what_is_signed_in_part_is_no_evidence(documents: tuple[Service, str, str], tmp_path: Path) -> None:
    service, *_ = documents
    document = service.signing(2)
    service.sign(service.requests(document)[0])
    with pytest.raises(ConflictError, match=r"document\.not_final"):
        service.container.use_cases.export_evidence(document, tmp_path / "package")
    assert not (tmp_path / "package").exists()
