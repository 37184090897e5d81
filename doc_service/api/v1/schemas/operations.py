"""Signing operations as the interface shows them: to their signer alone, and never with a secret."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from doc_service.api.v1.schemas.common import Input, View
from doc_service.api.v1.schemas.requests import Base64
from doc_service.domain.signing_operations import ItemState, OperationState, SigningOperation
from doc_service.instruments.fields import Identifier
from doc_service.services.ways.registry import Way
from doc_service.services.ways.start_operation import MOST, StartInput
from signing.remote.api import Answer, ClientSigned, Entered, Returned

Short = Annotated[str, StringConstraints(max_length=500)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class OperationInput(Input):
    """``way``: a key of ``/v1/signing-ways``. ``parameters``: what that way asks for at the start (a phone number, a
    credential). ``certificate``, ``chain``: Base64 of DER, when the page or the agent has them already."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"requests": ["req-1", "req-2"], "way": "csc/imza"}]})

    requests: tuple[Identifier, ...] = Field(min_length=1, max_length=MOST)
    way: Name
    parameters: dict[Name, Short] = Field(default_factory=dict, max_length=20)
    certificate: Base64 | None = None
    chain: tuple[Base64, ...] = Field(default=(), max_length=10)
    language: Annotated[str, StringConstraints(pattern="^(az|en)$")] = "az"

    @property
    def means(self) -> tuple[str, str]:
        means, _, provider = self.way.partition("/")
        return means, provider

    def start(self, return_url: str) -> StartInput:
        certificate = base64.b64decode(self.certificate) if self.certificate else b""
        chain = tuple(base64.b64decode(c) for c in self.chain)
        return StartInput(self.parameters, certificate, chain, self.language, return_url)


class AnswerInput(Input):
    """One of: ``returned`` (query parameters of the way back), ``entered`` (what the prompt's fields asked for),
    ``signatures`` (raw, Base64, by reference)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"signatures": {"req-1": "MEUCIQ…"}}]})

    returned: dict[Name, Annotated[str, StringConstraints(max_length=4000)]] | None = Field(default=None, max_length=20)
    entered: dict[Name, Short] | None = Field(default=None, max_length=20)
    signatures: dict[Identifier, Base64] | None = Field(default=None, max_length=MOST)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(given is not None for given in (self.returned, self.entered, self.signatures)) != 1:
            raise ValueError("exactly one of returned, entered, signatures")
        return self

    @property
    def answer(self) -> Answer:
        if self.returned is not None:
            return Returned(self.returned)
        if self.entered is not None:
            return Entered(self.entered)
        return ClientSigned({name: base64.b64decode(raw) for name, raw in (self.signatures or {}).items()})


class WayView(View):
    """A way to sign that is offered here."""

    key: str
    means: str
    provider: str
    title: str


class WaysView(View):
    items: list[WayView]


class OperationItemView(View):
    request_id: str
    document_id: str
    label: str
    state: ItemState
    code: str


class OperationView(View):
    """``prompt``: what the person has to do now; {} when nothing. ``asked``: how often their device was asked."""

    id: str
    state: OperationState
    code: str
    way: str
    items: list[OperationItemView]
    prompt: dict[str, Any]
    asked: int
    created_at: datetime
    expires_at: datetime
    authorised_at: datetime | None
    finished_at: datetime | None


class OperationsView(View):
    items: list[OperationView]


class ReturnedView(View):
    """All that whoever comes back from a provider is told without a session."""

    id: str
    state: OperationState


def way_view(way: Way) -> WayView:
    return WayView(key=way.key, means=way.means, provider=way.provider, title=way.title)


def operation_view(operation: SigningOperation) -> OperationView:
    items = [
        OperationItemView(request_id=i.request_id, document_id=i.document_id, label=i.label, state=i.state, code=i.code)
        for i in operation.items
    ]
    return OperationView(
        id=operation.id,
        state=operation.state,
        code=operation.code,
        way=operation.way,
        items=items,
        prompt=dict(operation.prompt) if operation.live else {},
        asked=operation.asked,
        created_at=operation.created_at,
        expires_at=operation.expires_at,
        authorised_at=operation.authorised_at,
        finished_at=operation.finished_at,
    )
