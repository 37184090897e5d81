"""Operations whose page has gone away: what is in hand is completed, what has timed out is ended."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.errors import DomainError
from doc_service.domain.signing_operations import OperationState, SigningOperation
from doc_service.services.ways.resume_operation import ResumeOperation
from signing.api import SigningError

_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class TendOperations:
    """Looks after every live operation whose time-out has passed; a background job calls it now and then. Returns how
    many it looked at."""

    resume: ResumeOperation

    def __call__(self) -> int:
        work = self.resume.records.work
        with work.uow.reading() as uow:
            overdue = uow.operations.overdue(work.clock.now())
        for operation in overdue:
            self._settle(operation)
        return len(overdue)

    def _settle(self, operation: SigningOperation) -> None:
        """Until nothing more comes of it without the person."""
        for _ in range(_ROUNDS):
            left = len(operation.open_items)
            try:
                operation = self.resume(operation.id, operation.signer_id)
            except (DomainError, SigningError):
                return
            if operation.state is not OperationState.COMPLETING and len(operation.open_items) == left:
                return
