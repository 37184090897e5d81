"""Every list that a page or an auditor asks for is found by an index, with tens of thousands of rows in the tables."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Select, event, select

from doc_service.domain.documents import DocumentState
from doc_service.domain.jobs import JobKind
from doc_service.domain.signatures import RequestState
from doc_service.domain.visas import VisaState
from doc_service.domain.webhooks import DeliveryState
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.outages import SqlOutages
from doc_service.persistence.tables import (
    audit_events,
    document_revisions,
    documents,
    jobs,
    journal_entries,
    outages,
    signature_requests,
    visas,
)
from doc_service.persistence.uow import SqlUnitOfWork, SqlUnitOfWorkFactory
from doc_service.ports_queries import (
    Concern,
    DocumentFilter,
    EventFilter,
    MeetingFilter,
    Queries,
    RequestFilter,
    Slice,
    VisaFilter,
)
from doc_service.system import RandomIds
from tests.persistence import many_rows, samples
from tests.persistence.engines import ENGINES

SINCE = datetime(2026, 1, 5, tzinfo=UTC)
UNTIL = SINCE + timedelta(hours=2)
NOW = datetime(2026, 2, 1, tzinfo=UTC)
BIG = {*many_rows.COPIES, "audit_nodes"}

_FIRST = Slice(limit=50)
_ROW = Slice((15_000,))
_MOMENT = Slice(("2026-01-05T00:00:00Z", "d1-5760"))
QUERIES: dict[str, Callable[[Queries], object]] = {
    "page of documents": lambda q: q.documents(DocumentFilter(), _MOMENT),
    "page of documents in a state": lambda q: q.documents(
        DocumentFilter(states=frozenset({DocumentState.SIGNING})), _MOMENT
    ),
    "page of documents in some states": lambda q: q.documents(
        DocumentFilter(states=frozenset({DocumentState.SIGNING, DocumentState.DRAFT}), body_id="b7"), _FIRST
    ),
    "page of documents of a time": lambda q: q.documents(
        DocumentFilter(created_from=SINCE, created_before=UNTIL), _FIRST
    ),
    "page of documents by number": lambda q: q.documents(DocumentFilter(number="3-21-5/KQ-77/2026"), _FIRST),
    "page of own documents": lambda q: q.documents(
        DocumentFilter(concern=Concern("p100", frozenset({"b7"}), frozenset({"unit 10"}))), _FIRST
    ),
    "page of meetings": lambda q: q.meetings(MeetingFilter(), Slice(("2026-01-05T00:00:00Z", "m1-5760"))),
    "page of meetings of bodies": lambda q: q.meetings(MeetingFilter(body_ids=frozenset({"b7", "b8"})), _FIRST),
    "page of visas": lambda q: q.visas(VisaFilter(), _ROW),
    "page of visas of units": lambda q: q.visas(
        VisaFilter(units=frozenset({"unit 10", "unit 11"}), state=VisaState.PENDING), _FIRST
    ),
    "page of substitutions": lambda q: q.substitutions(_ROW),
    "page of substitutions of a person": lambda q: q.substitutions(_FIRST, absent_id="p77"),
    "page of a journal": lambda q: q.entries("KQ", Slice((2010, 15_000))),
    "page of a journal's year": lambda q: q.entries("KQ", _FIRST, year=2010),
    "page of requests of a signer": lambda q: q.requests(RequestFilter(signer_id="p100"), _FIRST),
    "page of requests open": lambda q: q.requests(
        RequestFilter(states=frozenset({RequestState.OPEN, RequestState.CONSENTED})), _ROW
    ),
    "page of requests of a document": lambda q: q.requests(RequestFilter(document_id="d1-77"), _FIRST),
    "page of events": lambda q: q.events(EventFilter(), Slice(("2026-01-05T00:00:00Z", 5760))),
    "page of events of a subject": lambda q: q.events(EventFilter(subject=("document", "d1-77")), _FIRST),
    "page of events of a person": lambda q: q.events(EventFilter(actor="p77"), _FIRST),
    "page of events of a kind": lambda q: q.events(
        EventFilter(action="document.archived", since=SINCE, before=UNTIL), _FIRST
    ),
}


def _ask(question: Callable[[Queries], object], unit: SqlUnitOfWork) -> object:
    return question(unit.queries)


REPOSITORIES: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "document": lambda u: u.documents.get("d1-77"),
    "documents, newest": lambda u: u.documents.search(),
    "documents in a state": lambda u: u.documents.search(state=DocumentState.SIGNING),
    "documents of an instrument": lambda u: u.documents.search(instrument="reyestr"),
    "documents of an instrument in a state": lambda u: u.documents.search(
        instrument="reyestr", state=DocumentState.SIGNING
    ),
    "revisions": lambda u: u.documents.revisions("d1-77"),
    "visas": lambda u: u.visas.of_document("d1-77"),
    "meetings": lambda u: u.meetings.of_body("b7"),
    "substitutions": lambda u: u.substitutions.of_person("p77"),
    "journal": lambda u: u.journals.entries("KQ", 2010),
    "registration": lambda u: u.journals.register(samples.JOURNAL, "d1", NOW),
    "requests": lambda u: u.signatures.of_document("d1-77"),
    "request": lambda u: u.signatures.get("r1-77"),
    "signing record": lambda u: u.signing.record("r1-77"),
    "signing records": lambda u: u.signing.records("d1-77"),
    "requests to pass on": lambda u: u.signing.unfinished({"p100"}),
    "requests overdue": lambda u: u.signing.overdue(NOW),
    "job": lambda u: u.jobs.find("key:j1-77"),
    "jobs to claim": lambda u: u.jobs.claim(NOW, NOW + timedelta(minutes=1), "token"),
    "jobs pending": lambda u: u.jobs.pending(),
    "jobs given up": lambda u: u.jobs.dead(),
    "jobs, next": lambda u: u.jobs.next_due(),
    "jobs, backlog": lambda u: u.jobs.backlog(NOW),
    "jobs to hand over": lambda u: u.jobs.hand_over([JobKind.RENDER], NOW, NOW, lost=None, limit=10),
    "identity proofs of a request": lambda u: u.identity.of_request("r1-77"),
    "identity proofs of a document": lambda u: u.identity.of_document("d1-77"),
    "identity proof": lambda u: u.identity.find("ip-77"),
    "people, a page": lambda u: u.people.page(Slice(("p1-15000",))),
    "people by id": lambda u: u.people.of_ids({"p1-77", "p1-78"}),
    "organisation by VÖEN": lambda u: u.organisations.of_voen("1000000077"),
    "organisations, a page": lambda u: u.organisations.page(Slice(("t1-15000",))),
    "participation": lambda u: u.clusters.participation("i1-77"),
    "clusters of organisations": lambda u: u.clusters.clusters_of(frozenset({"t9"})),
    "papers of others": lambda u: u.case_files.of_owner("cluster", "k77"),
    "webhook deliveries, newest": lambda u: u.webhooks.deliveries("w1"),
    "webhook deliveries, older": lambda u: u.webhooks.deliveries("w1", before=500),
    "webhook deliveries that wait": lambda u: u.webhooks.deliveries("w1", state=DeliveryState.PENDING),
    "webhook, next delivery": lambda u: u.webhooks.next_seq("w1"),
    "webhook, one event": lambda u: u.webhooks.has_delivery("w1", "e1-77"),
    "events of a subject": lambda u: u.audit.of_subject("document", "d1-77"),
    **{name: functools.partial(_ask, question) for name, question in QUERIES.items()},
}
LOG: dict[str, Callable[[SqlLogStore], object]] = {
    "head": lambda s: s.head(),
    "backlog": lambda s: s.backlog(),
    "unsequenced": lambda s: s.unsequenced(1000),
    "events": lambda s: s.events(12_000, 100),
    "of subject": lambda s: s.of_subject("document", "d1-77"),
    "leaves": lambda s: s.hashes(0, 512, 768),
    "nodes": lambda s: s.hashes(8, 100, 200),
    "last checkpoint": lambda s: s.last_checkpoint(),
    "unstamped": lambda s: s.unstamped(),
}
OUTAGES: dict[str, Callable[[SqlOutages], object]] = {
    "open": lambda j: j.open_ones(),
}
_d, _r, _e, _j = documents.c, signature_requests.c, audit_events.c, jobs.c
PAGES: dict[str, Select[Any]] = {
    "document by number": select(_d.id).where(_d.number == "3-21-5/KQ-77/2026"),
    "documents of a body": select(_d.body)
    .where(_d.body_id == "b7")
    .order_by(_d.created_at.desc(), _d.id.desc())
    .limit(50),
    "documents of a meeting": select(_d.body).where(_d.meeting_id == "m1"),
    "documents of a day": select(_d.body).where(_d.created_at.between(SINCE, UNTIL)).order_by(_d.created_at, _d.id),
    "revision by digest": select(document_revisions).where(document_revisions.c.sha256 == "s77"),
    "visas that a unit owes": select(visas).where(visas.c.unit == "unit 10", visas.c.state == "pending"),
    "requests of a signer": select(_r.body).where(_r.signer_id == "p100", _r.state == "open").order_by(_r.rowno),
    "requests open longest": select(_r.body).where(_r.state == "open").order_by(_r.rowno).limit(50),
    "registered on a day": select(journal_entries).where(journal_entries.c.registered_on == date(2027, 1, 5)),
    "events of a person": select(_e.canonical)
    .where(_e.actor == "p77")
    .order_by(_e.at.desc(), _e.rowno.desc())
    .limit(50),
    "events of a kind in a time": select(_e.canonical).where(
        _e.action == "document.archived", _e.at.between(SINCE, UNTIL)
    ),
    "events in a time": select(_e.canonical).where(_e.at.between(SINCE, UNTIL)).order_by(_e.at, _e.rowno),
    "jobs of a kind given up": select(jobs).where(_j.state == "dead", _j.kind == "render").order_by(_j.rowno),
    "outages of a component": select(outages)
    .where(outages.c.component == "c7", outages.c.began_at >= SINCE)
    .order_by(outages.c.began_at)
    .limit(50),
    "outages, newest": select(outages).order_by(outages.c.began_at.desc()).limit(50),
}


@pytest.fixture(scope="module", params=sorted(ENGINES))
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_engine(ENGINES[request.param](tmp_path_factory.mktemp("lists")))
    migrate(engine)
    many_rows.fill(engine)
    yield engine
    engine.dispose()


def statements_of(engine: Engine, step: Callable[[], object]) -> list[tuple[str, Any]]:
    """What is sent to the database."""
    sent: list[tuple[str, Any]] = []

    def listen(_c: object, _cursor: object, statement: str, parameters: Any, _x: object, _many: object) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        step()
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    asked = [(s, p) for s, p in sent if s.lstrip().startswith(("SELECT", "UPDATE", "WITH")) and "advisory" not in s]
    assert asked
    return asked


def full_scans(engine: Engine, statement: str, parameters: Any) -> list[str]:
    """Big tables that the plan reads from end to end."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            details = [str(row[3]) for row in rows]
            return [d for d in details if d.startswith("SCAN ") and d.removeprefix("SCAN ") in BIG]
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
        return _scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def _scans(node: Mapping[str, Any]) -> list[str]:
    big = node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG
    inner = [scan for child in node.get("Plans", []) for scan in _scans(child)]
    return [f"Seq Scan {node['Relation Name']}", *inner] if big else inner


