"""The contract of ``doc_service.audit.store.LogStore``: every store passes all of it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from doc_service.audit.canonical import canonical_event
from doc_service.audit.offline.verify_audit import leaf_hash
from doc_service.audit.store import CheckpointRecord, LogHead, LogStore, Placement, TreeNode
from tests.audit.kit import START, LogStoreKit, event, events


def placements(store: LogStore, first: int, limit: int = 100) -> list[Placement]:
    pending = store.unsequenced(limit)
    return [Placement(e.id, first + n, leaf_hash(e.canonical)) for n, e in enumerate(pending)]


def head(size: int) -> LogHead:
    return LogHead(size, tuple(hashlib.sha256(b"%d" % n).digest() for n in range(size.bit_count())))


def mark(size: int) -> CheckpointRecord:
    digest = hashlib.sha256(b"%d" % size)
    return CheckpointRecord(size, digest.digest(), START, digest.hexdigest(), b"document", f"audit/{size}")


def test_an_empty_log(kit: LogStoreKit) -> None:
    store = kit.store
    assert store.head() == LogHead(0, ())
    assert store.backlog() == 0
    assert list(store.unsequenced(9)) == list(store.events(0, 9)) == list(store.hashes(0, 0, 9)) == []
    assert list(store.checkpoints()) == list(store.unstamped()) == []
    assert store.last_checkpoint() is None


def test_events_wait_in_the_order_of_recording(kit: LogStoreKit) -> None:
    recorded = [event(n) for n in (3, 1, 2)]
    kit.record(recorded[:2])
    kit.record(recorded[2:])
    assert [(e.id, e.canonical) for e in kit.store.unsequenced(9)] == [(e.id, canonical_event(e)) for e in recorded]
    assert [e.id for e in kit.store.unsequenced(2)] == [e.id for e in recorded[:2]]
    assert kit.store.backlog() == 3
    assert list(kit.store.events(0, 9)) == []


def test_assigning_gives_places_nodes_and_head_at_once(kit: LogStoreKit) -> None:
    store = kit.store
    kit.record(events(5))
    first = placements(store, 0, 3)
    nodes = [TreeNode(8, 0, b"a" * 32), TreeNode(8, 1, b"b" * 32), TreeNode(16, 0, b"c" * 32)]
    assert store.assign(0, first, nodes, head(3))
    assert store.head() == head(3)
    assert store.backlog() == 2
    assert store.assign(3, placements(store, 3), [], head(5))
    found = store.events(0, 9)
    assert [(e.seq, e.id) for e in found] == [(n, f"e{n:06d}") for n in range(5)]
    assert [e.leaf_hash for e in found] == [leaf_hash(e.canonical) for e in found]
    assert [e.seq for e in store.events(2, 2)] == [2, 3]
    assert list(store.hashes(0, 1, 4)) == [e.leaf_hash for e in found[1:4]]
    assert list(store.hashes(8, 0, 9)) == [b"a" * 32, b"b" * 32]
    assert list(store.hashes(8, 1, 2)) == [b"b" * 32]
    assert list(store.hashes(16, 0, 1)) == [b"c" * 32]
    assert [e.seq for e in store.of_subject("document", "d0")] == [0, 3]


def test_only_events_with_a_place_are_listed_by_subject(kit: LogStoreKit) -> None:
    kit.record(events(3))
    assert list(kit.store.of_subject("document", "d0")) == []


def test_of_two_sequencers_with_one_head_the_second_changes_nothing(kit: LogStoreKit) -> None:
    store = kit.store
    kit.record(events(4))
    both = placements(store, 0, 2)
    assert store.assign(0, both, [], head(2))
    rest = [Placement(e.id, n, leaf_hash(e.canonical)) for n, e in enumerate(store.unsequenced(9))]
    assert not store.assign(0, both, [TreeNode(8, 0, b"x" * 32)], head(2))
    assert not store.assign(0, rest, [TreeNode(8, 0, b"x" * 32)], head(2))
    assert store.head() == head(2)
    assert store.backlog() == 2
    assert list(store.hashes(8, 0, 1)) == []


def test_an_event_never_moves(kit: LogStoreKit) -> None:
    store = kit.store
    kit.record(events(2))
    first = placements(store, 0, 1)
    assert store.assign(0, first, [], head(1))
    again = [Placement(first[0].id, 1, first[0].leaf_hash)]
    assert not store.assign(1, again, [], head(2))
    mixed = [*placements(store, 1), Placement(first[0].id, 2, first[0].leaf_hash)]
    assert not store.assign(1, mixed, [], head(3))
    assert store.head() == head(1)
    assert [(e.seq, e.id) for e in store.events(0, 9)] == [(0, first[0].id)]


def test_checkpoints_are_added_once_and_stamped_once(kit: LogStoreKit) -> None:
    store = kit.store
    assert store.add_checkpoint(mark(5))
    assert store.add_checkpoint(mark(2))
    other = CheckpointRecord(5, b"r" * 32, START + timedelta(1), "ab" * 32, b"other", "audit/other")
    assert not store.add_checkpoint(other)
    assert list(store.checkpoints()) == list(store.unstamped()) == [mark(2), mark(5)]
    assert store.set_timestamp(mark(5).sha256, b"stamp", "audit/stamp")
    assert not store.set_timestamp(mark(5).sha256, b"other", "audit/other")
    assert not store.set_timestamp("ab" * 32, b"stamp", "audit/stamp")
    assert list(store.unstamped()) == [mark(2)]
    last = store.last_checkpoint()
    assert last is not None
    assert (last.size, last.timestamp, last.timestamp_key) == (5, b"stamp", "audit/stamp")
    assert next(iter(store.checkpoints())) == mark(2)
