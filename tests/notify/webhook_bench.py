"""Subscriptions over a real database, real jobs and a real receiver, with a clock moved by hand."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from doc_service.access.sealed import AesGcmBox
from doc_service.bootstrap.background import DELIVERING
from doc_service.domain.announcements import ANNOUNCED
from doc_service.domain.audit_events import Action
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.webhooks import Delivery, Webhook, WebhookAction
from doc_service.jobs.executor import JobExecutor
from doc_service.notify.addresses import AddressPolicy, networks
from doc_service.notify.webhook_http import HttpWebhookSender
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.ports_notify import WebhookSender
from doc_service.services.announce import Announce
from doc_service.services.base import Workspace
from doc_service.services.webhooks.add_webhook import AddWebhook, WithSecret
from doc_service.services.webhooks.change_webhook import ChangeWebhook
from doc_service.services.webhooks.deliver import Deliver
from doc_service.services.webhooks.list_webhooks import ListWebhooks
from doc_service.services.webhooks.redeliver import Redeliver
from doc_service.services.webhooks.rotate_secret import RotateSecret
from doc_service.services.webhooks.secrets import WebhookSecrets
from doc_service.system import RandomIds
from tests.jobs.clocks import SettableClock
from tests.persistence import samples
from tests.persistence.samples import NOW

DAY = timedelta(days=1)
EVENTS = ("document.in_force", "signature.completed")
LOOPBACK = networks(["127.0.0.0/8"])


@dataclass
class WebhookBench:
    engine: Engine
    sender: WebhookSender = field(
        default_factory=lambda: HttpWebhookSender(AddressPolicy(LOOPBACK), timeout=timedelta(seconds=5))
    )
    clock: SettableClock = field(default_factory=lambda: SettableClock(NOW))
    give_up: timedelta = 3 * DAY

    def __post_init__(self) -> None:
        self.units = SqlUnitOfWorkFactory(self.engine)
        self.work = Workspace(self.units, self.clock, RandomIds(), ANNOUNCED)
        self.secrets = WebhookSecrets(AesGcmBox([secrets.token_bytes(32)]), lambda: secrets.token_bytes(32))
        self.change = ChangeWebhook(self.work)
        self.redeliver = Redeliver(self.work)
        self.rotate = RotateSecret(self.work, self.secrets)
        self.list = ListWebhooks(self.work)
        samples.fill(self.engine)

    def add(self, url: str, events: Sequence[str] = EVENTS) -> WithSecret:
        return AddWebhook(self.work, self.secrets, self.sender, plain_loopback=True)(url, events, "account:admin")

    def happen(self, action: Action = Action.DOCUMENT_IN_FORCE, *, commit: bool = True, **details: str) -> None:
        """An event about document d1."""
        with self.units() as unit:
            self.work.record(unit, "p1", action, ("document", "d1"), details)
            if commit:
                unit.commit()

    def executor(self, sender: WebhookSender | None = None) -> JobExecutor:
        deliver = Deliver(self.work, self.secrets, sender or self.sender, self.give_up)
        handlers = {JobKind.ANNOUNCE: Announce(self.work, frozenset()), JobKind.WEBHOOK: deliver}
        policy = replace(DELIVERING, spread=0.0)
        return JobExecutor(self.units, handlers, self.clock, RandomIds(), jitter=lambda: 0.0, policy=policy)

    def run(self, sender: WebhookSender | None = None) -> None:
        """Everything that is due."""
        executor = self.executor(sender)
        while executor.run_next():
            pass

    def pending(self) -> Sequence[Job]:
        with self.units.reading() as unit:
            return unit.jobs.pending()

    def next_try(self) -> timedelta:
        """How long until the one job that is left."""
        (job,) = self.pending()
        return job.run_after - self.clock.now()

    def delivery(self, webhook: Webhook) -> Delivery:
        (found,) = self.list.deliveries(webhook.id)
        return found

    def webhook(self, webhook: Webhook) -> Webhook:
        return self.list.one(webhook.id)

    def enable(self, webhook: Webhook) -> Webhook:
        return self.change(webhook.id, WebhookAction.ENABLE, "account:admin")

    def disable(self, webhook: Webhook) -> Webhook:
        return self.change(webhook.id, WebhookAction.DISABLE, "account:admin")

    def events(self, webhook: Webhook) -> list[str]:
        with self.units.reading() as unit:
            return [str(e.action) for e in unit.audit.of_subject("webhook", webhook.id)]

    def now(self) -> float:
        moment: datetime = self.clock.now()
        return moment.timestamp()
