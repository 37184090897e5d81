"""What the services need from the store of signing: records, the queue before the lease, refusals, open requests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from doc_service.domain.signatures import SignatureRequest
from doc_service.domain.signing_queue import Waiter
from doc_service.domain.signing_record import SigningRecord


class Signing(Protocol):
    """Beside ``ports.Signatures``: what surrounds a signature."""

    def add_record(self, record: SigningRecord) -> None:
        """``ConflictError`` "signing_record.exists": a request is signed once."""
        ...

    def record(self, request_id: str) -> SigningRecord | None: ...
    def records(self, document_id: str) -> Sequence[SigningRecord]:
        """By revision."""
        ...

    def queue(self, document_id: str) -> Sequence[Waiter]:
        """All places, lost ones included, in order."""
        ...

    def put_place(self, waiter: Waiter) -> None:
        """Adds the place, or replaces the request's."""
        ...

    def leave(self, request_ids: Collection[str]) -> None:
        """Takes places away; those that are not there are ignored."""
        ...

    def note_refusal(self, request_id: str, actor: str, code: str, at: datetime, within: timedelta) -> int | None:
        """None when the same refusal was recorded less than ``within`` ago: this one is only counted. Otherwise it is
        marked as recorded now, and the answer says how many were only counted since the last record."""
        ...

    def unfinished(self, signer_ids: Collection[str] | None = None) -> Sequence[str]:
        """Documents being signed or refused that have waiting, open or agreed requests; of these signers, or of all."""
        ...

    def overdue(self, at: datetime, *, limit: int = 1000) -> Sequence[SignatureRequest]:
        """Open or agreed requests of documents in signing whose deadline lies before ``at``, the oldest deadline
        first."""
        ...
