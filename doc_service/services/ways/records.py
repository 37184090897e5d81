"""Writing an operation down: every move with its event, in one transaction (DESIGN 2)."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, DomainError
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
KeepAlive = Callable[[Callable[[], bool]], AbstractContextManager[object]]
"""Calls what it is given again and again while the block runs, until that says False: more often than a claim lasts."""


@dataclass(frozen=True, slots=True)
class Records:
    """Claims operations and stores their moves. A claim is short and renewed while its call runs (``driving``), so that
    what a killed process left is taken up soon. A process that lost its claim to another gets "state.stale" and stops:
    every claim is written into the operation, and the other one has gone on from what was stored."""

    work: Workspace
    policy: DrivePolicy
    keep_alive: KeepAlive

    def claim(self, operation_id: str) -> SigningOperation:
        """Takes the operation for this call. ``ConflictError`` "operation.busy" while another call drives it."""
        token = self.work.ids.new()
        with self.work.uow() as uow:
            operation = uow.operations.get(operation_id)
            self.take(uow, operation_id, token)
            saved = uow.operations.save(replace(operation, claim=token))
            uow.commit()
        return saved

    def take(self, uow: UnitOfWork, operation_id: str, token: str) -> None:
        """In an open unit, which then stores the operation with ``token``. "operation.busy"."""
        now = self.work.clock.now()
        if not uow.operations.take(operation_id, token, now, now + self.policy.claim):
            raise ConflictError("operation.busy", "")

    def driving(self, operation: SigningOperation) -> AbstractContextManager[object]:
        """A block in which the claim lives as long as this process does."""
        return self.keep_alive(lambda: self._renew(operation.id, operation.claim))

    def release(self, claimed: SigningOperation) -> None:
        """Lets go of an operation, unless another call drives it by now."""
        with self.work.uow() as uow:
            stored = uow.operations.get(claimed.id)
            if stored.claim == claimed.claim:
                self._save(uow, stored, release=True)
                uow.commit()

    def keep(self, operation: SigningOperation, *, release: bool = False) -> SigningOperation:
        """Stores progress that is no move; ``release`` gives the claim up."""
        with self.work.uow() as uow:
            saved = self._save(uow, operation, release=release)
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
            saved = self._save(uow, moved, release=release or action in ENDS)
            if action in _EVENTS:
                self.record(uow, saved, _EVENTS[action])
            uow.commit()
        return saved

    def ask(self, operation: SigningOperation, *, authorises: bool, **changes: Any) -> SigningOperation:
        """Moves to WAITING_DEVICE and lets go. A poll that found nothing new is no further question."""
        moved = operation.moved(OperationAction.ASK, **changes)
        with self.work.uow() as uow:
            saved = self._save(uow, moved, release=True)
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

    def _save(self, uow: UnitOfWork, operation: SigningOperation, *, release: bool) -> SigningOperation:
        if not release:
            return uow.operations.save(operation)
        saved = uow.operations.save(replace(operation, claim=""))
        uow.operations.let_go(operation.id, operation.claim)
        return saved

    def _renew(self, operation_id: str, token: str) -> bool:
        with self.work.uow() as uow:
            held = uow.operations.hold(operation_id, token, self.work.clock.now() + self.policy.claim)
            uow.commit()
        return held


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
