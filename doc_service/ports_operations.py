"""Signing operations and what keeps their secrets: ports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from doc_service.domain.signing_operations import SigningOperation


class SealedBox(Protocol):
    """Authenticated encryption for secrets at rest (session tokens, TOTP seeds)."""

    def seal(self, plain: bytes, context: str) -> bytes:
        """Sealed for this ``context`` alone (e.g. "operation:<id>"): moved to another record it does not open."""
        ...

    def open(self, sealed: bytes, context: str) -> bytes:
        """Raises ``DomainError`` "sealed.unreadable" for another context or key, or changed bytes."""
        ...


class SigningOperations(Protocol):
    def add(self, operation: SigningOperation) -> None:
        """``ConflictError`` "operation.exists" when the id or the correlation is taken."""
        ...

    def get(self, operation_id: str) -> SigningOperation:
        """``NotFoundError`` "signing_operation.not_found"."""
        ...

    def find_by_correlation(self, correlation: str) -> SigningOperation | None: ...
    def find_by_past_correlation(self, correlation: str) -> SigningOperation | None:
        """The operation that has it, or had it before."""
        ...

    def save(self, operation: SigningOperation) -> SigningOperation:
        """Optimistic: ``ConflictError`` "state.stale" when ``version`` is not the stored one. Returns version + 1."""
        ...

    def take(self, operation_id: str, token: str, now: datetime, until: datetime) -> bool:
        """The claim to drive the operation goes to ``token`` until ``until``; False while another's holds."""
        ...

    def hold(self, operation_id: str, token: str, until: datetime) -> bool:
        """Lengthens the claim of ``token``; False when it was lost. The operation itself is not touched, so that this
        may be done beside whoever changes it."""
        ...

    def let_go(self, operation_id: str, token: str) -> None:
        """Ends the claim of ``token``, if it still is one."""
        ...

    def live_of_requests(self, request_ids: Sequence[str]) -> Sequence[SigningOperation]:
        """Live operations that contain any of these requests, oldest first."""
        ...

    def of_request(self, request_id: str, *, limit: int = 20) -> Sequence[SigningOperation]:
        """All operations over this request, newest first."""
        ...

    def of_signer(self, signer_id: str, *, limit: int = 50) -> Sequence[SigningOperation]:
        """The person's operations, newest first."""
        ...

    def overdue(self, now: datetime, *, limit: int = 100) -> Sequence[SigningOperation]:
        """Live operations whose time-out has passed, longest ago first."""
        ...
