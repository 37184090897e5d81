"""Drives a claimed operation as far as it goes without the person: the one place that knows the order of steps.

Whatever an adapter answers is stored before the next step is taken, so that a restart goes on from there. A step whose
outcome may have been lost is marked before it is taken (``attempted``), and the adapter is told.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from doc_service.domain.errors import ConflictError
from doc_service.domain.signing_operations import ItemState, OperationAction, OperationState, SigningOperation
from doc_service.domain.signing_queue import QueuePlace
from doc_service.services.ways.completing import CompleteItems
from doc_service.services.ways.documents import BUSY, HoldDocuments, HoldFile, PrepareItems
from doc_service.services.ways.records import Records, correlation_key
from doc_service.services.ways.registry import Ways
from doc_service.services.ways.session import Sessions, prompt_json
from signing.api import SigningError
from signing.remote.api import (
    Answer,
    Ask,
    Authorised,
    Binding,
    HashSigner,
    Identified,
    Signed,
    SignedFile,
    Step,
    ToSign,
)

_A = OperationAction
WAIT_FOR_DOCUMENTS = {"kind": "wait", "reason": "lease.busy", "poll_after": 1.0}

_NEXT, _LATER = 1.0, 4.0
"""Seconds until who is next, and who is far behind, should ask again: soon enough to keep the place."""


def waiting_at(place: QueuePlace) -> dict[str, Any]:
    """What a person is shown whose turn has not come: who is further behind need not ask as often."""
    pause = min(_NEXT + 0.25 * max(place.position - 2, 0), _LATER)
    return {**WAIT_FOR_DOCUMENTS, "poll_after": pause, "position": place.position, "waiting": place.waiting}


class Next(Enum):
    """What to do when it is not the adapter that has just answered."""

    OFFER = auto()
    PREPARE = auto()
    ROUND = auto()
    COMPLETE = auto()


_Go = tuple[SigningOperation, Step | Next | None]


@dataclass(frozen=True, slots=True)
class Drive:
    """``operation`` must be claimed; it comes back released, in the state in which it waits or has ended."""

    ways: Ways
    sessions: Sessions
    records: Records
    hold: HoldDocuments
    hold_file: HoldFile
    prepare: PrepareItems
    complete: CompleteItems
    monotonic: Callable[[], float] = time.monotonic

    def __call__(self, operation: SigningOperation, first: Step | Next) -> SigningOperation:
        """From ``first`` on. Raises what the adapter does, and what preparing refuses."""
        until = self.monotonic() + self.records.policy.budget.total_seconds()
        step: Step | Next | None = first
        while step is not None:
            operation, step = self._take(operation, step, until)
        return operation

    def first(self, operation: SigningOperation, answer: Answer | None) -> Step | Next:
        """By the state in which the last call left it; the adapter judges the answer here."""
        start, state = self.sessions.get(operation)
        if operation.state is OperationState.WAITING_DEVICE:
            return self.ways.signer(operation.means, operation.provider).resume(state, answer)
        if operation.state is OperationState.STARTED:
            signer = self.ways.hashing(operation.means, operation.provider)
            if signer is None:
                return Next.OFFER
            return Next.PREPARE if operation.certificate else signer.begin(start)
        return Next.ROUND if operation.state is OperationState.AUTHORISED else Next.COMPLETE

    def _take(self, operation: SigningOperation, step: Step | Next, until: float) -> _Go:
        if step is Next.OFFER:
            return self._offer(operation)
        if step is Next.PREPARE:
            return self._authorise(operation)
        if step is Next.ROUND:
            return self._round(operation)
        if step is Next.COMPLETE:
            return self._complete(operation, until)
        return self._found(operation, step)

    def _found(self, operation: SigningOperation, step: Step) -> _Go:
        """Stores what the adapter answered."""
        start, _ = self.sessions.get(operation)
        operation = self.sessions.put(operation, start, step.session)
        now = self.records.work.clock.now()
        if isinstance(step, Ask):
            return self._ask(operation, step), None
        if isinstance(step, Identified):
            return self._identified(operation, step), Next.PREPARE
        if isinstance(step, Authorised):
            operation = replace(operation, authorised_at=now, authorised_until=step.until, expires_at=step.until)
            return self.records.move(operation, _A.AUTHORISE, prompt={}, attempted=False), Next.ROUND
        if isinstance(step, SignedFile):
            return self.complete.accept(operation, step.reference, step.pdf), None
        return self._deliver(operation, step), Next.COMPLETE

    def _deliver(self, operation: SigningOperation, step: Signed) -> SigningOperation:
        for reference, raw in step.signatures.items():
            operation = operation.with_item(reference, state=ItemState.SIGNED, signature=b64encode(raw).decode())
        now = self.records.work.clock.now()
        operation = replace(operation, authorised_at=operation.authorised_at or now, attempted=False, prompt={})
        return self.records.move(operation, _A.DELIVER, expires_at=now + self.records.policy.claim)

    def _ask(self, operation: SigningOperation, step: Ask) -> SigningOperation:
        prompt = prompt_json(step.prompt)
        again = operation.state is OperationState.WAITING_DEVICE and dict(operation.prompt) == prompt
        covered = operation.authorised_at is not None and operation.asked > 0
        asks = step.authorises and not again and not covered
        return self.records.ask(
            operation,
            authorises=asks,
            asked=operation.asked + asks,
            prompt=prompt,
            expires_at=step.until,
            correlation=correlation_key(step.correlation) or operation.correlation,
        )

    def _identified(self, operation: SigningOperation, step: Identified) -> SigningOperation:
        terms = step.terms
        if len(operation.open_items) > terms.batch:
            raise SigningError("signing.remote_too_many", limit=terms.batch)
        if terms.binding is Binding.SESSION:
            self.prepare.check(operation, step.certificate, step.chain)
        return self.records.move(
            operation,
            _A.IDENTIFY,
            prompt={},
            certificate=b64encode(step.certificate).decode(),
            chain=tuple(b64encode(c).decode() for c in step.chain),
            binding=str(terms.binding),
            batch=terms.batch,
            hold=int(terms.hold.total_seconds()),
            expires_at=self.records.work.clock.now() + self.records.policy.start,
        )

    def _authorise(self, operation: SigningOperation) -> _Go:
        """Asks for the authorisation; bound to hashes, only once every document is ours and prepared."""
        tasks: tuple[ToSign, ...] = ()
        if operation.binding == Binding.HASHES:
            hold = timedelta(seconds=operation.hold)
            try:
                if len(operation.open_items) > 1:
                    self.hold(operation.open_items, hold)
                operation, tasks = self.prepare.all_of(operation, hold)
            except ConflictError as busy:
                return self._wait_for_documents(operation, busy), None
            operation = self.records.keep(operation)
        _, state = self.sessions.get(operation)
        return operation, self._hashing(operation).authorise(state, len(operation.open_items), tasks)

    def _round(self, operation: SigningOperation) -> _Go:
        """Signs with the authorisation at hand: what it is bound to, or as many free documents as fit in a round."""
        if operation.binding == Binding.HASHES:
            operation, tasks = self.complete.still_bound(operation)
            if not tasks:
                return self.complete.finish(operation), None
        else:
            policy = self.records.policy
            operation, tasks = self.prepare.some_of(operation, policy.round_lease, policy.round_size)
            if not tasks:
                return self.records.keep(replace(operation, prompt=WAIT_FOR_DOCUMENTS), release=True), None
        _, state = self.sessions.get(operation)
        again = operation.attempted
        operation = self.records.keep(replace(operation, attempted=True))
        try:
            return operation, self._hashing(operation).sign(state, tasks, again=again)
        except SigningError as error:
            if error.retryable and not again:
                self.records.keep(replace(operation, attempted=False), release=True)
            raise

    def _complete(self, operation: SigningOperation, until: float) -> _Go:
        """Puts signatures into their documents; the rest of a session's documents follow in the next round."""
        operation = self.complete(operation, lambda: self.monotonic() >= until)
        if any(i.state is ItemState.SIGNED for i in operation.items):
            return self.records.keep(operation, release=True), None
        if not operation.open_items or operation.binding != Binding.SESSION:
            return self.complete.finish(operation), None
        expires = operation.authorised_until or operation.expires_at
        if self.monotonic() < until:
            return self.records.move(operation, _A.CONTINUE, expires_at=expires), Next.ROUND
        return self.records.move(operation, _A.CONTINUE, release=True, expires_at=expires), None

    def _offer(self, operation: SigningOperation) -> _Go:
        """Gives the files to the device, once every document is ours."""
        signer = self.ways.document_signers[operation.way]
        if len(operation.items) > signer.terms.batch:
            raise SigningError("signing.remote_too_many", limit=signer.terms.batch)
        try:
            self.hold(operation.open_items, signer.terms.hold)
            files = [self.hold_file(item) for item in operation.open_items]
        except ConflictError as busy:
            return self._wait_for_documents(operation, busy), None
        for file in files:
            operation = operation.with_item(file.reference, state=ItemState.PREPARED, prepared_sha256=file.sha256)
        operation = replace(operation, binding=str(Binding.HASHES), hold=int(signer.terms.hold.total_seconds()))
        start, _ = self.sessions.get(operation)
        return operation, signer.offer(start, files)

    def _wait_for_documents(self, operation: SigningOperation, busy: ConflictError) -> SigningOperation:
        """Nothing is held meanwhile; the next poll tries again."""
        if busy.code not in BUSY:
            raise busy
        self.hold.let_go(operation.open_items)
        return self.records.keep(replace(operation, prompt=WAIT_FOR_DOCUMENTS), release=True)

    def _hashing(self, operation: SigningOperation) -> HashSigner:
        return self.ways.hash_signers[operation.way]
