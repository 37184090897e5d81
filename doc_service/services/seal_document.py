"""The job that applies the seals which this service holds, when it is their turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doc_service.domain.signatures import ASKED, SignerKind
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.ways.apply_seal import ApplySeal
from signing.api import SigningError

_OUT_OF_REACH = frozenset({"signing.token_not_found", "signing.token_in_use"})
"""The token comes back, or is left by whoever uses it: nothing is wrong with the document."""


@dataclass(frozen=True, slots=True)
class SealDocument:
    """Job: seals every open seal request of the document whose key is ``held`` here; other organisations' seals wait
    for their keepers. Safe to run twice: what is sealed stays as it is. Raises what ``ApplySeal`` does: a token that
    is gone or a document that somebody else holds is tried again by the queue."""

    work: Workspace
    apply: ApplySeal
    held: Callable[[str], bool]

    def __call__(self, document_id: str) -> None:
        with self.work.uow.reading() as uow:
            requests = uow.signatures.of_document(document_id)
        for request in requests:
            if request.kind is SignerKind.SEAL and request.state in ASKED and self.held(request.voen):
                self._seal(request.id)

    def _seal(self, request_id: str) -> None:
        try:
            self.apply(request_id, SYSTEM)
        except SigningError as error:
            if error.code in _OUT_OF_REACH:
                raise SigningError(error.code, retryable=True, **error.params) from error
            raise
