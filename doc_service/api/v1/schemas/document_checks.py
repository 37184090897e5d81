"""The check before signature, and returns."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from doc_service.api.language import catalog
from doc_service.api.v1.schemas.common import Input, View
from doc_service.instruments.fields import OptionalLine, OptionalProse
from doc_service.services.check_before_signature import CheckLine, Finding, Line
from doc_service.services.return_document import PastReturn, ReturnReason


class FaultView(View):
    """``detail`` in the caller's language."""

    code: str
    field: str
    detail: str


class CheckLineView(View):
    """``finding`` "look": only a person can see it. ``subject``: the unit of a visa, the title of an annex."""

    line: Line
    finding: Finding
    subject: str
    faults: list[FaultView]


class CheckSheetView(View):
    """``ready``: nothing is missing."""

    ready: bool
    lines: list[CheckLineView]


class ReasonLine(Input):
    field: OptionalLine = ""
    text: Annotated[OptionalProse, Field(max_length=2000)]


class ReturnInput(Input):
    """What is wrong, part by part (004 §5.1.10)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reasons": [{"field": "annexes[0]", "text": "Əlavə təqdim edilməyib."}]}]}
    )

    reasons: Annotated[list[ReasonLine], Field(max_length=100)]

    def given(self) -> list[ReturnReason]:
        return [ReturnReason(r.field, r.text) for r in self.reasons]


class ReasonView(View):
    field: str
    text: str


class ReturnView(View):
    """``unit``: whose visa was refused; empty: the secretariat gave it back."""

    at: datetime
    actor: str
    unit: str
    reasons: list[ReasonView]


class ReturnsView(View):
    """The first one first."""

    items: list[ReturnView]


def sheet_view(lines: tuple[CheckLine, ...], language: str) -> CheckSheetView:
    views = [
        CheckLineView(
            line=line.line,
            finding=line.finding,
            subject=line.subject,
            faults=[
                FaultView(code=f.code, field=f.field, detail=catalog(language).text(f.code, f.params))
                for f in line.faults
            ],
        )
        for line in lines
    ]
    return CheckSheetView(ready=all(line.finding is not Finding.MISSING for line in lines), lines=views)


def returns_view(found: tuple[PastReturn, ...]) -> ReturnsView:
    return ReturnsView(
        items=[
            ReturnView(
                at=r.at,
                actor=r.actor,
                unit=r.unit,
                reasons=[ReasonView(field=x.field, text=x.text) for x in r.reasons],
            )
            for r in found
        ]
    )
