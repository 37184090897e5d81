"""A Celery worker whose processes are counted together: ``python -m tests.observability.counting_worker JSON``."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from prometheus_client import CollectorRegistry

from doc_service.bootstrap.observing import worker_metrics
from doc_service.jobs.celery_app import BrokerOptions
from doc_service.jobs.executor import JobExecutor
from doc_service.observability.logs import configure_logging
from doc_service.observability.metered import observed_handlers
from doc_service.observability.metrics import Metrics
from doc_service.observability.watch import Watch
from doc_service.persistence.engine import make_engine
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.settings import Settings
from doc_service.system import RandomIds, SystemClock
from doc_service.worker.app import make_worker_app
from doc_service.worker.process import WorkerOptions, run_worker
from tests.worker.handlers import handlers
from tests.worker.worker_process import POLICY


def main() -> int:
    given: dict[str, Any] = json.loads(sys.argv[1])
    configure_logging("json", "WARNING")

    @contextmanager
    def open_executor() -> Iterator[JobExecutor]:
        engine = make_engine(given["database"])
        watch = Watch(Metrics(CollectorRegistry(), version="1", service="worker"))
        try:
            yield JobExecutor(
                SqlUnitOfWorkFactory(engine), observed_handlers(handlers(engine), watch), SystemClock(), RandomIds(),
                jitter=random.random, policy=POLICY, lease=timedelta(seconds=given["lease"]),
            )  # fmt: skip
        finally:
            engine.dispose()

    broker = BrokerOptions(given["broker"], namespace=given["namespace"])
    options = WorkerOptions(concurrency=2, name=given["name"])
    tempfile.tempdir = given["metrics"]
    with worker_metrics(Settings(metrics_port=given["port"])):
        return run_worker(make_worker_app(broker, open_executor), broker, options)


if __name__ == "__main__":
    sys.exit(main())
