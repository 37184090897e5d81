"""What the SQL log store adds to the contract of ``LogStore``: tampering with rows before they have a place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import rfc8785
from sqlalchemy import Engine, text

from doc_service.audit.store import CheckpointRecord, LoggedEvent, LogHead, PendingEvent, Placement, TreeNode
from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.errors import DomainError
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence.samples import NOW


def event(number: int) -> AuditEvent:
    return AuditEvent(f"e{number}", NOW, "p1", Action.VISA_GRANTED, "document", f"d{number % 2}", {"n": number})


def canonical(number: int) -> bytes:
    return rfc8785.dumps(event(number).as_json())


def leaf(number: int) -> bytes:
    return hashlib.sha256(b"\x00" + canonical(number)).digest()


def place(numbers: Sequence[int], first: int = 0) -> list[Placement]:
    return [Placement(f"e{number}", seq, leaf(number)) for seq, number in enumerate(numbers, first)]


@pytest.fixture
def store(engine: Engine) -> SqlLogStore:
    """With events e0 … e4, recorded in the order e4 … e0."""
    with SqlUnitOfWorkFactory(engine)() as unit:
        for number in reversed(range(5)):
            unit.audit.append(event(number))
        unit.commit()
    return SqlLogStore(engine)


def test_an_empty_log(engine: Engine) -> None:
    store = SqlLogStore(engine)
    assert (store.head(), store.backlog()) == (LogHead(0), 0)
    assert store.unsequenced(5) == store.events(0, 5) == store.hashes(0, 0, 5) == store.checkpoints() == []
    assert store.last_checkpoint() is None
    assert store.assign(0, [], [], LogHead(0))


def test_events_wait_in_the_order_of_recording(store: SqlLogStore) -> None:
    assert store.backlog() == 5
    assert store.unsequenced(2) == [PendingEvent("e4", canonical(4)), PendingEvent("e3", canonical(3))]


def test_uncommitted_events_do_not_wait(store: SqlLogStore, engine: Engine) -> None:
    with SqlUnitOfWorkFactory(engine)() as unit:
        unit.audit.append(event(5))
        assert store.backlog() == 5


def test_places_once_given(store: SqlLogStore) -> None:
    head = LogHead(3, (b"a" * 32, b"b" * 32))
    assert store.assign(0, place([4, 2, 3]), [TreeNode(8, 0, b"n" * 32), TreeNode(8, 1, b"m" * 32)], head)
    assert store.head() == head
    assert store.backlog() == 2
    assert store.events(1, 9) == [
        LoggedEvent(1, "e2", canonical(2), leaf(2)),
        LoggedEvent(2, "e3", canonical(3), leaf(3)),
    ]
    assert [logged.id for logged in store.events(0, 1)] == ["e4"]
    assert [logged.id for logged in store.of_subject("document", "d0")] == ["e4", "e2"]
    assert store.hashes(0, 1, 3) == [leaf(2), leaf(3)]
    assert store.hashes(8, 0, 5) == [b"n" * 32, b"m" * 32]
    assert store.hashes(8, 1, 2) == [b"m" * 32]
    assert store.hashes(16, 0, 5) == []


def test_a_stale_size_or_a_placed_event_changes_nothing(store: SqlLogStore) -> None:
    assert store.assign(0, place([4, 3]), [], LogHead(2, (b"a" * 32,)))
    for expected, numbers, first in ((0, [2], 2), (1, [2], 2), (3, [2], 2), (2, [2, 3], 2), (2, [4], 2)):
        assert not store.assign(expected, place(numbers, first), [TreeNode(8, 0, b"x" * 32)], LogHead(9, ()))
        assert store.head() == LogHead(2, (b"a" * 32,))
        assert (store.backlog(), store.hashes(8, 0, 9)) == (3, [])


def test_of_sequencers_that_read_the_same_head_one_wins(store: SqlLogStore) -> None:
    def assign(numbers: list[int]) -> bool:
        return store.assign(0, place(numbers), [], LogHead(len(numbers), (b"a" * 32,)))

    with ThreadPoolExecutor(5) as pool:
        won = list(pool.map(assign, [[0], [1], [2, 3], [4], [0, 4]]))
    assert won.count(True) == 1
    assert len(store.events(0, 9)) == store.head().size


def test_an_event_altered_before_it_had_a_place_stops_the_sequencer(store: SqlLogStore, engine: Engine) -> None:
    with engine.begin() as connection:
        on_table = "" if engine.dialect.name == "sqlite" else " ON audit_events"
        connection.execute(text(f"DROP TRIGGER audit_events_no_update{on_table}"))
        changed = text("UPDATE audit_events SET leaf_hash = :leaf WHERE id = 'e1'")
        connection.execute(changed, {"leaf": bytes(32)})
    with pytest.raises(DomainError) as caught:
        store.assign(0, place([0, 1]), [], LogHead(2, ()))
    assert (caught.value.code, caught.value.faults[0].params) == ("audit.event_altered", {"id": "e1"})
    with pytest.raises(DomainError, match="event_altered"):
        store.assign(0, [Placement("never recorded", 0, b"x" * 32)], [], LogHead(1, ()))
    assert (store.head(), store.backlog()) == (LogHead(0), 5)


def test_a_place_taken_by_a_stray_row_stops_the_sequencer(store: SqlLogStore, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit_events SET seq = 1 WHERE id = 'e0'"))
    with pytest.raises(DomainError) as caught:
        store.assign(0, place([4, 3]), [], LogHead(2, ()))
    assert caught.value.code == "audit.place_taken"
    assert store.head() == LogHead(0)


def test_checkpoints(store: SqlLogStore) -> None:
    later = CheckpointRecord(9, b"r" * 32, NOW + timedelta(hours=1), "cd" * 32, b"{}", "audit/9")
    first = CheckpointRecord(2, b"q" * 32, NOW, "ab" * 32, b"\x00\xff", "audit/2")
    assert store.add_checkpoint(later)
    assert store.add_checkpoint(first)
    assert not store.add_checkpoint(CheckpointRecord(2, b"z" * 32, NOW, "ef" * 32, b"{}", "audit/2b"))
    assert store.checkpoints() == [first, later]
    assert store.last_checkpoint() == later
    assert store.set_timestamp("ab" * 32, b"tst", "audit/2.tsr")
    assert not store.set_timestamp("ab" * 32, b"other", "audit/2.tsr")
    assert not store.set_timestamp("unknown", b"tst", "k")
    assert store.checkpoints()[0] == CheckpointRecord(
        2, b"q" * 32, NOW, "ab" * 32, b"\x00\xff", "audit/2", b"tst", "audit/2.tsr"
    )
