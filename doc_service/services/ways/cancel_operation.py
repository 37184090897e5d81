"""A person breaks off."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.signing_operations import OperationAction, SigningOperation
from doc_service.services.ways.ending import EndOperation
from doc_service.services.ways.records import Records, own_operation


@dataclass(frozen=True, slots=True)
class CancelOperation:
    """Documents and authorisations are let go of. An operation that has ended comes back as it is. Raises
    "operation.not_yours", "operation.busy" while it is being driven, "state.not_allowed" once signatures are in hand.
    """

    records: Records
    end: EndOperation

    def __call__(self, operation_id: str, actor: str) -> SigningOperation:
        with self.records.work.uow.reading() as uow:
            operation = uow.operations.get(operation_id)
        own_operation(operation, actor)
        if not operation.live:
            return operation
        operation.moved(OperationAction.CANCEL)
        return self.end(self.records.claim(operation_id), OperationAction.CANCEL, "operation.cancelled")
