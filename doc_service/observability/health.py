"""Whether the service can work now, by really asking what it depends on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from doc_service.observability.bounded import BoundedCall, NoAnswerError
from doc_service.observability.tracing import code_of


class Status(StrEnum):
    """``degraded``: the service works, with less than it should have."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


Probe = Callable[[], str | None]
"""Asks one dependency. Gives None when it is well, else what is wrong; may raise anything and may hang."""


@dataclass(frozen=True, slots=True)
class Check:
    """``critical``: without it the service is not ready; else it is degraded. ``limit``: seconds."""

    name: str
    probe: Probe
    critical: bool = True
    limit: float = 2.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``reason`` is a code or the type of an error: never its text, which may hold addresses or secrets."""

    name: str
    status: Status
    critical: bool
    seconds: float
    reason: str = ""

    @property
    def view(self) -> dict[str, Any]:
        told = {"status": str(self.status), "critical": self.critical, "duration_ms": round(self.seconds * 1000, 1)}
        return told | ({"reason": self.reason} if self.reason else {})


@dataclass(frozen=True, slots=True)
class Health:
    """One look at everything; ``at`` is when."""

    at: datetime
    checks: Sequence[CheckResult]

    @property
    def status(self) -> Status:
        found = {check.status for check in self.checks}
        return next((s for s in (Status.FAILED, Status.DEGRADED) if s in found), Status.OK)

    @property
    def ready(self) -> bool:
        return self.status is not Status.FAILED

    @property
    def view(self) -> dict[str, Any]:
        """The answer of /health/ready."""
        return {
            "status": str(self.status),
            "ready": self.ready,
            "at": self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "checks": {check.name: check.view for check in self.checks},
        }


class HealthMonitor:
    """Asks all at the same time, each with its own limit; the answer is never later than the longest limit, also
    when everything hangs. It is kept for ``fresh`` seconds, and callers that come while it is being found out wait for
    the same one: probes cannot overload what they ask."""

    def __init__(
        self,
        checks: Sequence[Check],
        now: Callable[[], datetime],
        *,
        fresh: float = 2.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checks = [(check, BoundedCall(check.name, check.probe, check.limit)) for check in checks]
        if len({check.name for check in checks}) != len(checks):
            raise ValueError("two checks of one name")
        self._now, self._fresh, self._monotonic = now, fresh, monotonic
        self._lock = threading.Lock()
        self._known: tuple[float, Health] | None = None

    @property
    def critical(self) -> frozenset[str]:
        """Names of the components without which the service is not ready."""
        return frozenset(check.name for check, _ in self._checks if check.critical)

    def health(self) -> Health:
        """What is known, if it is fresh, else a new look."""
        with self._lock:
            if self._known is None or self._monotonic() - self._known[0] >= self._fresh:
                found = self._look()
                self._known = self._monotonic(), found
            return self._known[1]

    @property
    def last(self) -> Health | None:
        """The newest answer, without asking."""
        known = self._known
        return known[1] if known else None

    def _look(self) -> Health:
        begun = [(check, call.begin()) for check, call in self._checks]
        return Health(self._now(), [self._result(check, wait) for check, wait in begun])

    @staticmethod
    def _result(check: Check, wait: Callable[[], tuple[str | None, float]]) -> CheckResult:
        bad = Status.FAILED if check.critical else Status.DEGRADED
        try:
            reason, seconds = wait()
        except NoAnswerError:
            return CheckResult(check.name, bad, check.critical, check.limit, "no_answer")
        except Exception as error:
            return CheckResult(check.name, bad, check.critical, 0.0, code_of(error))
        return CheckResult(check.name, bad if reason else Status.OK, check.critical, seconds, reason or "")