def judge(engine: Engine, step: Callable[[], object]) -> None:
    found = {s: scans for s, p in statements_of(engine, step) if (scans := full_scans(engine, s, p))}
    assert found == {}


@pytest.mark.parametrize("name", REPOSITORIES)
def test_repositories(filled: Engine, name: str) -> None:
    def step() -> None:
        with SqlUnitOfWorkFactory(filled)() as unit:
            REPOSITORIES[name](unit)

    judge(filled, step)


@pytest.mark.parametrize("name", LOG)
def test_log(filled: Engine, name: str) -> None:
    judge(filled, lambda: LOG[name](SqlLogStore(filled)))


@pytest.mark.parametrize("name", OUTAGES)
def test_outages(filled: Engine, name: str) -> None:
    judge(filled, lambda: OUTAGES[name](SqlOutages(filled, RandomIds())))


@pytest.mark.parametrize("name", PAGES)
def test_pages(filled: Engine, name: str) -> None:
    def step() -> None:
        with filled.connect() as connection:
            assert connection.execute(PAGES[name]).all() or "meeting" in name

    judge(filled, step)


def test_a_search_in_the_middle_of_words_uses_trigrams_on_postgresql(postgres_engine: Engine) -> None:
    """The test's server has the extension pg_trgm; on SQLite a search walks the newest documents first."""
    units = many_rows.fill(postgres_engine)

    def step() -> None:
        with units.reading() as unit:
            assert [d.title for d in unit.documents.search(text="kq-17777/")] == ["Protokol"]

    (statement, parameters), *_ = statements_of(postgres_engine, step)
    with postgres_engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
    assert any("ix_documents_search_text" in line for line in plan), plan


def test_a_query_without_index_is_seen(filled: Engine) -> None:
    def step() -> None:
        with filled.connect() as connection:
            connection.execute(select(_d.id).where(_d.title == "x"))

    with pytest.raises(AssertionError, match="documents"):
        judge(filled, step)
