"""A process that registers documents from the outbox: ``python -m tests.registration.worker URL [STALL_AT]``.

Prints each number once it is committed. With ``STALL_AT`` it stops for ever inside the transaction of its
STALL_AT-th registration, number taken and not committed, after it has printed "stalled".
"""

from __future__ import annotations

import random
import sys
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.runner import JobRunner
from doc_service.persistence.engine import make_engine
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence.samples import JOURNAL, NOW

LEASE = timedelta(seconds=2)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIds:
    def new(self) -> str:
        return str(uuid.uuid4())


class Registrar:
    def __init__(self, units: SqlUnitOfWorkFactory, stall_at: int | None) -> None:
        self._units = units
        self._stall_at = stall_at
        self._done = 0

    def __call__(self, job: Job) -> None:
        document_id = job.payload["document_id"]
        with self._units() as unit:
            entry = unit.journals.register(JOURNAL, document_id, NOW)
            if unit.audit.of_subject("document", document_id):
                return
            self._done += 1
            unit.audit.append(
                AuditEvent(str(uuid.uuid4()), NOW, "p1", Action.DOCUMENT_REGISTERED, "document", document_id)
            )
            if self._done == self._stall_at:
                print("stalled", flush=True)
                time.sleep(600)
            unit.commit()
        print(entry.number, flush=True)


def main() -> int:
    url, stall_at = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None
    units = SqlUnitOfWorkFactory(make_engine(url))
    runner = JobRunner(
        units,
        {JobKind.RENDER: Registrar(units, stall_at)},
        SystemClock(),
        RandomIds(),
        jitter=random.random,
        wake=threading.Event(),
        lease=LEASE,
        poll=timedelta(seconds=0.1),
    )
    sys.stdin.readline()
    return 0 if runner.run_until_idle(timedelta(seconds=60)) else 1


if __name__ == "__main__":
    sys.exit(main())
