"""A worker as an operating system process: queues, processes, and its end."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_shutting_down

from doc_service.jobs.celery_app import BrokerOptions
from doc_service.jobs.queues import Queue

_log = logging.getLogger(__name__)

_COLD_END = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """``queues``: what this worker takes. ``concurrency``: processes, each with its own LibreOffice; ``autoscale``
    (most, fewest) lets their number follow the load instead. ``grace``: how long a SIGTERM lets running jobs go on; a
    job that needs longer is given up here and done by another worker when its lease has run out."""

    queues: Sequence[Queue] = tuple(Queue)
    concurrency: int = field(default_factory=lambda: os.cpu_count() or 1)
    autoscale: tuple[int, int] | None = None
    grace: timedelta = timedelta(minutes=2)
    name: str = ""

    def __post_init__(self) -> None:
        most, fewest = self.autoscale or (self.concurrency, self.concurrency)
        if not 1 <= fewest <= most or not self.queues:
            raise ValueError("a worker needs a queue, and at least one process")


def run_worker(app: Celery, broker: BrokerOptions, options: WorkerOptions) -> int:
    """Runs until SIGTERM or SIGINT; the exit code. The main thread's signals are Celery's meanwhile: SIGTERM lets
    running jobs end, SIGQUIT does not."""
    setup_logging.connect(_as_it_is, weak=False)
    worker_shutting_down.connect(_Grace(options.grace).begin, weak=False)
    worker = app.Worker(
        hostname=options.name or f"worker-{os.getpid()}@{socket.gethostname()}",
        queues=",".join(broker.queue_name(queue) for queue in options.queues),
        pool_cls="prefork",
        concurrency=options.concurrency,
        autoscale=list(options.autoscale) if options.autoscale else None,
        optimization="fair",
        without_gossip=True,
        without_mingle=True,
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _as_it_is(**_: Any) -> None:
    """Logging was set up by the program; with a receiver of this signal Celery leaves it alone."""


class _Grace:
    """Celery's warm shutdown waits for ever. After ``grace`` it becomes a cold one, and when that hangs the process
    ends: the leases of its jobs run out."""

    def __init__(self, grace: timedelta) -> None:
        self._grace = grace

    def begin(self, **_: Any) -> None:
        self._after(self._grace, self._end_cold)

    def _end_cold(self) -> None:
        _log.warning("running jobs did not end within %s and are left to other workers", self._grace)
        self._after(_COLD_END, lambda: os._exit(1))
        os.kill(os.getpid(), signal.SIGQUIT)

    @staticmethod
    def _after(span: timedelta, then: Any) -> None:
        timer = threading.Timer(span.total_seconds(), then)
        timer.daemon = True
        timer.start()
