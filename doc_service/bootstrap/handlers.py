"""What the outbox runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from doc_service.bootstrap.archive import sweeping
from doc_service.bootstrap.parts import Parts
from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.contract import Handler, RetryableError
from doc_service.jobs.policy import describe
from doc_service.services.archive_document import ArchiveDocument
from doc_service.services.base import SYSTEM
from doc_service.services.dispatch.mail_delivery import MailDelivery
from doc_service.services.extend_document import ExtendDocument
from doc_service.services.nomenclature import NomenclatureInForce
from doc_service.services.render_document import RenderDocument
from doc_service.services.sweep_orphans import SweepOrphans
from doc_service.services.transfer_requests import TransferRequests

SWEEP_AGE = timedelta(hours=24)
"""Regular sweeps leave what is younger: nobody works on one object for a day."""


def build_handlers(p: Parts) -> dict[JobKind, Handler]:
    """Every handler re-reads the state and may run twice. Kinds whose part the settings do not name have none."""
    handlers: dict[JobKind, Handler] = {
        JobKind.RENDER: _rendering(_on_document(_render(p))),
        JobKind.SUBSTITUTE: _rendering(TransferRequests(p.work, p.registry, p.renderer, p.store)),
        JobKind.EXTEND: _on_document(ExtendDocument(p.work, p.store, p.engine)),
        JobKind.ARCHIVE: _on_document(ArchiveDocument(p.work, NomenclatureInForce(), p.store, p.verify)),
        JobKind.CHECKPOINT: lambda job: _discard(p.audit.checkpoint()),
        JobKind.SWEEP: _sweep(p),
        JobKind.REMIND: _remind(p),
        JobKind.DISPATCH: MailDelivery(p.work, p.store, p.notifying.mailer, p.notifying.languages),
        **p.notifying.handlers(),
    }
    if p.reserve is not None:
        handlers[JobKind.REPLICATE] = p.reserve.handler
    return handlers


def _on_document(run: Callable[[str], None]) -> Handler:
    return lambda job: run(job.payload["document_id"])


def _render(p: Parts) -> RenderDocument:
    return RenderDocument(p.work, p.registry, p.renderer, p.store, p.policy.sign_within)


def _rendering(render: Handler) -> Handler:
    """A crash of the converter is tried again."""

    def handler(job: Job) -> None:
        try:
            render(job)
        except DomainError as error:
            if error.code == "render.failed":
                raise RetryableError(describe(error)) from error
            raise

    return handler


def _sweep(p: Parts) -> Handler:
    """An archive whose credentials may delete nothing is left as it is: its orphans cost space, nothing else."""

    def handler(job: Job) -> None:
        if p.stores.may_sweep:
            SweepOrphans(p.work, sweeping(p.stores, p.work), p.audit)(SWEEP_AGE, SYSTEM)

    return handler


def _remind(p: Parts) -> Handler:
    """Without a mail server nobody is reminded."""

    def handler(job: Job) -> None:
        if p.reminders is not None:
            p.reminders(job)

    return handler


def _discard(result: object) -> None:
    """A job has no result but its end."""
