"""Databases that the contract suites run on; PostgreSQL joins here.

Each maker takes a directory of its own and returns the URL of an empty database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'main.db'}"


ENGINES: Mapping[str, Callable[[Path], str]] = {"sqlite": sqlite_url}
