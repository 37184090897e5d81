"""Watches the readiness checks and keeps the journal of outages (002 §7.1.2)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from doc_service.observability.health import CheckResult, Health, Status
from doc_service.observability.outage_files import LifeSign, PendingEntries
from doc_service.observability.outages import (
    SERVICE,
    Began,
    Outage,
    Outages,
    Recorded,
    Watched,
    enter,
    lasting,
    observe,
)
from doc_service.observability.tracing import code_of
from doc_service.ports import Clock

_log = logging.getLogger(__name__)

EVERY = timedelta(seconds=10)
THRESHOLD = 3


class OutageMonitor:
    """Looks every ``every``; a component is out when ``threshold`` looks in a row did not find it well, also one
    without which the service goes on (degraded). What cannot be entered, since the database itself is out, waits in
    ``pending`` and is entered when it is back; entries carry their own moments, so nothing is entered twice or at a
    wrong time.

    A process that died without saying so is an outage of the component "service" from its last sign of life to the next
    start, when that took longer than ``every`` × ``threshold``. One monitor a host; ``host`` stays the same over
    restarts.
    """

    def __init__(
        self,
        look: Callable[[], Health],
        journal: Outages,
        pending: PendingEntries,
        life: LifeSign,
        clock: Clock,
        *,
        host: str,
        every: timedelta = EVERY,
        threshold: int = THRESHOLD,
    ) -> None:
        self._look, self._journal, self._pending, self._life = look, journal, pending, life
        self._clock, self._host = clock, host
        self._every, self._threshold = every, threshold
        self._states: dict[str, Watched] = {}
        self._known = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Enters the time during which the process was dead, if it died. Call it before the first ``look_once``."""
        now, died = self._clock.now(), self._life.died_at()
        if died is not None and now - died > self._every * self._threshold:
            self._pending.append(Outage(SERVICE, self._host, died, now, "not_running"))
        self._beat()

    def look_once(self) -> Health:
        """One look at everything, and what follows from it."""
        self._take_over()
        health = self._look()
        self._beat()
        for check in health.checks:
            self._judge(check, health.at)
        self.enter_pending()
        return health

    def enter_pending(self) -> bool:
        """Enters what waits; False when that is not possible yet."""
        entries = self._pending.read()
        try:
            for entry in entries:
                enter(self._journal, entry)
        except Exception as error:
            _log.warning("outages wait to be entered: %s", code_of(error))
            return False
        if entries:
            self._pending.clear()
        return True

    def start(self) -> None:
        """Raises ``RuntimeError`` when it runs already."""
        if self._thread is not None:
            raise RuntimeError("the outage monitor is started already")
        self._stopping.clear()
        self._thread = threading.Thread(target=self._loop, name="outages", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """In order: the next start finds no outage. Safe when it was never started."""
        if self._thread is None:
            return
        self._stopping.set()
        self._thread.join()
        self._thread = None
        self._life.stopped(self._clock.now())

    def _loop(self) -> None:
        begun = False
        while True:
            try:
                if not begun:
                    self.begin()
                    begun = True
                self.look_once()
            except Exception:
                _log.exception("the look at the components failed and is repeated")
            if self._stopping.wait(self._every.total_seconds()):
                return

    def _judge(self, check: CheckResult, at: datetime) -> None:
        before = self._states.get(check.name, Watched())
        well = check.status is Status.OK
        state, change = observe(before, well=well, at=at, reason=check.reason, threshold=self._threshold)
        if isinstance(change, Began):
            self._pending.append(Outage(check.name, self._host, change.at, None, change.reason))
            _log.error("outage began: %s", change.reason, extra={"component": check.name})
        elif change is not None and before.out_since is not None:
            self._pending.append(Outage(check.name, self._host, before.out_since, change.at, before.reason))
            _log.warning("outage is over", extra={"component": check.name})
        self._states[check.name] = state

    def _take_over(self) -> None:
        """The outages that an earlier process on this host left open go on, or end, with the first look."""
        if self._known:
            return
        waiting: list[Recorded | Outage] = list(self._pending.read())
        over = {(o.component, o.began_at) for o in waiting if o.ended_at is not None}
        try:
            recorded: list[Recorded | Outage] = list(self._journal.open_ones())
        except Exception:
            recorded = []
        else:
            self._known = True
        left = [o for o in (*recorded, *waiting) if o.ended_at is None and (o.component, o.began_at) not in over]
        for component, state in lasting(left, self._host, self._threshold).items():
            if not self._states.get(component, Watched()).out:
                self._states[component] = state

    def _beat(self) -> None:
        try:
            self._life.beat(self._clock.now())
        except OSError as error:
            _log.warning("no sign of life could be left: %s", code_of(error))
