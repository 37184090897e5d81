"""Identity proofs by request, their objects by digest, and the history of trust anchors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select

from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.identity import AnchorEntry, AnchorRecord, EvidenceKind, IdentityProof
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_missing, insert_new
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables_identity import evidence_objects, identity_proofs, trust_anchors

_PROOF = Codec(IdentityProof)
_ANCHOR = Codec(AnchorRecord)


class SqlIdentityProofs:
    """``doc_service.ports_identity.IdentityProofs``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, proof: IdentityProof) -> None:
        """Raises ``DomainError`` "persistence.unknown_reference" without request or document."""
        row = {
            "id": proof.id,
            "request_id": proof.request_id,
            "document_id": proof.document_id,
            "certificate_sha256": proof.certificate_sha256,
            "anchor_sha256": proof.anchor_sha256,
            "checked_at": proof.checked_at,
            "body": _PROOF.encode(proof),
        }
        insert_new(self._connection, identity_proofs, row)

    def put(self, objects: Sequence[tuple[EvidenceKind, bytes]]) -> None:
        rows = {hashlib.sha256(der).hexdigest(): (kind, der) for kind, der in objects}
        insert_missing(
            self._connection,
            evidence_objects,
            [{"sha256": digest, "kind": str(kind), "content": der} for digest, (kind, der) in sorted(rows.items())],
        )

    def find(self, proof_id: str) -> IdentityProof | None:
        found = self._proofs(identity_proofs.c.id == proof_id)
        return found[0] if found else None

    def of_request(self, request_id: str) -> Sequence[IdentityProof]:
        return self._proofs(identity_proofs.c.request_id == request_id)

    def of_document(self, document_id: str) -> Sequence[IdentityProof]:
        return self._proofs(identity_proofs.c.document_id == document_id)

    def contents(self, digests: Sequence[str]) -> Mapping[str, bytes]:
        rows = evidence_objects.c
        query = select(rows.sha256, rows.content).where(rows.sha256.in_(list(digests)))
        found = {row.sha256: bytes(row.content) for row in self._connection.execute(query)}
        for digest in digests:
            if digest not in found:
                raise NotFoundError("identity.evidence_missing", "sha256", sha256=digest)
            if hashlib.sha256(found[digest]).hexdigest() != digest:
                raise DomainError("identity.evidence_damaged", "sha256", sha256=digest)
        return found

    def lock_anchors(self) -> None:
        self._locks.name("trust", "anchors")

    def anchors(self) -> Sequence[AnchorEntry]:
        newest = select(func.max(trust_anchors.c.rowno)).group_by(trust_anchors.c.sha256)
        return self._entries(trust_anchors.c.rowno.in_(newest))

    def anchor_history(self) -> Sequence[AnchorEntry]:
        return self._entries(trust_anchors.c.rowno.is_not(None))

    def record_anchor(self, record: AnchorRecord, at: datetime) -> None:
        row = {"sha256": record.sha256, "recorded_at": at, "body": _ANCHOR.encode(record)}
        self._connection.execute(insert(trust_anchors).values(row))

    def _proofs(self, of: ColumnElement[bool]) -> list[IdentityProof]:
        query = select(identity_proofs.c.body).where(of).order_by(identity_proofs.c.rowno)
        return [_PROOF.decode(text) for text in self._connection.scalars(query)]

    def _entries(self, of: ColumnElement[bool]) -> list[AnchorEntry]:
        rows = trust_anchors.c
        query = select(rows.body, rows.recorded_at).where(of).order_by(rows.rowno)
        return [AnchorEntry(_ANCHOR.decode(row.body), row.recorded_at) for row in self._connection.execute(query)]
