"""Documents, their revisions and visas."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, select, update

from doc_service.domain.documents import Document, DocumentState, Revision, RevisionKind
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.visas import Visa, VisaState
from doc_service.persistence.codec import Codec, json_to_text
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.folding import fold
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.stale import require_updated
from doc_service.persistence.tables import document_revisions, documents, visas

_DOCUMENT = Codec(Document)


class SqlDocuments:
    """``doc_service.ports.Documents``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, document: Document) -> None:
        """Raises ``ConflictError`` "document.exists"; ``DomainError`` "persistence.unknown_reference" when the body or
        meeting is not there, "persistence.not_storable" for data that are not JSON."""
        if not insert_new(self._connection, documents, {"id": document.id, **_document_row(document)}):
            raise ConflictError("document.exists", "id", id=document.id)

    def get(self, document_id: str) -> Document:
        """Raises ``NotFoundError`` "document.not_found"."""
        document = self.find(document_id)
        if document is None:
            raise NotFoundError("document.not_found", "id", id=document_id)
        return document

    def find(self, document_id: str) -> Document | None:
        query = select(documents.c.body, documents.c.data).where(documents.c.id == document_id)
        row = self._connection.execute(self._locks.exclusive(query)).one_or_none()
        if row is None and self._locks.name("document", document_id):
            row = self._connection.execute(self._locks.exclusive(query)).one_or_none()
        if row is None:
            return None
        self._locks.took(document_id)
        return _document(row)

    def save(self, document: Document) -> Document:
        """Raises ``ConflictError`` "state.stale", ``NotFoundError`` "document.not_found"."""
        saved = replace(document, version=document.version + 1)
        changed = self._connection.execute(
            update(documents)
            .where(documents.c.id == document.id, documents.c.version == document.version)
            .values(_document_row(saved))
        )
        require_updated(self._connection, documents, "document", document.id, changed.rowcount)
        return saved

    def search(
        self, *, text: str = "", state: DocumentState | None = None, instrument: str = "", limit: int = 100
    ) -> Sequence[Document]:
        """Newest first; ``text`` is looked for in number and title, whatever its case."""
        query = select(documents.c.body, documents.c.data)
        if text.strip():
            query = query.where(documents.c.search_text.contains(fold(text.strip()), autoescape=True))
        if state is not None:
            query = query.where(documents.c.state == str(state))
        if instrument:
            query = query.where(documents.c.instrument == instrument)
        query = query.order_by(documents.c.created_at.desc(), documents.c.id.desc()).limit(max(limit, 0))
        return [_document(row) for row in self._connection.execute(query)]

    def add_revision(self, revision: Revision) -> None:
        """Raises ``ConflictError`` "revision.exists"; ``DomainError`` "persistence.unknown_reference" without
        document."""
        if not insert_new(self._connection, document_revisions, {**asdict(revision), "kind": str(revision.kind)}):
            raise ConflictError("revision.exists", "number", document=revision.document_id, number=revision.number)

    def ids(self) -> Sequence[str]:
        """Ascending."""
        return list(self._connection.scalars(select(documents.c.id).order_by(documents.c.id)))

    def revisions(self, document_id: str) -> Sequence[Revision]:
        """By number."""
        self._locks.document(document_id)
        query = select(document_revisions).where(document_revisions.c.document_id == document_id)
        rows = self._connection.execute(query.order_by(document_revisions.c.number)).mappings()
        return [Revision(**{**row, "kind": RevisionKind(row["kind"])}) for row in rows]


def _document_row(document: Document) -> dict[str, Any]:
    number = document.registration.number if document.registration else None
    return {
        "instrument": document.instrument,
        "title": document.title,
        "number": number,
        "search_text": fold(f"{number or ''}\n{document.title}"),
        "state": str(document.state),
        "body_id": document.body_id,
        "meeting_id": document.meeting_id,
        "created_at": document.created_at,
        "version": document.version,
        "body": _DOCUMENT.encode(replace(document, data={})),
        "data": json_to_text(document.data, "data"),
    }


def _document(row: Any) -> Document:
    return replace(_DOCUMENT.decode(row.body), data=json.loads(row.data))


class SqlVisas:
    """``doc_service.ports.Visas``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, visa: Visa) -> None:
        """Raises ``ConflictError`` "visa.exists"; ``DomainError`` "persistence.unknown_reference" without document."""
        if not insert_new(self._connection, visas, _visa_row(visa)):
            raise ConflictError("visa.exists", "id", id=visa.id)

    def save(self, visa: Visa) -> None:
        """A decided visa never changes: a second, different decision raises ``ConflictError`` "state.stale"; the same
        one again is accepted. Raises ``NotFoundError`` "visa.not_found"."""
        pending = (visas.c.id == visa.id) & (visas.c.state == str(VisaState.PENDING))
        if self._connection.execute(update(visas).where(pending).values(_visa_row(visa))).rowcount == 1:
            return
        stored = self._connection.execute(select(visas).where(visas.c.id == visa.id)).mappings().one_or_none()
        if stored is None:
            raise NotFoundError("visa.not_found", "id", id=visa.id)
        if _visa(dict(stored)) != visa:
            raise ConflictError("state.stale", "state", aggregate="visa", id=visa.id)

    def of_document(self, document_id: str) -> Sequence[Visa]:
        """By round, within it in the order of recording."""
        self._locks.document(document_id)
        query = select(visas).where(visas.c.document_id == document_id).order_by(visas.c.round, visas.c.rowno)
        return [_visa(dict(row)) for row in self._connection.execute(query).mappings()]


def _visa_row(visa: Visa) -> dict[str, Any]:
    return {**asdict(visa), "state": str(visa.state)}


def _visa(row: dict[str, Any]) -> Visa:
    return Visa(**{name: value for name, value in row.items() if name != "rowno"} | {"state": VisaState(row["state"])})
