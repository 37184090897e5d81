"""An empty database of each engine, and one with the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence.engines import ENGINES
from tests.persistence.samples import fill


@pytest.fixture(params=sorted(ENGINES))
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return ENGINES[request.param](tmp_path)


@pytest.fixture
def empty_engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    migrate(empty_engine)
    return empty_engine


@pytest.fixture
def postgres_engine(new_postgres_url: Callable[[], str]) -> Iterator[Engine]:
    """With the schema, for what PostgreSQL alone has."""
    engine = make_engine(new_postgres_url())
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def units(engine: Engine) -> SqlUnitOfWorkFactory:
    """With a body "kq", a journal "KQ" and a document "d1"."""
    return fill(engine)
