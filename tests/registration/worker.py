"""A process that registers documents from the outbox: ``python -m tests.registration.worker URL [STALL_AT]``.

Prints each number once it is committed, together with its event and the end of its job. With ``STALL_AT`` it stops
for ever inside the transaction of its STALL_AT-th registration, number taken and not committed, after it has
printed "stalled".
"""

from __future__ import annotations

import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.jobs import Job
from doc_service.persistence.engine import make_engine
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence.samples import JOURNAL, NOW

LEASE = timedelta(seconds=12)
BATCH = 8


class Registrar:
    def __init__(self, units: SqlUnitOfWorkFactory, stall_at: int | None) -> None:
        self._units = units
        self._stall_at = stall_at
        self._done = 0

    def run(self) -> None:
        """Until no job is left, those of others included."""
        while True:
            token = str(uuid.uuid4())
            now = datetime.now(UTC)
            with self._units() as unit:
                claimed = unit.jobs.claim(now, now + LEASE, token, limit=BATCH)
                unit.commit()
            for job in claimed:
                self._register(job, token)
            if claimed:
                continue
            with self._units.reading() as unit:
                if not unit.jobs.pending():
                    return
            time.sleep(0.1)

    def _register(self, job: Job, token: str) -> None:
        document_id = job.payload["document_id"]
        with self._units() as unit:
            entry = unit.journals.register(JOURNAL, document_id, NOW)
            event = AuditEvent(str(uuid.uuid4()), NOW, "p1", Action.DOCUMENT_REGISTERED, "document", document_id)
            unit.audit.append(event)
            if not unit.jobs.finish(job.id, token, datetime.now(UTC)):
                return
            self._done += 1
            if self._done == self._stall_at:
                print("stalled", flush=True)
                time.sleep(600)
            unit.commit()
        print(entry.number, flush=True)


def main() -> None:
    url, stall_at = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None
    registrar = Registrar(SqlUnitOfWorkFactory(make_engine(url)), stall_at)
    print("ready", flush=True)
    sys.stdin.readline()
    registrar.run()


if __name__ == "__main__":
    main()
