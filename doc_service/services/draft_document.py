"""Drafts an instrument from its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document, TemplateRef
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.instruments.registry import Registry
from doc_service.ports import Renderer
from doc_service.services.base import Workspace
from doc_service.services.policy import SigningPolicy
from doc_service.services.templates.choose import template_of


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What to draft. ``document_id`` is the caller's, so that a repeated request is recognised."""

    document_id: str
    instrument: str
    body_id: str
    meeting_id: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """Stores a draft whose data satisfy the instrument's schema and rules; otherwise every fault at once
    (``DomainError``) and nothing is stored. The template's name and digest are remembered with the document."""

    work: Workspace
    registry: Registry
    renderer: Renderer
    policy: SigningPolicy

    def __call__(self, request: DraftRequest, actor: str) -> Document:
        instrument = self.registry.get(request.instrument)
        model = instrument.validate(request.data)
        faults = instrument.check(model)
        if faults:
            raise DomainError.of(faults)
        day = baku_date(self.work.clock.now())
        with self.work.uow.reading() as reading:
            template = template_of(reading, instrument, day)
        document = Document(
            id=request.document_id,
            instrument=instrument.id,
            title=instrument.title_az,
            body_id=request.body_id,
            meeting_id=request.meeting_id,
            data=model.model_dump(mode="json"),
            template=TemplateRef(template, self.renderer.template_sha256(template)),
            case_index=instrument.case_index,
            created_at=self.work.clock.now(),
            signature_level=str(self.policy.signature_level),
            final_level=str(self.policy.final_level),
        )
        with self.work.uow() as uow:
            known = uow.documents.find(document.id)
            if known is not None:
                if (known.instrument, dict(known.data)) != (document.instrument, dict(document.data)):
                    raise ConflictError("document.other_data", "document_id", document=document.id)
                return known
            uow.bodies.get(request.body_id)
            uow.documents.add(document)
            details = {"instrument": document.instrument, "template": document.template.sha256}
            self.work.record(uow, actor, Action.DOCUMENT_DRAFTED, ("document", document.id), details)
            uow.commit()
        return document
