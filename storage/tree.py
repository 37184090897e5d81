"""How keys lie as directories: each segment one directory, the last with the suffix ``,v`` (a comma is in no key)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_SUFFIX = ",v"
_NUMBER = re.compile(r"[0-9]{6,}")


def object_directory(objects: Path, key: str) -> Path:
    """The directory that holds the versions of an allowed key."""
    return objects / (key + _SUFFIX)


def version_numbers(directory: Path) -> list[int]:
    """Numbers of the versions that exist, ascending; empty when there is no such directory."""
    try:
        return sorted(int(p.name) for p in directory.iterdir() if _NUMBER.fullmatch(p.name))
    except FileNotFoundError:
        return []


def keys_under(objects: Path, prefix: str) -> Iterator[str]:
    """All keys that start with ``prefix`` in code point order, walking only where they can be."""
    yield from _walk(objects, "", prefix)


def _walk(directory: Path, path: str, prefix: str) -> Iterator[str]:
    for name in sorted(_name(entry) for entry in directory.iterdir()):
        here = path + name
        if name.endswith("/"):
            if here.startswith(prefix) or prefix.startswith(here):
                yield from _walk(directory / name[:-1], here, prefix)
        elif here.startswith(prefix):
            yield here


def _name(entry: Path) -> str:
    """A segment that leads further ends in a slash, so that sorting names sorts whole keys."""
    return entry.name.removesuffix(_SUFFIX) if entry.name.endswith(_SUFFIX) else entry.name + "/"
