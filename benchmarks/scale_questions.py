"""What pages, workers and auditors ask for, and what commits cost, among the documents that were loaded."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.documents import DocumentState
from doc_service.domain.jobs import Job, JobKind
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.dump_postgres import PostgresDump, PostgresLoad
from doc_service.persistence.engine import make_engine
from doc_service.persistence.replication import SqlReplicationJobs
from doc_service.persistence.standing import SqlFigures
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory
from doc_service.system import RandomIds
from tools.production import DATABASE
from tools.servers.postgres import PostgresServer

_ROUNDS = 15
_COMMITS = 200
Question = Callable[[SqlUnitOfWork], object]


def ask(server: PostgresServer, place: Path) -> dict[str, Any]:
    """Milliseconds: ``cold`` the first time after the server's restart (its own memory is empty, the system's is not),
    ``warm`` the median of the next fifteen with other values each time."""
    figures: dict[str, Any] = {}
    engine = make_engine(server.url(DATABASE))
    with server.connect(DATABASE) as connection:
        total = connection.execute("SELECT count(*) FROM documents").fetchone()[0]  # type: ignore[index]
    for name, question in questions(total).items():
        figures[name] = {**_timed(server, engine, question), **_plans(engine, question)}
    figures |= _outside(engine)
    figures["commits"] = _commits(engine)
    engine.dispose()
    return figures


def questions(total: int) -> Mapping[str, Question]:
    """The lists, each by the repository that the service uses."""
    chance, now = random.Random(3), datetime.now(UTC)

    def name() -> str:
        return f"paper-{1000000 + chance.randrange(1, total):07d}"

    def person() -> str:
        return f"person-{chance.randrange(500)}"

    return {
        "document": lambda u: u.documents.get(name()),
        "document_and_revisions": lambda u: u.documents.revisions(name()),
        "newest_100_documents": lambda u: u.documents.search(limit=100),
        "newest_100_of_an_instrument": lambda u: u.documents.search(instrument="kq-bildiris", limit=100),
        "newest_100_archived": lambda u: u.documents.search(state=DocumentState.ARCHIVED, limit=100),
        "none_in_signing": lambda u: u.documents.search(state=DocumentState.SIGNING, limit=100),
        "by_number_part": lambda u: u.documents.search(text=f"-{chance.randrange(total // 10, total)}", limit=20),
        "by_word_of_the_title_that_is_in_none": lambda u: u.documents.search(text=f"zəlzələ{chance.random()}"),
        "signatures_that_wait_for_a_person": lambda u: u.signatures.waiting(now, signer_id=person()),
        "signature_requests_of_a_document": lambda u: u.signatures.of_document(name()),
        "visas_of_a_document": lambda u: u.visas.of_document(name()),
        "events_of_a_document": lambda u: u.audit.of_subject("document", name()),
        "job_claimed_when_none_is_due": lambda u: u.jobs.claim(now, now + timedelta(seconds=15), "bench"),
        "backlog_of_jobs": lambda u: u.jobs.backlog(now),
    }


def _timed(server: PostgresServer, engine: Engine, question: Question) -> dict[str, float]:
    units = SqlUnitOfWorkFactory(engine)

    def once() -> float:
        begun = time.perf_counter()
        with units() as unit:
            question(unit)
        return 1000 * (time.perf_counter() - begun)

    engine.dispose()
    server.stop()
    server.start()
    with units.reading() as unit:
        unit.bodies.find("-")
    cold = once()
    return {"cold_ms": round(cold, 1), "warm_ms": round(statistics.median(once() for _ in range(_ROUNDS)), 2)}


def _plans(engine: Engine, question: Question) -> dict[str, Any]:
    """What the server itself says of the question's statements: blocks of 8 KB touched, which no load changes, its own
    milliseconds, and whether a table was read from end to end."""
    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    with SqlUnitOfWorkFactory(engine)() as unit:
        question(unit)
    event.remove(engine, "before_cursor_execute", note)
    blocks, milliseconds, scans = 0, 0.0, []
    raw: Any = engine.raw_connection()
    for statement, values in seen:
        if statement.startswith(("SELECT", "UPDATE")) and "advisory" not in statement:
            answer = raw.driver_connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values)
            found = answer.fetchone()[0][0]
            blocks += found["Plan"].get("Shared Hit Blocks", 0) + found["Plan"].get("Shared Read Blocks", 0)
            milliseconds += found["Execution Time"]
            scans += [node["Relation Name"] for node in _nodes(found["Plan"]) if node["Node Type"] == "Seq Scan"]
    raw.driver_connection.rollback()
    raw.close()
    return {"blocks": blocks, "server_ms": round(milliseconds, 2), "read_from_end_to_end": scans}


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _outside(engine: Engine) -> dict[str, float]:
    """What does not go through a unit of work, milliseconds; and what reads whole tables, once, in seconds."""
    now = datetime.now(UTC)
    figures, jobs, log = SqlFigures(engine), SqlReplicationJobs(engine), SqlLogStore(engine)
    asked: Mapping[str, Callable[[], object]] = {
        "metrics_ms": lambda: figures.read(now),
        "replication_lag_ms": jobs.times,
        "announced_deletions_ms": jobs.deletions,
        "events_without_a_place_ms": lambda: log.unsequenced(1000),
        "page_of_1000_events_for_export_ms": lambda: log.events(1_000_000, 1000),
    }
    found = {name: round(_median(run), 2) for name, run in asked.items()}
    begun = time.perf_counter()
    with SqlUnitOfWorkFactory(engine).reading() as unit:
        count = len(unit.documents.ids())
    found["all_ids_of_documents_s"] = round(time.perf_counter() - begun, 2)
    found["all_ids_of_documents"] = count
    return found


def _median(run: Callable[[], object]) -> float:
    spans = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        run()
        spans.append(1000 * (time.perf_counter() - begun))
    return statistics.median(spans)


def _commits(engine: Engine) -> dict[str, float]:
    """A second, one after the other, durable: a transaction with an event and a job, that job claimed and finished."""
    units, ids = SqlUnitOfWorkFactory(engine), RandomIds()
    jobs = []
    begun = time.perf_counter()
    for number in range(_COMMITS):
        now = datetime.now(UTC)
        with units() as unit:
            job = Job(ids.new(), JobKind.RENDER, f"bench:{ids.new()}", now, {"document_id": f"d{number}"})
            unit.jobs.enqueue(job)
            details = {"revision": number}
            event = AuditEvent(ids.new(), now, "bench", Action.DOCUMENT_DRAFTED, "document", f"d{number}", details)
            unit.audit.append(event)
            unit.commit()
        jobs.append(job)
    asked = _COMMITS / (time.perf_counter() - begun)
    begun = time.perf_counter()
    for job in jobs:
        now = datetime.now(UTC)
        with units() as unit:
            found = unit.jobs.claim(now, now + timedelta(minutes=1), job.id)
            unit.commit()
        with units() as unit:
            assert unit.job_leases.finish(found[0].id, job.id, now)
            unit.commit()
    done = _COMMITS / (time.perf_counter() - begun)
    return {"event_and_job_per_s": round(asked), "jobs_claimed_and_finished_per_s": round(done)}


def dump_and_restore(server: PostgresServer, place: Path) -> dict[str, float]:
    """As ``doc-service backup`` and ``restore`` do it, seconds; and the dump's size."""
    target = place / "database.pgdump"
    begun = time.perf_counter()
    with PostgresDump(server.url(DATABASE)).dump(target):
        dumped = time.perf_counter() - begun
    server.drop_database("restored")
    loader = PostgresLoad(server.create_database("restored"))
    begun = time.perf_counter()
    loader.load(target)
    loader.finish()
    restored = time.perf_counter() - begun
    size = target.stat().st_size
    target.unlink()
    server.drop_database("restored")
    return {"dump_s": round(dumped, 1), "restore_s": round(restored, 1), "dump_bytes": size}
