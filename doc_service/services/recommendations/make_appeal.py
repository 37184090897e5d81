"""The appeal to the Cabinet of Ministers after a recommendation that was not heeded (001 §3.1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document
from doc_service.domain.recommendations import require_appealable, state_of
from doc_service.instruments.group.head_signs import head_data
from doc_service.instruments.group.kq_mektub import CABINET, KqMektub, LetterKind
from doc_service.instruments.registry import Registry
from doc_service.services.base import Workspace
from doc_service.services.draft_document import DraftDocument, DraftRequest
from doc_service.services.recommendations.record_outcome import recommendation, term_of
from doc_service.services.recommendations.standing import LETTER

_SUBJECT = "Koordinasiya Qrupunun tövsiyəsinə əməl edilməməsi barədə"


@dataclass(frozen=True, slots=True)
class AppealWanted:
    """The secretariat's part of the letter. ``by_deputy``: the deputy signs for the absent head (001 §5.4)."""

    text: str
    subject: str = _SUBJECT
    annexes: Sequence[dict[str, Any]] = field(default=())
    executor: dict[str, Any] | None = None
    by_deputy: bool = False


@dataclass(frozen=True, slots=True)
class MakeAppeal:
    """Drafts the letter, which names the recommendation by number, date and SHA-256, and the answer as recorded last.

    Raises ``NotFoundError`` "recommendation.not_one"; ``ConflictError`` "appeal.heeded", "appeal.in_term",
    "appeal.not_recorded"; "head.none"; and every fault of the draft."""

    work: Workspace
    registry: Registry
    draft: DraftDocument

    def __call__(self, recommendation_id: str, wanted: AppealWanted, document_id: str, actor: str) -> Document:
        today = baku_date(self.work.clock.now())
        with self.work.uow.reading() as uow:
            found = recommendation(uow, recommendation_id)
            outcomes = uow.recommendations.of_document(recommendation_id)
            body = uow.bodies.get(found.body_id)
            require_appealable(state_of(outcomes), term_of(found), today)
        instrument = cast(KqMektub, self.registry.get(LETTER))
        last = outcomes[-1]
        data = {
            "body": dict(found.data["body"]),
            **head_data(body, today, by_deputy=wanted.by_deputy),
            "kind": str(LetterKind.APPEAL),
            "addressee": {"organisation": CABINET},
            "subject": wanted.subject,
            "text": wanted.text,
            "recommendation": {
                **cited_recommendation(found),
                "state": str(last.state),
                "recorded_on": last.on.isoformat(),
                "reason": last.reason,
                "answer": last.answer and {"number": last.answer.number, "dated": last.answer.dated.isoformat()},
            },
            "annexes": list(wanted.annexes),
            "executor": wanted.executor,
        }
        return self.draft(DraftRequest(document_id, instrument.id, found.body_id, found.meeting_id, data), actor)


def cited_recommendation(found: Document) -> dict[str, Any]:
    """How a letter names the recommendation: what a reader can hold against the signed file."""
    assert found.registration is not None
    assert found.head is not None
    return {
        "document_id": found.id,
        "number": found.registration.number,
        "registered_on": found.registration.registered_on.isoformat(),
        "sha256": found.head.sha256,
        "addressee": ", ".join(found.data["addressees"]),
        "subject": found.data["item"]["title"],
        "term": found.data["term"],
    }
