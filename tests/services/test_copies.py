"""Certified copies and extracts end to end: real originals, a real seal, the public check (004 §5.1.3)."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from doc_service.api.app import create_app
from doc_service.bootstrap.copies import CopyCases
from doc_service.bootstrap.seals import DEVELOPMENT_NAME, DEVELOPMENT_VOEN
from doc_service.cli.app import app
from doc_service.domain.copies import CopyForm, Recipient
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import PersonRecord
from doc_service.domain.principals import AccountRole
from doc_service.domain.registration import Journal
from doc_service.ports_queries import Slice
from doc_service.rendering.embedded import embedded_files
from doc_service.services.copies.issue import IssueRequest
from doc_service.services.copies.public_check import Match, Standing
from doc_service.services.succeed_document import supersede
from tests.api.world import World
from tests.services.conftest import SECRETARIAT, Service, running_service

pytestmark = pytest.mark.xdist_group("copies")
COURT = Recipient("Aygün Quliyeva", "“Nümunə” MMC")
WHY = "Məhkəməyə təqdim etmək üçün"


class Office:
    """The service, an archived protocol, and the register that copies need."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.original = service.signing(2)
        service.sign_all(self.original)
        self.work()
        keeper = service.scenario.body.secretary
        with service.container.work.uow() as uow:
            uow.people.add(PersonRecord(keeper))
            uow.organisations.add(
                Organisation("kobia", DEVELOPMENT_NAME, DEVELOPMENT_VOEN, "", "Bakı", "Bakı", "", "", "", keeper.id)
            )
            uow.commit()
        for code in ("SR", "KQ-CX"):
            service.container.use_cases.open_journal(Journal(code, "Surətlər", "3-21-5"), SECRETARIAT)
        assert self.state(self.original) is DocumentState.ARCHIVED

    @property
    def copies(self) -> CopyCases:
        return self.service.container.copies

    def work(self) -> None:
        self.service.container.runner.run_until_idle(timedelta(seconds=120))

    def state(self, document_id: str) -> DocumentState:
        return self.service.document(document_id).state

    def pdf(self, document_id: str) -> bytes:
        head = self.service.document(document_id).head
        assert head is not None
        return self.service.container.store.read(head.key)

    def issued(self, copy_id: str, **changes: Any) -> str:
        wanted = replace(IssueRequest(copy_id, self.original, COURT, WHY), **changes)
        self.copies.issue(wanted, SECRETARIAT)
        self.work()
        return copy_id

    def code(self, copy_id: str) -> str:
        with self.service.container.work.uow.reading() as uow:
            issue = uow.copies.find(copy_id)
        assert issue is not None
        return issue.code

    def twin(self, name: str, state: DocumentState = DocumentState.ARCHIVED, **changes: Any) -> str:
        """A record like the original's, with the same file."""
        with self.service.container.work.uow() as uow:
            source = uow.documents.get(self.original)
            assert source.head is not None
            head = replace(source.head, document_id=name)
            uow.documents.add(replace(source, id=name, version=0, head=head, state=state, **changes))
            uow.documents.add_revision(head)
            uow.commit()
        return name


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    for service in running_service(tmp_path_factory.mktemp("copies")):
        yield Office(service)


@pytest.fixture(scope="module")
def electronic(office: Office) -> str:
    return office.issued("copy-1")


