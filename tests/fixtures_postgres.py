"""PostgreSQL for the session: the one that the gate has started, or one of our own.

``DOC_SERVICE_TEST_POSTGRES_URL`` names a running server by any database on it (``postgresql+psycopg://…/postgres``) and
a role that may make databases.
"""

from __future__ import annotations

import atexit
import functools
import os
import secrets
from collections import deque
from collections.abc import Callable

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from tools.servers.postgres import PostgresServer

_KEPT = 40
"""Databases of tests long past are dropped, so that the disk holds a session of any length."""


class Databases:
    """Makes empty databases with random names on one server."""

    def __init__(self, url: str) -> None:
        self._url: URL = make_url(url)
        self._made: deque[str] = deque()

    def create(self, *, keep: bool = False, options: str = "") -> str:
        """The URL of an empty database. ``keep``: it lives as long as the server; the others are dropped after forty
        further ones, unless somebody is connected. ``options``: of CREATE DATABASE."""
        name = f"t_{secrets.token_hex(8)}"
        self._execute(sql.SQL("CREATE DATABASE {} ").format(sql.Identifier(name)) + sql.SQL(options))
        if not keep:
            self._made.append(name)
            self._drop_old()
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop_all(self) -> None:
        while self._made:
            name = sql.Identifier(self._made.popleft())
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def _drop_old(self) -> None:
        if len(self._made) <= _KEPT:
            return
        name = self._made.popleft()
        try:
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            self._made.append(name)

    def _execute(self, statement: sql.Composable) -> None:
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement)


@functools.cache
def session_databases() -> Databases:
    """Starts the server when it is first asked for; it ends with the process. Ask from the main thread: the server
    ends with the thread that started it."""
    given = os.environ.get("DOC_SERVICE_TEST_POSTGRES_URL")
    if given:
        databases = Databases(given)
        atexit.register(databases.drop_all)
        return databases
    server = PostgresServer()
    atexit.register(server.remove)
    server.start()
    return Databases(server.url("postgres"))


@pytest.fixture(scope="session")
def postgres() -> Databases:
    """``postgres.create()`` gives the URL of an empty database."""
    return session_databases()


@pytest.fixture
def new_postgres_url(postgres: Databases) -> Callable[[], str]:
    """Makes an empty database and gives its URL."""
    return postgres.create
