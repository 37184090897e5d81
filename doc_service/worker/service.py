"""The service's own worker and beat, by the settings alone: what another machine needs to join."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from doc_service.bootstrap.background import broker_options, open_beat
from doc_service.bootstrap.container import open_container
from doc_service.bootstrap.observed import open_observability
from doc_service.bootstrap.observing import worker_metrics
from doc_service.domain.errors import DomainError
from doc_service.jobs.runner import JobRunner
from doc_service.observability.logs import configure_logging
from doc_service.observability.statements import count_statements
from doc_service.settings import JobsMode, Settings
from doc_service.worker.app import make_worker_app
from doc_service.worker.process import WorkerOptions, run_worker

_BEAT_SHOWS = timedelta(seconds=5)


def work(settings: Settings, options: WorkerOptions, *, on_alive: Callable[[], None] | None = None) -> int:
    """Runs jobs until SIGTERM; the exit code. ``on_alive``: as ``make_worker_app``.

    Everything is opened once before any process is forked, and closed again: a worker with unusable settings ends with
    the reason, as the interface would, instead of failing job after job. Raises ``DomainError`` "worker.no_broker"."""
    _needs_broker(settings)
    with open_container(settings, services=False) as service:
        service.require_whole_log()
    configure_logging(settings.log_format, settings.log_level)
    broker = broker_options(settings)
    with worker_metrics(settings):
        return run_worker(make_worker_app(broker, lambda: _runner(settings), on_alive=on_alive), broker, options)


def beat(settings: Settings, stop: threading.Event, *, on_alive: Callable[[], None] | None = None) -> None:
    """Asks for regular work and relays due jobs until ``stop`` is set. ``on_alive`` is called every five seconds while
    both threads live. Raises ``DomainError`` "worker.no_broker"; and ``RuntimeError`` when a thread has ended."""
    _needs_broker(settings)
    configure_logging(settings.log_format, settings.log_level)
    with open_beat(settings) as clock:
        clock.start()
        while clock.alive:
            if on_alive is not None:
                on_alive()
            if stop.wait(_BEAT_SHOWS.total_seconds()):
                return
        raise RuntimeError("a thread of the beat has ended")


@contextmanager
def _runner(settings: Settings) -> Iterator[JobRunner]:
    with (
        open_observability(settings, service="worker") as watched,
        open_container(settings, observed=watched) as service,
    ):
        if watched.watch.tracing.on:
            count_statements(service.database)
        yield service.runner


def _needs_broker(settings: Settings) -> None:
    if settings.jobs is not JobsMode.CELERY or not settings.broker_url.get_secret_value():
        raise DomainError("worker.no_broker", "jobs")
