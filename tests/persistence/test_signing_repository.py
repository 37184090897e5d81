"""Records, places in the queue, refusals and open requests, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.signatures import RequestState
from doc_service.domain.signing_queue import Waiter
from doc_service.domain.substitution import Substitution
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence import samples
from tests.persistence.samples import NOW

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def asked(units: SqlUnitOfWorkFactory, *requests: str, document: str = "d1") -> None:
    with units() as unit:
        for number, name in enumerate(requests):
            unit.signatures.add(replace(samples.request(name, 1, document), signer=samples.person(number)))
        unit.commit()


def test_records_come_back_as_they_went_in(units: SqlUnitOfWorkFactory) -> None:
    asked(units, "r1", "r2")
    second, first = samples.signing_record("r2", revision=2), samples.signing_record("r1", revision=1)
    with units() as unit:
        unit.signing.add_record(second)
        unit.signing.add_record(first)
        unit.commit()
    with units.reading() as unit:
        assert unit.signing.records("d1") == [first, second]
        assert unit.signing.record("r2") == second
        assert unit.signing.record("none") is None
    with units() as unit, pytest.raises(ConflictError, match=r"signing_record\.exists"):
        unit.signing.add_record(first)


def test_places_stand_in_the_order_of_joining(units: SqlUnitOfWorkFactory) -> None:
    asked(units, "r1", "r2", "r3")
    places = [Waiter("d1", f"r{n}", NOW - n * SECOND, NOW) for n in (1, 2, 3)]
    with units() as unit:
        for place in places:
            unit.signing.put_place(place)
        unit.signing.put_place(replace(places[0], seen_at=NOW + SECOND, called_at=NOW))
        unit.commit()
    with units() as unit:
        assert [w.request_id for w in unit.signing.queue("d1")] == ["r3", "r2", "r1"]
        assert unit.signing.queue("d1")[2].called_at == NOW
        unit.signing.leave({"r2", "unknown"})
        unit.signing.leave(())
        assert [w.request_id for w in unit.signing.queue("d1")] == ["r3", "r1"]
        assert unit.signing.queue("d2") == ()


def test_the_same_refusal_is_counted_not_recorded(units: SqlUnitOfWorkFactory) -> None:
    asked(units, "r1")

    def note(code: str, seconds: int, actor: str = "p1") -> int | None:
        with units() as unit:
            noted = unit.signing.note_refusal("r1", actor, code, NOW + seconds * SECOND, MINUTE)
            unit.commit()
            return noted

    assert [note("a", 0), note("a", 1), note("b", 2), note("a", 3, "p2"), note("a", 59)] == [0, None, 0, 0, None]
    assert [note("a", 60), note("a", 61), note("a", 120), note("a", 600)] == [2, None, 1, 0]


def test_requests_to_pass_on_are_those_of_documents_being_signed(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        for name, state in (("s", DocumentState.SIGNING), ("x", DocumentState.REFUSED), ("a", DocumentState.ARCHIVED)):
            unit.documents.add(replace(samples.document(name), state=state))
        unit.commit()
    for name in ("s", "x", "a"):
        asked(units, f"{name}1", f"{name}2", document=name)
    with units() as unit:
        unit.signatures.save(replace(unit.signatures.get("x1"), state=RequestState.SIGNED))
        unit.commit()
    with units.reading() as unit:
        assert unit.signing.unfinished() == ["s", "x"]
        assert unit.signing.unfinished({"p0"}) == ["s"]
        assert unit.signing.unfinished(()) == []


def test_overdue_requests_the_oldest_deadline_first(units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        unit.documents.save(replace(unit.documents.get("d1"), state=DocumentState.SIGNING))
        unit.commit()
    asked(units, "r1", "r2", "r3", "r4")
    with units() as unit:
        for name, days, state in (
            ("r1", 1, RequestState.OPEN),
            ("r2", 2, RequestState.CONSENTED),
            ("r3", 3, RequestState.WAITING),
            ("r4", -1, RequestState.OPEN),
        ):
            due = NOW - timedelta(days=days)
            unit.signatures.save(replace(unit.signatures.get(name), due_at=due, state=state))
        unit.commit()
    with units.reading() as unit:
        assert [r.id for r in unit.signing.overdue(NOW)] == ["r2", "r1"]
        assert [r.id for r in unit.signing.overdue(NOW, limit=1)] == ["r2"]


def test_a_substitution_is_read_by_its_id_and_ended(units: SqlUnitOfWorkFactory) -> None:
    day = NOW.date()
    record = Substitution("s1", "p1", samples.person(2), "14-K", day, day, day + timedelta(days=9))
    with units() as unit:
        unit.substitutions.add(record)
        ended = replace(record, until=day)
        unit.substitutions.save(ended)
        unit.commit()
    with units.reading() as unit:
        assert unit.substitutions.get("s1") == ended
        assert unit.substitutions.of_person("p1") == [ended]
        with pytest.raises(NotFoundError, match=r"substitution\.not_found"):
            unit.substitutions.get("s2")
    with units() as unit, pytest.raises(NotFoundError, match=r"substitution\.not_found"):
        unit.substitutions.save(replace(record, id="s2"))
