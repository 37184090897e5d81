"""What the parts that all workers share allow at most, each alone: more workers do not go beyond these.

One journal's counter (eight clients register at once), the audit log's append and sequencer on PostgreSQL, the broker,
the archive (objects of 200 KB with object lock), listing it, and comparing it with the reserve centre. Clients and
servers share the cores of this machine.

Run: ``python -m benchmarks.bench_ceilings``.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import bench_audit
from doc_service.bootstrap import Container, open_container
from doc_service.bootstrap.background import broker_options
from doc_service.domain.audit_events import Action
from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.celery_broker import CeleryBroker
from doc_service.settings import Settings
from storage.keys import revision_key
from tools.dataset.papers import ACTOR, Papers
from tools.production import Parts, production

REGISTRATIONS = 400
APPENDED = 1_000
MESSAGES = 2_000
OBJECTS = 600
OBJECT_BYTES = 200_000
_PROCESSES, _THREADS = 2, 4


@dataclass(frozen=True, slots=True)
class Share:
    """``numbers`` of documents for one client process."""

    environment: Mapping[str, str]
    data_dir: Path
    numbers: Sequence[int]


def run() -> dict[str, Any]:
    """Figures a second, unless named otherwise."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="bench-ceilings-") as name:
        place = Path(name)
        place.chmod(0o755)
        with production(place, serve=False) as parts, ProcessPoolExecutor(_PROCESSES, mp_context=spawn) as pool:
            figures: dict[str, Any] = {"load": os.getloadavg()[0], **_journal(parts, pool, place)}
            assert parts.postgres is not None
            audit = bench_audit.run(url=parts.postgres.create_database("audit"))
            figures["audit"] = {key: round(value, 1) for key, value in audit.items()}
            os.environ.update(parts.environment)
            with open_container(Settings(data_dir=place / "here"), services=False) as service:
                figures |= _broker(service) | _archive(service)
    return figures


def _journal(parts: Parts, pool: ProcessPoolExecutor, place: Path) -> dict[str, float]:
    shares = [
        Share(parts.environment, place / f"client{i}", range(REGISTRATIONS)[i::_PROCESSES]) for i in range(_PROCESSES)
    ]
    figures = {}
    for name, step in (("prepared", _prepare), ("registrations", _register), ("appends", _append)):
        spans = list(pool.map(step, shares))
        wall = max(end for _, end in spans) - min(begin for begin, _ in spans)
        if name != "prepared":
            count = REGISTRATIONS if name == "registrations" else APPENDED
            figures[f"{name}_by_8_clients_per_s"] = round(count / wall, 1)
    return figures


def _prepare(share: Share) -> tuple[float, float]:
    """Notices, which share a journal, all but registered."""
    return _with_clients(share, lambda service, papers, number: papers.approve(_notice(number)))


def _notice(number: int) -> int:
    """Eight of ten papers are notices."""
    return number // 8 * 10 + number % 8


def _register(share: Share) -> tuple[float, float]:
    return _with_clients(
        share,
        lambda service, papers, number: service.use_cases.register_document(papers.paper(_notice(number)).id, ACTOR),
    )


def _append(share: Share) -> tuple[float, float]:
    """One event a transaction, as use cases do."""

    def append(service: Container, papers: Papers, number: int) -> None:
        for _ in range(APPENDED // REGISTRATIONS + 1):
            with service.work.uow() as uow:
                service.work.record(uow, ACTOR, Action.SIGNATURE_CONSENTED, ("document", f"d{number}"), {"n": number})
                uow.commit()

    return _with_clients(share, append)


def _with_clients(share: Share, step: Callable[[Container, Papers, int], object]) -> tuple[float, float]:
    os.environ.update(share.environment)
    share.data_dir.mkdir(exist_ok=True)
    with (
        open_container(Settings(data_dir=share.data_dir), services=False) as service,
        ThreadPoolExecutor(_THREADS) as threads,
    ):
        papers = Papers(service)
        papers.begin()
        begun = time.time()
        list(threads.map(lambda number: step(service, papers, number), share.numbers))
        return begun, time.time()


def _broker(service: Container) -> dict[str, float]:
    """Published with the broker's confirmation, as jobs are after a commit; durable queues."""
    broker = CeleryBroker(broker_options(service.settings))
    now = datetime.now(UTC)
    jobs = [Job(f"bench-{number}", JobKind.REMIND, f"bench:{number}", now) for number in range(MESSAGES)]
    broker.publish(jobs[:10])
    begun = time.perf_counter()
    for job in jobs:
        broker.publish([job])
    rate = MESSAGES / (time.perf_counter() - begun)
    broker.close()
    return {"messages_confirmed_per_s": round(rate)}


def _archive(service: Container) -> dict[str, float]:
    stores = service.parts.stores
    assert stores.reserve is not None
    assert service.parts.reserve is not None
    until = datetime.now(UTC) + timedelta(days=1)
    body = os.urandom(OBJECT_BYTES - 8)

    def put(store: Any, number: int) -> str:
        data = number.to_bytes(8, "big") + body
        digest = hashlib.sha256(data).hexdigest()
        key = revision_key(f"d{number // 10:06d}", number % 10, digest)
        store.put_new(key, data, sha256=digest, retain_until=until)
        return str(key)

    half = OBJECTS // 2
    begun = time.perf_counter()
    keys = [put(stores.primary, number) for number in range(half)]
    one = half / (time.perf_counter() - begun)
    with ThreadPoolExecutor(4) as threads:
        begun = time.perf_counter()
        keys += threads.map(lambda n: put(stores.primary, n), range(half, OBJECTS))
        four = half / (time.perf_counter() - begun)
        list(threads.map(lambda n: put(stores.reserve, n), range(OBJECTS)))
    begun = time.perf_counter()
    for key in keys[:half]:
        stores.primary.read(key)
    reads = half / (time.perf_counter() - begun)
    begun = time.perf_counter()
    listed = sum(1 for _ in stores.primary.list("documents/"))
    listing = listed / (time.perf_counter() - begun)
    begun = time.perf_counter()
    report = service.parts.reserve.reconcile("bench", progress=lambda *_: None, tell=lambda finding: None)
    return {
        "puts_by_one_client_per_s": round(one, 1),
        "puts_by_4_clients_per_s": round(four, 1),
        "reads_by_one_client_per_s": round(reads, 1),
        "listed_with_retention_and_digest_per_s": round(listing),
        "reconciled_per_s": round(report.compared / (time.perf_counter() - begun)),
    }


def main() -> None:
    sys.stdout.write(json.dumps(run(), indent=1) + "\n")


if __name__ == "__main__":
    main()
