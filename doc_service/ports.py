"""What the services need from the outside. Adapters are chosen in ``doc_service.bootstrap`` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from doc_service.domain.audit_events import AuditEvent
from doc_service.domain.bodies import Body
from doc_service.domain.documents import Document, DocumentState, Revision
from doc_service.domain.jobs import Backlog, Job, JobKind
from doc_service.domain.meetings import Meeting
from doc_service.domain.pictures import Illustration
from doc_service.domain.registration import Journal, JournalEntry
from doc_service.domain.signatures import PreparedSigning, SignatureRequest, SigningLease
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import Visa
from doc_service.ports_access import Accounts, Credentials, Sessions, Tokens
from doc_service.ports_clusters import Accessions, CaseFiles, Clusters, Editions
from doc_service.ports_copies import Copies, Successions
from doc_service.ports_dispatch import Deliveries
from doc_service.ports_group import Recommendations
from doc_service.ports_identity import IdentityProofs
from doc_service.ports_login import OutsideLogins
from doc_service.ports_notify import Webhooks
from doc_service.ports_operations import SigningOperations
from doc_service.ports_queries import Queries
from doc_service.ports_registers import Organisations, People
from doc_service.ports_signing import Signing
from doc_service.ports_sima import SimaAttempts


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, UTC, microseconds."""
        ...


class Ids(Protocol):
    def new(self) -> str:
        """A fresh identifier (UUID text)."""
        ...


class Bodies(Protocol):
    def add(self, body: Body) -> None:
        """``ConflictError`` "body.exists" when the id is taken."""
        ...

    def get(self, body_id: str) -> Body:
        """``NotFoundError`` "body.not_found"."""
        ...

    def find(self, body_id: str) -> Body | None: ...


class Meetings(Protocol):
    def add(self, meeting: Meeting) -> None: ...
    def get(self, meeting_id: str) -> Meeting: ...
    def find(self, meeting_id: str) -> Meeting | None: ...
    def save(self, meeting: Meeting) -> Meeting:
        """Stores and returns the meeting with its next version; ``ConflictError`` "state.stale" when changed since."""
        ...

    def of_body(self, body_id: str) -> Sequence[Meeting]: ...


class Documents(Protocol):
    def add(self, document: Document) -> None: ...
    def get(self, document_id: str) -> Document:
        """``NotFoundError`` "document.not_found"."""
        ...

    def find(self, document_id: str) -> Document | None: ...
    def save(self, document: Document) -> Document:
        """Optimistic: ``ConflictError`` "state.stale" when ``version`` is not the stored one. Returns version + 1."""
        ...

    def search(
        self, *, text: str = "", state: DocumentState | None = None, instrument: str = "", limit: int = 100
    ) -> Sequence[Document]:
        """By number, title (contains), state, instrument; newest first."""
        ...

    def add_revision(self, revision: Revision) -> None:
        """``ConflictError`` "revision.exists" when the number is taken."""
        ...

    def revisions(self, document_id: str) -> Sequence[Revision]: ...
    def ids(self) -> Sequence[str]:
        """Identifiers of all documents, in their own order."""
        ...


class Visas(Protocol):
    def add(self, visa: Visa) -> None: ...
    def save(self, visa: Visa) -> None: ...
    def of_document(self, document_id: str) -> Sequence[Visa]: ...


class Substitutions(Protocol):
    def add(self, substitution: Substitution) -> None: ...
    def of_person(self, absent_id: str) -> Sequence[Substitution]: ...
    def get(self, substitution_id: str) -> Substitution:
        """``NotFoundError`` "substitution.not_found"."""
        ...

    def save(self, substitution: Substitution) -> None:
        """Replaces the substitution with this id; ``NotFoundError`` "substitution.not_found"."""
        ...


class Journals(Protocol):
    def add(self, journal: Journal) -> None: ...
    def find(self, code: str) -> Journal | None: ...
    def register(self, journal: Journal, document_id: str, at: datetime) -> JournalEntry:
        """The next number of the journal in the year of ``at`` (Asia/Baku).

        Gapless under concurrency and crashes; the same document again gives its first entry back."""
        ...

    def entries(self, code: str, year: int) -> Sequence[JournalEntry]: ...


