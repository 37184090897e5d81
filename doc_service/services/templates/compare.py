"""A version beside the one in use now: the same sample by both, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.civil_time import baku_date
from doc_service.instruments.registry import Registry
from doc_service.ports_templates import PageComparer, PageDifference
from doc_service.services.base import Workspace
from doc_service.services.templates.choose import template_of
from doc_service.services.templates.render_sample import RenderSample


@dataclass(frozen=True, slots=True)
class Comparison:
    """``old`` and ``new``: names of the versions."""

    old: str
    new: str
    pages: Sequence[PageDifference]


@dataclass(frozen=True, slots=True)
class CompareTemplates:
    """Raises ``NotFoundError`` "template.version_not_found", and what rendering raises."""

    work: Workspace
    registry: Registry
    sample: RenderSample
    compare: PageComparer

    def __call__(self, name: str) -> Comparison:
        with self.work.uow.reading() as uow:
            version = uow.templates.get(name).version
            instrument = self.registry.get(version.instrument)
            old = template_of(uow, instrument, baku_date(self.work.clock.now()))
        if old == name:
            old = instrument.template
        return Comparison(old, name, self.compare(self.sample.of(instrument, old), self.sample.of(instrument, name)))
