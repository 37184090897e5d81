"""Invented but plausible records for the persistence, job and registration tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

from sqlalchemy import Engine

from doc_service.domain.authentication import Authentication
from doc_service.domain.bodies import ActKind, Body, BodyRules, Matter, Membership, Role
from doc_service.domain.clusters.clusters import Cluster, Participation
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.clusters.registry import difference, first_edition
from doc_service.domain.copies import CopyForm, CopyIssue, IssueKind, Recipient, Succession, SuccessionKind
from doc_service.domain.documents import Document, Revision, RevisionKind, TemplateRef
from doc_service.domain.identity import AnchorRecord, EvidenceKind, IdentityProof
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.meetings import AgendaItem, Meeting, MeetingKind
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person, PersonName, PersonRecord
from doc_service.domain.recommendations import (
    RecommendationAction,
    RecommendationOutcome,
    RecommendationState,
)
from doc_service.domain.registration import Journal
from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.signing_record import SigningRecord
from doc_service.domain.templates import TemplateAction, TemplateMove, TemplateState, TemplateVersion
from doc_service.domain.webhooks import Delivery, Webhook
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory

NOW = datetime(2026, 3, 4, 6, 30, 0, 123456, UTC)
BAKU = timezone(timedelta(hours=4))
JOURNAL = Journal("KQ", "Koordinasiya Qrupunun protokolları", "3-21-5")


def person(number: int = 1) -> Person:
    return Person(f"p{number}", PersonName("Quliyeva", "Aygün", "İlqar qızı"), "5Z7A1B2", "KOBİA", "şöbə müdiri")


def body(body_id: str = "kq") -> Body:
    rules = BodyRules(
        kind="coordination_group",
        quorum=(1, 2),
        ordinary_notice_days=5,
        extraordinary_notice_days=None,
        max_interval_months=3,
        acts={Matter.ORGANISATIONAL: frozenset({ActKind.DECISION, ActKind.PROPOSAL}), Matter.OTHER: frozenset()},
        protocol_signatories=frozenset({Role.HEAD, Role.MEMBER}),
        clauses={"quorum": "001 §5.5"},
    )
    members = (Membership(person(1), Role.HEAD, date(2026, 1, 1)),)
    return Body(body_id, "Koordinasiya Qrupu", "KQ", "KOBİA", "3-21-5", "Bakı", rules, members, person(2))


def add_copies(unit: SqlUnitOfWork) -> None:
    """An issue of a copy, and a succession. The document is taken for its own copy: enough for a row."""
    somebody = Recipient("Aygün Quliyeva", "“Nümunə” MMC", "p1")
    issue = CopyIssue("d1", "d1", "ab" * 32, IssueKind.COPY, CopyForm.PAPER, "7K3Q-9M2Z-1BCD-GH4J-K5MN", somebody,
                      "Məhkəməyə təqdim etmək", "katiblik", NOW)  # fmt: skip
    unit.copies.add(issue)
    unit.successions.add(Succession("d1", "d1", SuccessionKind.SUPERSEDES, NOW, "yeni redaksiya"))


def meeting(meeting_id: str = "m1", body_id: str = "kq") -> Meeting:
    return Meeting(
        id=meeting_id,
        body_id=body_id,
        kind=MeetingKind.ORDINARY,
        number=1,
        place="Bakı",
        opens_at=datetime(2026, 3, 4, 10, 30, tzinfo=BAKU),
        closes_at=None,
        documents_delivered_on=date(2026, 2, 20),
        agenda=(AgendaItem(1, "İş planı haqqında", Matter.ORGANISATIONAL, "p1", ("plan.pdf",)),),
    )


def document(document_id: str = "d1", *, title: str = "Protokol", created_at: datetime = NOW) -> Document:
    return Document(
        id=document_id,
        instrument="kq-protokol",
        title=title,
        body_id="kq",
        meeting_id=None,
        data={"mövzu": "İş planı", "bəndlər": [1, 2.5, None, True, {"ad": "ə"}]},
        template=TemplateRef("kq-protokol.v1", "ab" * 32),
        case_index="05-12",
        created_at=created_at,
    )


def revision(number: int = 0, document_id: str = "d1") -> Revision:
    return Revision(
        document_id, number, RevisionKind.SIGNATURE, f"d1/{'cd' * 32}", "cd" * 32, 81234, NOW, "B-T", "imza_1"
    )


def request(request_id: str = "r1", order: int = 1, document_id: str = "d1") -> SignatureRequest:
    return SignatureRequest(request_id, document_id, order, f"imza_{request_id}", "sədr", person())


def signing_record(request_id: str = "r1", document_id: str = "d1", revision: int = 1) -> SigningRecord:
    digest = "cd" * 32
    who = Authentication("password+totp", "session-1", NOW)
    return SigningRecord(
        request_id=request_id, document_id=document_id, field=f"imza_{request_id}", signer_id="p1",
        substitution_id=None, basis="", shown_sha256=digest, consented_at=NOW, consent_text="Oxudum, razıyam.",
        consent_authentication=who, way="agent", authentication=who, base_sha256=digest, prepared_sha256=digest,
        prepared_at=NOW, signature_algorithm="sha256_ecdsa", signature="MEUCIQ==", signature_sha256=digest,
        certificate_sha256=digest, certificate_serial="01AB", identity_proof="", revision=revision,
        revision_sha256=digest, level="B-T", signed_at=NOW,
    )  # fmt: skip


def job(name: str = "j1", *, run_after: datetime = NOW, kind: JobKind = JobKind.RENDER) -> Job:
    return Job(name, kind, f"key:{name}", run_after, {"document_id": "d1"})


def fill(engine: Engine, documents: Iterable[str] = ("d1",)) -> SqlUnitOfWorkFactory:
    """A body, a journal and documents, committed."""
    units = SqlUnitOfWorkFactory(engine)
    with units() as unit:
        unit.bodies.add(body())
        unit.journals.add(JOURNAL)
        for document_id in documents:
            unit.documents.add(document(document_id))
        unit.commit()
    return units


def add_identity(unit: SqlUnitOfWork) -> None:
    """A proof of request r1 with its object, and an anchor."""
    digest = "ef" * 32
    unit.identity.put([(EvidenceKind.CERTIFICATE, b"certificate")])
    unit.identity.add(IdentityProof("r1", "d1", "p1", "ab" * 32, NOW, "good", (digest,)))
    unit.identity.record_anchor(AnchorRecord(digest, "MSXM", None, None, "", ""), NOW)


def add_webhook(unit: SqlUnitOfWork) -> None:
    """A webhook w1 and its first delivery m1."""
    unit.webhooks.add(Webhook("w1", "https://a.example/", frozenset({"document.in_force"}), NOW, "a1", "secret"))
    unit.webhooks.add_delivery(Delivery("m1", "w1", 1, "e1", "document.in_force", "{}", NOW, NOW))


def add_cluster(unit: SqlUnitOfWork) -> None:
    """A person, an organisation, a cluster of the body "kq" in which it takes part, a paper and an edition of it."""
    unit.people.add(PersonRecord(person(1)))
    unit.organisations.add(Organisation("t1", "“Kür”", "1402345671", "", "Bakı", "", "", "", "", "p1"))
    day = NOW.date()
    unit.clusters.add(Cluster("k", "Klaster", "Sumqayıt", "boru", day, "kq"))
    unit.clusters.add_participation(Participation("i1", "k", "t1", ParticipantKind.FINANCE, "lizinq", day))
    file = CaseFile("f1", "cluster", "k", "nizamname", "n.pdf", "application/pdf", 1, "0" * 64, "files/0", NOW, "p1")
    unit.case_files.add(file)
    edition = first_edition("k", day, [])
    unit.editions.add(edition, difference(None, edition))


def add_recommendation_and_template(unit: SqlUnitOfWork) -> None:
    """What became of document d1, and an uploaded template that passed its checks."""
    heeded = RecommendationOutcome(
        "o1", "d1", RecommendationAction.HEED, RecommendationState.HEEDED, NOW.date(), "icra edilib", None, "p1", NOW
    )
    unit.recommendations.add(heeded)
    version = TemplateVersion("kq-qerar", 2, "kq-qerar.v2", "0" * 64, "", (), "", NOW, "p1")
    unit.templates.add(version, b"docx")
    unit.templates.move(TemplateMove("v1", version.name, TemplateAction.PASS, TemplateState.CHECKED, NOW, "p1"))