class Signatures(Protocol):
    def add(self, request: SignatureRequest) -> None: ...
    def get(self, request_id: str) -> SignatureRequest:
        """``NotFoundError`` "signature_request.not_found"."""
        ...

    def save(self, request: SignatureRequest) -> SignatureRequest:
        """Optimistic, as ``Documents.save``."""
        ...

    def of_document(self, document_id: str) -> Sequence[SignatureRequest]:
        """In signing order."""
        ...

    def waiting(self, opened_before: datetime, *, signer_id: str = "") -> Sequence[SignatureRequest]:
        """Requests open (or consented to) since ``opened_before`` or longer, of documents in signing; of one signer
        or of all. By signer, the longest waiting first."""
        ...

    def lease(self, document_id: str) -> SigningLease | None:
        """The newest lease, held or expired."""
        ...

    def take_lease(self, lease: SigningLease) -> None:
        """Stores a lease whose token is greater than every earlier one of the document; else ``ConflictError``
        "lease.lost"."""
        ...

    def release_lease(self, document_id: str, token: int, at: datetime) -> None:
        """Lets the lease with this token expire at ``at``; any other token is ignored."""
        ...

    def put_prepared(self, prepared: PreparedSigning) -> None:
        """Replaces the request's earlier preparation."""
        ...

    def prepared(self, request_id: str) -> PreparedSigning | None: ...


class Jobs(Protocol):
    def enqueue(self, job: Job) -> bool:
        """False when the key is already there."""
        ...

    def get(self, job_id: str) -> Job: ...
    def find(self, key: str) -> Job | None: ...
    def claim(self, now: datetime, until: datetime, token: str, *, limit: int = 1) -> Sequence[Job]:
        """Leases ready jobs that are due and not leased by somebody else, oldest first, by conditional update."""
        ...

    def claim_job(self, job_id: str, now: datetime, until: datetime, token: str) -> Job | None:
        """As ``claim``, of this job alone; None when it is unknown, done, dead, not due, or leased by somebody."""
        ...

    def hand_over(
        self, kinds: Sequence[JobKind], now: datetime, until: datetime, *, lost: datetime | None, limit: int
    ) -> Sequence[Job]:
        """Marks due jobs as given to a broker until ``until``, oldest first, by conditional update, so that two relays
        do not publish the same job. Taken are those never handed over, and those whose mark ends at ``lost`` or
        earlier (None: only the former). A claim, a failure and a revival take the mark away."""
        ...

    def take_back(self, job_ids: Sequence[str], until: datetime) -> None:
        """Takes the marks that end at ``until`` from these jobs: they were not published after all."""
        ...

    def finish(self, job_id: str, token: str, at: datetime) -> bool:
        """False when the lease was lost meanwhile."""
        ...

    def fail(
        self, job_id: str, token: str, *, error: str, run_after: datetime | None, at: datetime, counts: bool = True
    ) -> bool:
        """Back to ready at ``run_after``, or dead when it is None; with one more attempt when it ``counts``."""
        ...

    def pending(self) -> Sequence[Job]: ...
    def next_due(self) -> datetime | None:
        """When the next ready job may be claimed; None when none is left."""
        ...

    def backlog(self, now: datetime) -> Mapping[JobKind, Backlog]:
        """What is left of every kind, those with nothing left included."""
        ...

    def dead(self) -> Sequence[Job]:
        """Jobs that were given up, oldest first."""
        ...

    def revive(self, job_id: str, now: datetime) -> bool:
        """Gives a dead job a new start; False when it is not dead."""
        ...


class AuditTrail(Protocol):
    def append(self, event: AuditEvent) -> None:
        """Records the event in this transaction; its place in the log is given by the sequencer afterwards."""
        ...

    def of_subject(self, subject_type: str, subject_id: str) -> Sequence[AuditEvent]: ...


