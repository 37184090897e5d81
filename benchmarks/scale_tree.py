"""The Merkle log at 10^5 … 10^7 leaves, and ``audit_events`` plain against partitioned by ``rowno``."""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from psycopg import Connection

from benchmarks.synthetic import drop_indexes, sizes
from doc_service.audit.merkle import TileCache, consistency_proof, inclusion_proof, tile_roots
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from tools.servers.postgres import PostgresServer

DATABASE = "tree"
PARTITIONS = 10
_PROOFS = 20
_ASKED = 30
_PREFIX = b"\x00"


def fill(server: PostgresServer, leaves: int) -> dict[str, Any]:
    """Makes the database anew; seconds of each step and what it weighs."""
    server.drop_database(DATABASE)
    engine = make_engine(server.create_database(DATABASE))
    migrate(engine)
    engine.dispose()
    with server.connect(DATABASE) as connection:
        connection.execute("SET synchronous_commit = off")
        return {
            "leaves": leaves,
            "fill_seconds": _timed(lambda: _fill(connection, leaves)),
            "nodes_seconds": _timed(lambda: _nodes(connection, leaves)),
            "partition_seconds": _timed(lambda: _partitioned(connection, leaves)),
            "sizes": sizes(connection, ("audit_events", "audit_nodes")),
        }


def ask(server: PostgresServer, leaves: int) -> dict[str, Any]:
    """Milliseconds of questions and proofs over what ``fill`` has made."""
    with server.connect(DATABASE) as connection:
        figures: dict[str, Any] = {
            "plain": _questions(connection, "audit_events", leaves),
            "partitioned": _questions(connection, "audit_events_parts", leaves),
        }
    engine = make_engine(server.url(DATABASE))
    store = SqlLogStore(engine)
    figures["proofs"] = {str(size): _proofs(store, size) for size in (10**5, 10**6, 10**7) if size <= leaves}
    engine.dispose()
    return figures


def _fill(connection: Connection[Any], leaves: int) -> None:
    """Narrow events: a place, a random id and a leaf hash each; twelve about one document."""
    definitions = drop_indexes(connection, "audit_events")
    connection.execute("SET session_replication_role = replica")
    connection.execute(
        """
        INSERT INTO audit_events (id, seq, at, action, subject_type, subject_id, canonical, leaf_hash, actor)
        SELECT md5(g::text)::uuid::text, g - 1, now() - (%(n)s - g) * interval '3 seconds',
               (ARRAY['signature.consented', 'signature.prepared', 'signature.completed', 'document.drafted',
                      'document.archived', 'document.registered'])[1 + g %% 6],
               'document', 'paper-' || lpad((g / 12)::text, 7, '0'), decode(md5(g::text), 'hex'),
               sha256('\\x00'::bytea || decode(md5(g::text), 'hex')), 'person-' || g %% 500
        FROM generate_series(1, %(n)s) AS g""",
        {"n": leaves},
    )
    for definition in definitions:
        connection.execute(definition)
    connection.execute("VACUUM (ANALYZE) audit_events")


def _nodes(connection: Connection[Any], leaves: int) -> None:
    """The subtree roots that the sequencer would have stored."""
    hashes: Sequence[bytes] = list(_leaves(leaves))
    level = 8
    while nodes := tile_roots(hashes):
        with connection.cursor().copy("COPY audit_nodes (level, idx, hash) FROM STDIN") as copy:
            for index, node in enumerate(nodes):
                copy.write_row((level, index, node))
        hashes, level = nodes, level + 8
    connection.execute("VACUUM (ANALYZE) audit_nodes")


def _leaves(count: int) -> Iterator[bytes]:
    for number in range(1, count + 1):
        canonical = hashlib.md5(str(number).encode(), usedforsecurity=False).digest()
        yield hashlib.sha256(_PREFIX + canonical).digest()


def _partitioned(connection: Connection[Any], leaves: int) -> None:
    """By ``rowno``: an event never moves, and the newest partition alone is written. Where all of a partition has its
    place, a CHECK on ``seq`` lets the planner leave it out."""
    connection.execute("CREATE TABLE audit_events_parts (LIKE audit_events) PARTITION BY RANGE (rowno)")
    step = leaves // PARTITIONS
    for part in range(PARTITIONS):
        low, high, name = part * step + 1, (part + 1) * step + 1, f"audit_events_parts_{part}"
        connection.execute(f"CREATE TABLE {name} (LIKE audit_events)")
        connection.execute(f"INSERT INTO {name} SELECT * FROM audit_events WHERE rowno >= {low} AND rowno < {high}")
        checks = f"ADD CHECK (seq >= {low - 1} AND seq < {high - 1})" if part < PARTITIONS - 1 else ""
        if checks:
            connection.execute(f"ALTER TABLE {name} {checks}")
        connection.execute(
            f"ALTER TABLE audit_events_parts ATTACH PARTITION {name} FOR VALUES FROM ({low}) TO ({high})"
        )
    for statement in (
        "ALTER TABLE audit_events_parts ADD PRIMARY KEY (rowno)",
        "CREATE INDEX ON audit_events_parts (id)",
        "CREATE INDEX ON audit_events_parts (seq)",
        "CREATE INDEX ON audit_events_parts (subject_type, subject_id, rowno)",
        "CREATE INDEX ON audit_events_parts (at, rowno)",
        "CREATE INDEX ON audit_events_parts (action, at, rowno)",
        "CREATE INDEX ON audit_events_parts (actor, at, rowno)",
        "CREATE INDEX ON audit_events_parts (rowno) WHERE seq IS NULL",
        "ANALYZE audit_events_parts",
    ):
        connection.execute(statement)