def test_the_electronic_copy_is_sealed_and_carries_the_original(office: Office, electronic: str) -> None:
    """004 §5.1.3: the original's bytes travel inside, so that its own signatures can be checked."""
    verify, copy = office.service.container.verify, office.pdf(electronic)
    assert office.state(electronic) is DocumentState.ARCHIVED
    report = verify(copy).report
    assert report.valid
    assert [(s.field, s.fin) for s in report.signatures if s.kind == "signature"] == [("sig_01", None)]
    inside = embedded_files(copy)["esli.pdf"]
    assert inside == office.pdf(office.original)
    assert verify(inside).report.valid
    data = office.service.document(electronic).data
    assert data["original"]["sha256"] == hashlib.sha256(inside).hexdigest()
    assert data["original"]["pages"] == len(pikepdf.open(io.BytesIO(inside)).pages)
    proven = {s.field: s.proven_time for s in verify(inside).report.signatures if s.kind == "signature"}
    assert len(data["signatories"]) == len(proven) == 2
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        spoken = [str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"]
    assert spoken == ["QR kod: yoxlama ünvanı"]
    assert "seal.applied" in office.service.actions(electronic)
    assert "copy.issued" in office.service.actions(office.original)


def test_the_same_request_again_gives_the_same_copy(office: Office, electronic: str) -> None:
    number = office.service.document(electronic).registration
    assert office.copies.issue(IssueRequest("copy-1", office.original, COURT, WHY), SECRETARIAT).registration == number
    with pytest.raises(ConflictError, match=r"copy\.other"):
        office.copies.issue(IssueRequest("copy-1", office.original, COURT, "başqa"), SECRETARIAT)


def test_the_register_says_to_whom_why_and_by_whom(office: Office, electronic: str) -> None:
    with office.service.container.work.uow.reading() as uow:
        rows = uow.copies.page(Slice(), original_id=office.original).rows
    (row,) = [r for r in rows if r.id == electronic]
    assert (row.recipient, row.purpose, row.issued_by, row.form) == (COURT, WHY, SECRETARIAT, CopyForm.ELECTRONIC)


def test_the_public_check_tells_that_it_stands_and_nothing_of_content(office: Office, electronic: str) -> None:
    typed = office.code(electronic).replace("-", " ").lower().replace("1", "l").replace("0", "o")
    answer = office.copies.check(typed)
    assert answer.stands
    assert (answer.copy.standing, answer.original.standing) == (Standing.VALID, Standing.VALID)
    assert answer.copy.sha256 == hashlib.sha256(office.pdf(electronic)).hexdigest()
    assert answer.original.sha256 == hashlib.sha256(office.pdf(office.original)).hexdigest()
    assert len(answer.signatories) == 2
    for hidden in (WHY, COURT.name, COURT.organisation):
        assert hidden not in repr(answer)
    for wrong in ("", "7K3Q", "7K3Q-9M2Z-1BCD-GH4J-K5MN", "’" * 20):
        with pytest.raises(NotFoundError, match=r"check\.not_found"):
            office.copies.check(wrong)


def test_a_holder_can_compare_the_own_file(office: Office, electronic: str) -> None:
    code, check = office.code(electronic), office.copies.check
    copy = office.pdf(electronic)
    with office.service.container.work.uow.reading() as uow:
        first = uow.documents.revisions(electronic)[0]
    assert check.compare_file(code, copy) is Match.COPY
    assert check.compare_file(code, office.pdf(office.original)) is Match.ORIGINAL
    assert check.compare(code, first.sha256.upper()) is Match.EARLIER
    assert check.compare_file(code, copy + b"\n") is Match.NONE


def test_the_copy_for_paper_claims_no_signature(office: Office) -> None:
    """004 §5.1.3: printed pages of the original and the certificate, whose code leads to the public check."""
    copy = office.issued("copy-paper", form=CopyForm.PAPER)
    assert office.state(copy) is DocumentState.ARCHIVED
    assert office.service.requests(copy) == []
    pages = office.service.document(copy).data["original"]["pages"]
    printed = pikepdf.open(io.BytesIO(office.copies.print_copy(copy)))
    assert len(printed.pages) == pages + 1
    assert not {"/AcroForm", "/Perms", "/DSS", "/AF"} & set(printed.Root.keys())
    assert office.copies.print_copy(copy) == office.copies.print_copy(copy)
    assert office.copies.check(office.code(copy)).form is CopyForm.PAPER
    with pytest.raises(ConflictError, match=r"copy\.not_for_paper"):
        office.copies.print_copy("copy-1")


def test_an_extract_is_sealed_and_checked_in_the_same_way(office: Office) -> None:
    extract = office.issued("extract-1", items=(1,))
    assert office.service.document(extract).instrument == "kq-cixaris"
    assert office.state(extract) is DocumentState.ARCHIVED
    assert office.service.container.verify(office.pdf(extract)).report.valid
    answer = office.copies.check(office.code(extract))
    assert answer.stands
    assert len(answer.signatories) == 2
    with pytest.raises(DomainError, match=r"act\.no_such_item"):
        office.issued("extract-2", items=(99,))


def refused(office: Office, original: str, code: str, **changes: Any) -> None:
    before = office.service.actions(original).count("copy.refused")
    wanted = IssueRequest(f"refused-{original}-{code}", original, COURT, WHY)
    with pytest.raises(DomainError) as caught:
        office.copies.issue(replace(wanted, **changes), SECRETARIAT)
    assert caught.value.code == code
    assert office.service.actions(original).count("copy.refused") == before + 1
    with office.service.container.work.uow.reading() as uow:
        assert uow.documents.find(wanted.copy_id) is None


def test_no_copy_is_given_of_what_is_not_an_archived_original(office: Office, electronic: str) -> None:
    """004 §5.1.3: only from an archived original. The refusal is recorded with its reason."""
    refused(office, office.twin("in-force", DocumentState.IN_FORCE), "copy.not_archived")
    refused(office, office.twin("annulled", DocumentState.ANNULLED), "copy.annulled")
    refused(office, electronic, "copy.of_a_copy")


def test_restricted_originals_are_copied_only_for_those_concerned(office: Office) -> None:
    """001 §5.6.3."""
    data = {**office.service.document(office.original).data}
    data["agenda"] = [{**data["agenda"][0], "restricted": True}, *data["agenda"][1:]]
    secret = office.twin("secret", data=data)
    refused(office, secret, "copy.restricted")
    refused(office, secret, "copy.restricted", recipient=replace(COURT, person_id="p-nowhere"))
    refused(office, secret, "extract.restricted", items=(1,))
    member = office.service.scenario.body.members[0].person
    office.copies.issue(IssueRequest("secret-copy", secret, Recipient("x", person_id=member.id), WHY), SECRETARIAT)
    assert office.service.document("secret-copy").data["original"]["restricted"] is True


def test_no_copy_is_given_of_an_original_that_does_not_validate(office: Office) -> None:
    """004 §5.1.3: every signature and time stamp validates at the moment of issue."""
    store = office.service.container.store
    whole = office.pdf(office.original)
    with office.service.container.work.uow.reading() as uow:
        part = store.read(uow.documents.revisions(office.original)[1].key)
    changed = whole.replace(b"/Type /Page", b"/Type /Pagf", 1) if b"/Type /Page" in whole else whole[:-20] + whole[-19:]
    for name, pdf in (("half-signed", part), ("changed", changed), ("no-pdf", b"%PDF-1.7 nothing")):
        digest = hashlib.sha256(pdf).hexdigest()
        key = f"documents/{name}/0-{digest}"
        store.put_new(key, pdf, sha256=digest)
        head = office.service.document(office.original).head
        assert head is not None
        with office.service.container.work.uow() as uow:
            source = uow.documents.get(office.original)
            broken = replace(head, document_id=name, key=key, sha256=digest, size=len(pdf))
            uow.documents.add(replace(source, id=name, version=0, head=broken))
            uow.documents.add_revision(broken)
            uow.commit()
        refused(office, name, "copy.original_invalid")


def test_the_check_says_honestly_what_has_happened_since(office: Office) -> None:
    """004 §5.1.11: annulled by a later instrument that names it; a new edition supersedes the last."""
    copy = office.issued("copy-2")
    work, later = office.service.container.work, office.issued("copy-3")
    with work.uow() as uow:
        supersede(work, uow, office.original, later, SECRETARIAT)
        uow.commit()
    answer = office.copies.check(office.code(copy))
    assert (answer.original.standing, answer.copy.standing, answer.stands) == (
        Standing.SUPERSEDED, Standing.VALID, False,
    )  # fmt: skip
    assert answer.original.successors[0][0] == office.service.document(later).registration.number
    annul = office.copies.annul
    with pytest.raises(DomainError, match=r"annul\.reason_required"):
        annul(copy, later, " ", SECRETARIAT)
    with pytest.raises(DomainError, match=r"annul\.not_later"):
        annul(later, copy, "səhv", SECRETARIAT)
    paper = office.issued("copy-4", form=CopyForm.PAPER)
    annul(paper, office.issued("copy-5"), "Səhvən verilib", SECRETARIAT)
    with pytest.raises(ConflictError, match=r"copy\.annulled"):
        office.copies.print_copy(paper)
    annul(copy, later, "Səhvən verilib", SECRETARIAT)
    annul(copy, later, "Səhvən verilib", SECRETARIAT)
    assert office.copies.check(office.code(copy)).copy.standing is Standing.ANNULLED
    assert office.service.actions(copy).count("document.annulled") == 1


@pytest.fixture(scope="module")
def world(office: Office) -> Iterator[World]:
    with TestClient(create_app(office.service.container), base_url="https://service.test") as http:
        assert isinstance(http.app, FastAPI)
        world = World(office.service, http.app, http)
        world.account("secretariat", AccountRole.SECRETARIAT)
        world.account("auditor", AccountRole.AUDITOR)
        yield world


def test_issued_and_looked_up_over_http(office: Office, world: World) -> None:
    wanted = {"original_id": office.original, "form": "paper", "recipient": {"name": "Aygün Quliyeva"}, "purpose": WHY}
    given = world.ask("POST", "/v1/copies", "secretariat", json=wanted)
    assert given.status_code == 201, given.text
    office.work()
    place = given.headers["location"]
    kept = world.ask("GET", place, "auditor").json()
    assert (kept["recipient"], kept["purpose"], kept["kind"]["code"]) == ("Aygün Quliyeva", WHY, "copy")
    assert kept["address"].endswith(f"/yoxla/{kept['code']}")
    listed = world.ask("GET", f"/v1/copies?original_id={office.original}", "auditor").json()["items"]
    assert listed[0]["id"] == kept["id"]
    printed = world.ask("GET", f"{place}/print", "secretariat")
    assert printed.content.startswith(b"%PDF")
    refused = world.ask("POST", "/v1/copies", "secretariat", json={**wanted, "original_id": kept["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "copy.of_a_copy")


def test_anybody_sees_how_a_copy_stands_in_both_languages(office: Office, world: World, electronic: str) -> None:
    """004 §5.1.3: the address answers with number, state, signatories and digest, and with no content."""
    code = office.code(electronic)
    data = world.ask("GET", f"/v1/checks/{code}").json()
    number = office.service.document(electronic).registration.number
    assert data["copied"]["number"] == number
    digest = hashlib.sha256(office.pdf(electronic)).hexdigest()
    for language, words in (("az", "Surətin yoxlanılması"), ("en", "Check of a copy")):
        page = world.ask("GET", f"/yoxla/{code}", headers={"accept-language": language})
        assert page.status_code == 200
        assert page.headers["content-language"] == language
        assert "default-src 'none'" in page.headers["content-security-policy"]
        for shown in (words, number, digest, data["signatories"][0]["name"]):
            assert shown in page.text
        for hidden in (WHY, COURT.name, "agenda", "<script"):
            assert hidden not in page.text
    assert world.ask("GET", "/yoxla/7K3Q-9M2Z-1BCD-GH4J-K5MN").status_code == 404
    assert "<b>" not in world.ask("GET", "/yoxla/%3Cb%3E?lang=%3Cb%3E&sha256=%3Cb%3E").text
    typed = world.ask("GET", f"/yoxla?code={code.lower()}", follow_redirects=False)
    assert (typed.status_code, typed.headers["location"]) == (303, f"/yoxla/{code.lower()}")


def test_anybody_compares_the_own_file(office: Office, world: World, electronic: str) -> None:
    place, copy = f"/v1/checks/{office.code(electronic)}/comparison", office.pdf(electronic)
    asked = world.http.post(place, content=copy, headers={"content-type": "application/pdf"})
    assert asked.json()["match"]["code"] == "copy"
    assert world.http.post(place, json={"sha256": "0" * 64}).json()["match"]["code"] == "none"
    for wrong in ({"sha256": "x"}, {"sha256": None}, []):
        assert world.http.post(place, json=wrong).json()["code"] == "check.bad_digest"
    page = world.ask("GET", f"/yoxla/{office.code(electronic)}?lang=en&sha256={hashlib.sha256(copy).hexdigest()}")
    assert "The file is the copy as it was issued." in page.text


def test_codes_cannot_be_tried_out(world: World) -> None:
    answers = [world.ask("GET", f"/v1/checks/{n}").status_code for n in range(100)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_the_command_line_tells_the_same(office: Office, electronic: str, tmp_path: Path) -> None:
    data = ["--data", str(office.service.container.settings.data_dir)]
    listed = CliRunner().invoke(app, ["copy", "list", "--json", *data])
    assert listed.exit_code == 0, listed.output
    (row,) = [r for r in json.loads(listed.stdout) if r["id"] == electronic]
    assert (row["recipient"], row["purpose"], row["state"]) == (COURT.name, WHY, "archived")
    file = tmp_path / "copy.pdf"
    file.write_bytes(office.pdf(electronic))
    checked = CliRunner().invoke(app, ["copy", "check", row["code"], "--file", str(file), "--json", *data])
    told = json.loads(checked.stdout)
    assert told["match"] == "copy"
    assert checked.exit_code == (0 if told["stands"] else 1)
    file.write_bytes(b"other")
    assert CliRunner().invoke(app, ["copy", "check", row["code"], "--file", str(file), *data]).exit_code == 1


def test_no_copy_without_an_address_to_print(office: Office) -> None:
    """In production the public address is set by the operator, or no copy is issued."""
    issue = replace(office.copies.issue, house=replace(office.copies.house, address=""))
    with pytest.raises(ConflictError, match=r"copy\.no_address"):
        issue(IssueRequest("nowhere", office.original, COURT, WHY), SECRETARIAT)
    assert office.service.actions(office.original)[-1] == "copy.refused"
