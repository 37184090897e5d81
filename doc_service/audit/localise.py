"""Where in the log a change lies, as narrowly as the stored hashes and the checkpoints show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc_service.audit.merkle import HashSource, tile_roots
from doc_service.audit.offline.verify_audit import CompactRange, Report
from doc_service.audit.store import TILE_HEIGHT, LogHead

Span = tuple[int, int]
"""First and last position."""


def wrong_nodes(source: HashSource, leaves: Sequence[bytes], report: Report) -> list[Span]:
    """Reports stored subtree hashes that are not those of the events ("audit.node_wrong"), each where no lower one
    says it already; returns the spans of the lowest level."""
    level, hashes = TILE_HEIGHT, tile_roots(leaves)
    found: list[Span] = []
    while hashes:
        spans = list(_differing(list(source.hashes(level, 0, len(hashes))), hashes, level))
        for first, last in spans:
            if not any(first <= span[0] and span[1] <= last for span in found):
                report.fault("audit.node_wrong", level=level, first=first, last=last)
                found.append((first, last))
        level, hashes = level + TILE_HEIGHT, tile_roots(hashes)
    return found


def wrong_tail(head: LogHead, leaves: Sequence[bytes]) -> list[Span]:
    """Spans of the head's subtrees that differ from the events', where no subtree hash is stored: the last events."""
    if head.size != len(leaves):
        return []
    start = head.size >> TILE_HEIGHT << TILE_HEIGHT
    tree = CompactRange()
    for leaf in leaves[start:]:
        tree.append(leaf)
    stored = head.frontier[len(head.frontier) - len(tree.roots) :]
    spans = []
    for bit, (one, other) in zip(_bits(head.size - start), zip(stored, tree.roots, strict=True), strict=True):
        if one != other:
            spans.append((start, start + bit - 1))
        start += bit
    return spans


def name_rewritten(suspects: Sequence[Span], report: Report) -> None:
    """Where a checkpoint shows a change that no event's own leaf hash shows, the event was changed together with it:
    reports the narrowest span ("audit.events_rewritten")."""
    shown = {params["seq"] for code, params in report.faults if code == "audit.event_edited"}
    gaps = any(code == "audit.sequence_gap" for code, _ in report.faults)
    mismatches = [params for code, params in report.faults if code == "audit.root_mismatch"]
    for params in mismatches if not gaps else ():
        for first, last in suspects:
            first, last = max(first, params["first"]), min(last, params["last"])
            if first <= last and not any(first <= seq <= last for seq in shown):
                report.fault("audit.events_rewritten", first=first, last=last)


def _differing(stored: Sequence[bytes], actual: Sequence[bytes], level: int) -> Iterator[Span]:
    if len(stored) != len(actual):
        yield 0, (len(actual) << level) - 1
        return
    for index, (one, other) in enumerate(zip(stored, actual, strict=True)):
        if one != other:
            yield index << level, ((index + 1) << level) - 1


def _bits(number: int) -> list[int]:
    """The powers of two that make it up, the largest first."""
    return [1 << place for place in reversed(range(number.bit_length())) if number >> place & 1]