class UnitOfWork(Protocol):
    """One transaction: leaving the block without ``commit`` undoes everything."""

    bodies: Bodies
    meetings: Meetings
    documents: Documents
    visas: Visas
    substitutions: Substitutions
    journals: Journals
    signatures: Signatures
    signing: Signing
    jobs: Jobs
    audit: AuditTrail
    accounts: Accounts
    credentials: Credentials
    sessions: Sessions
    logins: OutsideLogins
    tokens: Tokens
    operations: SigningOperations
    identity: IdentityProofs
    webhooks: Webhooks
    queries: Queries
    recommendations: Recommendations
    sima: SimaAttempts
    deliveries: Deliveries
    copies: Copies
    successions: Successions
    people: People
    organisations: Organisations
    clusters: Clusters
    accessions: Accessions
    case_files: CaseFiles
    editions: Editions

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def commit(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    def __call__(self) -> UnitOfWork:
        """A unit that writes; writers wait for each other."""
        ...

    def reading(self) -> UnitOfWork:
        """A unit that only reads: one consistent state, and nobody waits for it."""
        ...


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A signature field the template reserves: ``name`` is the anchor in the DOCX, ``tooltip`` its spoken text."""

    name: str
    tooltip: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the PDF as it is; ``relationship`` by ISO 19005-3, 6.8."""

    name: str
    content: bytes
    mime: str
    description: str
    relationship: str = "Source"


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """What a document is made from. ``template``: e.g. "kq-protokol.v1". ``context``: the variables of the template.
    ``data``: the instrument's data as entered; ``provenance``: what else travels inside (expectations, number).
    ``issued_at`` fixes every date in the file, so that the same input gives the same bytes. ``pictures``: for the
    template's picture marks."""

    template: str
    context: Mapping[str, Any]
    data: Mapping[str, Any]
    provenance: Mapping[str, Any]
    fields: tuple[FieldSpec, ...]
    title: str
    issued_at: datetime
    language: str = "az-Latn-AZ"
    pictures: tuple[Illustration, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """The unsigned PDF/A-3b with empty signature fields, and the filled DOCX that is also embedded in it.
    ``text_pages``: upright pages, which is what a limit of text pages counts; drawings and wide tables lie across."""

    pdf: bytes
    docx: bytes
    template_sha256: str
    pages: int
    text_pages: int = 0


class Renderer(Protocol):
    def template_sha256(self, template: str) -> str:
        """Hex digest of the template; ``DomainError`` "template.not_found"."""
        ...

    def render(self, request: RenderRequest) -> RenderedPdf:
        """``DomainError`` codes: "template.not_found", "template.broken", "template.unknown_variable",
        "template.forbidden", "template.syntax", "template.anchor_missing", "render.failed", "render.no_space",
        "render.timeout"."""
        ...


class AuditLog(Protocol):
    """The Merkle log over the events (RFC 6962 hashing)."""

    def sequence(self) -> int:
        """Gives places to events that have none; returns how many."""
        ...

    def checkpoint(self) -> Mapping[str, Any]:
        """Sequences, then signs and time-stamps the tree head and stores it in the archive under retention."""
        ...

    def catch_up(self) -> None:
        """Takes over checkpoints that only the archive has; ``ConflictError`` "audit.behind_archive" when they cover
        more events than there are: then this is the database of an older backup."""
        ...

    def verify(self) -> Mapping[str, Any]:
        """Recomputes everything; {"valid": bool, "size": n, "root": hex, "faults": [...]}."""
        ...


class Progress(Protocol):
    """Told of long work: ``stage`` names it, ``done`` of ``total`` steps."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


class EmbeddedReader(Protocol):
    """Reads the associated files of a PDF by name, within bounds; {} when there are none. Raises ``DomainError``
    "embedded.unreadable" / "embedded.too_large"."""

    def __call__(self, pdf: bytes) -> Mapping[str, bytes]: ...


class AuditProver(Protocol):
    """Writes the proof that the events about one subject are in the audit log, with the offline verifier, into a new
    directory. Nothing about any other subject goes in."""

    def __call__(self, directory: Path, subject: tuple[str, str]) -> None:
        """``subject``: (type, id). All its events are covered: a checkpoint is made first when the last one does not
        reach them."""
        ...


class AuditExporter(Protocol):
    """Writes the audit log, its checkpoints and the offline verifier into a new directory."""

    def __call__(self, directory: Path, subject: tuple[str, str] | None = None) -> None:
        """``subject`` (type, id): adds inclusion proofs for the events about it."""
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person. ``id`` names it for good: the same mail sent again carries the same Message-ID, so
    that mail systems and readers can know the copy. Letters, digits, "-" and "." only. ``calendar``: iCalendar text
    that goes along ("": none), with its ``calendar_method``; ``attachments``: files that go along as they are."""

    id: str
    recipient: str
    subject: str
    text: str
    at: datetime
    languages: tuple[str, ...] = ()
    calendar: str = ""
    calendar_method: str = ""
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Returns when somebody else has taken responsibility for the mail (RFC 5321 §4.2.5).

        Raises ``DomainError`` "notify.unavailable" when trying later can help; whether the mail went out is then not
        always known. "notify.refused" when this mail or its recipient was refused for good. Neither carries the
        address."""
        ...
