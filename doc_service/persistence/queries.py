"""Lists by filters, page after page; an index stands behind every order (``tests/persistence/test_lists.py``)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from doc_service.domain.audit_events import timestamp
from doc_service.domain.bodies import Body
from doc_service.domain.documents import Document
from doc_service.domain.errors import NotFoundError
from doc_service.domain.meetings import Meeting
from doc_service.domain.registration import Journal, JournalEntry
from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import Visa, VisaState
from doc_service.persistence.audit_trail import read_event
from doc_service.persistence.codec import Codec
from doc_service.persistence.folding import fold
from doc_service.persistence.keyset import fetch
from doc_service.persistence.tables import (
    audit_events,
    bodies,
    documents,
    journal_entries,
    journals,
    meetings,
    signature_requests,
    substitutions,
    visas,
)
from doc_service.ports_queries import (
    Concern,
    DocumentFilter,
    EventFilter,
    MeetingFilter,
    Page,
    RecordedEvent,
    RequestFilter,
    Slice,
    VisaFilter,
)

_BODY = Codec(Body)
_MEETING = Codec(Meeting)
_DOCUMENT = Codec(Document)
_REQUEST = Codec(SignatureRequest)
_SUBSTITUTION = Codec(Substitution)


class SqlQueries:
    """``doc_service.ports_queries.Queries``. Nothing is locked: what is listed is shown, not decided upon."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bodies(self, page: Slice, *, ids: frozenset[str] | None = None) -> Page[Body]:
        query = select(bodies.c.body)
        if ids is not None:
            query = query.where(bodies.c.id.in_(sorted(ids)))
        return fetch(self._connection, query, [bodies.c.id], page, _body, descending=False)

    def meetings(self, wanted: MeetingFilter, page: Slice) -> Page[Meeting]:
        rows = meetings.c
        query = select(rows.body)
        if wanted.body_ids is not None:
            query = query.where(rows.body_id.in_(wanted.body_ids))
        if wanted.state is not None:
            query = query.where(rows.state == str(wanted.state))
        if wanted.opens_from is not None:
            query = query.where(rows.opens_at >= wanted.opens_from)
        if wanted.opens_before is not None:
            query = query.where(rows.opens_at < wanted.opens_before)
        return fetch(self._connection, query, [rows.opens_at, rows.id], page, lambda row: _MEETING.decode(row.body))

    def documents(self, wanted: DocumentFilter, page: Slice) -> Page[Document]:
        query = _of_documents(wanted)
        if wanted.concern is None:
            return self._documents(query, page)
        return _merged([self._documents(own, page) for own in _concerning(query, wanted.concern)], page.limit)

    def _documents(self, query: Select[Any], page: Slice) -> Page[Document]:
        order = [documents.c.created_at, documents.c.id]
        return fetch(self._connection, query, order, page, lambda row: _DOCUMENT.decode(row.body))

    def documents_of(self, ids: Collection[str]) -> Mapping[str, Document]:
        if not ids:
            return {}
        query = select(documents.c.id, documents.c.body).where(documents.c.id.in_(sorted(ids)))
        return {row.id: _DOCUMENT.decode(row.body) for row in self._connection.execute(query)}

    def visas(self, wanted: VisaFilter, page: Slice) -> Page[Visa]:
        query = select(*(column for column in visas.c if column.name != "rowno"))
        if wanted.units is not None:
            query = query.where(visas.c.unit.in_(wanted.units))
        if wanted.state is not None:
            query = query.where(visas.c.state == str(wanted.state))
        return fetch(self._connection, query, [visas.c.rowno], page, _visa)

    def substitutions(self, page: Slice, *, absent_id: str = "") -> Page[Substitution]:
        query = select(substitutions.c.body)
        if absent_id:
            query = query.where(substitutions.c.absent_id == absent_id)
        return fetch(self._connection, query, [substitutions.c.rowno], page, lambda row: _SUBSTITUTION.decode(row.body))

    def substitution(self, substitution_id: str) -> Substitution:
        """Raises ``NotFoundError`` "substitution.not_found"."""
        text = self._connection.scalar(select(substitutions.c.body).where(substitutions.c.id == substitution_id))
        if text is None:
            raise NotFoundError("substitution.not_found", "id")
        return _SUBSTITUTION.decode(text)

    def journals(self) -> tuple[Journal, ...]:
        query = select(journals).order_by(journals.c.code)
        return tuple(Journal(**row) for row in self._connection.execute(query).mappings())

    def entries(self, code: str, page: Slice, *, year: int | None = None) -> Page[JournalEntry]:
        rows = journal_entries.c
        query = select(journal_entries).where(rows.journal == code)
        if year is not None:
            query = query.where(rows.year == year)
        return fetch(self._connection, query, [rows.year, rows.seq], page, _entry)

    def requests(self, wanted: RequestFilter, page: Slice) -> Page[SignatureRequest]:
        rows = signature_requests.c
        query = select(rows.body)
        if wanted.signer_id:
            query = query.where(rows.signer_id == wanted.signer_id)
        if wanted.document_id:
            query = query.where(rows.document_id == wanted.document_id)
        if wanted.states:
            query = query.where(rows.state.in_(sorted(wanted.states)))
        return fetch(self._connection, query, [rows.rowno], page, lambda row: _REQUEST.decode(row.body))

    def events(self, wanted: EventFilter, page: Slice) -> Page[RecordedEvent]:
        rows = audit_events.c
        query = select(rows.canonical, rows.seq, rows.leaf_hash)
        if wanted.subject is not None:
            query = query.where(rows.subject_type == wanted.subject[0], rows.subject_id == wanted.subject[1])
        if wanted.actor:
            query = query.where(rows.actor == wanted.actor)
        if wanted.action:
            query = query.where(rows.action == wanted.action)
        if wanted.since is not None:
            query = query.where(rows.at >= wanted.since)
        if wanted.before is not None:
            query = query.where(rows.at < wanted.before)
        return fetch(self._connection, query, [rows.at, rows.rowno], page, _recorded)

    def bodies_of(self, person_id: str) -> frozenset[str]:
        """Bodies are few and their members lie in the record, so every body is read."""
        found = (_BODY.decode(text) for text in self._connection.scalars(select(bodies.c.body)))
        return frozenset(body.id for body in found if person_id in _people(body))


