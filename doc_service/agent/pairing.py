"""Who may speak with the agent: a page that was told the code which the agent showed to the person.

The Origin header keeps other pages away, but another program on the computer can write any header. The code proves
that the person in front of the agent means this page.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from doc_service.agent.confirm import Confirmer
from doc_service.domain.errors import ConflictError, DomainError

CODE_LIFE = 120.0
ATTEMPTS = 5
CODES = 5
WINDOW = 600.0
TOKEN_LIFE = 12 * 3600.0
"""Seconds. Guessing has ``CODES`` × ``ATTEMPTS`` tries in ``WINDOW`` against 10⁸ codes."""


@dataclass
class _Code:
    origin: str
    value: str
    ends: float
    left: int = ATTEMPTS


@dataclass(frozen=True, slots=True)
class _Token:
    digest: bytes
    origin: str
    ends: float


class Pairing:
    """Codes and tokens, in memory only: a new start of the agent needs a new pairing. Times by ``monotonic``."""

    def __init__(
        self,
        confirmer: Confirmer,
        monotonic: Callable[[], float],
        *,
        new_code: Callable[[], str] = lambda: f"{secrets.randbelow(10**8):08d}",
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._confirmer = confirmer
        self._now = monotonic
        self._new_code = new_code
        self._new_token = new_token
        self._turn = threading.Lock()
        self._code: _Code | None = None
        self._begun: list[float] = []
        self._tokens: list[_Token] = []

    def begin(self, origin: str) -> float:
        """Shows a new code to the person, in place of an earlier one; returns for how many seconds it holds.

        Raises ``ConflictError`` "agent.pairing_locked" (seconds) after ``CODES`` in ``WINDOW``."""
        with self._turn:
            now = self._now()
            self._begun = [at for at in self._begun if now - at < WINDOW]
            if len(self._begun) >= CODES:
                raise ConflictError("agent.pairing_locked", "", seconds=int(WINDOW - (now - self._begun[0])) + 1)
            self._begun.append(now)
            self._code = _Code(origin, self._new_code(), now + CODE_LIFE)
            value = self._code.value
        self._confirmer.show_code(origin, value)
        return CODE_LIFE

    def finish(self, origin: str, code: str) -> str:
        """The token for ``origin``. A code works once, for the page that asked for it.

        Raises ``DomainError`` "agent.pairing_none" (no code, or it is over), "agent.pairing_wrong" (left)."""
        with self._turn:
            live = self._code
            if live is None or live.origin != origin or self._now() >= live.ends:
                raise DomainError("agent.pairing_none", "code")
            typed = "".join(code.split()).encode()
            if not hmac.compare_digest(typed, live.value.encode()):
                live.left -= 1
                if live.left <= 0:
                    self._code = None
                raise DomainError("agent.pairing_wrong", "code", left=live.left)
            self._code = None
            token = self._new_token()
            self._tokens = [kept for kept in self._tokens if kept.ends > self._now()]
            self._tokens.append(_Token(_digest(token), origin, self._now() + TOKEN_LIFE))
        self._confirmer.tell("agent.paired", origin=origin)
        return token

    def knows(self, origin: str, token: str) -> bool:
        """Whether ``token`` was given to ``origin`` and holds. Compares every token, in constant time each."""
        digest = _digest(token)
        now = self._now()
        with self._turn:
            known = [hmac.compare_digest(kept.digest, digest) for kept in self._tokens]
            kept = [k for k, same in zip(self._tokens, known, strict=True) if same]
        return any(k.origin == origin and k.ends > now for k in kept)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
