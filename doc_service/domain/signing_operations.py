"""A signing operation: one person, one means, one or several signature requests, one authorisation (DESIGN 6).

It remembers how far the device has come, so that a lost answer, a second tab or a restart asks nobody twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from doc_service.domain.transitions import TransitionTable


class OperationState(StrEnum):
    """``STARTED``: looking for the certificate or waiting for the documents to be free. ``WAITING_DEVICE``: the person
    is asked. ``AUTHORISED``: the person has agreed and is needed no more. ``COMPLETING``: signatures are in hand."""

    STARTED = "started"
    WAITING_DEVICE = "waiting_device"
    AUTHORISED = "authorised"
    COMPLETING = "completing"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class OperationAction(StrEnum):
    IDENTIFY = "identify"
    ASK = "ask"
    AUTHORISE = "authorise"
    DELIVER = "deliver"
    CONTINUE = "continue"
    FINISH = "finish"
    FAIL = "fail"
    EXPIRE = "expire"
    CANCEL = "cancel"


_S, _A = OperationState, OperationAction
LIVE = (_S.STARTED, _S.WAITING_DEVICE, _S.AUTHORISED, _S.COMPLETING)
_BEFORE_DELIVERY = (_S.STARTED, _S.WAITING_DEVICE, _S.AUTHORISED)

OPERATION_TRANSITIONS: TransitionTable[OperationState, OperationAction] = TransitionTable(
    "signing_operation",
    {
        (_S.STARTED, _A.IDENTIFY): _S.STARTED,
        (_S.WAITING_DEVICE, _A.IDENTIFY): _S.STARTED,
        **{(s, _A.ASK): _S.WAITING_DEVICE for s in _BEFORE_DELIVERY},
        (_S.STARTED, _A.AUTHORISE): _S.AUTHORISED,
        (_S.WAITING_DEVICE, _A.AUTHORISE): _S.AUTHORISED,
        **{(s, _A.DELIVER): _S.COMPLETING for s in _BEFORE_DELIVERY},
        (_S.COMPLETING, _A.CONTINUE): _S.AUTHORISED,
        (_S.COMPLETING, _A.FINISH): _S.DONE,
        **{(s, _A.FAIL): _S.FAILED for s in LIVE},
        **{(s, _A.EXPIRE): _S.EXPIRED for s in _BEFORE_DELIVERY},
        **{(s, _A.CANCEL): _S.CANCELLED for s in _BEFORE_DELIVERY},
    },
)


class ItemState(StrEnum):
    """Of one request in an operation. ``SIGNED``: its raw signature is in hand, not yet in the document."""

    WAITING = "waiting"
    PREPARED = "prepared"
    SIGNED = "signed"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OperationItem:
    """One request. ``prepared_sha256``: of the bytes given to the device; ``signature``: raw, Base64, while SIGNED;
    ``code``: why it FAILED, e.g. "lease.lost" when the document changed after the device was bound to its hash."""

    request_id: str
    document_id: str
    label: str = ""
    state: ItemState = ItemState.WAITING
    prepared_sha256: str = ""
    signature: str = ""
    code: str = ""

    @property
    def settled(self) -> bool:
        return self.state in (ItemState.DONE, ItemState.FAILED)


@dataclass(frozen=True, slots=True)
class SigningOperation:
    """``means`` and ``provider`` name the way to sign. ``prompt``: what the person or page has to do, without secrets.
    ``session``: the adapter's state, sealed, Base64; emptied at the end. ``certificate``, ``chain``: Base64 DER, once
    known; ``binding``, ``batch`` and ``hold`` (seconds): what the device allows. ``expires_at``: the present time-out.
    ``correlation``: how calls from outside name the operation (a SHA-256, so that the database does not hold what they
    present). ``asked``: how often the person was asked to authorise. ``authorised_until``: how long the device signs
    without the person. ``attempted``: a signature was asked for whose outcome is not recorded.
    ``claim``: the call that drives it or, if its process died, has driven it last; "" when nobody does."""

    id: str
    signer_id: str
    means: str
    provider: str
    items: tuple[OperationItem, ...]
    created_at: datetime
    expires_at: datetime
    state: OperationState = OperationState.STARTED
    code: str = ""
    prompt: Mapping[str, Any] = field(default_factory=dict)
    certificate: str = ""
    chain: tuple[str, ...] = ()
    binding: str = ""
    batch: int = 0
    hold: int = 0
    correlation: str = ""
    asked: int = 0
    attempted: bool = False
    authorised_at: datetime | None = None
    authorised_until: datetime | None = None
    finished_at: datetime | None = None
    claim: str = ""
    session: str = ""
    version: int = 0

    def moved(self, action: OperationAction, **changes: Any) -> SigningOperation:
        """The operation after ``action``; raises ``ConflictError`` when its state does not allow it."""
        return replace(self, state=OPERATION_TRANSITIONS.next(self.state, action), **changes)

    @property
    def way(self) -> str:
        """As ``Ways`` names it: "means" or "means/provider"."""
        return f"{self.means}/{self.provider}" if self.provider else self.means

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def open_items(self) -> tuple[OperationItem, ...]:
        return tuple(i for i in self.items if not i.settled)

    def overdue(self, now: datetime) -> bool:
        """Whether the device has timed out. What is in hand is completed however late."""
        return self.state in _BEFORE_DELIVERY and now >= self.expires_at

    def with_item(self, request_id: str, **changes: Any) -> SigningOperation:
        """With the request's item changed."""
        items = tuple(replace(i, **changes) if i.request_id == request_id else i for i in self.items)
        return replace(self, items=items)

    def item(self, request_id: str) -> OperationItem:
        return next(i for i in self.items if i.request_id == request_id)
