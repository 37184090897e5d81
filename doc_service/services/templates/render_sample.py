"""The instrument's sample, as a version of its template prints it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.civil_time import baku_date
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.registry import Registry
from doc_service.ports import Renderer
from doc_service.services.base import Workspace
from doc_service.services.to_render import preview_request


@dataclass(frozen=True, slots=True)
class RenderSample:
    """An unsigned PDF/A with the signature fields in it. Raises what ``Renderer.render`` raises."""

    work: Workspace
    registry: Registry
    renderer: Renderer

    def __call__(self, instrument_id: str, template: str) -> bytes:
        return self.of(self.registry.get(instrument_id), template)

    def of(self, instrument: AnyInstrument, template: str) -> bytes:
        """The sample of ``instrument`` by ``template``, packaged or uploaded, in whatever state."""
        request = preview_request(instrument, instrument.sample(), baku_date(self.work.clock.now()))
        return self.renderer.render(replace(request, template=template)).pdf
