"""Records of signatures, the queue before the lease, and the count of refusals (DESIGN 6, 7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import ASKED, RequestState, SignatureRequest
from doc_service.domain.signing_queue import Waiter, in_order
from doc_service.domain.signing_record import SigningRecord
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new, put
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables import documents, signature_requests
from doc_service.persistence.tables_signing import signature_refusals, signing_queue, signing_records

_RECORD = Codec(SigningRecord)
_REQUEST = Codec(SignatureRequest)
_ASKED = tuple(str(state) for state in ASKED)
_TO_SIGN = (*_ASKED, str(RequestState.WAITING))
_STOPPED_OR_NOT = (str(DocumentState.SIGNING), str(DocumentState.REFUSED))


class SqlSigning:
    """``doc_service.ports_signing.Signing``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add_record(self, record: SigningRecord) -> None:
        """Raises ``ConflictError`` "signing_record.exists"; ``DomainError`` "persistence.unknown_reference" without
        request."""
        if not insert_new(self._connection, signing_records, _record_row(record)):
            raise ConflictError("signing_record.exists", "request_id", request=record.request_id)

    def record(self, request_id: str) -> SigningRecord | None:
        text = self._connection.scalar(select(signing_records.c.body).where(signing_records.c.request_id == request_id))
        return None if text is None else _RECORD.decode(text)

    def records(self, document_id: str) -> Sequence[SigningRecord]:
        rows = signing_records.c
        query = select(rows.body).where(rows.document_id == document_id).order_by(rows.revision)
        return [_RECORD.decode(text) for text in self._connection.scalars(query)]

    def queue(self, document_id: str) -> Sequence[Waiter]:
        self._locks.document(document_id)
        query = select(signing_queue).where(signing_queue.c.document_id == document_id)
        return in_order([Waiter(**row) for row in self._connection.execute(query).mappings()])

    def put_place(self, waiter: Waiter) -> None:
        put(self._connection, signing_queue, asdict(waiter))

    def leave(self, request_ids: Collection[str]) -> None:
        if request_ids:
            self._connection.execute(delete(signing_queue).where(signing_queue.c.request_id.in_(request_ids)))

    def note_refusal(self, request_id: str, actor: str, code: str, at: datetime, within: timedelta) -> int | None:
        rows = signature_refusals.c
        found = {"request_id": request_id, "actor": actor, "code": code}
        if insert_new(self._connection, signature_refusals, {**found, "recorded_at": at, "unrecorded": 0}):
            return 0
        same = (rows.request_id == request_id) & (rows.actor == actor) & (rows.code == code)
        counted = update(signature_refusals).where(same, rows.recorded_at > at - within)
        if self._connection.execute(counted.values(unrecorded=rows.unrecorded + 1)).rowcount:
            return None
        missed = self._connection.scalar(select(rows.unrecorded).where(same))
        self._connection.execute(update(signature_refusals).where(same).values(recorded_at=at, unrecorded=0))
        return int(missed or 0)

    def unfinished(self, signer_ids: Collection[str] | None = None) -> Sequence[str]:
        rows, papers = signature_requests.c, documents.c
        query = (
            select(rows.document_id)
            .join_from(signature_requests, documents, rows.document_id == papers.id)
            .where(papers.state.in_(_STOPPED_OR_NOT), rows.state.in_(_TO_SIGN))
            .distinct()
            .order_by(rows.document_id)
        )
        if signer_ids is not None:
            query = query.where(rows.signer_id.in_(signer_ids))
        return list(self._connection.scalars(query))

    def overdue(self, at: datetime, *, limit: int = 1000) -> Sequence[SignatureRequest]:
        """Only documents in signing are looked at, so that the time does not grow with the archive."""
        rows, papers = signature_requests.c, documents.c
        query = (
            select(rows.body)
            .join_from(signature_requests, documents, rows.document_id == papers.id)
            .where(papers.state == str(DocumentState.SIGNING), rows.state.in_(_ASKED))
            .order_by(rows.rowno)
        )
        late = [r for r in map(_REQUEST.decode, self._connection.scalars(query)) if r.overdue(at)]
        return sorted(late, key=lambda r: (r.due_at or at, r.id))[:limit]


def _record_row(record: SigningRecord) -> dict[str, Any]:
    columns = (
        "request_id", "document_id", "revision", "signer_id", "prepared_sha256", "signature_sha256",
        "certificate_sha256", "signed_at",
    )  # fmt: skip
    return {**{name: getattr(record, name) for name in columns}, "body": _RECORD.encode(record)}
