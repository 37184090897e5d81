"""Signature requests, and the steps by which a person signs from where they are (DESIGN 6–7)."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from doc_service.api.v1.schemas.common import Input, Named, View, named
from doc_service.api.v1.schemas.people import PersonView, person_view
from doc_service.domain.document_copies import CopyKind
from doc_service.domain.documents import Document
from doc_service.domain.signatures import PreparedSigning, SignatureRequest, SignerKind
from doc_service.domain.signing_queue import QueuePlace
from doc_service.instruments.fields import OptionalProse, Sha256
from doc_service.services.show_document import Shown

_BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
Base64 = Annotated[str, StringConstraints(pattern=_BASE64, min_length=4, max_length=32_768)]


class ConsentInput(Input):
    """``shown_sha256``: of the bytes that the person was shown. ``text``: what they agreed to, word for word, when it
    was another text than ``/shown`` gives."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"shown_sha256": "ab" * 32}]})

    shown_sha256: Sha256
    text: OptionalProse = Field(default="", max_length=2000)


class PrepareInput(Input):
    """The certificate of the device that will sign, and its issuers: Base64 of DER."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"certificate": "MIIB…", "chain": ["MIIC…"]}]})

    certificate: Base64
    chain: tuple[Base64, ...] = Field(default=(), max_length=10)


class SignatureInput(Input):
    """The raw signature over ``to_be_signed``: Base64; ECDSA in DER. ``prepared_sha256`` names the preparation."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"signature": "MEUCIQ…", "prepared_sha256": "cd" * 32}]})

    signature: Base64
    prepared_sha256: Sha256


class SubjectDocument(View):
    """The document that a request is about."""

    id: str
    instrument: str
    title: str
    number: str | None
    state: Named


class RequestView(View):
    """One person asked to sign one field. There is no link and no secret in it: only the person, logged in, can act."""

    id: str
    document: SubjectDocument
    order: int
    field: str
    role_label: str
    kind: SignerKind
    signer: PersonView
    state: Named
    in_place_of: str
    basis: str
    opened_at: datetime | None
    due_at: datetime | None
    overdue: bool
    consent_sha256: str | None
    consented_at: datetime | None
    signed_at: datetime | None
    certificate_sha256: str | None
    certificate_serial: str | None
    revision: int | None
    level: str | None
    reason: str
    version: int


class RequestsView(View):
    items: list[RequestView]


class ConsentTexts(View):
    az: str
    en: str


class ShownView(View):
    """What is to be read: fetch ``content``, check that its SHA-256 is ``sha256``, then agree to that digest."""

    request_id: str
    revision: int
    sha256: str
    size: int
    copy_kind: CopyKind
    consent_text: ConsentTexts
    content: str


class PreparedView(View):
    """``to_be_signed``: Base64; the bytes to sign with ``algorithm``, and ``prepared_sha256`` their digest."""

    request_id: str
    to_be_signed: str
    prepared_sha256: str
    algorithm: str
    base_revision: int
    base_sha256: str


class QueueView(View):
    """``position``: 1 is next, 0: no place (preparing gives one). Ask every 2 to 5 seconds, or the place is lost."""

    position: int
    waiting: int
    holds_lease: bool
    your_turn: bool
    until: datetime | None


def request_view(request: SignatureRequest, document: Document, now: datetime, *, personal: bool) -> RequestView:
    return RequestView(
        id=request.id,
        document=SubjectDocument(
            id=document.id,
            instrument=document.instrument,
            title=document.title,
            number=document.registration.number if document.registration else None,
            state=named("state", str(document.state)),
        ),
        order=request.order,
        field=request.field,
        role_label=request.role_label,
        kind=request.kind,
        signer=person_view(request.signer, personal=personal),
        state=named("state", str(request.state)),
        in_place_of=request.in_place_of,
        basis=request.basis,
        opened_at=request.opened_at,
        due_at=request.due_at,
        overdue=request.overdue(now),
        consent_sha256=request.consent_sha256,
        consented_at=request.consented_at,
        signed_at=request.signed_at,
        certificate_sha256=request.certificate_sha256,
        certificate_serial=request.certificate_serial,
        revision=request.revision,
        level=request.level,
        reason=request.reason,
        version=request.version,
    )


def shown_view(shown: Shown) -> ShownView:
    return ShownView(
        request_id=shown.request.id,
        revision=shown.revision.number,
        sha256=shown.revision.sha256,
        size=shown.revision.size,
        copy_kind=shown.copy,
        consent_text=ConsentTexts(az=shown.consent_text("az"), en=shown.consent_text("en")),
        content=f"/v1/signature-requests/{shown.request.id}/content?revision={shown.revision.number}",
    )


def prepared_view(prepared: PreparedSigning) -> PreparedView:
    return PreparedView(
        request_id=prepared.request_id,
        to_be_signed=base64.b64encode(prepared.to_be_signed).decode(),
        prepared_sha256=prepared.sha256,
        algorithm=prepared.signature_algorithm,
        base_revision=prepared.base_revision,
        base_sha256=prepared.base_sha256,
    )


def queue_view(place: QueuePlace) -> QueueView:
    return QueueView(
        position=place.position,
        waiting=place.waiting,
        holds_lease=place.holds_lease,
        your_turn=place.your_turn,
        until=place.until,
    )
