"""Makes one delivery: signs it, sends it, and records how it went.

The record follows the answer in a transaction of its own, so a process that dies between them delivers again, under
the same id: at least once. Long failure ends the trying: of a delivery after ``give_up``, of the whole subscription
when nothing was accepted for as long; both are recorded, and both can be taken up again by a person.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job
from doc_service.domain.webhook_signature import signed_headers
from doc_service.domain.webhooks import Delivery, DeliveryAction, DeliveryState, Webhook, WebhookAction, WebhookState
from doc_service.ports import UnitOfWork
from doc_service.ports_notify import WebhookSender
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.webhooks.secrets import WebhookSecrets

_log = logging.getLogger(__name__)
_GONE = 410
"""The receiver wants no more (RFC 9110 §15.5.11; Standard Webhooks)."""


class DeliveryFailedError(Exception):
    """Not accepted; the same delivery is tried later, each time after twice the wait. It carries no code: one that can
    be retried would count as an outage, whose waits follow the job's age."""

    retryable = True


@dataclass(frozen=True, slots=True)
class Deliver:
    work: Workspace
    secrets: WebhookSecrets
    sender: WebhookSender
    give_up: timedelta

    def __call__(self, job: Job) -> None:
        """Job. Nothing for a delivery that is no longer wanted; raises ``DeliveryFailedError`` to be called again."""
        with self.work.uow.reading() as uow:
            delivery = uow.webhooks.delivery(job.payload["delivery_id"])
            webhook = uow.webhooks.get(delivery.webhook_id)
        if delivery.state is not DeliveryState.PENDING or webhook.state is not WebhookState.ENABLED:
            return
        status, error = self._send(webhook, delivery)
        with self.work.uow() as uow:
            webhook = uow.webhooks.get(delivery.webhook_id)
            delivery = uow.webhooks.delivery(delivery.id)
            again = self._note(uow, webhook, delivery, status, error)
            uow.commit()
        if again:
            raise DeliveryFailedError(f"{delivery.id}: {error}")

    def _send(self, webhook: Webhook, delivery: Delivery) -> tuple[int, str]:
        """(status, what was wrong); "" when accepted."""
        now = self.work.clock.now()
        body = delivery.body.encode()
        headers = {
            "content-type": "application/json",
            **signed_headers(delivery.id, now, body, self.secrets.signing(webhook, now)),
        }
        try:
            status = self.sender.post(webhook.url, headers, body).status
        except DomainError as failure:
            return 0, " ".join(filter(None, (failure.code, str(failure.faults[0].params.get("reason", "")))))
        return status, "" if 200 <= status < 300 else f"status {status}"

    def _note(self, uow: UnitOfWork, webhook: Webhook, delivery: Delivery, status: int, error: str) -> bool:
        """Records the attempt; True when the delivery is to be tried again."""
        now = self.work.clock.now()
        tried = replace(delivery, attempts=delivery.attempts + 1, last_status=status, last_error=error)
        if not error:
            if tried.state is DeliveryState.PENDING:
                tried = tried.moved(DeliveryAction.ACCEPT, delivered_at=now)
            uow.webhooks.save_delivery(tried)
            if webhook.failing_since is not None:
                uow.webhooks.save(replace(webhook, failing_since=None))
            return False
        late = now - delivery.asked_at >= self.give_up
        if late and tried.state is DeliveryState.PENDING:
            tried = tried.moved(DeliveryAction.GIVE_UP)
        uow.webhooks.save_delivery(tried)
        return self._fail(uow, webhook, status, now) and not late

    def _fail(self, uow: UnitOfWork, webhook: Webhook, status: int, now: datetime) -> bool:
        """Marks the subscription as failing, or suspends it; True while it stays enabled."""
        if webhook.state is not WebhookState.ENABLED:
            return False
        since = webhook.failing_since or now
        if status != _GONE and now - since < self.give_up:
            if webhook.failing_since is None:
                uow.webhooks.save(replace(webhook, failing_since=since))
            return True
        uow.webhooks.save(webhook.moved(WebhookAction.SUSPEND, failing_since=since))
        why = "gone" if status == _GONE else "failing"
        details = {"why": why, "since": since.isoformat(timespec="seconds"), "last_status": status}
        self.work.record(uow, SYSTEM, Action.WEBHOOK_SUSPENDED, ("webhook", webhook.id), details)
        _log.warning("webhook %s was suspended: %s", webhook.id, why)
        return False


def delivery_body(event: str, at: datetime, ids: dict[str, str], state: str) -> str:
    """What a receiver is told: ids, state, event and time, nothing else."""
    content = {"type": event, "timestamp": at.isoformat(timespec="microseconds"), "data": {**ids, "state": state}}
    return json.dumps(content, separators=(",", ":"), sort_keys=True)
