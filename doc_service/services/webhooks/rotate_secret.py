"""Gives a subscription a new secret; the former one signs along for a while, so that the receiver can change over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import NotFoundError
from doc_service.domain.webhooks import WebhookState
from doc_service.services.base import Workspace
from doc_service.services.webhooks.add_webhook import WithSecret
from doc_service.services.webhooks.secrets import WebhookSecrets


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """``overlap``: how long the former secret still signs; zero when it has leaked (``__call__`` with ``at_once``)."""

    work: Workspace
    secrets: WebhookSecrets
    overlap: timedelta = timedelta(days=1)

    def __call__(self, webhook_id: str, actor: str, *, at_once: bool = False) -> WithSecret:
        shown, kept = self.secrets.new(webhook_id)
        with self.work.uow() as uow:
            webhook = uow.webhooks.get(webhook_id)
            if webhook.state is WebhookState.REMOVED:
                raise NotFoundError("webhook.not_found", "id", id=webhook_id)
            former, until = ("", None) if at_once else (webhook.secret, self.work.clock.now() + self.overlap)
            saved = uow.webhooks.save(replace(webhook, secret=kept, former_secret=former, former_until=until))
            details = {"at_once": at_once}
            self.work.record(uow, actor, Action.WEBHOOK_SECRET_ROTATED, ("webhook", webhook_id), details)
            uow.commit()
        return WithSecret(saved, shown)
