"""Fleets: a thread over SQLite or PostgreSQL, Celery over RabbitMQ or Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doc_service.jobs.celery_app import BrokerOptions
from tests.persistence.engines import ENGINES
from tests.worker.fleet import CeleryFleet, Fleet, ThreadFleet

FLEETS = ["thread-sqlite", "thread-postgresql", "rabbitmq-sqlite", "rabbitmq-postgresql", "redis-postgresql"]


@pytest.fixture(params=FLEETS)
def fleet(
    request: pytest.FixtureRequest, tmp_path: Path, broker_options: Callable[[str], BrokerOptions]
) -> Iterator[Fleet]:
    """A fleet whose workers have not begun."""
    driver, engine = request.param.split("-")
    database = ENGINES[engine](tmp_path)
    made: Fleet
    if driver == "thread":
        made = ThreadFleet(database)
    else:
        url = request.getfixturevalue("rabbitmq" if driver == "rabbitmq" else "redis_server")
        made = CeleryFleet(database, broker_options(url), tmp_path)
    yield made
    made.close()


MakeFleet = Callable[..., CeleryFleet]


@pytest.fixture
def celery_fleet(tmp_path: Path, broker_options: Callable[[str], BrokerOptions]) -> Iterator[MakeFleet]:
    """Makes a fleet on PostgreSQL over the broker of the URL."""
    made: list[CeleryFleet] = []

    def make(url: str, *, quorum: bool = False, **worker: Any) -> CeleryFleet:
        options = replace(broker_options(url), quorum=quorum)
        made.append(CeleryFleet(ENGINES["postgresql"](tmp_path), options, tmp_path, **worker))
        return made[-1]

    yield make
    for fleet in made:
        fleet.close()
