"""Writing an operation down: every move with its event, in one transaction (DESIGN 2)."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from dataclasses import dataclass, replace
from typing import Any

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.signing_operations import OperationAction, SigningOperation
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.ways.registry import DrivePolicy

_EVENTS = {
    OperationAction.AUTHORISE: Action.OPERATION_AUTHORISED,
    OperationAction.FINISH: Action.OPERATION_DONE,
    OperationAction.FAIL: Action.OPERATION_FAILED,
    OperationAction.EXPIRE: Action.OPERATION_EXPIRED,
    OperationAction.CANCEL: Action.OPERATION_CANCELLED,
}
ENDS = frozenset({OperationAction.FINISH, OperationAction.FAIL, OperationAction.EXPIRE, OperationAction.CANCEL})
SUBJECT = "signing_operation"


@dataclass(frozen=True, slots=True)
class Records:
    """Claims operations and stores their moves. A process that was too slow and lost its claim gets "state.stale" and
    stops: another one has gone on from what was stored."""

    work: Workspace
    policy: DrivePolicy

    def claim(self, operation_id: str) -> SigningOperation:
        """Takes the operation for this call. ``ConflictError`` "operation.busy" while another call drives it."""
        now = self.work.clock.now()
        with self.work.uow() as uow:
            operation = uow.operations.get(operation_id)
            saved = uow.operations.save(operation.claimed(self.work.ids.new(), now, self.policy.claim))
            uow.commit()
        return saved

    def keep(self, operation: SigningOperation, *, release: bool = False) -> SigningOperation:
        """Stores progress that is no move; the claim is renewed, or given up with ``release``."""
        with self.work.uow() as uow:
            saved = uow.operations.save(self._claim(operation, release=release))
            uow.commit()
        return saved

    def move(
        self, operation: SigningOperation, action: OperationAction, *, release: bool = False, **changes: Any
    ) -> SigningOperation:
        """Moves, records the event if the move has one, and stores."""
        now = self.work.clock.now()
        if action in ENDS:
            changes = {"session": "", "prompt": {}, "attempted": False, "finished_at": now, **changes}
        moved = operation.moved(action, **changes)
        with self.work.uow() as uow:
            saved = uow.operations.save(self._claim(moved, release=release or action in ENDS))
            if action in _EVENTS:
                self.record(uow, saved, _EVENTS[action])
            uow.commit()
        return saved

    def ask(self, operation: SigningOperation, *, authorises: bool, **changes: Any) -> SigningOperation:
        """Moves to WAITING_DEVICE and lets go. A poll that found nothing new is no further question."""
        moved = operation.moved(OperationAction.ASK, **changes)
        with self.work.uow() as uow:
            saved = uow.operations.save(moved.released())
            if authorises:
                self.record(uow, saved, Action.OPERATION_ASKED)
            uow.commit()
        return saved

    def record(self, uow: UnitOfWork, operation: SigningOperation, action: Action) -> None:
        details: dict[str, Any] = {
            "means": operation.means,
            "provider": operation.provider,
            "requests": [i.request_id for i in operation.items],
            "asked": operation.asked,
        }
        if operation.certificate:
            details["certificate_sha256"] = certificate_sha256(operation)
        if operation.code:
            details["code"] = operation.code
        failed = {i.request_id: i.code for i in operation.items if i.code}
        if failed:
            details["failed"] = failed
        self.work.record(uow, operation.signer_id, action, (SUBJECT, operation.id), details)

    def _claim(self, operation: SigningOperation, *, release: bool) -> SigningOperation:
        if release:
            return operation.released()
        return replace(operation, claimed_until=self.work.clock.now() + self.policy.claim)


def certificate_sha256(operation: SigningOperation) -> str:
    """Hexadecimal; of the certificate that signs in this operation."""
    return hashlib.sha256(b64decode(operation.certificate)).hexdigest()


def own_operation(operation: SigningOperation, actor: str) -> None:
    """Nobody but the signer drives an operation ("operation.not_yours")."""
    if operation.signer_id != actor:
        raise DomainError("operation.not_yours", "actor")


def correlation_key(value: str) -> str:
    """What is stored of a correlation: its SHA-256."""
    return hashlib.sha256(value.encode()).hexdigest() if value else ""
