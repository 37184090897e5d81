"""A subscription's secret: made by the service, shown once, sealed ever after."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.webhook_signature import secret_text
from doc_service.domain.webhooks import Webhook
from doc_service.ports_operations import SealedBox


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """``random`` gives ``SECRET_BYTES`` unguessable bytes."""

    box: SealedBox
    random: Callable[[], bytes]

    def new(self, webhook_id: str) -> tuple[str, str]:
        """(as shown to the subscriber, as kept)."""
        secret = self.random()
        return secret_text(secret), base64.b64encode(self.box.seal(secret, _context(webhook_id))).decode()

    def signing(self, webhook: Webhook, now: datetime) -> Sequence[bytes]:
        """The secrets that sign now, the newest first. Raises ``DomainError`` "sealed.unreadable"."""
        kept = [webhook.secret]
        if webhook.former_secret and webhook.former_until is not None and now < webhook.former_until:
            kept.append(webhook.former_secret)
        return [self.box.open(base64.b64decode(sealed), _context(webhook.id)) for sealed in kept]


def _context(webhook_id: str) -> str:
    return f"webhook:{webhook_id}"
