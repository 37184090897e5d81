"""A checked version comes into use from a day on, or is taken out of use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.errors import DomainError
from doc_service.domain.templates import TemplateAction, TemplateHistory, check_since
from doc_service.services.base import Workspace
from doc_service.services.templates.upload import SUBJECT, moved


@dataclass(frozen=True, slots=True)
class ActivateTemplate:
    """Documents drafted from ``since`` on (Baku) are made from it; those drafted before stay as they were made.
    Raises "template.since_past", ``ConflictError`` "state.not_allowed" for a version that did not pass its checks."""

    work: Workspace

    def __call__(self, name: str, since: date, actor: str) -> TemplateHistory:
        check_since(since, baku_date(self.work.clock.now()))
        with self.work.uow() as uow:
            history = uow.templates.get(name)
            if history.since == since:
                return history
            after = moved(self.work, uow, history, TemplateAction.ACTIVATE, actor, since=since)
            details = {"since": since.isoformat(), "sha256": history.version.sha256}
            self.work.record(uow, actor, Action.TEMPLATE_ACTIVATED, (SUBJECT, name), details)
            uow.commit()
        return after


@dataclass(frozen=True, slots=True)
class WithdrawTemplate:
    """New documents are made from the version in use before it, or the packaged one. Raises
    "template.reason_required"."""

    work: Workspace

    def __call__(self, name: str, reason: str, actor: str) -> TemplateHistory:
        if not reason.strip():
            raise DomainError("template.reason_required", "reason")
        with self.work.uow() as uow:
            history = uow.templates.get(name)
            after = moved(self.work, uow, history, TemplateAction.WITHDRAW, actor, reason=reason)
            self.work.record(uow, actor, Action.TEMPLATE_WITHDRAWN, (SUBJECT, name), {"reason": reason})
            uow.commit()
        return after
