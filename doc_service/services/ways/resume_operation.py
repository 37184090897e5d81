"""An operation goes on: the person's page polls or answers, or the device calls (DESIGN 6)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.signing_operations import OperationAction, OperationState, SigningOperation
from doc_service.services.ways.completing import ends_item
from doc_service.services.ways.drive import WAIT_FOR_DOCUMENTS, Drive, waiting_at
from doc_service.services.ways.ending import EndOperation
from doc_service.services.ways.records import SUBJECT, Records, correlation_key, own_operation
from signing.api import SigningError
from signing.remote.api import Answer, Called, Returned

_ALWAYS_ENDS = frozenset(
    {
        "signing.remote_declined",
        "signing.remote_expired",
        "signing.remote_refused",
        "signing.remote_outcome_unknown",
        "signing.remote_locked",
    }
)
_PUSHED = frozenset({"redirect", "enter", "open", "sign"})
"""Prompts whose answer comes to us: there is nothing to ask the adapter for meanwhile."""
_AGAIN = 0.3
"""Seconds between two attempts of a call from outside."""


@dataclass(frozen=True, slots=True)
class ResumeOperation:
    """Polls (``answer`` None) or answers. Safe to repeat: an operation that has ended, or that another call is driving
    right now, comes back as it is; an answer to one that is being driven is "operation.busy": give it again.

    What the person's device refuses for good ends the operation, which then says so (``state`` FAILED and ``code``); an
    answer that is merely wrong is refused and recorded, and the operation goes on. Raises "operation.not_yours".
    """

    records: Records
    drive: Drive
    end: EndOperation

    def __call__(self, operation_id: str, actor: str, answer: Answer | None = None) -> SigningOperation:
        with self.records.work.uow.reading() as uow:
            operation = uow.operations.get(operation_id)
        own_operation(operation, actor)
        now = self.records.work.clock.now()
        waiting = operation.state is OperationState.WAITING_DEVICE
        if not operation.live or (answer is not None and not waiting):
            return operation
        if answer is None and waiting and operation.prompt.get("kind") in _PUSHED and not operation.overdue(now):
            return operation
        if self._waits(operation) and not operation.overdue(now):
            place = self.end.hold.waits(operation)
            if place is not None:
                return replace(operation, prompt=waiting_at(place))
        return self._claimed(operation, answer)

    def _waits(self, operation: SigningOperation) -> bool:
        """For documents, and not for the person."""
        return operation.prompt == WAIT_FOR_DOCUMENTS and operation.state in (
            OperationState.STARTED,
            OperationState.AUTHORISED,
        )

    def _claimed(self, operation: SigningOperation, answer: Answer | None) -> SigningOperation:
        try:
            claimed = self.records.claim(operation.id)
        except ConflictError as conflict:
            if answer is None and conflict.code in ("operation.busy", "state.stale"):
                return operation
            raise ConflictError("operation.busy", "") from conflict
        if not claimed.live:
            return self.records.keep(claimed, release=True)
        if claimed.overdue(self.records.work.clock.now()):
            return self.end(claimed, OperationAction.EXPIRE, "signing.remote_expired")
        return self.run(claimed, answer)

    def run(self, claimed: SigningOperation, answer: Answer | None = None) -> SigningOperation:
        """Drives an operation that this call has claimed, and settles what comes of an error."""
        with self.records.driving(claimed):
            return self._drive(claimed, answer)

    def _drive(self, claimed: SigningOperation, answer: Answer | None) -> SigningOperation:
        judged: Answer | None = answer
        try:
            step = self.drive.first(claimed, answer)
            judged = None
            return self.drive(claimed, step)
        except (SigningError, DomainError) as error:
            return self._settle(claimed, judged, error)
        except BaseException:
            self.records.release(claimed)
            raise

    def _settle(
        self, claimed: SigningOperation, answer: Answer | None, error: SigningError | DomainError
    ) -> SigningOperation:
        with self.records.work.uow.reading() as uow:
            stored = uow.operations.get(claimed.id)
        if stored.live and _ends(error, answer) and stored.claim in ("", claimed.claim):
            mine = stored if stored.claim else self.records.claim(stored.id)
            return self.end(mine, OperationAction.FAIL, error.code)
        self.records.release(claimed)
        if answer is not None and isinstance(error, SigningError) and not error.retryable:
            self._refused(stored, error.code)
        raise error

    def _refused(self, operation: SigningOperation, code: str) -> None:
        with self.records.work.uow() as uow:
            details = {"code": code, "means": operation.means, "requests": [i.request_id for i in operation.items]}
            actor = operation.signer_id
            self.records.work.record(uow, actor, Action.SIGNATURE_REFUSED, (SUBJECT, operation.id), details)
            uow.commit()


def _ends(error: SigningError | DomainError, answer: Answer | None) -> bool:
    """A device's call proves nothing until it is verified, so a wrong one must not end the operation of somebody else;
    a typing error is no refusal either. A redirect's ``state`` is known to the browser of the person alone."""
    if isinstance(answer, Called) or not ends_item(error):
        return False
    if isinstance(error, SigningError) and error.code == "signing.remote_wrong_answer":
        return False
    return (
        error.code in _ALWAYS_ENDS or answer is None or isinstance(answer, Returned) or isinstance(error, DomainError)
    )


@dataclass(frozen=True, slots=True)
class AnswerFromOutside:
    """An answer that names its operation by what the adapter gave out: OAuth ``state``, SİMA's OperationId. The caller
    has no session here; the adapter proves the answer. ``NotFoundError`` "signing_operation.not_found".

    Who comes a second time, since the answer was lost on the way, finds the operation as it is now.

    A phone or a browser on its way back does not ask twice, and what it brings is the person's authorisation: while
    another call drives the operation, or one that died with its process still holds it, this one waits
    (``DrivePolicy.outside``), and then says "operation.busy"."""

    resume: ResumeOperation
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep

    def __call__(self, correlation: str, answer: Answer) -> SigningOperation:
        with self.resume.records.work.uow.reading() as uow:
            found = uow.operations.find_by_correlation(correlation_key(correlation)) if correlation else None
            past = uow.operations.find_by_past_correlation(correlation_key(correlation)) if correlation else None
        if found is None and past is not None:
            return past
        if found is None:
            raise NotFoundError("signing_operation.not_found", "id", id="")
        until = self.monotonic() + self.resume.records.policy.outside.total_seconds()
        while True:
            try:
                return self.resume(found.id, found.signer_id, answer)
            except ConflictError as busy:
                if busy.code != "operation.busy" or self.monotonic() >= until:
                    raise
            self.pause(_AGAIN)
