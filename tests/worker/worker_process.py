"""A worker with the tiny handlers: ``python -m tests.worker.worker_process JSON``."""

from __future__ import annotations

import json
import logging
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from doc_service.jobs.celery_app import BrokerOptions
from doc_service.jobs.executor import JobExecutor
from doc_service.jobs.policy import RetryPolicy
from doc_service.jobs.queues import Queue
from doc_service.persistence.engine import make_engine
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.system import RandomIds, SystemClock
from doc_service.worker.app import make_worker_app
from doc_service.worker.process import WorkerOptions, run_worker
from tests.worker.handlers import handlers

POLICY = RetryPolicy(base=timedelta(seconds=0.2), cap=timedelta(seconds=0.4), spread=0.0, max_attempts=4)


def main() -> int:
    given: dict[str, Any] = json.loads(sys.argv[1])
    logging.basicConfig(level=given.get("log", "WARNING"), format="%(asctime)s %(process)d %(name)s %(message)s")

    @contextmanager
    def open_executor() -> Iterator[JobExecutor]:
        engine = make_engine(given["database"])
        try:
            yield JobExecutor(
                SqlUnitOfWorkFactory(engine), handlers(engine), SystemClock(), RandomIds(),
                jitter=random.random, policy=POLICY, lease=timedelta(seconds=given["lease"]),
            )  # fmt: skip
        finally:
            engine.dispose()
            if given.get("closed"):
                with Path(given["closed"]).open("a") as notes:
                    notes.write("closed\n")

    broker = BrokerOptions(given["broker"], namespace=given["namespace"], quorum=given.get("quorum", False))
    options = WorkerOptions(
        queues=[Queue(name) for name in given.get("queues", list(Queue))],
        concurrency=given.get("concurrency", 2),
        autoscale=tuple(given["autoscale"]) if given.get("autoscale") else None,
        grace=timedelta(seconds=given.get("grace", 60)),
        name=given["name"],
    )
    alive = Path(given["alive"])
    app = make_worker_app(broker, open_executor, on_alive=alive.touch)
    for limit in ("task_soft_time_limit", "task_time_limit"):
        app.conf[limit] = given.get(limit, app.conf[limit])
    return run_worker(app, broker, options)


if __name__ == "__main__":
    sys.exit(main())
