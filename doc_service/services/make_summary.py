"""The public text of a meeting is made from its signed protocol, restricted items left out (001 §5.6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from doc_service.domain.documents import Document
from doc_service.instruments.group.kq_derc import KqDerc
from doc_service.instruments.registry import Registry
from doc_service.services.base import Workspace
from doc_service.services.draft_document import DraftDocument, DraftRequest
from doc_service.services.make_act import signed_protocol


@dataclass(frozen=True, slots=True)
class MakeSummary:
    """Drafts it; the secretariat may correct it before it is registered. It is no document *of* the meeting, since all
    of those are restricted as soon as one item is, and this one holds nothing that is. Raises what ``signed_protocol``
    raises and every fault of the draft."""

    work: Workspace
    registry: Registry
    draft: DraftDocument

    def __call__(self, protocol_id: str, document_id: str, actor: str) -> Document:
        with self.work.uow.reading() as uow:
            source = signed_protocol(uow, protocol_id)
        instrument = cast(KqDerc, self.registry.get("kq-derc"))
        data = instrument.from_protocol(source.document.data, source.registration, source.sha256)
        return self.draft(DraftRequest(document_id, instrument.id, source.document.body_id, None, data), actor)
