"""Subscribes a receiver to events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.webhooks import Webhook, check_webhook
from doc_service.ports_notify import WebhookSender
from doc_service.services.base import Workspace
from doc_service.services.webhooks.secrets import WebhookSecrets


@dataclass(frozen=True, slots=True)
class WithSecret:
    """``secret`` is shown this once and never again."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddWebhook:
    """Raises ``DomainError`` with every fault of ``check_webhook``; "webhook.unresolvable" and
    "webhook.address_refused" for an address that may not be called. ``plain_loopback``: http:// to this machine."""

    work: Workspace
    secrets: WebhookSecrets
    sender: WebhookSender
    plain_loopback: bool = False

    def __call__(self, url: str, events: Iterable[str], actor: str) -> WithSecret:
        wanted = frozenset(events)
        faults = check_webhook(url, wanted, plain_loopback=self.plain_loopback)
        if faults:
            raise DomainError.of(faults)
        self.sender.check(url)
        webhook_id = self.work.ids.new()
        shown, kept = self.secrets.new(webhook_id)
        webhook = Webhook(webhook_id, url, wanted, self.work.clock.now(), actor, kept)
        with self.work.uow() as uow:
            uow.webhooks.add(webhook)
            details = {"host": urlsplit(url).hostname or "", "events": sorted(wanted)}
            self.work.record(uow, actor, Action.WEBHOOK_ADDED, ("webhook", webhook_id), details)
            uow.commit()
        return WithSecret(webhook, shown)
