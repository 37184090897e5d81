"""The command line's way: read, agree, then prepare, sign and complete, with one PIN for all documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from doc_service.agent.after_check import require_same_document
from doc_service.agent.attributes import SignatureAttributes, read_attributes
from doc_service.agent.http_client import RefusedError
from doc_service.agent.reading import Read
from doc_service.agent.service_client import ServiceClient
from doc_service.domain.errors import DomainError
from signing.api import SigningError, SigningKey

BUSY = "lease.busy"
PREPARE_AGAIN = frozenset(
    {BUSY, "lease.lost", "state.stale", "signing.stale_base", "signature.not_prepared", "signature.superseded"}
)
"""What the service says when another person's signature came in between: nothing for a human to decide."""
ASK_EVERY = 2.0
"""Seconds between looks at the queue; a place that is not asked for is lost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``answer``: of the service to the completed signature, None when there is none. ``error``: why there is none, or
    what is wrong with the one that was made. ``tries``: how often it was prepared."""

    read: Read
    tries: int
    answer: dict[str, Any] | None = None
    error: DomainError | SigningError | None = None


@dataclass(frozen=True, slots=True)
class SignDocuments:
    """``patience``: seconds to wait in all for a document's turn; ``waiting`` is told each place in the queue."""

    service: ServiceClient
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    waiting: Callable[[Read, int], None]
    patience: float = 300.0

    def __call__(self, agreed: Sequence[Read], key: SigningKey) -> list[Outcome]:
        """One document after the other; one that fails does not keep the rest back."""
        return [self._one(read, key) for read in agreed]

    def _one(self, read: Read, key: SigningKey) -> Outcome:
        tries = 0
        try:
            self.service.consent(read.asked.id, read.shown.sha256)
            ends = self.monotonic() + self.patience
            while True:
                tries += 1
                try:
                    attributes, answer = self._sign(read, key)
                    break
                except RefusedError as refusal:
                    if refusal.reason not in PREPARE_AGAIN or self.monotonic() >= ends:
                        raise
                    if refusal.reason == BUSY:
                        self._queue(read, ends)
        except (DomainError, SigningError) as error:
            return Outcome(read, tries, error=error)
        return Outcome(read, tries, answer, self._checked(read, attributes))

    def _queue(self, read: Read, ends: float) -> None:
        """Waits for the turn; without a place, preparing gives one."""
        told = 0
        while self.monotonic() < ends:
            self.sleep(ASK_EVERY)
            place = self.service.place(read.asked.id)
            if place.your_turn or not place.position:
                return
            if place.position != told:
                told = place.position
                self.waiting(read, told)

    def _sign(self, read: Read, key: SigningKey) -> tuple[SignatureAttributes, dict[str, Any]]:
        prepared = self.service.prepare(read.asked.id, key)
        attributes = read_attributes(prepared.to_be_signed, prepared.algorithm, key.certificate)
        signature = key.sign(prepared.to_be_signed, prepared.algorithm)
        return attributes, self.service.complete(read.asked.id, prepared, signature)

    def _checked(self, read: Read, attributes: SignatureAttributes) -> DomainError | None:
        try:
            require_same_document(read.shown.pdf, self.service.shown(read.asked.id).pdf, attributes)
        except DomainError as error:
            return error
        return None
