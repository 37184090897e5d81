"""What proves a person at the door: passwords, one-time passwords, recovery codes, and how guessing is slowed down.

Pure rules; hashing, sealing and randomness are ports (``doc_service.ports_access``).
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from doc_service.domain.errors import Fault

PASSWORD_MIN, PASSWORD_MAX = 12, 256
"""Characters. At least twelve: length instead of composition rules (NIST SP 800-63B §5.1.1.2). At most 256, since every
log-in hashes what it is given."""

_DISTINCT = 5
COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789123 1234567890abc 123123123123 012345678910 098765432100
    password1234 password12345 passwordpassword password2024 password2025 password2026 mypassword123 changeme1234
    letmeinletmein welcome12345 administrator administrator1 adminadminadmin admin1234567 qwertyuiop12 qwertyuiop123
    qwertyuiop[] qwerty123456 qwerty1234567 qwertyqwerty 1q2w3e4r5t6y 1qaz2wsx3edc asdfghjkl123 zxcvbnm12345
    iloveyou1234 parolparol12 parol1234567 parol12345678 parolunutdum salamsalam12 salam1234567 azerbaycan12
    azerbaycan123 azerbaijan123 azerbaycan2025 azerbaycan2026 azərbaycan123 bakubakubaku baku12345678 bakı12345678
    qarabag12345 qarabağ12345 kobevikobevi dovlet123456 dövlət123456 secretariat1 katiblik1234 signature123
    """.split()  # noqa: SIM905
)
"""Passwords long enough that are guessed first; the list is small, the lockout does the rest."""

STEP = timedelta(seconds=30)
_WINDOW = (-1, 0, 1)
RECOVERY_CODES = 10

FREE_FAILURES = 5
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
TICKET_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Credential:
    """What an account has to prove itself. ``password_hash``: the hasher's own text ("": no password yet).

    ``totp``: the sealed secret in use (b"": none); ``totp_pending``: one shown to the person and not confirmed yet.
    ``totp_step``: the newest time step whose code was accepted. ``enrolment_sha256``: of the one-time token that lets
    the person choose a password ("": none), good until ``enrolment_until``;
    ``enrolment_resets``: it also takes the second step away.
    """

    account_id: str
    password_hash: str = ""
    password_set_at: datetime | None = None
    totp: bytes = b""
    totp_pending: bytes = b""
    totp_step: int = 0
    enrolment_sha256: str = ""
    enrolment_until: datetime | None = None
    enrolment_resets: bool = False


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failed attempts under one name, known or not, that were not followed by a success."""

    failures: int = 0
    last_at: datetime | None = None

    def locked_until(self) -> datetime | None:
        """Until when no further attempt is looked at; None: now is fine. The first five failures cost nothing, then
        each doubles the wait from 15 seconds up to 15 minutes. It never becomes permanent: whoever could lock others
        out for good by guessing would have found a weapon; only an administrator closes an account."""
        if self.last_at is None or self.failures < FREE_FAILURES:
            return None
        doublings = min(self.failures - FREE_FAILURES, 10)
        return self.last_at + min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)

    def wait(self, now: datetime) -> timedelta:
        """How long to wait from ``now`` on; zero when an attempt is looked at."""
        until = self.at(now).locked_until()
        return timedelta() if until is None else max(until - now, timedelta())

    def at(self, now: datetime) -> Attempts:
        """What still counts: all is forgotten a day after the last failure."""
        return Attempts() if self.last_at is None or now - self.last_at >= FORGOTTEN_AFTER else self

    def taken_back(self, reserved: Attempts, before: Attempts) -> Attempts:
        """Without the attempt that made ``reserved`` of ``before``; what others added meanwhile stays."""
        return before if self == reserved else Attempts(max(self.failures - 1, 0), self.last_at)

    def failed(self, now: datetime) -> Attempts:
        """After one more failure; a clock that went back does not shorten the wait."""
        current = self.at(now)
        last = now if current.last_at is None else max(now, current.last_at)
        return Attempts(current.failures + 1, last)


def normal_password(text: str) -> str:
    """The form that is hashed: the same letters from any keyboard (NFKC, NIST SP 800-63B §5.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


def check_password(password: str, *avoid: str, field: str = "password") -> tuple[Fault, ...]:
    """Every fault of a new password: "password.too_short", "password.too_long", "password.too_common" (known to be
    guessed first, or of fewer than five different characters), "password.like_login" (it holds one of ``avoid``: login
    name, e-mail address; or is part of one)."""
    text = normal_password(password)
    faults = []
    if len(text) < PASSWORD_MIN:
        faults.append(Fault("password.too_short", field, {"minimum": PASSWORD_MIN}))
    if len(text) > PASSWORD_MAX:
        faults.append(Fault("password.too_long", field, {"maximum": PASSWORD_MAX}))
    low = text.casefold()
    if low in COMMON or len(set(low)) < _DISTINCT:
        faults.append(Fault("password.too_common", field))
    if any(_alike(low, name.casefold()) for name in avoid if name):
        faults.append(Fault("password.like_login", field))
    return tuple(faults)


def _alike(password: str, name: str) -> bool:
    return password in name or (len(name) >= 4 and name in password and len(password) - len(name) < PASSWORD_MIN // 2)


def step_of(now: datetime) -> int:
    """The TOTP time step of a moment (RFC 6238 §4.2, T0 = 0)."""
    return int(now.timestamp()) // int(STEP.total_seconds())


def accepted_step(code: str, now: datetime, used: int, code_at: Callable[[int], str]) -> int | None:
    """The time step that ``code`` belongs to, of the present one and its neighbours (RFC 6238 §5.2), newer than
    ``used``; None when there is none. A step that was accepted once, and any before it, is never accepted again, so
    that a code read over somebody's shoulder is worthless. Every candidate is compared, each in constant time."""
    given = "".join(code.split())
    present = step_of(now)
    found = None
    for step in (present + offset for offset in _WINDOW):
        same = hmac.compare_digest(code_at(step).encode(), given.encode(errors="replace"))
        if same and step > used:
            found = step
    return found


def normal_recovery_code(text: str) -> str:
    """As it is compared: without spaces and hyphens, capitals; letters that pass for digits are those digits."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))


def recovery_digest(account_id: str, code: str) -> str:
    """Hex SHA-256, as recovery codes are kept: they have 80 random bits. "" for what is no code."""
    plain = normal_recovery_code(code)
    return hashlib.sha256(f"{account_id}\x00{plain}".encode(errors="replace")).hexdigest() if plain else ""
