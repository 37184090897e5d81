"""From raw signatures in hand to finished documents, one by one; what cannot be finished says why."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass

from doc_service.domain.authentication import Authentication
from doc_service.domain.errors import DomainError
from doc_service.domain.signing_operations import ItemState, OperationAction, OperationItem, SigningOperation
from doc_service.services.complete_signature import CompleteSignature
from doc_service.services.ways.accept_document import AcceptDocument
from doc_service.services.ways.documents import BUSY, HoldDocuments, PrepareItems, task_of
from doc_service.services.ways.records import Records
from signing.api import SigningError
from signing.remote.api import Binding, ToSign

_SAVE_EVERY = 10
_ENDING = ("consent.", "delegation.", "document.", "signature", "state.not_allowed", "substitution.", "lease.")


def ends_item(error: DomainError | SigningError) -> bool:
    """Whether the request itself cannot be signed so; else something is out of order here, and it is tried again."""
    if isinstance(error, SigningError):
        return not error.retryable
    return error.code.startswith(_ENDING)


@dataclass(frozen=True, slots=True)
class CompleteItems:
    """Completes the SIGNED items of an operation. Each is safe to repeat, so progress is stored now and then only."""

    records: Records
    complete: CompleteSignature
    accept_file: AcceptDocument
    prepare: PrepareItems
    hold: HoldDocuments

    def __call__(self, operation: SigningOperation, late: Callable[[], bool]) -> SigningOperation:
        """Until nothing is SIGNED any more, or it is ``late``; at least one item is done."""
        waiting = [i for i in operation.items if i.state is ItemState.SIGNED]
        for number, item in enumerate(waiting, 1):
            operation = self._one(operation, item)
            if number % _SAVE_EVERY == 0:
                operation = self.records.keep(operation)
            if late():
                break
        return operation

    def _one(self, operation: SigningOperation, item: OperationItem) -> SigningOperation:
        try:
            self.complete(
                item.request_id,
                b64decode(item.signature),
                operation.signer_id,
                prepared_sha256=item.prepared_sha256,
                authentication=self._now(operation),
            )
        except (DomainError, SigningError) as error:
            return self._refused(operation, item, error)
        return operation.with_item(item.request_id, state=ItemState.DONE, signature="")

    def _now(self, operation: SigningOperation) -> Authentication:
        """How the person was authenticated for this signature: by the device, in this operation."""
        return Authentication(operation.means, operation.id, operation.authorised_at or self.records.work.clock.now())

    def _refused(
        self, operation: SigningOperation, item: OperationItem, error: DomainError | SigningError
    ) -> SigningOperation:
        """A changed document is prepared and signed again when the device needs nobody for it."""
        if not ends_item(error):
            raise error
        if error.code in BUSY and operation.binding == Binding.SESSION:
            return operation.with_item(item.request_id, state=ItemState.WAITING, signature="", prepared_sha256="")
        return operation.with_item(item.request_id, state=ItemState.FAILED, signature="", code=error.code)

    def still_bound(self, operation: SigningOperation) -> tuple[SigningOperation, tuple[ToSign, ...]]:
        """The tasks that the authorisation was bound to. A document that changed meanwhile fails with "lease.lost": the
        device would sign a hash that is worth nothing."""
        tasks = []
        for item in operation.open_items:
            prepared = self.prepare.fresh(item)
            if prepared is None:
                operation = operation.with_item(item.request_id, state=ItemState.FAILED, code="lease.lost")
            else:
                tasks.append(task_of(item, prepared))
        return operation, tuple(tasks)

    def accept(self, operation: SigningOperation, reference: str, pdf: bytes) -> SigningOperation:
        """A signed file becomes the document's next revision. A file that is refused ends the operation: the device
        has given what it has."""
        if reference not in {i.request_id for i in operation.open_items}:
            raise SigningError("signing.remote_wrong_answer")
        try:
            self.accept_file(reference, pdf, operation.signer_id, self._now(operation))
            operation = operation.with_item(reference, state=ItemState.DONE)
        except (DomainError, SigningError) as error:
            if not ends_item(error):
                raise
            operation = operation.with_item(reference, state=ItemState.FAILED, code=error.code)
        if operation.open_items:
            return self.records.keep(operation, release=True)
        return self.finish(self.records.move(operation, OperationAction.DELIVER))

    def finish(self, operation: SigningOperation) -> SigningOperation:
        """DONE when every document has its signature; else FAILED with the first reason, and each item with its own."""
        failed = [i for i in operation.items if i.state is not ItemState.DONE]
        if not failed:
            return self.records.move(operation, OperationAction.FINISH)
        self.hold.let_go(failed)
        code = next((i.code for i in failed if i.code), "signing.remote_bad_answer")
        return self.records.move(operation, OperationAction.FAIL, code=code)
