"""How an operation ends before its time: what holds documents and authorisations lets go of them."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.errors import DomainError
from doc_service.domain.signing_operations import ItemState, OperationAction, SigningOperation
from doc_service.services.ways.documents import HoldDocuments
from doc_service.services.ways.records import Records
from doc_service.services.ways.registry import Ways
from doc_service.services.ways.session import Sessions
from signing.api import SigningError


@dataclass(frozen=True, slots=True)
class EndOperation:
    """Ends a claimed operation as failed, expired or cancelled."""

    ways: Ways
    sessions: Sessions
    records: Records
    hold: HoldDocuments

    def __call__(self, operation: SigningOperation, action: OperationAction, code: str = "") -> SigningOperation:
        """The leases of what is not signed end, and the adapter gives its authorisation back where it can."""
        opened = operation.session
        for item in operation.open_items:
            operation = operation.with_item(item.request_id, state=ItemState.FAILED, signature="", code=code)
        ended = self.records.move(operation, action, code=code)
        self.hold.let_go([i for i in ended.items if i.state is ItemState.FAILED])
        if opened:
            self._give_back(operation)
        return ended

    def _give_back(self, operation: SigningOperation) -> None:
        try:
            _, state = self.sessions.get(operation)
            if state:
                self.ways.signer(operation.means, operation.provider).cancel(state)
        except (SigningError, DomainError):
            return
