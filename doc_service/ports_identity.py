"""Where identity proofs and the history of trust are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from doc_service.domain.identity import AnchorEntry, AnchorRecord, EvidenceKind, IdentityProof


class IdentityProofs(Protocol):
    """Append-only."""

    def add(self, proof: IdentityProof) -> None:
        """Adding the same proof again changes nothing. Its objects are put first."""
        ...

    def put(self, objects: Sequence[tuple[EvidenceKind, bytes]]) -> None:
        """Keeps DER by its SHA-256; what is there already is kept once."""
        ...

    def find(self, proof_id: str) -> IdentityProof | None: ...

    def of_request(self, request_id: str) -> Sequence[IdentityProof]:
        """Oldest first."""
        ...

    def of_document(self, document_id: str) -> Sequence[IdentityProof]:
        """Oldest first."""
        ...

    def contents(self, digests: Sequence[str]) -> Mapping[str, bytes]:
        """DER by digest. ``NotFoundError`` "identity.evidence_missing" when one is not there, ``DomainError``
        "identity.evidence_damaged" when one is not what its digest says."""
        ...

    def lock_anchors(self) -> None:
        """Until the end of the transaction nobody else records anchors."""
        ...

    def anchors(self) -> Sequence[AnchorEntry]:
        """How each anchor ever seen stands now."""
        ...

    def anchor_history(self) -> Sequence[AnchorEntry]:
        """Every line, oldest first."""
        ...

    def record_anchor(self, record: AnchorRecord, at: datetime) -> None: ...
