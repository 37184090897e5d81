"""The secretariat's own templates, beside those that came with the program."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from doc_service.bootstrap.parts import Parts
from doc_service.ports import UnitOfWorkFactory
from doc_service.ports_templates import PackagedTemplate
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.page_compare import compare_pages
from doc_service.rendering.template_judge import DocxTemplateJudge
from doc_service.rendering.templates import TemplateStore
from doc_service.services.templates.activate import ActivateTemplate, WithdrawTemplate
from doc_service.services.templates.compare import CompareTemplates
from doc_service.services.templates.render_sample import RenderSample
from doc_service.services.templates.upload import UploadTemplate
from doc_service.settings import Settings


@dataclass(frozen=True, slots=True)
class TemplateCases:
    """What the command line and the API call."""

    packaged: Callable[[str], PackagedTemplate]
    upload: UploadTemplate
    sample: RenderSample
    compare: CompareTemplates
    activate: ActivateTemplate
    withdraw: WithdrawTemplate


def build_templates(settings: Settings, p: Parts) -> TemplateCases:
    """The use cases over ``p``."""
    store = TemplateStore(settings.templates_dir)

    def packaged(name: str) -> PackagedTemplate:
        return PackagedTemplate(name, *store.packaged(name))

    sample = RenderSample(p.work, p.registry, p.renderer)
    judge = DocxTemplateJudge(TemplateFiller(), shlex.split(settings.verapdf_command))
    return TemplateCases(
        packaged=packaged,
        upload=UploadTemplate(p.work, p.registry, packaged, judge, sample),
        sample=sample,
        compare=CompareTemplates(p.work, p.registry, sample, compare_pages),
        activate=ActivateTemplate(p.work),
        withdraw=WithdrawTemplate(p.work),
    )


def uploaded(units: UnitOfWorkFactory) -> Callable[[str], tuple[bytes, str] | None]:
    """DOCX and manifest of an uploaded version, in whatever state: documents made from it may be made again."""

    def find(name: str) -> tuple[bytes, str] | None:
        with units.reading() as uow:
            known = uow.templates.find(name)
            return None if known is None else (uow.templates.content(name), known.version.manifest)

    return find
