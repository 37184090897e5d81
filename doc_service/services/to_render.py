"""What an instrument is rendered from: its context, the data as entered, and the facts that travel inside the PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from doc_service.domain.civil_time import start_of_day
from doc_service.domain.documents import Document, Registration
from doc_service.domain.signatures import SignatureRequest
from doc_service.instruments.base import Instrument, StandIn
from doc_service.ports import Attachment, FieldSpec, RenderRequest

PROVENANCE_VERSION = 1


def render_request(
    instrument: Instrument[Any],
    document: Document,
    requests: Sequence[SignatureRequest],
    substitutes: Mapping[str, StandIn],
    attachments: Sequence[Attachment] = (),
) -> RenderRequest:
    """The rendering of a registered document. ``attachments``: what its enclosures hold (``read_enclosures``). Every
    date in the file is the day of registration, so that the same document always gives the same bytes (DESIGN 10)."""
    registration = document.registration
    assert registration is not None
    model = instrument.validate(document.data)
    fields = tuple(FieldSpec(r.field, f"{r.role_label}: {r.signer.name.full}") for r in requests)
    may_lack = instrument.may_lack(model)
    return RenderRequest(
        template=document.template.name,
        context=instrument.context(model, registration, substitutes),
        data=document.data,
        provenance={
            "version": PROVENANCE_VERSION,
            "document_id": document.id,
            "instrument": document.instrument,
            "number": registration.number,
            "registered_on": registration.registered_on.isoformat(),
            **_expected(document, [f.name for f in fields if f.name not in may_lack], signed=bool(fields)),
        },
        fields=fields,
        title=_title(document.title, registration),
        issued_at=start_of_day(registration.registered_on),
        pictures=instrument.pictures(model),
        attachments=tuple(attachments),
    )


def preview_request(instrument: Instrument[Any], raw: Mapping[str, Any], issued_on: date) -> RenderRequest:
    """The rendering of data alone, without number and signatures: a draft to look at.

    Raises ``DomainError`` with every fault of the schema; rules are for the caller to check."""
    model = instrument.validate(raw)
    signatories = instrument.signatories(model)
    return RenderRequest(
        template=instrument.template,
        context=instrument.context(model),
        data=model.model_dump(mode="json"),
        provenance={"version": PROVENANCE_VERSION, "instrument": instrument.id, "draft": True},
        fields=tuple(FieldSpec(s.field, s.role_label) for s in signatories),
        title=instrument.title_az,
        issued_at=start_of_day(issued_on),
        pictures=instrument.pictures(model),
    )


def _expected(document: Document, required: list[str], *, signed: bool) -> dict[str, Any]:
    """What the file must carry once it is finished; a document without signatories declares nothing, so that it can
    never be read as a signed one that has lost its signatures, nor the other way round."""
    return {"expected": {"fields": required, "level": document.final_level}} if signed else {}


def _title(title: str, registration: Registration) -> str:
    return f"{title} № {registration.number}"
