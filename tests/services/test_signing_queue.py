"""The queue before the lease: first come, first served, and nobody is waited for in vain (DESIGN 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doc_service.domain.errors import ConflictError
from doc_service.domain.signatures import RequestState
from doc_service.domain.signing_queue import QueuePatience, QueuePlace
from doc_service.services.signing_turns import Turns
from tests.services.desk import LEASE, Desk

SECOND = timedelta(seconds=1)
PATIENCE = QueuePatience()


def members(desk: Desk, count: int = 4) -> list[str]:
    """Requests that are open together, agreed to."""
    requests = desk.open(count + 2)
    for request in requests[:2]:
        desk.sign(request.id)
    ids = [r.id for r in requests[2:]]
    for request_id in ids:
        desk.agree(request_id)
    return ids


def refused(desk: Desk, request_id: str) -> tuple[int, int]:
    """Place and number of waiting that the refusal names."""
    with pytest.raises(ConflictError) as caught:
        desk.prepared(request_id)
    assert caught.value.code == "lease.busy"
    params = caught.value.faults[0].params
    return int(params["position"]), int(params["waiting"])


def place(desk: Desk, request_id: str) -> QueuePlace:
    return desk.place(request_id, desk.request(request_id).signer.id)


def test_who_asks_while_another_signs_gets_a_place_and_sees_it(desk: Desk) -> None:
    first, second, third, fourth = members(desk)
    prepared = desk.prepared(first)
    assert refused(desk, second) == (1, 1)
    assert refused(desk, third) == (2, 2)
    assert refused(desk, second) == (1, 2), "asking again keeps the place"
    until = desk.clock.now() + LEASE
    assert place(desk, first) == QueuePlace(0, 2, holds_lease=True, until=until)
    assert place(desk, third) == QueuePlace(2, 2, until=until)
    assert place(desk, fourth) == QueuePlace(0, 2, until=until), "looking on gives no place"
    desk.completed(prepared)
    now = desk.clock.now()
    assert place(desk, third) == QueuePlace(2, 2, until=now + PATIENCE.turn)
    assert place(desk, second) == QueuePlace(1, 2, your_turn=True, until=now + PATIENCE.turn)


def test_the_first_in_the_queue_is_the_next_to_prepare(desk: Desk) -> None:
    first, second, third, fourth = members(desk)
    prepared = desk.prepared(first)
    for request in (second, third):
        refused(desk, request)
    desk.completed(prepared)
    assert refused(desk, fourth) == (3, 3), "nobody passes the queue because the document happens to be free"
    assert refused(desk, third) == (2, 3)
    for request in (second, third, fourth):
        assert desk.completed(desk.prepared(request)).state is RequestState.SIGNED


def test_a_place_that_nobody_asks_about_is_lost(desk: Desk) -> None:
    first, second, third, _ = members(desk)
    prepared = desk.prepared(first)
    refused(desk, second)
    refused(desk, third)
    for _ in range(4):
        desk.clock.move(4 * SECOND)
        place(desk, third)
    assert place(desk, second).position == 0
    assert place(desk, third).position == 1
    desk.completed(prepared)
    assert refused(desk, second) == (2, 2), "who comes back comes last"
    desk.prepared(third)


def test_who_does_not_take_the_turn_loses_it_although_the_page_is_open(desk: Desk) -> None:
    first, second, third, _ = members(desk)
    prepared = desk.prepared(first)
    refused(desk, second)
    refused(desk, third)
    desk.completed(prepared)
    for _ in range(6):
        assert place(desk, second).position in (0, 1)
        place(desk, third)
        desk.clock.move(4 * SECOND)
    assert place(desk, second).position == 0
    assert place(desk, third).your_turn
    desk.prepared(third)


def test_nobody_holds_a_document_for_ever_while_others_wait(desk: Desk) -> None:
    first, second, *_ = members(desk)
    desk.prepared(first)
    until = desk.clock.now() + LEASE
    desk.clock.move(LEASE - 10 * SECOND)
    desk.prepared(first)
    assert place(desk, first).until == desk.clock.now() + LEASE, "prolonged while nobody waits"
    until = desk.clock.now() + LEASE
    refused(desk, second)
    for _ in range(12):
        desk.clock.move(10 * SECOND)
        place(desk, second)
        if desk.clock.now() < until:
            desk.prepared(first)
            assert place(desk, first).until == until
    assert refused(desk, first) == (2, 2)
    desk.prepared(second)


def test_a_lost_lease_is_prepared_again_without_reading_again(desk: Desk) -> None:
    first, second, *_ = members(desk, 2)
    early = desk.prepared(first)
    desk.clock.move(LEASE)
    assert desk.completed(desk.prepared(second)).state is RequestState.SIGNED
    with pytest.raises(ConflictError, match=r"lease\.lost"):
        desk.completed(early)
    assert desk.completed(desk.prepared(first)).state is RequestState.SIGNED
    assert len(desk.signatures()) == 4


def test_a_key_at_hand_holds_the_document_shortly(desk: Desk) -> None:
    first, second, *_ = members(desk)
    desk.prepared(first, way="key")
    assert place(desk, first).until == desk.clock.now() + 15 * SECOND
    desk.clock.move(15 * SECOND)
    desk.prepared(second, way="sima")
    assert place(desk, second).until == desk.clock.now() + LEASE


def test_who_declines_or_is_withdrawn_holds_up_nobody(desk: Desk) -> None:
    first, second, third, _ = members(desk)
    desk.prepared(first)
    refused(desk, second)
    refused(desk, third)
    for request in (first, second):
        desk.decline(request, "səbəb", desk.request(request).signer.id)
    assert place(desk, third) == QueuePlace(1, 1, your_turn=True, until=desk.clock.now() + PATIENCE.turn)


def test_looking_writes_nothing_while_nothing_changes(desk: Desk) -> None:
    first, second, *_ = members(desk)
    desk.prepared(first)
    refused(desk, second)

    def rows() -> list[object]:
        with desk.units.reading() as unit:
            return list(unit.signing.queue("doc"))

    before = rows()
    for _ in range(3):
        place(desk, second)
        place(desk, first)
    assert rows() == before
    desk.clock.move(3 * SECOND)
    place(desk, first)
    assert rows() == before
    place(desk, second)
    assert rows() != before


def test_several_documents_are_taken_all_or_none(desk: Desk) -> None:
    """A device that signs several hashes with one authorisation holds all of their documents."""
    first, second, *_ = members(desk)
    other = desk.open(2, "other")[0]
    desk.prepared(first)
    both = [desk.request(second), desk.request(other.id)]

    def take() -> object:
        with desk.units() as unit:
            taken = Turns(PATIENCE, desk.clock.now()).take_all(unit, both, LEASE)
            unit.commit()
        return taken

    assert take() == QueuePlace(1, 1, until=desk.clock.now() + LEASE)
    with desk.units.reading() as unit:
        assert unit.signatures.lease("other") is None
        assert unit.signing.queue("other") == ()
    desk.clock.move(LEASE)
    place_lost = place(desk, second)
    assert place_lost.position == 0
    leases = take()
    assert isinstance(leases, tuple)
    assert [(lease.document_id, lease.request_id) for lease in leases] == [("doc", second), ("other", other.id)]
