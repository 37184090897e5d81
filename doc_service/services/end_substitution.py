"""A substitution ends earlier than its order said: the absent person is back (000 §5.4, 004 §7.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.substitution import Substitution
from doc_service.services.base import Workspace
from doc_service.services.reasons import checked_reason
from doc_service.services.transfer_requests import pass_on


@dataclass(frozen=True, slots=True)
class EndSubstitution:
    """``last_day`` is the last one on which the substitute acts; the day before ``since`` takes it back altogether.
    From then on the substitute is refused ("substitution.ended") and what is not signed goes back by a job.

    "substitution.end_later": it cannot be prolonged, a new order does that; "substitution.end_reason_required"."""

    work: Workspace

    def __call__(self, substitution_id: str, last_day: date, reason: str, actor: str) -> Substitution:
        said = checked_reason(reason, "substitution.end_reason_required")
        with self.work.uow() as uow:
            substitution = uow.substitutions.get(substitution_id)
            if last_day == substitution.until:
                return substitution
            if last_day > substitution.until:
                raise DomainError("substitution.end_later", "last_day", until=substitution.until.isoformat())
            ended = replace(substitution, until=last_day)
            uow.substitutions.save(ended)
            details = {"absent": ended.absent_id, "until": last_day.isoformat(), "reason": said}
            self.work.record(uow, actor, Action.SUBSTITUTION_ENDED, ("substitution", substitution_id), details)
            pass_on(self.work, uow, ended.absent_id, f"{substitution_id}:{last_day.isoformat()}")
            uow.commit()
        return ended
