"""Databases that the contract suites run on.

Each maker takes a directory of its own and returns the URL of an empty database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.fixtures_postgres import session_databases


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'main.db'}"


def postgresql_url(_directory: Path) -> str:
    """On the server of the session, which is started for the first test that asks."""
    return session_databases().create()


ENGINES: Mapping[str, Callable[[Path], str]] = {"postgresql": postgresql_url, "sqlite": sqlite_url}
