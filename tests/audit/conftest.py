"""Every log store passes the same suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.kit import LOG_STORES, LogStoreKit
from tests.persistence.engines import ENGINES


@pytest.fixture(params=sorted(LOG_STORES))
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> LogStoreKit:
    return LOG_STORES[request.param](tmp_path)


@pytest.fixture(params=sorted(ENGINES))
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return ENGINES[request.param](tmp_path)
