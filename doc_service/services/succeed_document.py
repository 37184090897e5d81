"""A later document takes the place of an earlier one, or takes away its force (never deleted)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.copies import Succession, SuccessionKind
from doc_service.domain.documents import Document, DocumentAction, DocumentState
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.reasons import checked_reason

_STANDS = frozenset({DocumentState.IN_FORCE, DocumentState.ARCHIVED})


def supersede(work: Workspace, uow: UnitOfWork, old_id: str, new_id: str, actor: str) -> None:
    """In the caller's transaction: a new edition stands in place of the last one, whose state does not change."""
    uow.successions.add(Succession(old_id, new_id, SuccessionKind.SUPERSEDES, work.clock.now()))
    work.record(uow, actor, Action.DOCUMENT_SUPERSEDED, ("document", old_id), {"by": new_id})


@dataclass(frozen=True, slots=True)
class AnnulDocument:
    """Takes the force from a signed document by a later one in force (``by``), which names it. Its number stays in the
    journal and its file in the archive. Annulling again by the same document changes nothing.

    "annul.not_in_force": the later document has no force itself; "annul.not_later"; "annul.reason_required";
    "state.not_allowed" for a document that was never signed (that is withdrawn)."""

    work: Workspace

    def __call__(self, document_id: str, by: str, reason: str, actor: str) -> Document:
        said = checked_reason(reason, "annul.reason_required")
        with self.work.uow() as uow:
            first, second = sorted({document_id, by})[0], sorted({document_id, by})[-1]
            found = {i: uow.documents.get(i) for i in (first, second)}
            document, later = found[document_id], found[by]
            if document.state is DocumentState.ANNULLED and any(
                s.new_id == by for s in uow.successions.after(document_id)
            ):
                return document
            _require_later(document, later)
            saved = uow.documents.save(document.moved(DocumentAction.ANNUL))
            uow.successions.add(Succession(document_id, by, SuccessionKind.ANNULS, self.work.clock.now(), said))
            details = {"by": by, "reason": said}
            self.work.record(uow, actor, Action.DOCUMENT_ANNULLED, ("document", document_id), details)
            uow.commit()
        return saved


def _require_later(document: Document, later: Document) -> None:
    if document.id == later.id or document.created_at > later.created_at:
        raise DomainError("annul.not_later", "by")
    if later.state not in _STANDS:
        raise ConflictError("annul.not_in_force", "by", state=str(later.state))
