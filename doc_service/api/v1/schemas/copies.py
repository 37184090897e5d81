"""Certified copies: asked for, registered, and checked by anybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from doc_service.api.v1.schemas.common import Input, Named, View, named
from doc_service.domain.copies import CopyForm, CopyIssue, Recipient
from doc_service.domain.documents import Document
from doc_service.instruments.fields import SHA256, Identifier, Line, Number, OptionalLine
from doc_service.services.copies.issue import IssueRequest
from doc_service.services.copies.public_check import CheckAnswer, Match, Told

_EXAMPLE: JsonDict = {
    "original_id": "kq-protokol-12", "form": "electronic",
    "recipient": {"name": "Quliyeva Aygün İlqar qızı", "organisation": "“Nümunə” MMC"},
    "purpose": "Məhkəməyə təqdim etmək üçün",
}  # fmt: skip


class RecipientInput(Input):
    """To whom the copy is given. ``person_id``: of somebody whom a restricted original concerns."""

    name: Line
    organisation: OptionalLine = ""
    person_id: Identifier | None = None

    def to_domain(self) -> Recipient:
        return Recipient(self.name, self.organisation, self.person_id or "")


class CopyInput(Input):
    """``items``: agenda items of a protocol, for an extract; empty for a copy of the whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: Identifier | None = None
    original_id: Identifier
    form: CopyForm = CopyForm.ELECTRONIC
    items: Annotated[tuple[Number, ...], Field(max_length=100)] = ()
    recipient: RecipientInput
    purpose: Line

    def to_request(self, copy_id: str) -> IssueRequest:
        items = tuple(dict.fromkeys(self.items))
        return IssueRequest(
            copy_id, self.original_id, self.recipient.to_domain(), self.purpose, self.form, items
        )  # fmt: skip


class CopyView(View):
    """One line of the register of issues. ``state``: of the copy's own document."""

    id: str
    kind: Named
    form: Named
    number: str
    registered_on: date | None
    state: Named
    original_id: str
    original_sha256: str
    items: list[int]
    recipient: str
    organisation: str
    person_id: str | None
    purpose: str
    issued_by: str
    issued_at: datetime
    code: str
    address: str


def copy_view(issue: CopyIssue, document: Document, address: str) -> CopyView:
    registration, recipient = document.registration, issue.recipient
    return CopyView(
        id=issue.id,
        kind=named("copy_kind", str(issue.kind)),
        form=named("copy_form", str(issue.form)),
        number=registration.number if registration else "",
        registered_on=registration.registered_on if registration else None,
        state=named("state", str(document.state)),
        original_id=issue.original_id,
        original_sha256=issue.original_sha256,
        items=list(issue.items),
        recipient=recipient.name,
        organisation=recipient.organisation,
        person_id=recipient.person_id or None,
        purpose=issue.purpose,
        issued_by=issue.issued_by,
        issued_at=issue.issued_at,
        code=issue.code,
        address=address,
    )


class AnnulInput(Input):
    """``by``: the later document that annuls and names this one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"by": "kq-qerar-7", "reason": "Səhvən qeydə alınıb"}]})

    by: Identifier
    reason: OptionalLine


class SuccessorView(View):
    number: str
    registered_on: date


class ToldView(View):
    """``title`` is the kind of document. ``sha256`` null: there is no finished file."""

    title: str
    number: str
    registered_on: date | None
    standing: Named
    sha256: str | None
    successors: list[SuccessorView]


class ToldSignatoryView(View):
    name: str
    role: str
    signed_at: datetime


class CheckView(View):
    """``stands``: whether copy and original are in force now."""

    code: str
    stands: bool
    kind: Named
    form: Named
    issued_at: datetime
    copied: ToldView = Field(description="The copy")
    original: ToldView
    signatories: list[ToldSignatoryView] = Field(description="Of the original, as the copy names them")


class DigestInput(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"sha256": "0" * 64}]})

    sha256: Annotated[str, StringConstraints(to_lower=True, pattern=SHA256)]


class MatchView(View):
    match: Named


def _told(told: Told) -> ToldView:
    return ToldView(
        title=told.title,
        number=told.number,
        registered_on=told.registered_on,
        standing=named("standing", str(told.standing)),
        sha256=told.sha256 or None,
        successors=[SuccessorView(number=number, registered_on=day) for number, day in told.successors],
    )


def check_view(answer: CheckAnswer) -> CheckView:
    return CheckView(
        code=answer.code,
        stands=answer.stands,
        kind=named("copy_kind", str(answer.kind)),
        form=named("copy_form", str(answer.form)),
        issued_at=answer.issued_at,
        copied=_told(answer.copy),
        original=_told(answer.original),
        signatories=[ToldSignatoryView(name=s.name, role=s.role, signed_at=s.signed_at) for s in answer.signatories],
    )


def match_view(match: Match) -> MatchView:
    return MatchView(match=named("match", str(match)))
