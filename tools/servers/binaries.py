"""Where server programs are: installed by ``tools/setup.sh``, or by the machine's owner."""

from __future__ import annotations

import shutil
from pathlib import Path

_PLACES = (
    Path(__file__).resolve().parent.parent.parent / ".tools" / "bin",
    Path("/tmp/gobin"),
    *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
    Path("/usr/sbin"),
)


def find(name: str) -> str:
    """The program's path; ``FileNotFoundError`` says what is missing."""
    for place in _PLACES:
        if (place / name).is_file():
            return str(place / name)
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed: run tools/setup.sh test")
    return found
