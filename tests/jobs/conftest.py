"""A database with the schema, on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from tests.persistence.engines import ENGINES


@pytest.fixture(params=sorted(ENGINES))
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return ENGINES[request.param](tmp_path)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    migrate(engine)
    yield engine
    engine.dispose()
