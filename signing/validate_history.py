"""Reading a PDF revision by revision, each object once.

pyHanko's reader parses an historical object anew at every request and walks the whole document for every revision to
learn from where each object is used. For a file with thirty signatures that is most of the time of a validation. Here
each version of an object is parsed once, its references are listed once, and the ways that lead to one object are
found backwards from it. The answers are pyHanko's own (a test compares them); only the work differs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodeLimits
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath

from signing.api import SigningError
from signing.object_streams import StreamTableReader
from signing.validate_graph import Graph
from signing.validate_objects import MAX_DEPTH, TRAILER, Key, Way, key_of, references

MAX_STEPS = 50_000


class HistoryReader(StreamTableReader):
    """A strict reader that keeps every parsed version of an object. Not thread safe, as pyHanko's is not."""

    def __init__(self, pdf: bytes, limits: DecodeLimits) -> None:
        self._versions: dict[tuple[Key, int], generic.PdfObject] = {}
        self._links: dict[tuple[Key, int], tuple[tuple[Way, Key], ...]] = {}
        self._views: dict[int, RevisionView] = {}
        self._changes: dict[Key, list[int]] | None = None
        self._written: dict[int, frozenset[Key]] | None = None
        self.graph: Graph | None = None
        super().__init__(BytesIO(pdf), decode_limits=limits)

    @property
    def changes(self) -> dict[Key, list[int]]:
        """In which revisions each object was written or freed, oldest first."""
        if self._changes is None:
            collected: dict[Key, list[int]] = defaultdict(list)
            for revision in range(self.xrefs.total_revisions):
                data = self.xrefs.get_xref_data(revision)
                sections = [data] if data.hybrid is None else [data, data.hybrid.xref_data]
                keys = {key for section in sections for key in section.explicit_refs_in_revision}
                keys |= {(number, generation - 1) for number, generation in data.freed.items() if generation > 0}
                for key in keys:
                    collected[key].append(revision)
            self._changes = dict(collected)
        return self._changes

    def written(self, revision: int) -> frozenset[Key]:
        """Objects written or freed in ``revision``."""
        if self._written is None:
            collected: dict[int, set[Key]] = defaultdict(set)
            for key, revisions in self.changes.items():
                for number in revisions:
                    collected[number].add(key)
            self._written = {number: frozenset(keys) for number, keys in collected.items()}
        return self._written.get(revision, frozenset())

    def version_number(self, key: Key, revision: int) -> int:
        """The revision that wrote the object as ``revision`` sees it; -1 when it does not exist there."""
        written = self.changes.get(key, [])
        place = bisect_right(written, revision)
        return written[place - 1] if place else -1

    def version(self, key: Key, revision: int, *, as_metadata_stream: bool = False) -> generic.PdfObject:
        """The object as ``revision`` sees it, still tied to this reader."""
        number = self.version_number(key, revision)
        held = self._versions.get((key, number))
        if held is None or as_metadata_stream:
            newest = self.changes.get(key, [-1])[-1]
            held = self.get_object(  # type: ignore[no-untyped-call]
                generic.Reference(*key, pdf=self),
                revision=None if number == newest >= 0 else max(number, 0),
                transparent_decrypt=False,
                as_metadata_stream=as_metadata_stream,
            )
            if not as_metadata_stream:
                self._versions[key, number] = held
        return held

    def links(self, key: Key, revision: int) -> tuple[tuple[Way, Key], ...]:
        """The references inside an object as ``revision`` sees it."""
        number = self.version_number(key, revision)
        held = self._links.get((key, number))
        if held is None:
            held = self._links[key, number] = tuple(references(self.version(key, revision)))
        return held

    def get_historical_resolver(self, revision: int) -> RevisionView:
        view = self._views.get(revision)
        if view is None:
            view = self._views[revision] = RevisionView(self, revision)
        return view

    def forget(self, revision: int) -> None:
        """Frees the view of a revision that no comparison needs any more, so that memory stays flat."""
        self._views.pop(revision, None)


