"""Dispatch of documents: delivery lists, sending, proof, register."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.bootstrap.parts import Parts
from doc_service.services.dispatch.cancel_delivery import CancelDelivery
from doc_service.services.dispatch.confirm_delivery import ConfirmDelivery, ReturnDelivery
from doc_service.services.dispatch.make_register import MakeDispatchRegister
from doc_service.services.dispatch.plan_deliveries import PlanDeliveries
from doc_service.services.dispatch.send_delivery import SendDelivery
from doc_service.services.draft_document import DraftDocument


@dataclass(frozen=True, slots=True)
class DispatchCases:
    """What the command line and the API call."""

    plan: PlanDeliveries
    send: SendDelivery
    confirm: ConfirmDelivery
    bring_back: ReturnDelivery
    cancel: CancelDelivery
    make_register: MakeDispatchRegister


def build_dispatch(p: Parts, draft: DraftDocument) -> DispatchCases:
    """The use cases over ``p``."""
    return DispatchCases(
        plan=PlanDeliveries(p.work),
        send=SendDelivery(p.work),
        confirm=ConfirmDelivery(p.work),
        bring_back=ReturnDelivery(p.work),
        cancel=CancelDelivery(p.work),
        make_register=MakeDispatchRegister(p.work, p.registry, draft),
    )
