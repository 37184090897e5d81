"""Tiny real handlers: they write who did what into a table, and do as the payload says."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, text

from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.contract import Handler, RetryableError


def make_table(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE effects (job_id VARCHAR(100) NOT NULL, pid INTEGER NOT NULL)"))


def handlers(engine: Engine) -> Mapping[JobKind, Handler]:
    """The payload: ``fail`` that many times; ``final``: an error that is; ``die``: SIGKILL to this process at the first
    attempt; ``hold``: until the file of that name is there; ``stubborn``: deaf to the soft limit, the first time."""

    def handle(job: Job) -> None:
        with engine.begin() as connection:
            connection.execute(
                text("INSERT INTO effects (job_id, pid) VALUES (:job, :pid)"), {"job": job.id, "pid": os.getpid()}
            )
        if job.attempts < int(job.payload.get("fail", "0")):
            raise RetryableError("xidmət cavab vermir")
        if "final" in job.payload:
            raise DomainError("template.broken")
        if "die" in job.payload and job.attempts == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if "stubborn" in job.payload and job.attempts == 0:
            _deaf()
        hold = job.payload.get("hold")
        while hold and not Path(hold).exists():
            time.sleep(0.02)

    return dict.fromkeys(JobKind, handle)


def _deaf() -> None:
    while True:
        with suppress(Exception):
            time.sleep(60)
