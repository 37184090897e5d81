"""Versions of templates."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ConfigDict

from doc_service.api.v1.schemas.common import Input, View
from doc_service.domain.templates import CheckedPart, TemplateAction, TemplateHistory, TemplateState
from doc_service.instruments.fields import OptionalLine
from doc_service.services.templates.compare import Comparison


class ActivationInput(Input):
    """The first day (Baku) whose new documents are made from this version."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"since": "2026-12-01"}]})

    since: date


class TemplateWithdrawal(Input):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Blankın ünvanı səhvdir"}]})

    reason: OptionalLine


class TemplateCheckView(View):
    """``code`` and ``detail`` also of a part that is in order, when there is something to know."""

    part: CheckedPart
    ok: bool
    code: str
    detail: str


class TemplateMoveView(View):
    action: TemplateAction
    at: datetime
    actor: str
    since: date | None
    reason: str


class TemplateView(View):
    """``packaged``: came with the program; ``since``: from when it is used, of one that is; ``reconstructed``: parts
    that no official form gives."""

    name: str
    instrument: str
    packaged: bool
    sha256: str
    state: TemplateState
    since: date | None
    reconstructed: list[str]
    note: str
    uploaded_at: datetime | None
    uploaded_by: str
    checks: list[TemplateCheckView]
    moves: list[TemplateMoveView]


class TemplatesView(View):
    """``in_use``: what a document drafted today is made from."""

    in_use: str
    items: list[TemplateView]


class PageDifferenceView(View):
    """``share``: of the pixels that differ, 0.0 to 1.0."""

    page: int
    share: float


class ComparisonView(View):
    """The same sample by ``old`` (in use now) and ``new``."""

    old: str
    new: str
    pages: list[PageDifferenceView]


def template_view(history: TemplateHistory) -> TemplateView:
    version = history.version
    return TemplateView(
        name=version.name,
        instrument=version.instrument,
        packaged=False,
        sha256=version.sha256,
        state=history.state,
        since=history.since,
        reconstructed=list(version.reconstructed),
        note=version.note,
        uploaded_at=version.uploaded_at,
        uploaded_by=version.uploaded_by,
        checks=[TemplateCheckView(part=c.part, ok=c.ok, code=c.code, detail=c.detail) for c in history.checks],
        moves=[
            TemplateMoveView(action=m.action, at=m.at, actor=m.actor, since=m.since, reason=m.reason)
            for m in history.moves
        ],
    )


def packaged_view(instrument: str, name: str, sha256: str, reconstructed: list[str]) -> TemplateView:
    return TemplateView(
        name=name,
        instrument=instrument,
        packaged=True,
        sha256=sha256,
        state=TemplateState.ACTIVATED,
        since=None,
        reconstructed=reconstructed,
        note="",
        uploaded_at=None,
        uploaded_by="",
        checks=[],
        moves=[],
    )


def comparison_view(comparison: Comparison) -> ComparisonView:
    pages = [PageDifferenceView(page=p.page, share=round(p.share, 6)) for p in comparison.pages]
    return ComparisonView(old=comparison.old, new=comparison.new, pages=pages)
