"""Documents a minute through the production parts, with 1, 2 and 4 worker processes on this machine.

PostgreSQL, RabbitMQ, two MinIO servers and a certification centre with TSA run in processes of their own
(``tools.production``), the workers as ``doc-service worker``. Two client processes stand for the interface: they enter,
register and sign, eight documents at a time. A document counts when it is archived (B-LTA, validated, locked) and its
objects lie in the reserve centre. Beside it, in the same run: the embedded default in one process, and what one would
write without this service (``soffice --convert-to`` for each document, stock pyHanko, no archive, no log).

All of it shares the cores of one machine, clients and other people's services included: what a machine of its own
would give is computed from the processor seconds of each part.

Run: ``python -m benchmarks.bench_workers [DOCUMENTS]``.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bench_path import way as embedded_way
from benchmarks.naive import naive_per_minute
from benchmarks.parts import processor_seconds, worker_memory
from benchmarks.workers_client import Share, carry
from tools.production import DATABASE, Parts, production, service_process

WORKERS = (1, 2, 4)
DOCUMENTS: Mapping[str, int] = {"protocol": 24, "notice": 48}
"""By kind: a protocol has twelve signatories and eight pages, a notice one and one."""
EMBEDDED = 10
NAIVE = 6
_PROCESSES, _THREADS = 2, 4
_WARM = 8
_PATIENCE = 600.0


@dataclass(slots=True)
class Bench:
    """Over running servers; document numbers only grow."""

    parts: Parts
    pool: ProcessPoolExecutor
    next: int = 0

    def way(self, workers: int, documents: Mapping[str, int]) -> dict[str, Any]:
        with ExitStack() as stack:
            command = ("worker", "--concurrency", str(workers))
            stack.enter_context(service_process(self.parts, f"worker{workers}", *command))
            stack.enter_context(service_process(self.parts, f"beat{workers}", "beat"))
            self._carry("notice", max(_WARM, 4 * workers))
            figures: dict[str, Any] = {kind: self._measured(kind, count) for kind, count in documents.items()}
            figures["memory"] = worker_memory()
            return figures

    def _measured(self, kind: str, count: int) -> dict[str, Any]:
        left = self._left()
        before, begun = processor_seconds(), time.time()
        names = self._carry(kind, count)
        wall, after = time.time() - begun, processor_seconds()
        used = {part: round((after[part] - before.get(part, 0.0)) / count, 3) for part in sorted(after)}
        waits = self._waits(names)
        return {
            "documents": count,
            "seconds": round(wall, 1),
            "documents_per_minute": round(60 * count / wall, 1),
            "registered_to_archived_p50_s": round(statistics.median(waits), 2),
            "registered_to_archived_p95_s": round(sorted(waits)[int(len(waits) * 0.95)], 2),
            "processor_seconds_per_document": used,
            "processor_seconds_all": round(sum(used.values()), 2),
            "rows_per_document": {name: round((n - left[name]) / count, 2) for name, n in self._left().items()},
            "load": round(os.getloadavg()[0], 2),
        }

    def _left(self) -> dict[str, int]:
        """Rows so far of what grows with documents in ways that depend on the load."""
        tables = ("jobs", "audit_events", "audit_checkpoints")
        return {table: self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}

    def _carry(self, kind: str, count: int) -> list[str]:
        """To the archive and the reserve centre."""
        numbers = range(self.next, self.next + count)
        self.next += count
        assert self.parts.provider is not None
        shares = [
            Share(self.parts.environment, self.parts.place / f"client{i}", kind, list(numbers[i::_PROCESSES]),
                  self.parts.provider.place / "people", _THREADS)
            for i in range(_PROCESSES)
        ]  # fmt: skip
        names = [name for done in self.pool.map(carry, shares) for name in done]
        deadline = time.monotonic() + _PATIENCE
        while self._rows("SELECT count(*) FROM jobs WHERE state = 'ready'")[0][0]:
            if time.monotonic() > deadline:
                raise TimeoutError("jobs are left")
            time.sleep(0.05)
        return names

    def _waits(self, names: Sequence[str]) -> list[float]:
        query = """
            SELECT max(at) FILTER (WHERE action = 'document.archived')
                 - max(at) FILTER (WHERE action = 'document.registered')
            FROM audit_events WHERE subject_type = 'document' AND subject_id = ANY(%s) GROUP BY subject_id"""
        return [_seconds(row[0]) for row in self._rows(query, list(names))]

    def _rows(self, query: str, *values: object) -> list[Any]:
        assert self.parts.postgres is not None
        with self.parts.postgres.connect(DATABASE) as connection:
            return connection.execute(query, values).fetchall()


def run(documents: Mapping[str, int] = DOCUMENTS, workers: Sequence[int] = WORKERS) -> dict[str, Any]:
    """Figures of each number of workers, of the embedded default and of the naive way, all in this run."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="bench-workers-") as name:
        place = Path(name)
        place.chmod(0o755)
        with production(place, serve=False) as parts, ProcessPoolExecutor(_PROCESSES, mp_context=spawn) as pool:
            bench = Bench(parts, pool)
            ways = {str(count): _told(f"{count} workers", bench.way(count, documents)) for count in workers}
            naive = _told("naive", naive_per_minute(parts, place / "naive", NAIVE, processes=2))
        embedded = _told("embedded", embedded_way(1, 1, EMBEDDED))
    best = max(way["protocol"]["documents_per_minute"] for way in ways.values())
    return {
        "workers": ways,
        "embedded": embedded,
        "naive": naive,
        "best_against_embedded": round(best / embedded["documents_per_minute"], 2),
        "best_against_naive": round(best / naive["documents_per_minute"], 2),
    }


def _seconds(span: Any) -> float:
    """PostgreSQL gives an interval, or a number where moments are kept as such."""
    return span.total_seconds() if hasattr(span, "total_seconds") else float(span)


def _told(what: str, figures: dict[str, Any]) -> dict[str, Any]:
    sys.stderr.write(f"{what}: {json.dumps(figures)}\n")
    sys.stderr.flush()
    return figures


def main() -> None:
    count = int((sys.argv[1:] or ["24"])[0])
    sys.stdout.write(json.dumps(run({"protocol": count, "notice": 2 * count}), indent=1) + "\n")


if __name__ == "__main__":
    main()
