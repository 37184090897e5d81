"""Lists as pages and auditors ask for them: filtered, in a fixed order, one page after another (keyset, no offsets).

A position names the last row of a page by the columns that order the list, so that rows added meanwhile neither repeat
nor hide others. Positions go out as opaque cursors; what comes back is not trusted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeAlias, TypeVar

from doc_service.domain.audit_events import AuditEvent
from doc_service.domain.bodies import Body
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.meetings import Meeting, MeetingState
from doc_service.domain.registration import Journal, JournalEntry
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import Visa, VisaState

T = TypeVar("T")
Position: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """Which page: rows after ``after`` (None: from the beginning), at most ``limit`` of them, at least one."""

    after: Position | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page. ``end``: where the next one begins; None when there is none."""

    rows: tuple[T, ...]
    end: Position | None = None


@dataclass(frozen=True, slots=True)
class Concern:
    """Whose documents: those that ``person_id`` is asked to sign, those of ``body_ids``, those on which one of
    ``units`` is asked for a visa. ``document_id`` ("": no such account): an external party's one document, and no
    other."""

    person_id: str = ""
    body_ids: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    document_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Empty values do not filter. ``text``: part of number or title, whatever its case. ``created_from`` inclusive,
    ``created_before`` exclusive. ``concern``: None for everybody's."""

    text: str = ""
    number: str = ""
    states: frozenset[DocumentState] = frozenset()
    instrument: str = ""
    body_id: str = ""
    meeting_id: str = ""
    created_from: datetime | None = None
    created_before: datetime | None = None
    concern: Concern | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFilter:
    """``body_ids`` None: of every body. ``opens_from`` inclusive, ``opens_before`` exclusive."""

    body_ids: frozenset[str] | None = None
    state: MeetingState | None = None
    opens_from: datetime | None = None
    opens_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilter:
    signer_id: str = ""
    document_id: str = ""
    states: frozenset[RequestState] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisaFilter:
    """``units`` None: of every unit."""

    units: frozenset[str] | None = None
    state: VisaState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """``subject``: (type, id). ``since`` inclusive, ``before`` exclusive."""

    subject: tuple[str, str] | None = None
    actor: str = ""
    action: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event with its place in the log (None while it waits for one) and its leaf hash (RFC 9162 §2.1.1)."""

    event: AuditEvent
    seq: int | None
    leaf_hash: bytes = field(repr=False)


class Queries(Protocol):
    """Lists. ``DomainError`` "paging.bad_cursor" (field "cursor") for a position that is none of the list's."""

    def bodies(self, page: Slice, *, ids: frozenset[str] | None = None) -> Page[Body]:
        """By id; all, or those of ``ids``."""
        ...

    def meetings(self, wanted: MeetingFilter, page: Slice) -> Page[Meeting]:
        """The latest first."""
        ...

    def documents(self, wanted: DocumentFilter, page: Slice) -> Page[Document]:
        """Newest first; without their ``data``, which no list shows."""
        ...

    def documents_of(self, ids: Collection[str]) -> Mapping[str, Document]:
        """By id, those that are there; without their ``data``."""
        ...

    def visas(self, wanted: VisaFilter, page: Slice) -> Page[Visa]:
        """Newest first."""
        ...

    def substitutions(self, page: Slice, *, absent_id: str = "") -> Page[Substitution]:
        """Recorded last, first; all, or those of the absent ``absent_id``."""
        ...

    def substitution(self, substitution_id: str) -> Substitution:
        """``NotFoundError`` "substitution.not_found"."""
        ...

    def journals(self) -> tuple[Journal, ...]:
        """By code; there are few."""
        ...

    def entries(self, code: str, page: Slice, *, year: int | None = None) -> Page[JournalEntry]:
        """The last number first."""
        ...

    def requests(self, wanted: RequestFilter, page: Slice) -> Page[SignatureRequest]:
        """Asked last, first."""
        ...

    def events(self, wanted: EventFilter, page: Slice) -> Page[RecordedEvent]:
        """Newest first."""
        ...

    def bodies_of(self, person_id: str) -> frozenset[str]:
        """Ids of the bodies in which the person has or had a seat, or is the secretary."""
        ...
