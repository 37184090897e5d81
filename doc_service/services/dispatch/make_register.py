"""The dispatch register of a time is drafted from what was sent in it (004 §5.1.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from doc_service.domain.civil_time import start_of_day
from doc_service.domain.documents import Document
from doc_service.instruments.records.sened_siyahisi import SenedSiyahisi
from doc_service.instruments.registry import Registry
from doc_service.services.base import Workspace
from doc_service.services.draft_document import DraftDocument, DraftRequest


@dataclass(frozen=True, slots=True)
class MakeDispatchRegister:
    """Of one body's documents, from ``since`` to ``until`` (Baku days, both included). Titles of restricted documents
    are their kind's, so the register itself holds nothing restricted."""

    work: Workspace
    registry: Registry
    draft: DraftDocument

    def __call__(self, body_id: str, since: date, until: date, document_id: str, actor: str) -> Document:
        instrument = cast(SenedSiyahisi, self.registry.get("sened-siyahisi"))
        with self.work.uow.reading() as uow:
            body = uow.bodies.get(body_id)
            sent = uow.deliveries.sent_between(start_of_day(since), start_of_day(until + timedelta(days=1)))
            documents = {name: uow.documents.get(name) for name in dict.fromkeys(d.document_id for d in sent)}
        own = [(documents[d.document_id], d) for d in sent if documents[d.document_id].body_id == body_id]
        data = instrument.dispatch_register(body, since, until, own)
        return self.draft(DraftRequest(document_id, instrument.id, body_id, None, data), actor)
