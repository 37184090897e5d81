"""Signature requests and the short fenced lease on a document's tail (DESIGN 6–8)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from doc_service.domain.authentication import Authentication
from doc_service.domain.people import Person
from doc_service.domain.transitions import TransitionTable


class SignerKind(StrEnum):
    """Who signs: a natural person, known by FİN, or an organisation's seal (möhür), known by VÖEN."""

    PERSON = "person"
    SEAL = "seal"


class RequestState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    CONSENTED = "consented"
    SIGNED = "signed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class RequestAction(StrEnum):
    OPEN = "open"
    CONSENT = "consent"
    SIGN = "sign"
    DECLINE = "decline"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


_S, _A = RequestState, RequestAction

REQUEST_TRANSITIONS: TransitionTable[RequestState, RequestAction] = TransitionTable(
    "signature_request",
    {
        (_S.WAITING, _A.OPEN): _S.OPEN,
        (_S.OPEN, _A.CONSENT): _S.CONSENTED,
        (_S.CONSENTED, _A.CONSENT): _S.CONSENTED,
        (_S.CONSENTED, _A.SIGN): _S.SIGNED,
        (_S.OPEN, _A.DECLINE): _S.DECLINED,
        (_S.CONSENTED, _A.DECLINE): _S.DECLINED,
        (_S.DECLINED, _A.REOPEN): _S.OPEN,
        (_S.CONSENTED, _A.REOPEN): _S.OPEN,
        (_S.WAITING, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.OPEN, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.CONSENTED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.DECLINED, _A.WITHDRAW): _S.WITHDRAWN,
    },
)


UNFINISHED = frozenset({RequestState.WAITING, RequestState.OPEN, RequestState.CONSENTED, RequestState.DECLINED})
ASKED = frozenset({RequestState.OPEN, RequestState.CONSENTED})
"""It is this person's turn, and nothing has come yet."""


@dataclass(frozen=True, slots=True)
class SignatureRequest:
    """One person asked to sign one field. Requests with the same ``order`` are open together, lower ones first.

    ``signer`` is who signs; ``in_place_of``/``basis`` are set when a substitute signs ("… əvəzinə", with its legal
    basis) and point to ``substitution_id``. ``consent_sha256`` is the digest of the bytes that were shown.
    ``opened_at``: since when the person can sign; None in records older than the field. ``due_at``: by when the
    person is asked to sign; a request is never closed by it. ``acts_until``: last day of the power of attorney on which
    the signer acts (None: open, or for themselves). ``consent_text``: what the person agreed to, word for word.
    ``kind`` SEAL: the seal of the organisation ``voen`` signs.
    """

    id: str
    document_id: str
    order: int
    field: str
    role_label: str
    signer: Person
    state: RequestState = RequestState.WAITING
    substitution_id: str | None = None
    in_place_of: str = ""
    basis: str = ""
    consent_sha256: str | None = None
    consented_at: datetime | None = None
    signed_at: datetime | None = None
    certificate_sha256: str | None = None
    certificate_serial: str | None = None
    revision: int | None = None
    level: str | None = None
    reason: str = ""
    version: int = 0
    opened_at: datetime | None = None
    due_at: datetime | None = None
    acts_until: date | None = None
    consent_text: str = ""
    consent_authentication: Authentication | None = None
    kind: SignerKind = SignerKind.PERSON
    voen: str = ""

    def overdue(self, now: datetime) -> bool:
        """Whether the person could have signed and the deadline has passed."""
        return self.state in ASKED and self.due_at is not None and self.due_at < now

    def asked_again(self, at: datetime, **changes: Any) -> SignatureRequest:
        """Open as on the first day: what was agreed to before holds no more. For declined requests that are put to the
        person again, and for those whose document or signer has changed."""
        fresh = {"consent_sha256": None, "consented_at": None, "consent_text": "", "consent_authentication": None}
        return self.moved(RequestAction.REOPEN, **{**fresh, "reason": "", "opened_at": at, **changes})

    def moved(self, action: RequestAction, **changes: Any) -> SignatureRequest:
        """The request after ``action``; raises ``ConflictError`` when its state does not allow it."""
        return replace(self, state=REQUEST_TRANSITIONS.next(self.state, action), **changes)


@dataclass(frozen=True, slots=True)
class SigningLease:
    """The right to append to one document until ``expires_at``. ``token`` is the fence: it only grows."""

    document_id: str
    token: int
    request_id: str
    expires_at: datetime

    def holds(self, now: datetime) -> bool:
        return now < self.expires_at


@dataclass(frozen=True, slots=True)
class PreparedSigning:
    """A signature between prepare and complete; ties digest shown, prepared digest and base into one record.

    ``state`` is the signing engine's own serialised state and never leaves the server. ``way``: the way to sign.
    """

    request_id: str
    document_id: str
    lease_token: int
    base_revision: int
    base_sha256: str
    to_be_signed: bytes
    signature_algorithm: str
    certificate: bytes
    state: bytes
    created_at: datetime
    way: str = ""

    @property
    def sha256(self) -> str:
        """Of what the device must sign."""
        return hashlib.sha256(self.to_be_signed).hexdigest()
