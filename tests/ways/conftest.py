"""One service for each player and module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ways.bench import Bench, open_bench
from tests.ways.players import PLAYERS


@pytest.fixture(scope="module", params=sorted(PLAYERS))
def module_bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("ways"), PLAYERS[request.param]()) as bench:
        yield bench


@pytest.fixture
def bench(module_bench: Bench) -> Bench:
    module_bench.service.faults.resume()
    return module_bench
