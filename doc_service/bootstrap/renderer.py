"""The renderer: templates, filling, and LibreOffice processes that start with the first document."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from doc_service.domain.errors import DomainError
from doc_service.ports import Clock, Renderer
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.fonts import FontCatalogue
from doc_service.rendering.graphviz import GraphvizDiagrams, GraphvizSettings
from doc_service.rendering.isolation import network_prefix
from doc_service.rendering.office import OfficePool, converter_version
from doc_service.rendering.office_worker import OfficeSettings
from doc_service.rendering.officehost import landlock
from doc_service.rendering.renderer import OfficeRenderer
from doc_service.rendering.templates import LayeredTemplates, Uploaded
from doc_service.settings import Settings
from doc_service.system import SystemClock
from signing.appearance_font import AppearanceFont
from signing.fields import PdfFieldPlacer

_log = logging.getLogger(__name__)


@contextmanager
def running_renderer(
    settings: Settings, font: AppearanceFont, uploaded: Uploaded = lambda _: None
) -> Iterator[Renderer]:
    """The renderer of the settings; its processes end with the block. A kernel that cannot confine them is said."""
    if landlock.abi() == 0:
        _log.warning("this kernel has no Landlock: only the check of templates keeps LibreOffice from local files")
    prefix = network_prefix()
    office = OfficeSettings(
        prefix=prefix,
        timeout=settings.office_timeout.total_seconds(),
        max_rss=settings.office_memory_mb << 20,
    )
    with OfficePool(settings.office_processes, office, time.monotonic) as pool:
        yield OfficeRenderer(
            LayeredTemplates(settings.templates_dir, uploaded),
            TemplateFiller(),
            pool,
            PdfFieldPlacer(font),
            FontCatalogue(),
            lambda: converter_version(office.program),
            GraphvizDiagrams(GraphvizSettings(prefix=prefix)),
        )


@contextmanager
def open_renderer(settings: Settings) -> Iterator[tuple[Renderer, Clock]]:
    """A renderer alone, for drafts: neither database nor keys."""
    with running_renderer(settings, AppearanceFont.load()) as renderer:
        yield renderer, SystemClock()


def office_runs() -> bool:
    """Whether LibreOffice can be started here, by starting it."""
    try:
        converter_version(OfficeSettings().program)
    except DomainError:
        return False
    return True
