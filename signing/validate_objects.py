"""References between the objects of a PDF."""

from __future__ import annotations

from collections.abc import Iterator

from pyhanko.pdf_utils import generic

from signing.api import SigningError

Key = tuple[int, int]
"""Object number and generation."""

Way = tuple[str | int, ...]
"""Dictionary keys and array places that lead from one object to a reference inside it."""

TRAILER: Key = (0, 65535)
MAX_DEPTH = 400


def key_of(ref: generic.Reference | generic.IndirectObject) -> Key:
    return ref.idnum, ref.generation


def references(value: object, *, depth: int = 0) -> Iterator[tuple[Way, Key]]:
    """Every reference inside a direct object, with the way to it. Raises ``signing.decode_limit`` on absurd nesting."""
    if depth > MAX_DEPTH:
        raise SigningError("signing.decode_limit", limit=MAX_DEPTH)
    if isinstance(value, generic.IndirectObject):
        yield (), key_of(value)
    elif isinstance(value, generic.DictionaryObject):
        for name, inner in value.items():
            for way, target in references(inner, depth=depth + 1):
                yield (name, *way), target
    elif isinstance(value, generic.ArrayObject):
        for place, inner in enumerate(value):
            for way, target in references(inner, depth=depth + 1):
                yield (place, *way), target


def entry(dictionary: generic.DictionaryObject, key: str) -> generic.PdfObject | None:
    """The value under ``key``, references followed, None when there is none."""
    return dictionary[key] if key in dictionary else None  # noqa: SIM401
