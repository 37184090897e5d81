"""A broker in memory, for rules that need no network."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Sequence

from doc_service.domain.jobs import Job
from doc_service.jobs.contract import BrokerUnavailable
from doc_service.jobs.queues import QUEUE_OF


class MemoryBroker:
    """Lists of job ids by queue; ``down`` refuses everything, ``accepts`` so many messages before it is down."""

    def __init__(self) -> None:
        self.queues: defaultdict[str, list[str]] = defaultdict(list)
        self.down = False
        self.accepts: int | None = None
        self.calls = 0
        self.hold: threading.Event | None = None

    def publish(self, jobs: Sequence[Job]) -> None:
        self.calls += 1
        if self.hold is not None:
            self.hold.wait(10)
        for job in jobs:
            if self.down or self.accepts == 0:
                raise BrokerUnavailable("refused")
            if self.accepts is not None:
                self.accepts -= 1
            self.queues[QUEUE_OF[job.kind]].append(job.id)

    def depth(self, queue: str) -> int:
        if self.down:
            raise BrokerUnavailable("refused")
        return len(self.queues[queue])

    @property
    def messages(self) -> Counter[str]:
        return Counter(message for queue in self.queues.values() for message in queue)
