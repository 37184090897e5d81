"""Lists: every row once, in order, whatever the size of the pages; filters; what concerns a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.meetings import MeetingState
from doc_service.domain.signatures import RequestState
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import Visa, VisaState
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.ports_queries import (
    Concern,
    DocumentFilter,
    EventFilter,
    MeetingFilter,
    Page,
    Position,
    Queries,
    RequestFilter,
    Slice,
    VisaFilter,
)
from tests.persistence import samples

T = TypeVar("T")
Ask = Callable[[Queries, Slice], Page[T]]


@pytest.fixture
def units(engine: Engine) -> SqlUnitOfWorkFactory:
    """Two bodies, twelve documents at four moments, meetings, requests, visas, substitutions, entries, events."""
    units = samples.fill(engine, ())
    with units() as unit:
        unit.bodies.add(replace(samples.body("other"), members=(), secretary=samples.person(9)))
        for number in range(12):
            made = samples.NOW + timedelta(minutes=number // 3)
            state = DocumentState.SIGNING if number % 2 else DocumentState.DRAFT
            document = samples.document(f"d{number:02}", title=f"Protokol {number}", created_at=made)
            unit.documents.add(replace(document, state=state, body_id="other" if number < 4 else "kq"))
            request = replace(samples.request(f"r{number:02}", document_id=document.id), signer=samples.person(number))
            unit.signatures.add(replace(request, state=RequestState.OPEN if number % 3 else RequestState.SIGNED))
            unit.visas.add(Visa(f"v{number:02}", document.id, 1, f"unit {number % 2}"))
            unit.journals.register(samples.JOURNAL, document.id, samples.NOW + timedelta(days=200 * (number % 3)))
            event = AuditEvent(
                f"e{number:02}", made, f"p{number % 2}", Action.DOCUMENT_DRAFTED, "document", document.id
            )
            unit.audit.append(event)
        for number in range(5):
            opens = samples.meeting().opens_at + timedelta(days=number // 2)
            unit.meetings.add(replace(samples.meeting(f"m{number}"), opens_at=opens))
            days = (samples.NOW.date(),) * 3
            unit.substitutions.add(Substitution(f"s{number}", f"p{number % 2}", samples.person(9), "12", *days))
        unit.commit()
    return units


def walk(units: SqlUnitOfWorkFactory, ask: Ask[T], size: int) -> list[T]:
    """Every row of a list by pages of ``size``; each page but the last is full."""
    found: list[T] = []
    after: Position | None = None
    with units.reading() as unit:
        while True:
            page = ask(unit.queries, Slice(after, size))
            found += page.rows
            if page.end is None:
                return found
            assert len(page.rows) == size
            after = page.end


LISTS: dict[str, tuple[Ask[object], Callable[..., object], int]] = {
    "bodies": (lambda q, s: q.bodies(s), lambda b: b.id, 2),
    "meetings": (lambda q, s: q.meetings(MeetingFilter(), s), lambda m: m.id, 5),
    "documents": (lambda q, s: q.documents(DocumentFilter(), s), lambda d: d.id, 12),
    "visas": (lambda q, s: q.visas(VisaFilter(), s), lambda v: v.id, 12),
    "substitutions": (lambda q, s: q.substitutions(s), lambda s: s.id, 5),
    "entries": (lambda q, s: q.entries("KQ", s), lambda e: (e.year, e.seq), 12),
    "requests": (lambda q, s: q.requests(RequestFilter(), s), lambda r: r.id, 12),
    "events": (lambda q, s: q.events(EventFilter(), s), lambda e: e.event.id, 12),
}


@pytest.mark.parametrize("name", LISTS)
def test_pages_of_any_size_give_every_row_once_and_in_one_order(units: SqlUnitOfWorkFactory, name: str) -> None:
    ask, key, count = LISTS[name]
    whole = [key(row) for row in walk(units, ask, 100)]
    assert len(whole) == len(set(whole)) == count
    assert whole == sorted(whole, reverse=name != "bodies")
    for size in (1, 2, 5, count):
        assert [key(row) for row in walk(units, ask, size)] == whole


FOREIGN: tuple[Position, ...] = ((), ("x",), (True,), (2**80,), ("\x00", "\x00"), ("2026-01-01", "a", 1))
"""Of no list; ("x",) is one of bodies."""


@pytest.mark.parametrize(
    ("name", "position"), [(n, p) for n in LISTS for p in FOREIGN if (n, p) != ("bodies", ("x",))], ids=str
)
def test_a_foreign_position_is_refused(units: SqlUnitOfWorkFactory, name: str, position: Position) -> None:
    with units.reading() as unit, pytest.raises(DomainError, match=r"paging\.bad_cursor"):
        LISTS[name][0](unit.queries, Slice(position))


def test_rows_added_meanwhile_neither_repeat_nor_hide_others(units: SqlUnitOfWorkFactory) -> None:
    with units.reading() as unit:
        first = unit.queries.documents(DocumentFilter(), Slice(limit=5))
    with units() as unit:
        for number in range(3):
            unit.documents.add(samples.document(f"new{number}", created_at=samples.NOW + timedelta(days=1)))
        unit.commit()
    with units.reading() as unit:
        second = unit.queries.documents(DocumentFilter(), Slice(first.end, 100))
    assert len({d.id for d in (*first.rows, *second.rows)}) == 12


def ids(units: SqlUnitOfWorkFactory, **wanted: object) -> list[str]:
    return sorted(d.id for d in walk(units, lambda q, s: q.documents(DocumentFilter(**wanted), s), 3))


def test_documents_are_filtered(units: SqlUnitOfWorkFactory) -> None:
    later = samples.NOW + timedelta(minutes=3)
    assert ids(units, text="PROTOKOL 1") == ["d01", "d10", "d11"]
    assert ids(units, text="%") == []
    assert ids(units, states=frozenset({DocumentState.SIGNING}), body_id="other") == ["d01", "d03"]
    assert ids(units, created_from=later) == ["d09", "d10", "d11"]
    assert ids(units, created_before=samples.NOW + timedelta(minutes=1)) == ["d00", "d01", "d02"]
    assert ids(units, instrument="reyestr") == ids(units, number="1") == ids(units, meeting_id="m1") == []


def test_a_list_of_documents_does_not_carry_their_data(units: SqlUnitOfWorkFactory) -> None:
    with units.reading() as unit:
        page = unit.queries.documents(DocumentFilter(), Slice(limit=1))
    assert page.rows[0].data == {}


def test_documents_by_their_ids(units: SqlUnitOfWorkFactory) -> None:
    with units.reading() as unit:
        assert unit.queries.documents_of([]) == {}
        found = unit.queries.documents_of(["d03", "d01", "none"])
    assert {i: d.title for i, d in found.items()} == {"d01": "Protokol 1", "d03": "Protokol 3"}


def test_documents_that_concern_a_person(units: SqlUnitOfWorkFactory) -> None:
    assert ids(units, concern=Concern()) == []
    assert ids(units, concern=Concern(person_id="p7")) == ["d07"]
    assert ids(units, concern=Concern("p7", frozenset({"other"}))) == ["d00", "d01", "d02", "d03", "d07"]
    assert ids(units, concern=Concern("p7", units=frozenset({"unit 0"}))) == [
        "d00", "d02", "d04", "d06", "d07", "d08", "d10",
    ]  # fmt: skip
    assert ids(units, concern=Concern("p7", document_id="d01")) == ["d01"]


def test_bodies_of_a_person(units: SqlUnitOfWorkFactory) -> None:
    with units.reading() as unit:
        queries = unit.queries
        assert [b.id for b in queries.bodies(Slice(), ids=frozenset({"other"})).rows] == ["other"]
        assert not queries.bodies(Slice(), ids=frozenset()).rows
        assert queries.bodies_of("p1") == queries.bodies_of("p2") == {"kq"}
        assert queries.bodies_of("p9") == {"other"}
        assert queries.bodies_of("p8") == frozenset()


def test_meetings_are_filtered(units: SqlUnitOfWorkFactory) -> None:
    def found(**wanted: object) -> list[str]:
        return [m.id for m in walk(units, lambda q, s: q.meetings(MeetingFilter(**wanted), s), 2)]

    second_day = samples.meeting().opens_at + timedelta(days=1)
    assert found(body_ids=frozenset({"kq"})) == ["m4", "m3", "m2", "m1", "m0"]
    assert found(body_ids=frozenset()) == found(state=MeetingState.HELD) == []
    assert found(opens_from=second_day) == ["m4", "m3", "m2"]
    assert found(opens_before=second_day.astimezone(UTC)) == ["m1", "m0"]


def test_requests_visas_and_entries_are_filtered(units: SqlUnitOfWorkFactory) -> None:
    open_ = frozenset({RequestState.OPEN})
    with units.reading() as unit:
        queries = unit.queries
        assert [r.id for r in queries.requests(RequestFilter(signer_id="p4"), Slice()).rows] == ["r04"]
        assert not queries.requests(RequestFilter(signer_id="p3", states=open_), Slice()).rows
        assert [r.id for r in queries.requests(RequestFilter(document_id="d05"), Slice()).rows] == ["r05"]
        wanted = VisaFilter(units=frozenset({"unit 1"}), state=VisaState.PENDING)
        assert len(queries.visas(wanted, Slice()).rows) == 6
        assert not queries.visas(VisaFilter(units=frozenset()), Slice()).rows
        assert {e.year for e in queries.entries("KQ", Slice(), year=2027).rows} == {2027}
        assert not queries.entries("XX", Slice()).rows
        assert [s.id for s in queries.substitutions(Slice(), absent_id="p1").rows] == ["s3", "s1"]
        assert queries.substitution("s1").absent_id == "p1"
        assert [j.code for j in queries.journals()] == ["KQ"]
        with pytest.raises(NotFoundError, match=r"substitution\.not_found"):
            queries.substitution("s9")


def test_events_are_filtered(units: SqlUnitOfWorkFactory) -> None:
    def found(**wanted: object) -> list[str]:
        return [e.event.id for e in walk(units, lambda q, s: q.events(EventFilter(**wanted), s), 4)]

    assert found(subject=("document", "d03")) == ["e03"]
    assert found(actor="p1") == ["e11", "e09", "e07", "e05", "e03", "e01"]
    assert found(action="document.archived") == []
    assert found(since=samples.NOW + timedelta(minutes=3)) == ["e11", "e10", "e09"]
    assert found(before=datetime(2000, 1, 1, tzinfo=UTC)) == []
    with units.reading() as unit:
        (row,) = unit.queries.events(EventFilter(subject=("document", "d03")), Slice()).rows
    assert (row.seq, len(row.leaf_hash), row.event.actor) == (None, 32, "p1")