class RevisionView(HistoricalResolver):
    """The document at one revision, with the usages of an object found on demand."""

    reader: HistoryReader

    def __init__(self, reader: HistoryReader, revision: int) -> None:
        super().__init__(reader, revision)
        self._graph: Graph | None = None
        self._pages: dict[Key, Way] = {}
        self._usages: dict[Key, set[RawPdfPath]] = {}
        self._steps = 0

    def get_object(self, ref: generic.Reference, as_metadata_stream: bool = False) -> generic.PdfObject:
        held = self.cache.get(ref)
        if held is None:
            raw = self.reader.version(key_of(ref), self.revision, as_metadata_stream=as_metadata_stream)
            held = self.cache[ref] = self._subsume_object(raw)  # type: ignore[no-untyped-call]
        return held

    def _load_reverse_xref_cache(self) -> None:
        if self._graph is not None:
            return
        self._pages = {}
        pages = self._root().raw_get("/Pages")
        if isinstance(pages, generic.IndirectObject):
            self._pages[key_of(pages)] = ("/Root", "/Pages")
        self._collect_pages(self._value(pages), ("/Root", "/Pages"))
        self._graph = Graph.of(self)

    def _get_usages_of_ref(self, ref: generic.Reference) -> set[RawPdfPath]:
        key = key_of(ref)
        held = self._usages.get(key)
        if held is None:
            self._load_reverse_xref_cache()
            self._steps = 0
            ways = self._ways(key, (), frozenset())
            held = self._usages[key] = {RawPdfPath(*way) for way in ways if self._walks(way)}
        return held

    def _root(self) -> generic.DictionaryObject:
        root = self._value(self.trailer_view.raw_get("/Root"))
        if not isinstance(root, generic.DictionaryObject):
            raise misc.PdfReadError("the document catalog is not a dictionary")
        return root

    def _value(self, value: generic.PdfObject) -> generic.PdfObject:
        if isinstance(value, generic.IndirectObject):
            return self.reader.version(key_of(value), self.revision)
        return value

    def _kind(self, node: generic.DictionaryObject) -> str:
        return str(self._value(node.raw_get("/Type"))) if "/Type" in node else ""

    def _collect_pages(self, node: generic.PdfObject, way: Way) -> None:
        if not isinstance(node, generic.DictionaryObject):
            raise misc.PdfReadError("a page tree node is not a dictionary")
        kids = self._value(node.raw_get("/Kids"))
        if not isinstance(kids, generic.ArrayObject) or len(way) > MAX_DEPTH:
            raise misc.PdfReadError("the page tree is malformed")
        for place in range(len(kids)):
            raw = kids.raw_get(place)
            here = (*way, "/Kids", place)
            if isinstance(raw, generic.IndirectObject):
                if key_of(raw) in self._pages:
                    raise misc.PdfReadError("an object occurs twice in the page tree")
                self._pages[key_of(raw)] = here
            kid = self._value(raw)
            if isinstance(kid, generic.DictionaryObject) and self._kind(kid) == "/Pages":
                self._collect_pages(kid, here)

    def structure_top(self) -> Key | None:
        """The structure tree's root object; None when there is none or it is not an object of its own."""
        top = self._root().raw_get("/StructTreeRoot") if "/StructTreeRoot" in self._root() else None
        return key_of(top) if isinstance(top, generic.IndirectObject) else None

    def structure_elements(self) -> tuple[frozenset[Key], frozenset[Key]]:
        """The structure elements, and every object that was read to find them."""
        found: set[Key] = set()
        touched: set[Key] = set()
        waiting = [self._root().raw_get("/StructTreeRoot")] if "/StructTreeRoot" in self._root() else []
        while waiting:
            element = self._noted(waiting.pop(), touched)
            if not isinstance(element, generic.DictionaryObject) or "/K" not in element:
                continue
            kids = self._noted(element.raw_get("/K"), touched)
            listed = [kids.raw_get(i) for i in range(len(kids))] if isinstance(kids, generic.ArrayObject) else None
            for raw in listed if listed is not None else [element.raw_get("/K")]:
                kid = self._noted(raw, touched)
                if not isinstance(kid, generic.DictionaryObject) or self._kind(kid) not in ("", "/StructElem"):
                    continue
                if isinstance(raw, generic.IndirectObject):
                    if key_of(raw) in found:
                        raise misc.PdfReadError("an object occurs twice in the structure tree")
                    found.add(key_of(raw))
                waiting.append(raw)
        return frozenset(found), frozenset(touched)

    def _noted(self, raw: generic.PdfObject, touched: set[Key]) -> generic.PdfObject:
        if isinstance(raw, generic.IndirectObject):
            touched.add(key_of(raw))
        return self._value(raw)

    def _ways(self, target: Key, rest: Way, behind: frozenset[Key]) -> Iterator[Way]:
        """Ways from the trailer to ``target``, followed by ``rest``, that touch no object twice."""
        self._steps += 1
        if self._steps > MAX_STEPS or len(behind) > MAX_DEPTH:
            raise SigningError("signing.decode_limit", limit=MAX_STEPS)
        if rest and target in self._pages:
            yield self._pages[target] + rest
            return
        graph = self._known_graph()
        inner_structure = bool(rest) and target in graph.structure
        for source, way in graph.parents.get(target, ()):
            if "/Parent" in way or (inner_structure and "/P" in way):
                continue
            if source == TRAILER:
                yield way + rest
            elif source not in behind and source != target:
                yield from self._ways(source, way + rest, behind | {target})

    def _walks(self, way: Way) -> bool:
        """Whether pyHanko's walk from the trailer comes along ``way``: it enters page tree nodes only along the page
        tree, structure elements only along the structure tree, and leaves out the links back to parents."""
        value: generic.PdfObject = self.trailer_view
        in_structure = False
        seen: set[Key] = set()
        for place, step in enumerate(way):
            if isinstance(value, generic.IndirectObject):
                if not self._enters(key_of(value), way[:place], seen, in_structure=in_structure):
                    return False
                value = self._value(value)
            if isinstance(value, generic.DictionaryObject) and isinstance(step, str):
                if step == "/Parent" or (in_structure and step == "/P"):
                    return False
                in_structure = in_structure or (step == "/K" and way[:place] == ("/Root", "/StructTreeRoot"))
                value = value.raw_get(step)
            elif isinstance(value, generic.ArrayObject) and isinstance(step, int):
                value = value.raw_get(step)
            else:
                return False
        return isinstance(value, generic.IndirectObject) and key_of(value) not in seen

    def _enters(self, key: Key, way: Way, seen: set[Key], *, in_structure: bool) -> bool:
        if key in seen or self._pages.get(key, way) != way:
            return False
        seen.add(key)
        return in_structure or key not in self._known_graph().structure

    def _known_graph(self) -> Graph:
        self._load_reverse_xref_cache()
        if self._graph is None:
            raise misc.PdfReadError("the references of the revision could not be read")
        return self._graph
