"""Visas: each named unit approves a draft or returns it with a reason (004 §5.1.9–5.1.10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from doc_service.domain.errors import DomainError
from doc_service.domain.transitions import TransitionTable


class VisaState(StrEnum):
    PENDING = "pending"
    GRANTED = "granted"
    RETURNED = "returned"


class VisaAction(StrEnum):
    GRANT = "grant"
    RETURN = "return"


VISA_TRANSITIONS: TransitionTable[VisaState, VisaAction] = TransitionTable(
    "visa",
    {
        (VisaState.PENDING, VisaAction.GRANT): VisaState.GRANTED,
        (VisaState.PENDING, VisaAction.RETURN): VisaState.RETURNED,
    },
)


@dataclass(frozen=True, slots=True)
class Visa:
    """One unit's visa on one round of a draft. ``round`` grows each time a returned draft is submitted again."""

    id: str
    document_id: str
    round: int
    unit: str
    state: VisaState = VisaState.PENDING
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""

    def decide(self, action: VisaAction, by: str, at: datetime, reason: str = "") -> Visa:
        """Grants or returns; a return without a reason is refused with ``visa.reason_required``."""
        if action is VisaAction.RETURN and not reason.strip():
            raise DomainError("visa.reason_required", "reason")
        state = VISA_TRANSITIONS.next(self.state, action)
        return replace(self, state=state, decided_by=by, decided_at=at, reason=reason)
