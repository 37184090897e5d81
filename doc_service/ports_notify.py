"""What notices and webhooks need from the outside. Adapters are chosen in ``doc_service.bootstrap`` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from doc_service.domain.webhooks import Delivery, DeliveryState, Webhook


class Webhooks(Protocol):
    """Subscriptions and their deliveries."""

    def add(self, webhook: Webhook) -> None:
        """``ConflictError`` "webhook.exists"."""
        ...

    def get(self, webhook_id: str) -> Webhook:
        """``NotFoundError`` "webhook.not_found". In a writing unit nobody else changes it until its end."""
        ...

    def save(self, webhook: Webhook) -> Webhook:
        """Optimistic, as ``Documents.save``."""
        ...

    def list(self) -> Sequence[Webhook]:
        """All but those removed, oldest first."""
        ...

    def enabled(self) -> Sequence[Webhook]: ...
    def next_seq(self, webhook_id: str) -> int:
        """The place of the subscription's next delivery, kept for this unit until its end."""
        ...

    def has_delivery(self, webhook_id: str, event_id: str) -> bool: ...
    def add_delivery(self, delivery: Delivery) -> bool:
        """False when this event was put in for the subscription already."""
        ...

    def delivery(self, delivery_id: str) -> Delivery:
        """``NotFoundError`` "webhook.delivery_not_found"."""
        ...

    def save_delivery(self, delivery: Delivery) -> None: ...
    def deliveries(
        self, webhook_id: str, *, state: DeliveryState | None = None, before: int = 0, limit: int = 100
    ) -> Sequence[Delivery]:
        """Newest first; ``before``: only those with a smaller ``seq`` (0: from the newest)."""
        ...


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """``status`` of the receiver's answer; its body is not read."""

    status: int


class WebhookSender(Protocol):
    def check(self, url: str) -> None:
        """Raises ``DomainError`` "webhook.unresolvable", "webhook.address_refused": the address may not be called."""
        ...

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """The answer, whatever its status; redirects are not followed. Raises as ``check``, and ``DomainError``
        "webhook.no_answer" (reason, without anything the receiver said)."""
        ...


@dataclass(frozen=True, slots=True)
class Sms:
    """``recipient`` in E.164. ``id`` stays the same when it is sent again; gateways may know the copy by it."""

    id: str
    recipient: str = field(repr=False)
    text: str = field(repr=False)


class SmsGateway(Protocol):
    def send(self, sms: Sms) -> None:
        """Returns when the gateway has taken responsibility. Raises ``DomainError`` "notify.sms_unavailable" when
        trying later can help, "notify.sms_refused" when this message was refused for good. Neither carries the
        number."""
        ...
