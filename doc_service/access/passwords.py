"""Passwords by Argon2id (RFC 9106)."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """RFC 9106 §4, second recommended option, for servers that have not 2 GiB for each log-in: 64 MiB, 3 passes, 4
    lanes. It takes about a twentieth of a second here and some 64 MiB of fast memory for each guess anywhere else.

    ``at_once``: so many are computed side by side, the others wait, so that a flood of log-ins takes 256 MiB of this
    process and no more."""

    memory_kib: int = 65536
    passes: int = 3
    lanes: int = 4
    at_once: int = 4


class Argon2Hasher:
    """``doc_service.ports_access.PasswordHasher``. The parameters travel with each hash, so they may be changed at any
    time: old hashes are still verified, and renewed at the next log-in (``outdated``)."""

    def __init__(self, cost: Argon2Cost = Argon2Cost()) -> None:
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
        self._turns = threading.BoundedSemaphore(cost.at_once)
        self._nobodys = ""

    def hash(self, password: str) -> str:
        with self._turns:
            return self._hasher.hash(_bytes(password))

    def verify(self, hashed: str, password: str) -> bool:
        """Without a hash the same work is done on one that nobody knows the password of; it is made at the first
        verification, whoever's that is."""
        with self._turns:
            self._nobodys = self._nobodys or self._hasher.hash(secrets.token_urlsafe(32))
            try:
                return self._hasher.verify(hashed or self._nobodys, _bytes(password)) and bool(hashed)
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, hashed: str) -> bool:
        return self._hasher.check_needs_rehash(hashed)


def _bytes(password: str) -> bytes:
    """Also of text that is none, such as half a character from a JSON escape: it is wrong, not a failure."""
    return password.encode(errors="surrogatepass")
