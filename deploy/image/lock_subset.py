"""Prints the part of a lock file that some packages need: ``lock_subset.py requirements.lock pyproject.toml [NAME …]``.

The lock file holds everything with hashes, tools for development included; the image holds what the service runs with.
What needs what stands in the lock file itself, in the comments "# via". Without NAME, the roots are the project's own
dependencies; standard library only, as nothing is installed yet when this runs.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path


def entries(lock: str) -> dict[str, str]:
    """Each package's lines, by normalised name."""
    starts = [match.start() for match in re.finditer(r"(?m)^[A-Za-z0-9]", lock)]
    ends = [*starts[1:], len(lock)]
    blocks = [lock[start:end] for start, end in zip(starts, ends, strict=True)]
    return {normalised(block): block for block in blocks}


def normalised(requirement: str) -> str:
    """The name in a requirement, as PEP 503 writes it."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    if match is None:
        raise ValueError(f"no package name: {requirement!r}")
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def needed(blocks: Mapping[str, str], roots: Iterable[str]) -> set[str]:
    """The roots and whatever they need. Raises ``KeyError`` for a root that is not locked."""
    needs: dict[str, set[str]] = {name: set() for name in blocks}
    for name, block in blocks.items():
        for parent in re.findall(r"(?m)^    #\s+(?:via )?([A-Za-z0-9._-]+)$", block):
            if normalised(parent) in needs:
                needs[normalised(parent)].add(name)
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs[name]
    return found


def main(arguments: list[str]) -> None:
    lock, project, *names = arguments
    blocks = entries(Path(lock).read_text(encoding="utf-8"))
    if not names:
        names = tomllib.loads(Path(project).read_text(encoding="utf-8"))["project"]["dependencies"]
    for name in sorted(needed(blocks, map(normalised, names))):
        print(blocks[name], end="")


if __name__ == "__main__":
    main(sys.argv[1:])
