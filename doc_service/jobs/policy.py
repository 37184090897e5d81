"""When a failed job is tried again."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from doc_service.domain.errors import DomainError

_OUT_OF_REACH = ("unavailable", "no_space", "timeout", "stale", "lost", "busy", "denied", "clock_skew")
"""The last two: a store that refuses our credentials or our clock is out of reach until somebody puts that right."""
_MAX_ERROR_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits ``base``, 2·``base``, 4·``base`` … up to ``cap``, each shortened by up to ``spread`` of itself, so that
    jobs which failed together do not come back together. The ``max_attempts``-th failure is the last; outages of
    others are no failures of the job (``is_outage``).
    """

    base: timedelta = timedelta(seconds=1)
    cap: timedelta = timedelta(minutes=15)
    spread: float = 0.5
    max_attempts: int = 25

    def __post_init__(self) -> None:
        if not timedelta() < self.base <= self.cap or not 0 <= self.spread <= 1 or self.max_attempts < 1:
            raise ValueError("a retry policy needs 0 < base <= cap, 0 <= spread <= 1 and at least one attempt")

    def delay(self, failures: int, jitter: Callable[[], float]) -> timedelta:
        """How long to wait after the ``failures``-th failure (from 1). ``jitter`` gives a number in [0, 1)."""
        doublings = min(failures - 1, 62)
        full = min(self.cap.total_seconds(), self.base.total_seconds() * 2**doublings)
        return self._spread(full, jitter)

    def delay_in_outage(self, age: timedelta, jitter: Callable[[], float]) -> timedelta:
        """How long to wait when something was out of reach for a job of this ``age``: a quarter of it, between ``base``
        and ``cap``, so that short outages are noticed soon and long ones asked about rarely."""
        full = min(self.cap.total_seconds(), max(self.base.total_seconds(), age.total_seconds() / 4))
        return self._spread(full, jitter)

    def _spread(self, full: float, jitter: Callable[[], float]) -> timedelta:
        return timedelta(seconds=full * (1 - self.spread * jitter()))


def is_outage(error: Exception) -> bool:
    """Whether the failure says something about the world only: a stable code of something out of reach. However long
    that lasts, the job is not to blame and is not given up for it, nor for a full disk of the machine that ran it. Time
    that ran out ("render.timeout") may be the job's own fault."""
    code = getattr(error, "code", None)
    said = isinstance(code, str) and is_retryable(error) and not code.endswith("timeout")
    return said or _disk_is_full(error)


def _disk_is_full(error: BaseException | None) -> bool:
    """Also when something else was made of it on the way."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_retryable(error: Exception) -> bool:
    """Whether trying again can help.

    An error that says so itself (``retryable``) is believed. Errors with a stable code were judged by a rule: they
    are final unless the code says that something was out of reach or changed under the job. Anything else is
    unforeseen and is tried again until the attempts are used up, since giving up early would lose work.
    """
    said = getattr(error, "retryable", None)
    if isinstance(said, bool):
        return said
    code = getattr(error, "code", None)
    if isinstance(code, str):
        return code.endswith(_OUT_OF_REACH)
    return True


def describe(error: Exception) -> str:
    """The text kept with the job: every code with its field and parameters, or the type and message."""
    if isinstance(error, DomainError):
        parts = [" ".join(filter(None, (f.code, f.field, _params(dict(f.params))))) for f in error.faults]
        text = "; ".join(parts)
    else:
        text = f"{type(error).__name__}: {error}"
    return text[:_MAX_ERROR_LENGTH]


def _params(params: dict[str, str | int]) -> str:
    return " ".join(f"{name}={value}" for name, value in params.items())
