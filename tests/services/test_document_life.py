"""From draft to registration: checks, visas, returns, numbers (004 §5.1.8–5.1.10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.visas import VisaAction
from doc_service.services.draft_document import DraftRequest
from tests.services.conftest import SECRETARIAT, Service

pytestmark = pytest.mark.xdist_group("services")


def test_a_returned_draft_starts_a_new_round_of_visas(service: Service) -> None:
    document = service.drafted()
    use = service.container.use_cases
    use.submit_document(document, SECRETARIAT)
    (unit,) = service.visa_units(document)
    returned = use.decide_visa(document, unit, VisaAction.RETURN, "hüquq", "Əsas göstərilməyib")
    assert returned.state is DocumentState.RETURNED
    use.revise_document(document, service.document(document).data, SECRETARIAT)
    use.submit_document(document, SECRETARIAT)
    assert use.decide_visa(document, unit, VisaAction.GRANT, "hüquq").state is DocumentState.APPROVED
    assert service.visa_units(document) == [unit, unit]


def test_return_needs_a_reason(service: Service) -> None:
    document = service.drafted()
    service.container.use_cases.submit_document(document, SECRETARIAT)
    (unit,) = service.visa_units(document)
    with pytest.raises(DomainError, match="reason_required"):
        service.container.use_cases.decide_visa(document, unit, VisaAction.RETURN, "hüquq", " ")


def test_a_unit_that_was_not_asked_has_no_visa(service: Service) -> None:
    document = service.drafted()
    service.container.use_cases.submit_document(document, SECRETARIAT)
    with pytest.raises(NotFoundError, match="unit_not_asked"):
        service.container.use_cases.decide_visa(document, "Mətbuat xidməti", VisaAction.GRANT, "hüquq")


def test_registering_before_the_visas_is_refused_and_gives_no_number(service: Service) -> None:
    document = service.drafted()
    with pytest.raises(ConflictError, match="not_allowed"):
        service.container.use_cases.register_document(document, SECRETARIAT)
    assert service.document(document).registration is None


def test_registering_again_keeps_the_number(service: Service) -> None:
    document = service.registered()
    number = service.document(document).registration
    again = service.container.use_cases.register_document(document, SECRETARIAT)
    assert again.registration == number


def test_the_same_draft_again_is_the_same_document_and_other_data_are_refused(service: Service) -> None:
    document = service.document(service.drafted())
    use = service.container.use_cases
    request = DraftRequest(document.id, document.instrument, document.body_id, document.meeting_id, document.data)
    assert use.draft_document(request, SECRETARIAT) == document
    other = {**document.data, "annexes": ["Başqa əlavə"]}
    with pytest.raises(ConflictError, match="other_data"):
        use.draft_document(replace(request, data=other), SECRETARIAT)


def test_a_faulty_draft_is_refused_with_every_fault_and_nothing_is_stored(service: Service) -> None:
    document = service.document(service.drafted())
    data = {**document.data, "items": [{**i, "votes": [*i["votes"], *i["votes"]]} for i in document.data["items"]]}
    request = DraftRequest("faulty", document.instrument, document.body_id, document.meeting_id, data)
    with pytest.raises(DomainError) as refused:
        service.container.use_cases.draft_document(request, SECRETARIAT)
    assert len(refused.value.faults) > 1
    with service.container.work.uow.reading() as uow:
        assert uow.documents.find("faulty") is None


def test_a_job_that_was_given_up_gets_a_new_start(service: Service) -> None:
    service.container.runner.run_until_idle(timedelta(seconds=60))
    document = service.registered()
    with service.container.work.uow() as uow:
        job, now = uow.jobs.find(f"render:{document}"), service.container.work.clock.now()
        assert job is not None
        assert uow.jobs.claim_job(job.id, now, now, "t") is not None
        assert uow.jobs.fail(job.id, "t", error="template.broken", run_after=None, at=now)
        uow.commit()
    service.container.runner.run_until_idle(timedelta(seconds=5))
    assert service.document(document).state is DocumentState.REGISTERED
    assert [j.id for j in service.container.use_cases.revive_jobs("operator")] == [job.id]
    service.container.runner.run_until_idle(timedelta(seconds=60))
    assert service.document(document).state is DocumentState.SIGNING
    assert service.container.use_cases.revive_jobs("operator") == []
