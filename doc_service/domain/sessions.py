"""Sessions of persons and tokens of machines: how long they live, and what they may do.

A secret is shown once and kept as its SHA-256 only. It has 256 random bits, so that a plain digest cannot be reversed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from doc_service.domain.errors import Fault
from doc_service.domain.principals import Means, Scope

SESSION_PREFIX, TOKEN_PREFIX, TICKET_PREFIX, ENROLMENT_PREFIX = "dss", "dst", "dsl", "dse"
_SECRET = re.compile(r"(ds[a-z])_([0-9A-Za-z-]{1,64})_([0-9A-Za-z_-]{43})")
TOUCH_EVERY = timedelta(minutes=1)
TOKEN_LONGEST = timedelta(days=366)
_LABEL_LENGTH = 200


@dataclass(frozen=True, slots=True)
class SessionRules:
    """``absolute``: life of a session from its start, whatever happens. ``idle``: without any request."""

    absolute: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Session:
    """One log-in on one device. ``device``: a label for its owner's list, e.g. the browser's name."""

    id: str
    account_id: str
    secret_sha256: str
    means: Means
    device: str
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def live(self, now: datetime, rules: SessionRules) -> bool:
        """Neither ended, nor over its absolute life, nor idle for too long; at the very moment it is over."""
        return self.ended_at is None and now < self.expires_at and now - self.seen_at < rules.idle

    def due_touch(self, now: datetime) -> bool:
        """Whether ``seen_at`` is worth a write: at most once a minute."""
        return now - self.seen_at >= TOUCH_EVERY

    def ended(self, at: datetime) -> Session:
        """Ended once and for good; the first moment stays."""
        return self if self.ended_at is not None else replace(self, ended_at=at)


@dataclass(frozen=True, slots=True)
class ServiceToken:
    """A machine's way in, for a part of what its account may do (``scopes``); it never signs."""

    id: str
    account_id: str
    name: str
    scopes: frozenset[Scope]
    secret_sha256: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def due_touch(self, now: datetime) -> bool:
        return self.used_at is None or now - self.used_at >= TOUCH_EVERY


@dataclass(frozen=True, slots=True)
class LoginTicket:
    """A log-in whose password was right and whose second step is still missing."""

    id: str
    account_id: str
    secret_sha256: str
    device: str
    expires_at: datetime

    def live(self, now: datetime) -> bool:
        return now < self.expires_at


def secret_text(prefix: str, row_id: str, random: str) -> str:
    """``<kind>_<id>_<random>``: the id finds the record, so that nothing is ever looked up by a secret; the kind lets a
    scanner of leaked secrets know ours."""
    return f"{prefix}_{row_id}_{random}"


def parse_secret(text: str) -> tuple[str, str] | None:
    """Kind and id; None for anything that is no secret of ours."""
    match = _SECRET.fullmatch(text)
    return (match[1], match[2]) if match else None


def secret_sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_secret(secret: str, sha256: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(secret_sha256(secret), sha256)


def device_label(text: str) -> str:
    """As it is kept: one printable line of at most 200 characters."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:_LABEL_LENGTH]


def check_token(name: str, scopes: frozenset[Scope], life: timedelta) -> tuple[Fault, ...]:
    """Every fault: "token.bad_name", "token.no_scopes", "token.bad_life" (more than nothing, at most 366 days)."""
    faults = []
    if not name.strip() or len(name) > _LABEL_LENGTH or not name.isprintable():
        faults.append(Fault("token.bad_name", "name"))
    if not scopes:
        faults.append(Fault("token.no_scopes", "scopes"))
    if not timedelta() < life <= TOKEN_LONGEST:
        faults.append(Fault("token.bad_life", "days", {"maximum": TOKEN_LONGEST.days}))
    return tuple(faults)
