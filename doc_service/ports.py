"""What the services need from the outside. Adapters are chosen in ``doc_service.bootstrap`` alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from doc_service.domain.bodies import Body
from doc_service.domain.documents import Document, DocumentState, Revision
from doc_service.domain.meetings import Meeting
from doc_service.domain.registration import Journal, JournalEntry
from doc_service.domain.signatures import PreparedSigning, SignatureRequest, SigningLease
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import Visa
from doc_service.ports_access import Accounts, Credentials, Sessions, Tokens
from doc_service.ports_audit import AuditExporter, AuditLog, AuditProver, AuditTrail
from doc_service.ports_clusters import Accessions, CaseFiles, Clusters, Editions
from doc_service.ports_copies import Copies, Successions
from doc_service.ports_dispatch import Deliveries
from doc_service.ports_group import Recommendations
from doc_service.ports_identity import IdentityProofs
from doc_service.ports_jobs import Jobs
from doc_service.ports_login import OutsideLogins
from doc_service.ports_mail import Mail, Mailer
from doc_service.ports_notify import Webhooks
from doc_service.ports_operations import SigningOperations
from doc_service.ports_queries import Queries
from doc_service.ports_registers import Organisations, People
from doc_service.ports_rendering import Attachment, EmbeddedReader, FieldSpec, RenderedPdf, Renderer, RenderRequest
from doc_service.ports_signing import Signing
from doc_service.ports_sima import SimaAttempts
from doc_service.ports_templates import Templates

__all__ = [
    "Attachment",
    "AuditExporter",
    "AuditLog",
    "AuditProver",
    "AuditTrail",
    "Bodies",
    "Clock",
    "Documents",
    "EmbeddedReader",
    "FieldSpec",
    "Ids",
    "Jobs",
    "Journals",
    "Mail",
    "Mailer",
    "Meetings",
    "Progress",
    "RenderRequest",
    "RenderedPdf",
    "Renderer",
    "Signatures",
    "Substitutions",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "Visas",
]


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
    templates: Templates
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


class Progress(Protocol):
    """Told of long work: ``stage`` names it, ``done`` of ``total`` steps."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...
