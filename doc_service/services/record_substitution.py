"""Records who acts for an absent person, on which order and for how long (000 §5.4, 001 §5.4, 004 §7.7)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.substitution import Substitution, check_substitution
from doc_service.services.base import Workspace
from doc_service.services.transfer_requests import pass_on


@dataclass(frozen=True, slots=True)
class RecordSubstitution:
    """Adds a substitution; the same id again changes nothing. Faults "substitution.…" are refused together. What the
    absent person is asked to sign is passed on by a job (``TransferRequests``) while the substitution holds."""

    work: Workspace

    def __call__(self, substitution: Substitution, actor: str) -> Substitution:
        faults = check_substitution(substitution)
        if faults:
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            if any(s.id == substitution.id for s in uow.substitutions.of_person(substitution.absent_id)):
                return substitution
            uow.substitutions.add(substitution)
            details = {
                "absent": substitution.absent_id,
                "substitute": substitution.substitute.id,
                "order": substitution.order_number,
                "since": substitution.since.isoformat(),
                "until": substitution.until.isoformat(),
            }
            subject = ("substitution", substitution.id)
            self.work.record(uow, actor, Action.SUBSTITUTION_RECORDED, subject, details)
            pass_on(self.work, uow, substitution.absent_id, f"{substitution.id}:recorded")
            uow.commit()
        return substitution
