"""Every log store passes the same suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.kit import LOG_STORES, LogStoreKit


@pytest.fixture(params=sorted(LOG_STORES))
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> LogStoreKit:
    return LOG_STORES[request.param](tmp_path)
