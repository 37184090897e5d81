"""A checker over the running PKI."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from signing.api import CertificateChecker
from signing.certificates import X509Checker
from signing.http import HttpxTransport
from tests.pki_fixtures import RunningPki


@pytest.fixture
def transport() -> Iterator[HttpxTransport]:
    made = HttpxTransport(timeout=0.5)
    yield made
    made.close()


@pytest.fixture
def checker(dev_pki: RunningPki, transport: HttpxTransport) -> CertificateChecker:
    return X509Checker(dev_pki.trust, transport)