def _of_documents(wanted: DocumentFilter) -> Select[Any]:
    rows = documents.c
    query = select(rows.body)
    if wanted.text.strip():
        query = query.where(rows.search_text.contains(fold(wanted.text.strip()), autoescape=True))
    if wanted.states:
        query = query.where(rows.state.in_(sorted(wanted.states)))
    for column, value in (
        (rows.number, wanted.number),
        (rows.instrument, wanted.instrument),
        (rows.body_id, wanted.body_id),
        (rows.meeting_id, wanted.meeting_id),
    ):
        if value:
            query = query.where(column == value)
    if wanted.created_from is not None:
        query = query.where(rows.created_at >= wanted.created_from)
    if wanted.created_before is not None:
        query = query.where(rows.created_at < wanted.created_before)
    return query


def _concerning(query: Select[Any], concern: Concern) -> list[Select[Any]]:
    """One query for each way in which a document concerns somebody: each has its own index, all together have none."""
    if concern.document_id:
        return [query.where(documents.c.id == concern.document_id)]
    asked = select(signature_requests.c.document_id).where(signature_requests.c.signer_id == concern.person_id)
    ways = [query.where(documents.c.id.in_(asked))]
    if concern.body_ids:
        ways.append(query.where(documents.c.body_id.in_(sorted(concern.body_ids))))
    if concern.units:
        viewed = select(visas.c.document_id).where(visas.c.unit.in_(sorted(concern.units)))
        ways.append(query.where(documents.c.id.in_(viewed)))
    return ways


def _merged(pages: Sequence[Page[Document]], limit: int) -> Page[Document]:
    """The first rows of several lists in one order are among the first rows of each."""
    found = {document.id: document for page in pages for document in page.rows}
    rows = sorted(found.values(), key=lambda d: (d.created_at, d.id), reverse=True)
    more = len(rows) > limit or any(page.end is not None for page in pages)
    shown = tuple(rows[:limit])
    return Page(shown, (timestamp(shown[-1].created_at), shown[-1].id) if more else None)


def _people(body: Body) -> frozenset[str]:
    return frozenset({body.secretary.id, *(member.person.id for member in body.members)})


def _body(row: Any) -> Body:
    return _BODY.decode(row.body)


def _visa(row: Any) -> Visa:
    return Visa(
        row.id, row.document_id, row.round, row.unit, VisaState(row.state), row.decided_by, row.decided_at, row.reason
    )


def _entry(row: Any) -> JournalEntry:
    return JournalEntry(
        row.journal, row.year, row.seq, row.number, row.document_id, row.registered_on, row.annulled_reason
    )


def _recorded(row: Any) -> RecordedEvent:
    return RecordedEvent(read_event(json.loads(row.canonical)), row.seq, row.leaf_hash)
