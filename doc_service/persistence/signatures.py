"""Signature requests, the fenced lease on a document's tail, and prepared signatures (DESIGN 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.signatures import PreparedSigning, SignatureRequest, SigningLease
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new, put
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.stale import require_updated
from doc_service.persistence.tables import prepared_signings, signature_requests, signing_leases
from doc_service.persistence.waiting import waiting_requests

_REQUEST = Codec(SignatureRequest)


class SqlSignatures:
    """``doc_service.ports.Signatures``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, request: SignatureRequest) -> None:
        """Raises ``ConflictError`` "signature_request.exists"; ``DomainError`` "persistence.unknown_reference"
        without document."""
        if not insert_new(self._connection, signature_requests, {"id": request.id, **_request_row(request)}):
            raise ConflictError("signature_request.exists", "id", id=request.id)

    def get(self, request_id: str) -> SignatureRequest:
        """Raises ``NotFoundError`` "signature_request.not_found"."""
        rows = signature_requests.c
        query = select(rows.document_id, rows.body).where(rows.id == request_id)
        found = self._connection.execute(query).one_or_none()
        if found is None:
            raise NotFoundError("signature_request.not_found", "id", id=request_id)
        if self._locks.document(found.document_id):
            found = self._connection.execute(query).one()
        return _REQUEST.decode(found.body)

    def save(self, request: SignatureRequest) -> SignatureRequest:
        """Raises ``ConflictError`` "state.stale", ``NotFoundError`` "signature_request.not_found"."""
        saved = replace(request, version=request.version + 1)
        rows = signature_requests.c
        changed = self._connection.execute(
            update(signature_requests)
            .where(rows.id == request.id, rows.version == request.version)
            .values(_request_row(saved))
        )
        require_updated(self._connection, signature_requests, "signature_request", request.id, changed.rowcount)
        return saved

    def of_document(self, document_id: str) -> Sequence[SignatureRequest]:
        """In signing order; of equals in the order of recording."""
        self._locks.document(document_id)
        rows = signature_requests.c
        query = select(rows.body).where(rows.document_id == document_id).order_by(rows.signing_order, rows.rowno)
        return [_REQUEST.decode(text) for text in self._connection.scalars(query)]

    def waiting(self, opened_before: datetime, *, signer_id: str = "") -> Sequence[SignatureRequest]:
        return waiting_requests(self._connection, opened_before, signer_id)

    def lease(self, document_id: str) -> SigningLease | None:
        self._locks.document(document_id)
        query = select(signing_leases).where(signing_leases.c.document_id == document_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else SigningLease(**row)

    def take_lease(self, lease: SigningLease) -> None:
        """Raises ``ConflictError`` "lease.lost" unless the token is greater than every earlier one."""
        changed = self._connection.execute(
            update(signing_leases)
            .where(signing_leases.c.document_id == lease.document_id, signing_leases.c.token < lease.token)
            .values(asdict(lease))
        )
        if changed.rowcount != 1 and not insert_new(self._connection, signing_leases, asdict(lease)):
            raise ConflictError("lease.lost", "token", document=lease.document_id, token=lease.token)

    def release_lease(self, document_id: str, token: int, at: datetime) -> None:
        """Only ever shortens: a lease that ran out by itself keeps its time."""
        rows = signing_leases.c
        self._connection.execute(
            update(signing_leases)
            .where(rows.document_id == document_id, rows.token == token, rows.expires_at > at)
            .values(expires_at=at)
        )

    def put_prepared(self, prepared: PreparedSigning) -> None:
        """Raises ``DomainError`` "persistence.unknown_reference" without request."""
        put(self._connection, prepared_signings, asdict(prepared))

    def prepared(self, request_id: str) -> PreparedSigning | None:
        query = select(prepared_signings).where(prepared_signings.c.request_id == request_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else PreparedSigning(**row)


def _request_row(request: SignatureRequest) -> dict[str, Any]:
    return {
        "document_id": request.document_id,
        "signing_order": request.order,
        "field": request.field,
        "signer_id": request.signer.id,
        "state": str(request.state),
        "version": request.version,
        "body": _REQUEST.encode(request),
    }
