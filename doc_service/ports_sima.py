"""What log-in with SİMA keeps while the person takes out the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SimaAttempt:
    """One log-in that was begun. ``operation_sha256`` finds it for the phone, ``browser_sha256`` for the browser that
    began it: neither knows the other's name for it. ``sealed``: until the phone has answered, what was asked of it,
    then (``proven``) who answered."""

    operation_sha256: str
    browser_sha256: str
    sealed: bytes
    expires_at: datetime
    proven: bool = False

    def live(self, now: datetime) -> bool:
        return now < self.expires_at


class SimaAttempts(Protocol):
    def add(self, attempt: SimaAttempt) -> None: ...
    def of_operation(self, operation_sha256: str) -> SimaAttempt | None: ...
    def of_browser(self, browser_sha256: str) -> SimaAttempt | None: ...
    def prove(self, operation_sha256: str, sealed: bytes) -> bool:
        """Replaces what was asked by who answered, once: False when somebody has, or the attempt is gone."""
        ...

    def take(self, browser_sha256: str) -> SimaAttempt | None:
        """Gives a proven attempt once: of two that ask, one gets it. One that nobody has answered stays."""
        ...

    def purge(self, before: datetime) -> int:
        """Deletes those that expired before; returns how many."""
        ...
