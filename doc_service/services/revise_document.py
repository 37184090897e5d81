"""The author corrects a returned draft (004 §5.1.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentAction
from doc_service.domain.errors import DomainError
from doc_service.instruments.registry import Registry
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ReviseDocument:
    """Replaces the data of a returned draft after the checks of drafting; the return itself stays on record."""

    work: Workspace
    registry: Registry

    def __call__(self, document_id: str, data: Mapping[str, Any], actor: str) -> Document:
        with self.work.uow() as uow:
            document = uow.documents.get(document_id)
            instrument = self.registry.get(document.instrument)
            model = instrument.validate(data)
            faults = instrument.check(model)
            if faults:
                raise DomainError.of(faults)
            revised = replace(document.moved(DocumentAction.REVISE), data=model.model_dump(mode="json"))
            saved = uow.documents.save(revised)
            self.work.record(uow, actor, Action.DOCUMENT_REVISED, ("document", document_id))
            uow.commit()
        return saved
