"""What refers to each object, carried from one revision to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from signing.validate_objects import TRAILER, Key, Way, references

if TYPE_CHECKING:
    from signing.validate_history import HistoryReader, RevisionView


@dataclass
class Graph:
    """What refers to each object at ``revision``, and the structure elements; kept to make the next one from.

    ``touched``: objects that were read to find the structure elements."""

    revision: int
    parents: dict[Key, list[tuple[Key, Way]]]
    top: Key | None
    structure: frozenset[Key]
    touched: frozenset[Key]

    @staticmethod
    def of(view: RevisionView) -> Graph:
        """From the graph of the revision before, where that is at hand: only what was written since is read."""
        reader, revision = view.reader, view.revision
        before = reader.graph
        if before is None or before.revision != revision - 1:
            parents: dict[Key, list[tuple[Key, Way]]] = {}
            _add_links(reader, revision, parents, [(TRAILER, tuple(references(view.trailer_view)))])
            reader.graph = Graph(revision, parents, view.structure_top(), *view.structure_elements())
            return reader.graph
        written = reader.written(revision) & before.parents.keys()
        parents = dict(before.parents)
        old = reader.get_historical_resolver(revision - 1).trailer_view
        gone = [(TRAILER, tuple(references(old))), *((key, reader.links(key, revision - 1)) for key in written)]
        for source, links in gone:
            for _, target in links:
                parents[target] = [parent for parent in parents[target] if parent[0] != source]
        fresh = [
            (TRAILER, tuple(references(view.trailer_view))),
            *((key, reader.links(key, revision)) for key in written),
        ]
        _add_links(reader, revision, parents, fresh)
        top = view.structure_top()
        same = top is not None and top == before.top and written.isdisjoint(before.touched)
        elements = (before.structure, before.touched) if same else view.structure_elements()
        reader.graph = Graph(revision, parents, top, *elements)
        return reader.graph


def _add_links(
    reader: HistoryReader,
    revision: int,
    parents: dict[Key, list[tuple[Key, Way]]],
    waiting: list[tuple[Key, tuple[tuple[Way, Key], ...]]],
) -> None:
    """Notes the links, and those of every object first met here. Reads each of them, so that a reference to an object
    that does not exist is a fault, as in pyHanko's strict reading."""
    while waiting:
        source, links = waiting.pop()
        for way, target in links:
            known = parents.get(target)
            if known is None:
                parents[target] = [(source, way)]
                waiting.append((target, reader.links(target, revision)))
            else:
                parents[target] = [*known, (source, way)]
