"""Puts addressees on a document's delivery list (004 §5.1.8–5.1.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.dispatch import Addressee, Channel, Delivery, DeliveryState, addressee_faults
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, DomainError, Fault
from doc_service.ports import UnitOfWork
from doc_service.services.access.facts import is_restricted
from doc_service.services.base import Workspace

SUBJECT = "document"
_NEVER = frozenset({DocumentState.WITHDRAWN, DocumentState.ANNULLED})


@dataclass(frozen=True, slots=True)
class Line:
    """One line to add: who, by what way."""

    channel: Channel
    addressee: Addressee


@dataclass(frozen=True, slots=True)
class PlanDeliveries:
    """All lines or none; a line that stands there already, and is not cancelled, is not added again.

    Raises every "dispatch.address_missing", "person.bad_email" and "dispatch.restricted_by_mail" at once (a restricted
    document does not leave by ordinary mail: 001 §5.6.3); ``ConflictError`` "dispatch.not_to_be_sent" for a document
    that was withdrawn or annulled."""

    work: Workspace

    def __call__(self, document_id: str, lines: Sequence[Line], actor: str) -> tuple[Delivery, ...]:
        with self.work.uow() as uow:
            document = uow.documents.get(document_id)
            if document.state in _NEVER:
                raise ConflictError("dispatch.not_to_be_sent", "", state=str(document.state))
            faults = _faults(lines, restricted=is_restricted(uow, document))
            if faults:
                raise DomainError.of(faults)
            listed = uow.deliveries.of_document(document_id)
            known = {(d.channel, d.addressee) for d in listed if d.state is not DeliveryState.CANCELLED}
            for line in dict.fromkeys(lines):
                if (line.channel, line.addressee) not in known:
                    self._add(uow, document_id, line, actor)
            listed = uow.deliveries.of_document(document_id)
            uow.commit()
        return tuple(listed)

    def _add(self, uow: UnitOfWork, document_id: str, line: Line, actor: str) -> None:
        now = self.work.clock.now()
        delivery = Delivery(self.work.ids.new(), document_id, line.channel, line.addressee, now, actor)
        uow.deliveries.add(delivery)
        details = {"delivery": delivery.id, "channel": str(line.channel)}
        self.work.record(uow, actor, Action.DELIVERY_PLANNED, (SUBJECT, document_id), details)


def _faults(lines: Sequence[Line], *, restricted: bool) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    for place, line in enumerate(lines):
        field = f"deliveries[{place}]"
        faults += addressee_faults(line.channel, line.addressee, f"{field}.addressee")
        if restricted and line.channel is Channel.MAIL:
            faults.append(Fault("dispatch.restricted_by_mail", f"{field}.channel"))
    return tuple(faults)
