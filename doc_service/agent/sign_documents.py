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

PREPARE_AGAIN = frozenset({"lease.lost", "lease.busy", "state.stale", "signing.stale_base", "signature.not_prepared"})
"""What the service says when another person's signature came in between: nothing for a human to decide."""
_PAUSE = 1.0


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
    """``patience``: seconds to wait in all for a document's turn; ``waiting`` is told each time it is not."""

    service: ServiceClient
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    waiting: Callable[[Read], None]
    patience: float = 300.0

    def __call__(self, agreed: Sequence[Read], key: SigningKey) -> list[Outcome]:
        """One document after the other; one that fails does not keep the rest back."""
        return [self._one(read, key) for read in agreed]

    def _one(self, read: Read, key: SigningKey) -> Outcome:
        tries = 0
        try:
            self.service.consent(read.asked.id, read.sha256)
            ends = self.monotonic() + self.patience
            while True:
                tries += 1
                try:
                    attributes, answer = self._sign(read, key)
                    break
                except RefusedError as refusal:
                    if refusal.reason not in PREPARE_AGAIN or self.monotonic() >= ends:
                        raise
                    self.waiting(read)
                    self.sleep(refusal.wait or _PAUSE)
        except (DomainError, SigningError) as error:
            return Outcome(read, tries, error=error)
        return Outcome(read, tries, answer, self._checked(read, attributes))

    def _sign(self, read: Read, key: SigningKey) -> tuple[SignatureAttributes, dict[str, Any]]:
        prepared = self.service.prepare(read.asked.id, key)
        attributes = read_attributes(prepared.to_be_signed, prepared.algorithm, key.certificate)
        signature = key.sign(prepared.to_be_signed, prepared.algorithm)
        return attributes, self.service.complete(read.asked.id, signature)

    def _checked(self, read: Read, attributes: SignatureAttributes) -> DomainError | None:
        try:
            require_same_document(read.pdf, self.service.document(read.asked.id), attributes)
        except DomainError as error:
            return error
        return None
