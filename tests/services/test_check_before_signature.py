"""The check before signature, and giving back a faulty draft (004 §5.1.9–5.1.10)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from doc_service.api.v1.schemas.document_checks import sheet_view
from doc_service.domain.documents import DocumentState, TemplateRef
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.visas import VisaAction
from doc_service.services.check_before_signature import Finding, Line
from doc_service.services.draft_document import DraftRequest
from doc_service.services.return_document import ReturnReason

CLERK = "katiblik"


def missing(service: Any, document_id: str) -> list[tuple[str, str]]:
    sheet = service.container.use_cases.check_before_signature(document_id)
    return [(str(line.line), f.code) for line in sheet for f in line.faults]


def test_a_missing_visa_is_told_by_its_unit(shared_service: Any) -> None:
    """004 §5.1.9: the needed visas are there."""
    use, document_id = shared_service.container.use_cases, shared_service.drafted()
    use.submit_document(document_id, CLERK)
    unit = shared_service.visa_units(document_id)[0]
    sheet = use.check_before_signature(document_id)
    visa = next(line for line in sheet if line.subject == unit)
    assert visa.faults[0].params == {"unit": unit}
    use.decide_visa(document_id, unit, VisaAction.GRANT, "hüquq")
    assert missing(shared_service, document_id) == []
    named = shared_service.document(document_id).data["annexes"]
    looks = [line.subject for line in use.check_before_signature(document_id) if line.finding is Finding.LOOK]
    assert looks == named


def test_pages_are_counted_where_a_clause_says_how_many(shared_service: Any) -> None:
    """003 §5.3.3: a note of 15 to 20 pages. Told before signature; it refuses nothing."""
    use, instrument = shared_service.container.use_cases, "klaster-funksional-xerite"
    body = shared_service.document(shared_service.drafted()).body_id
    sample = shared_service.container.parts.registry.get(instrument).sample()
    short = {**sample, "note": [{**part, "text": "Qısa."} for part in sample["note"]]}
    sheets = {}
    for name, data in (("full", sample), ("short", short)):
        use.draft_document(DraftRequest(f"map-{name}", instrument, body, None, data), CLERK)
        sheets[name] = use.check_before_signature(f"map-{name}")
    found = {name: next(c for c in sheet if c.line is Line.LENGTH) for name, sheet in sheets.items()}
    assert (found["full"].finding, found["full"].faults) == (Finding.GOOD, ())
    (fault,) = found["short"].faults
    assert (found["short"].finding, fault.code) == (Finding.LOOK, "document.page_limit")
    assert (fault.params["least"], fault.params["most"], fault.params["clause"]) == (15, 20, "003 §5.3.3")
    assert int(fault.params["pages"]) < 15
    told = sheet_view(sheets["short"], "az")
    assert told.ready is sheet_view(sheets["full"], "az").ready
    assert "15–20" in next(line for line in told.lines if line.line is Line.LENGTH).faults[0].detail
    protocol = shared_service.drafted()
    assert Line.LENGTH not in {c.line for c in use.check_before_signature(protocol)}


def test_what_is_not_made_right_gets_no_number(shared_service: Any) -> None:
    """004 §5.1.9: the check comes before registration, and everything is told at once."""
    use, document_id = shared_service.container.use_cases, shared_service.drafted()
    use.submit_document(document_id, CLERK)
    for unit in shared_service.visa_units(document_id):
        use.decide_visa(document_id, unit, VisaAction.GRANT, "hüquq")
    with shared_service.container.work.uow() as uow:
        document = uow.documents.get(document_id)
        uow.documents.save(replace(document, template=TemplateRef(document.template.name, "0" * 64)))
        uow.commit()
    assert missing(shared_service, document_id) == [("template", "template.changed")]
    with pytest.raises(DomainError, match=r"template\.changed"):
        use.register_document(document_id, CLERK)
    assert shared_service.document(document_id).registration is None


def test_an_approved_draft_is_given_back_with_reasons_and_all_visas_are_asked_for_anew(shared_service: Any) -> None:
    """004 §5.1.10: back to its author with the reasons; the history stays."""
    use, document_id = shared_service.container.use_cases, shared_service.drafted()
    use.submit_document(document_id, CLERK)
    unit = shared_service.visa_units(document_id)[0]
    use.decide_visa(document_id, unit, VisaAction.RETURN, "hüquq", "Əsas göstərilməyib")
    use.revise_document(document_id, shared_service.document(document_id).data, CLERK)
    use.submit_document(document_id, CLERK)
    use.decide_visa(document_id, unit, VisaAction.GRANT, "hüquq")
    with pytest.raises(DomainError, match=r"visa\.reason_required"):
        use.return_document(document_id, [ReturnReason("annexes[0]", " ")], CLERK)
    given = [ReturnReason("annexes[0]", "Əlavə təqdim edilməyib"), ReturnReason("", "Ünvan səhvdir")]
    assert use.return_document(document_id, given, CLERK).state is DocumentState.RETURNED
    history = use.return_history(document_id)
    assert [(r.unit, [x.text for x in r.reasons]) for r in history] == [
        (unit, ["Əsas göstərilməyib"]),
        ("", ["Əlavə təqdim edilməyib", "Ünvan səhvdir"]),
    ]
    use.revise_document(document_id, shared_service.document(document_id).data, CLERK)
    use.submit_document(document_id, CLERK)
    assert missing(shared_service, document_id) == [("visa", "check.visa_missing")]
    use.decide_visa(document_id, unit, VisaAction.GRANT, "hüquq")
    use.register_document(document_id, CLERK)
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        use.return_document(document_id, given, CLERK)
