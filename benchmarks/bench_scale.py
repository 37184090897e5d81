"""What a million documents weigh and how long the service's questions take among them, on PostgreSQL.

One document (one signatory) and one protocol (twelve) really go through the production parts; their rows give the
template of the synthetic ones (``synthetic``). Then: bytes by table and index, the lists that pages, workers and
auditors ask for (the service's own repositories), commits at that size, dump and restore, and the Merkle tree at
10^5 … 10^7 leaves. Sizes of tables filled only in part are scaled by the rows a document leaves, and said so.

``python -m benchmarks.bench_scale load PLACE`` · ``… measure PLACE`` · ``… backup PLACE`` · ``… fill PLACE`` ·
``… tree PLACE``; without arguments: all, in a temporary place. About 15 GB and, on two cores, half an hour.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import scale_questions, scale_tree
from benchmarks.scale_template import leave_one
from benchmarks.synthetic import TABLES, multiply, sizes, template_rows
from tools.production import DATABASE
from tools.servers.postgres import PostgresServer

DOCUMENTS = 1_000_000
FILLED: Mapping[str, int] = {"jobs": 300_000, "audit_events": 200_000, "prepared_signings": 0}
"""Tables that get fewer documents than that."""
LEAVES = 10_000_000
SETTINGS = {
    "shared_buffers": "1GB", "maintenance_work_mem": "512MB", "max_wal_size": "8GB", "effective_cache_size": "8GB",
    "autovacuum": "off",
}  # fmt: skip
"""Autovacuum is off so that it does not fall into a measurement; statistics are taken by hand."""


def server(place: Path) -> PostgresServer:
    return PostgresServer(place / "postgres", settings=SETTINGS)


def load(place: Path, documents: int = DOCUMENTS) -> dict[str, Any]:
    """Real documents, then synthetic ones; figures go to ``load.json`` there."""
    figures = leave_one(place)
    begun = time.monotonic()
    with server(place) as postgres, postgres.connect(DATABASE) as connection:
        figures["template_rows"] = template_rows(connection, figures["document"])
        figures["template_bytes"] = {
            table: round(float(connection.execute(_WIDTH.format(table)).fetchone()[0] or 0))  # type: ignore[arg-type,index]
            for table in TABLES
        }
        counts = {table: min(documents, FILLED.get(table, documents)) for table in TABLES}
        multiply(connection, figures["document"], counts, documents)
        figures |= {"documents": documents, "filled": counts, "sizes": sizes(connection)}
    figures["load_seconds"] = round(time.monotonic() - begun)
    (place / "load.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return figures


_WIDTH = "SELECT sum(pg_column_size(t.*)) FROM template_{} AS t"


def measure(place: Path) -> dict[str, Any]:
    """Questions, commits, dump and restore, at the size that was loaded."""
    with server(place) as postgres:
        return {"questions": scale_questions.ask(postgres, place)}


def backup(place: Path) -> dict[str, Any]:
    """Dump and restore of what was loaded."""
    with server(place) as postgres:
        return {"backup": scale_questions.dump_and_restore(postgres, place)}


def fill(place: Path, leaves: int = LEAVES) -> dict[str, Any]:
    """The tree's database."""
    with server(place) as postgres:
        return scale_tree.fill(postgres, leaves)


def tree(place: Path, leaves: int = LEAVES) -> dict[str, Any]:
    with server(place) as postgres:
        return {**scale_tree.ask(postgres, leaves), "in_memory": scale_tree.proofs_in_memory()}


def run() -> dict[str, Any]:
    """Everything, in a temporary place."""
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as name:
        place = Path(name)
        place.chmod(0o755)
        return {"load": load(place), **measure(place), **backup(place), "tree": {**fill(place), **tree(place)}}


def main() -> None:
    steps = {"load": load, "measure": measure, "backup": backup, "fill": fill, "tree": tree}
    figures = run() if len(sys.argv) < 3 else steps[sys.argv[1]](Path(sys.argv[2]), *map(int, sys.argv[3:]))
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