def _questions(connection: Connection[Any], table: str, leaves: int) -> dict[str, float]:
    """Milliseconds, medians; subjects and places at random."""
    chance = random.Random(7)
    subject = "SELECT canonical FROM {} WHERE subject_type = 'document' AND subject_id = %s ORDER BY rowno"
    queries: dict[str, tuple[str, Callable[[], list[Any]]]] = {
        "of_a_document": (subject, lambda: [f"paper-{chance.randrange(leaves // 12):07d}"]),
        "tile_of_256_hashes": (
            "SELECT leaf_hash FROM {} WHERE seq >= %s AND seq < %s ORDER BY seq",
            lambda: [start := chance.randrange(leaves - 256), start + 256],
        ),
        "of_an_actor_latest_100": (
            "SELECT canonical FROM {} WHERE actor = %s ORDER BY at DESC, rowno DESC LIMIT 100",
            lambda: [f"person-{chance.randrange(500)}"],
        ),
        "unsequenced": ("SELECT id, canonical FROM {} WHERE seq IS NULL ORDER BY rowno LIMIT 1000", list),
        "latest_100": ("SELECT canonical FROM {} ORDER BY at DESC, rowno DESC LIMIT 100", list),
    }
    figures = {}
    for name, (query, values) in queries.items():
        spans = [_answered(connection, query.format(table), values()) for _ in range(_ASKED)]
        figures[name] = round(1000 * statistics.median(spans), 2)
    return figures


def _answered(connection: Connection[Any], query: str, values: list[Any]) -> float:
    return _timed(lambda: connection.execute(query, values).fetchall())


def _proofs(store: SqlLogStore, size: int) -> dict[str, float]:
    """Milliseconds, medians; each proof reads its tiles anew."""
    chance = random.Random(size)
    inclusion = [
        _timed(lambda: inclusion_proof(TileCache(store), chance.randrange(size), size)) for _ in range(_PROOFS)
    ]
    consistency = [
        _timed(lambda: consistency_proof(TileCache(store), chance.randrange(1, size), size)) for _ in range(_PROOFS)
    ]
    return {
        "inclusion_ms": round(1000 * statistics.median(inclusion), 1),
        "consistency_ms": round(1000 * statistics.median(consistency), 1),
        "consistency_with_last_hour_ms": round(
            1000 * statistics.median(
                _timed(lambda: consistency_proof(TileCache(store), size - 1_200, size)) for _ in range(_PROOFS)
            ), 1,
        ),
    }  # fmt: skip


class _Memory:
    """``HashSource`` over random leaves, which counts the tiles it is asked for."""

    def __init__(self, leaves: int) -> None:
        noise = os.urandom(32 * leaves)
        self._levels: dict[int, Sequence[bytes]] = {0: [noise[at : at + 32] for at in range(0, 32 * leaves, 32)]}
        level = 0
        while nodes := tile_roots(self._levels[level]):
            level += 8
            self._levels[level] = nodes
        self.asked = 0

    def hashes(self, level: int, first: int, last: int) -> Sequence[bytes]:
        self.asked += 1
        return self._levels.get(level, ())[first:last]


def proofs_in_memory(sizes: Sequence[int] = (10**5, 10**6, 10**7)) -> dict[str, dict[str, float]]:
    """Processor milliseconds and tiles (queries, over a database) of a proof, medians: what no load changes much."""
    figures = {}
    for size in sizes:
        source, chance = _Memory(size), random.Random(size)
        figures[str(size)] = {
            **_cost(source, "inclusion", lambda s, n=size, c=chance: inclusion_proof(s, c.randrange(n), n)),
            **_cost(source, "consistency", lambda s, n=size, c=chance: consistency_proof(s, c.randrange(1, n), n)),
            **_cost(source, "last_hour", lambda s, n=size: consistency_proof(s, n - 1_200, n)),
        }
    return figures


def _cost(source: _Memory, name: str, prove: Callable[[TileCache], object]) -> dict[str, float]:
    spans, tiles = [], []
    for _ in range(_ASKED):
        source.asked, begun = 0, time.process_time()
        prove(TileCache(source))
        spans.append(1000 * (time.process_time() - begun))
        tiles.append(source.asked)
    return {f"{name}_ms": round(statistics.median(spans), 2), f"{name}_tiles": statistics.median(tiles)}


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
