"""One notice and one protocol, carried through the production parts: what a document leaves behind."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.synthetic import TABLES
from benchmarks.workers_client import Share, carry
from tools.production import DATABASE, Parts, production, service_process

_EVERY = (*TABLES, "audit_checkpoints", "audit_nodes", "meetings")


def leave_one(place: Path) -> dict[str, Any]:
    """``document``: the notice's id, the only one in the database at ``place``; the protocol is carried in a second
    place that is left. Rows and objects of each."""
    protocol = _carried(place / "protocol", "protocol")
    notice = _carried(place, "notice")
    return {"document": notice.pop("name"), "notice": notice, "protocol": protocol}


def _carried(place: Path, kind: str) -> dict[str, Any]:
    spawn = multiprocessing.get_context("spawn")
    with production(place, serve=False) as parts, ProcessPoolExecutor(1, mp_context=spawn) as pool:
        assert parts.provider is not None
        with service_process(parts, "worker", "worker", "--concurrency", "1"), service_process(parts, "beat", "beat"):
            share = Share(parts.environment, place / "client", kind, [0], parts.provider.place / "people", 1)
            name = pool.submit(carry, share).result()[0]
            while _rows(parts, "SELECT count(*) FROM jobs WHERE state = 'ready'")[0][0]:
                time.sleep(0.1)
        rows = {table: _rows(parts, f"SELECT count(*) FROM {table}")[0][0] for table in _EVERY}
        objects = _rows(parts, "SELECT number, kind, size FROM document_revisions ORDER BY number")
        checkpoints = _rows(parts, "SELECT length(document), length(timestamp) FROM audit_checkpoints ORDER BY size")
        kinds = _rows(parts, "SELECT kind, count(*) FROM jobs GROUP BY kind")
        return {
            "name": name, "rows": rows, "jobs": dict(kinds),
            "revisions": len(objects), "bytes": sum(row[2] for row in objects),
            "largest_revision": max(row[2] for row in objects),
            "checkpoint_bytes": checkpoints[-1] if checkpoints else None, "checkpoints": len(checkpoints),
        }  # fmt: skip


def _rows(parts: Parts, query: str) -> Sequence[Any]:
    assert parts.postgres is not None
    with parts.postgres.connect(DATABASE) as connection:
        return connection.execute(query).fetchall()
