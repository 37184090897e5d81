"""Webhooks: who is told of events by HTTP, and each telling.

A delivery says that something happened and where to ask for it: ids, state, event, time; never a title, a name or a
content. It is made at least once, under an id that stays the same over every attempt; ids of one subscription sort in
the order in which they were made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import Fault
from doc_service.domain.transitions import TransitionTable

WEBHOOK_EVENTS = frozenset(
    {
        Action.DOCUMENT_SUBMITTED,
        Action.DOCUMENT_RETURNED,
        Action.DOCUMENT_APPROVED,
        Action.DOCUMENT_REGISTERED,
        Action.DOCUMENT_RENDERED,
        Action.SIGNING_OPENED,
        Action.SIGNATURE_COMPLETED,
        Action.SIGNATURE_DECLINED,
        Action.SIGNING_COMPLETED,
        Action.DOCUMENT_IN_FORCE,
        Action.DOCUMENT_ARCHIVED,
        Action.DOCUMENT_WITHDRAWN,
        Action.DOCUMENT_ANNULLED,
    }
)
"""Events that can be subscribed to; their names are those of the audit log and are never renamed."""

_URL_LENGTH = 2000
_MOST_EVENTS = len(WEBHOOK_EVENTS)


class WebhookState(StrEnum):
    """``disabled``: by a person. ``suspended``: by the service, after long failure. Deliveries made before wait."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class WebhookAction(StrEnum):
    ENABLE = "enable"
    DISABLE = "disable"
    SUSPEND = "suspend"
    REMOVE = "remove"


_S, _A = WebhookState, WebhookAction
WEBHOOK_TRANSITIONS: TransitionTable[WebhookState, WebhookAction] = TransitionTable(
    "webhook",
    {
        (_S.ENABLED, _A.DISABLE): _S.DISABLED,
        (_S.SUSPENDED, _A.DISABLE): _S.DISABLED,
        (_S.ENABLED, _A.SUSPEND): _S.SUSPENDED,
        (_S.DISABLED, _A.ENABLE): _S.ENABLED,
        (_S.SUSPENDED, _A.ENABLE): _S.ENABLED,
        **{(s, _A.REMOVE): _S.REMOVED for s in (_S.ENABLED, _S.DISABLED, _S.SUSPENDED)},
    },
)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A subscription. ``secret`` and ``former_secret`` are sealed (base64); the former still signs until
    ``former_until``. ``failing_since``: since when no delivery has been accepted; None: the last one was."""

    id: str
    url: str
    events: frozenset[str]
    created_at: datetime
    created_by: str
    secret: str
    state: WebhookState = WebhookState.ENABLED
    former_secret: str = ""
    former_until: datetime | None = None
    failing_since: datetime | None = None
    version: int = 0

    def moved(self, action: WebhookAction, **changes: Any) -> Webhook:
        """The subscription after ``action``; raises ``ConflictError`` when its state does not allow it."""
        return replace(self, state=WEBHOOK_TRANSITIONS.next(self.state, action), **changes)


class DeliveryState(StrEnum):
    """``failed``: given up after long failure; it can be asked for again."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryAction(StrEnum):
    ACCEPT = "accept"
    GIVE_UP = "give_up"
    REDELIVER = "redeliver"


_D, _DA = DeliveryState, DeliveryAction
DELIVERY_TRANSITIONS: TransitionTable[DeliveryState, DeliveryAction] = TransitionTable(
    "webhook_delivery",
    {
        (_D.PENDING, _DA.ACCEPT): _D.DELIVERED,
        (_D.PENDING, _DA.GIVE_UP): _D.FAILED,
        **{(s, _DA.REDELIVER): _D.PENDING for s in _D},
    },
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One telling. ``body``: the JSON text, the same at every attempt. ``asked_at``: since when it is tried (made, or
    asked for again). ``round``: how often it was asked for again. ``last_status``: the receiver's HTTP status, 0 when
    there was no answer; ``last_error``: a code, never the receiver's words."""

    id: str
    webhook_id: str
    seq: int
    event_id: str
    event: str
    body: str
    created_at: datetime
    asked_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    round: int = 0
    last_status: int = 0
    last_error: str = ""
    delivered_at: datetime | None = None

    def moved(self, action: DeliveryAction, **changes: Any) -> Delivery:
        return replace(self, state=DELIVERY_TRANSITIONS.next(self.state, action), **changes)


def delivery_id(seq: int, unique: str) -> str:
    """Sorts by ``seq`` within a subscription; without "." and of printable ASCII, as Standard Webhooks asks of ids."""
    return f"msg_{seq:012d}_{unique.replace('-', '')}"


def check_webhook(url: str, events: frozenset[str], *, plain_loopback: bool) -> tuple[Fault, ...]:
    """Every fault: "webhook.bad_url", "webhook.not_https", "webhook.no_events", "webhook.unknown_event".

    ``plain_loopback``: http:// is allowed to this very machine (the embedded default)."""
    faults = list(_url_faults(url, plain_loopback=plain_loopback))
    if not events:
        faults.append(Fault("webhook.no_events", "events"))
    known = {str(event) for event in WEBHOOK_EVENTS}
    faults += [
        Fault("webhook.unknown_event", "events", {"event": e[:64]}) for e in sorted(events - known)[:_MOST_EVENTS]
    ]
    return tuple(faults)


def _url_faults(url: str, *, plain_loopback: bool) -> tuple[Fault, ...]:
    bad = (Fault("webhook.bad_url", "url"),)
    if len(url) > _URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return bad
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return bad
    if not host or parts.username is not None or parts.fragment or parts.scheme not in ("http", "https"):
        return bad
    if parts.scheme == "http" and not (plain_loopback and _is_loopback(host)):
        return (Fault("webhook.not_https", "url"),)
    return ()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
