"""What several steps of signing share: who may act, who is asked next, and when signing goes on or ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document, DocumentAction, DocumentState, Revision, RevisionKind
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.jobs import JobKind
from doc_service.domain.signatures import RequestAction, RequestState, SignatureRequest, SignerKind
from doc_service.domain.signing_order import all_signed, open_next
from doc_service.ports import UnitOfWork
from doc_service.services.base import SYSTEM, Workspace


def own_request(request: SignatureRequest, actor: str) -> None:
    """Refuses anybody but the signer of the request ("signature_request.not_yours")."""
    if actor != request.signer.id:
        raise DomainError("signature_request.not_yours", "actor")


def may_sign(uow: UnitOfWork, request: SignatureRequest, actor: str, now: datetime) -> None:
    """Refuses anybody but the signer, and the signer whose right to sign has ended.

    "signature_request.not_yours"; "signature_request.withdrawn"; "substitution.ended" (004 §7.7);
    "delegation.ended": the power of attorney no longer holds."""
    own_request(request, actor)
    if request.state is RequestState.WITHDRAWN:
        raise ConflictError("signature_request.withdrawn", "")
    today = baku_date(now)
    if request.substitution_id is not None:
        substitution = uow.queries.substitution(request.substitution_id)
        if not substitution.holds_on(today):
            raise DomainError("substitution.ended", "actor", until=substitution.until.isoformat())
    if request.acts_until is not None and request.acts_until < today:
        raise DomainError("delegation.ended", "actor", until=request.acts_until.isoformat())


def being_signed(document: Document, action: str) -> None:
    """``ConflictError`` "state.not_allowed" unless signatures are being gathered."""
    if document.state is not DocumentState.SIGNING:
        raise ConflictError("state.not_allowed", "", aggregate="document", state=str(document.state), action=action)


def standing_revisions(revisions: Sequence[Revision]) -> Sequence[Revision]:
    """From the newest unsigned original on: an original that was made anew (a substitute is printed) leaves the one
    before behind."""
    first = max((n for n, r in enumerate(revisions) if r.kind is RevisionKind.UNSIGNED), default=0)
    return revisions[first:]


def go_on(work: Workspace, uow: UnitOfWork, document: Document) -> Document:
    """Saves the document, opens whom it is the turn of, and ends signing when the last signature is there.

    A document that was refused goes on as soon as no request is declined any more. Safe to repeat: nothing opens
    twice, since only waiting requests open."""
    requests = uow.signatures.of_document(document.id)
    if any(r.state is RequestState.DECLINED for r in requests):
        return uow.documents.save(document)
    if document.state is DocumentState.REFUSED:
        document = document.moved(DocumentAction.RESUME)
    if all_signed(requests):
        document = document.moved(DocumentAction.COMPLETE_SIGNING)
        work.record(uow, SYSTEM, Action.SIGNING_COMPLETED, ("document", document.id))
        work.enqueue(uow, JobKind.EXTEND, document.id)
    for waiting in open_next(requests):
        uow.signatures.save(waiting.moved(RequestAction.OPEN, opened_at=work.clock.now()))
        ask_for_seal(work, uow, waiting)
    return uow.documents.save(document)


def ask_for_seal(work: Workspace, uow: UnitOfWork, request: SignatureRequest) -> None:
    """When it is a seal's turn, background work applies it, if this service holds its key."""
    if request.kind is SignerKind.SEAL:
        work.enqueue(uow, JobKind.SEAL, request.document_id, request.id)


def free_lease(work: Workspace, uow: UnitOfWork, request: SignatureRequest) -> None:
    """A request that is not to be signed now holds up nobody."""
    lease = uow.signatures.lease(request.document_id)
    if lease is not None and lease.request_id == request.id:
        uow.signatures.release_lease(request.document_id, lease.token, work.clock.now())
    uow.signing.leave([request.id])
