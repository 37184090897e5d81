"""The time-stamping authority, OCSP or both are down: signed, extension pending, then caught up (DESIGN 5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doc_service.domain.documents import DocumentState
from tests.services.conftest import Service

pytestmark = pytest.mark.xdist_group("services")


def test_tsa_down_lowers_nothing_in_silence(service: Service) -> None:
    document = service.signing()
    service.faults.pause("tsa")
    service.sign_all(document)
    assert {r.level for r in service.requests(document)} == {"B-B"}
    with service.container.work.uow.reading() as uow:
        done = [e for e in uow.audit.of_subject("document", document) if str(e.action) == "signature.completed"]
    assert all(e.details["pending"] == ["signing.tsa_unavailable"] for e in done)
    service.container.runner.run_until_idle(timedelta(seconds=3))
    assert service.document(document).state is DocumentState.SIGNED
    service.faults.resume()
    _caught_up(service, document)


def test_ocsp_and_crl_down_is_caught_up(service: Service) -> None:
    document = service.signing()
    service.faults.pause("ocsp", "crl")
    service.sign_all(document)
    assert {r.level for r in service.requests(document)} == {"B-T"}
    service.container.runner.run_until_idle(timedelta(seconds=3))
    assert service.document(document).state is DocumentState.SIGNED
    service.faults.resume()
    _caught_up(service, document)


def _caught_up(service: Service, document: str) -> None:
    service.container.runner.run_until_idle(timedelta(seconds=90))
    finished = service.document(document)
    assert finished.state is DocumentState.ARCHIVED
    assert finished.head is not None
    report = service.container.verify(service.container.store.read(finished.head.key)).report
    assert report.valid, [f.code for s in report.signatures for f in s.findings]
    assert str(report.level) == "B-LTA"
