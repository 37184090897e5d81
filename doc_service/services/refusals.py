"""Attempts that were refused are recorded, in a transaction of their own, and cannot flood the log (002 §7.1.15)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.services.base import Workspace
from signing.api import SigningError

SAME_WITHIN = timedelta(minutes=1)
"""The same refusal of one actor and request within so long is one event; the next event says how many more there were.
So one account adds at most as many events a minute to a request as there are codes."""

RECORDED = frozenset(
    {
        "signature_request.not_yours",
        "signature_request.withdrawn",
        "signature_request.signed",
        "consent.missing",
        "consent.unknown_digest",
        "consent.superseded",
        "consent.other_document",
        "signature.already_made",
        "signature.superseded",
        "signature.not_prepared",
        "substitution.ended",
        "delegation.ended",
    }
)
"""What an honest program does not run into: somebody else, other bytes, something again, or too late. Every refusal of
the certificate or the signature itself (``SigningError``) is recorded besides, unless something was out of reach."""


@contextmanager
def recorded(work: Workspace, request_id: str, actor: str, step: str) -> Iterator[None]:
    """Records the refusal of ``step`` ("show", "consent", "prepare", "complete", "decline") and lets it pass on. No
    unit of work may be open in this thread: the record is its own."""
    try:
        yield
    except (DomainError, SigningError) as refusal:
        if _is_recorded(refusal):
            _record(work, request_id, actor, step, refusal.code)
        raise


def _is_recorded(refusal: DomainError | SigningError) -> bool:
    return not refusal.retryable if isinstance(refusal, SigningError) else refusal.code in RECORDED


def _record(work: Workspace, request_id: str, actor: str, step: str, code: str) -> None:
    with work.uow() as uow:
        request = uow.signatures.get(request_id)
        missed = uow.signing.note_refusal(request_id, actor, code, work.clock.now(), SAME_WITHIN)
        if missed is not None:
            details = {"request": request_id, "code": code, "step": step, **({"unrecorded": missed} if missed else {})}
            work.record(uow, actor, Action.SIGNATURE_REFUSED, ("document", request.document_id), details)
        uow.commit()
