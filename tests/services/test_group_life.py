"""From a signed protocol to acts, the public text, the appeal and the yearly report, on real parts (001 §3.1.1, §5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document, DocumentState, RevisionKind
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.recommendations import Answer, RecommendationAction, RecommendationState
from doc_service.domain.registration import Journal
from doc_service.domain.retention import DEFAULT_NOMENCLATURE
from doc_service.domain.visas import VisaAction
from doc_service.services.draft_document import DraftRequest
from doc_service.services.nomenclature import NomenclatureInForce
from doc_service.services.recommendations.make_appeal import AppealWanted
from doc_service.services.recommendations.record_outcome import OutcomeSaid
from doc_service.services.sound_file import require_sound
from tests.services.conftest import SECRETARIAT, Service, running_service

pytestmark = pytest.mark.xdist_group("services")
DECISION, RECOMMENDATION, PROPOSAL, REFUSED = 1, 2, 3, 4


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of its own: what these documents leave behind is counted."""
    yield from running_service(tmp_path_factory.mktemp("group"))


@pytest.fixture(scope="module")
def protocol(service: Service) -> Document:
    """A protocol in force; its third item is restricted."""
    scenario = service.scenario
    agenda = tuple(replace(a, restricted=a.number == PROPOSAL) for a in scenario.convened.agenda)
    service.scenario = replace(scenario, convened=replace(scenario.convened, agenda=agenda))
    for instrument in service.container.registry.all():
        journal = Journal(instrument.journal, instrument.journal_title, scenario.body.unit)
        service.container.use_cases.open_journal(journal, SECRETARIAT)
    document_id = service.signing()
    with pytest.raises(ConflictError, match=r"protocol\.not_signed"):
        service.container.use_cases.group.make_act(document_id, DECISION, "too-early", SECRETARIAT)
    service.sign_all(document_id)
    run(service)
    return service.document(document_id)


@pytest.fixture(scope="module")
def recommendation(service: Service, protocol: Document) -> Document:
    service.container.use_cases.group.make_act(protocol.id, RECOMMENDATION, "tovsiye", SECRETARIAT)
    return finished(service, "tovsiye")


def run(service: Service) -> None:
    service.container.runner.run_until_idle(timedelta(seconds=60))


def finished(service: Service, document_id: str) -> Document:
    """Registered, signed by whoever must, and archived."""
    use = service.container.use_cases
    use.submit_document(document_id, SECRETARIAT)
    for unit in service.visa_units(document_id):
        use.decide_visa(document_id, unit, VisaAction.GRANT, "hüquq")
    use.register_document(document_id, SECRETARIAT)
    run(service)
    service.sign_all(document_id)
    run(service)
    document = service.document(document_id)
    assert document.state is DocumentState.ARCHIVED
    return document


def today(service: Service) -> date:
    return baku_date(service.container.work.clock.now())


def codes(error: pytest.ExceptionInfo[DomainError]) -> set[str]:
    return {f.code for f in error.value.faults}


def test_an_act_cites_the_signed_protocol_and_belongs_to_its_meeting(service: Service, protocol: Document) -> None:
    """001 §5.9.4–5.9.5, §5.10."""
    act = service.container.use_cases.group.make_act(protocol.id, DECISION, "qerar", SECRETARIAT)
    assert protocol.registration is not None
    assert protocol.head is not None
    assert act.instrument == "kq-qerar"
    assert act.data["protocol"] == {
        "number": protocol.registration.number,
        "registered_on": protocol.registration.registered_on.isoformat(),
        "sha256": protocol.head.sha256,
    }
    assert (act.body_id, act.meeting_id) == (protocol.body_id, protocol.meeting_id)
    assert service.container.use_cases.group.make_act(protocol.id, DECISION, "qerar", SECRETARIAT) == act


@pytest.mark.parametrize(("item", "code"), [(REFUSED, "act.not_adopted"), (9, "act.no_such_item")])
def test_no_act_is_made_of_what_was_not_adopted(service: Service, protocol: Document, item: int, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        service.container.use_cases.group.make_act(protocol.id, item, f"act-{item}", SECRETARIAT)
    assert codes(refused) == {code}


def test_no_act_is_made_of_another_document(service: Service, recommendation: Document) -> None:
    with pytest.raises(DomainError, match=r"protocol\.not_one"):
        service.container.use_cases.group.make_act(recommendation.id, 1, "act-of-act", SECRETARIAT)


def test_an_act_entered_by_hand_must_agree_with_a_signed_protocol(service: Service, protocol: Document) -> None:
    """001 §5.9.5: the text, and the protocol by number, day and digest."""
    use = service.container.use_cases
    data = use.group.make_act(protocol.id, DECISION, "qerar", SECRETARIAT).data
    forged = {
        "text": {**data, "text": "Başqa mətn"},
        "protocol": {**data, "protocol": {**data["protocol"], "sha256": "0" * 64}},
    }
    for field, changed in forged.items():
        use.draft_document(DraftRequest(f"forged-{field}", "kq-qerar", protocol.body_id, None, changed), SECRETARIAT)
        with pytest.raises(DomainError) as refused:
            use.submit_document(f"forged-{field}", SECRETARIAT)
        assert [f.field for f in refused.value.faults] == [field]
        assert service.document(f"forged-{field}").state is DocumentState.DRAFT
    assert use.submit_document("qerar", SECRETARIAT).state is DocumentState.IN_VISA


def test_the_whole_way_of_an_appeal(service: Service, recommendation: Document) -> None:
    """001 §3.1.1: an appeal only after a recommendation that was not heeded, which it names.

    001 §5.6.6: the secretariat drafts the letter."""
    group, use = service.container.use_cases.group, service.container.use_cases
    wanted = AppealWanted("Məsələyə baxılmasını xahiş edirik.")
    assert recommendation.registration is not None
    assert recommendation.head is not None

    def said(action: RecommendationAction, answer: Answer | None = None) -> OutcomeSaid:
        return OutcomeSaid(action, today(service), "Dövlət orqanı tövsiyəni qəbul etməmişdir.", answer)

    with pytest.raises(ConflictError, match=r"appeal\.in_term"):
        group.make_appeal(recommendation.id, wanted, "muraciet", SECRETARIAT)
    with pytest.raises(DomainError, match=r"recommendation\.in_term"):
        group.record_outcome(recommendation.id, said(RecommendationAction.DISREGARD), SECRETARIAT)
    answer = Answer("12-04/318", today(service))
    recorded = group.record_outcome(recommendation.id, said(RecommendationAction.DISREGARD, answer), SECRETARIAT)
    assert recorded.state is RecommendationState.NOT_HEEDED
    letter = group.make_appeal(recommendation.id, wanted, "muraciet", SECRETARIAT)
    cited = letter.data["recommendation"]
    assert (cited["number"], cited["registered_on"], cited["sha256"]) == (
        recommendation.registration.number,
        recommendation.registration.registered_on.isoformat(),
        recommendation.head.sha256,
    )
    assert cited["answer"] == {"number": "12-04/318", "dated": today(service).isoformat()}
    group.make_appeal(recommendation.id, wanted, "muraciet-2", SECRETARIAT)
    archived = finished(service, "muraciet")
    standing = group.recommendations.one(recommendation.id)
    assert [a.id for a in standing.appeals] == [archived.id]
    assert standing.appealable

    group.record_outcome(recommendation.id, said(RecommendationAction.HEED), SECRETARIAT)
    with pytest.raises(ConflictError, match=r"appeal\.heeded"):
        group.make_appeal(recommendation.id, wanted, "muraciet-3", SECRETARIAT)
    with pytest.raises(DomainError, match=r"appeal\.heeded"):
        use.submit_document("muraciet-2", SECRETARIAT)
    assert service.actions(recommendation.id)[-2:] == ["recommendation.not_heeded", "recommendation.heeded"]


def test_an_appeal_that_tells_the_record_differently_is_not_submitted(
    service: Service, recommendation: Document
) -> None:
    group, use = service.container.use_cases.group, service.container.use_cases
    said = OutcomeSaid(RecommendationAction.REOPEN, today(service), "Səhv qeyd edilmişdi.")
    group.record_outcome(recommendation.id, said, SECRETARIAT)
    answer = Answer("12-04/319", today(service))
    said = OutcomeSaid(RecommendationAction.DISREGARD, today(service), "İcra edilməmişdir.", answer)
    group.record_outcome(recommendation.id, said, SECRETARIAT)
    data = group.make_appeal(recommendation.id, AppealWanted("Xahiş edirik."), "muraciet-4", SECRETARIAT).data
    cited = {**data["recommendation"], "number": "3-21-5/KQ-TV-77/2026", "reason": "Başqa səbəb"}
    request = DraftRequest("muraciet-5", "kq-mektub", recommendation.body_id, None, {**data, "recommendation": cited})
    use.draft_document(request, SECRETARIAT)
    with pytest.raises(DomainError) as refused:
        use.submit_document("muraciet-5", SECRETARIAT)
    assert {f.field for f in refused.value.faults} == {"recommendation.number", "recommendation.reason"}


def test_only_a_recommendation_in_force_can_be_heeded(service: Service, protocol: Document) -> None:
    said = OutcomeSaid(RecommendationAction.HEED, today(service), "İcra edilmişdir.")
    with pytest.raises(NotFoundError, match=r"recommendation\.not_one"):
        service.container.use_cases.group.record_outcome(protocol.id, said, SECRETARIAT)
    late = replace(said, on=today(service) + timedelta(days=1))
    with pytest.raises(DomainError, match=r"recommendation\.in_future"):
        service.container.use_cases.group.record_outcome("tovsiye", late, SECRETARIAT)
    later = replace(said, answer=Answer("1", late.on))
    with pytest.raises(DomainError, match=r"recommendation\.answer_later"):
        service.container.use_cases.group.record_outcome("tovsiye", later, SECRETARIAT)
    with pytest.raises(DomainError, match=r"recommendation\.reason_missing"):
        service.container.use_cases.group.record_outcome("tovsiye", replace(said, reason=" "), SECRETARIAT)


def test_the_public_text_leaves_restricted_items_out_and_is_never_called_signed(
    service: Service, protocol: Document, tmp_path: Path
) -> None:
    """001 §5.6.3: rendered, in force and archived without a signature."""
    use = service.container.use_cases
    draft = use.group.make_summary(protocol.id, "derc", SECRETARIAT)
    hidden = protocol.data["agenda"][PROPOSAL - 1]["title"]
    assert hidden not in str(draft.data)
    assert protocol.data["items"][PROPOSAL - 1]["act_text"] not in str(draft.data)
    assert [i["title"] for i in draft.data["items"]] == [
        a["title"] for a in protocol.data["agenda"] if a["number"] != PROPOSAL
    ]
    assert draft.data["left_out"] is True
    document = finished(service, "derc")
    assert service.requests("derc") == []
    assert document.head is not None
    assert (document.head.kind, document.head.level) == (RevisionKind.UNSIGNED, None)
    actions = service.actions("derc")
    assert actions[-3:] == ["document.rendered", "document.in_force", "document.archived"]
    assert not [a for a in actions if a.startswith(("signing.", "signature."))]
    pdf = use.final_copy("derc").pdf
    verdict = service.container.verify(pdf)
    assert not verdict.report.valid
    assert [f.code for f in verdict.report.findings] == ["signing.no_signatures"]
    assert verdict.expectation is None
    with service.container.work.uow.reading() as uow:
        (archived,) = [e for e in uow.audit.of_subject("document", "derc") if e.action == "document.archived"]
    assert (archived.details["signatures"], archived.details["level"]) == (0, "-")
    use.export_evidence("derc", tmp_path / "evidence")
    readme = (tmp_path / "evidence" / "README.txt").read_text(encoding="utf-8")
    assert "imzalanmış əsl" not in readme
    assert "signed original" not in readme


def test_a_public_text_with_a_restricted_item_is_not_submitted(service: Service, protocol: Document) -> None:
    use = service.container.use_cases
    data = use.group.make_summary(protocol.id, "derc", SECRETARIAT).data
    items = [*data["items"], {"title": protocol.data["agenda"][PROPOSAL - 1]["title"], "discussion": "", "act": None}]
    request = DraftRequest("derc-2", "kq-derc", protocol.body_id, None, {**data, "items": items})
    use.draft_document(request, SECRETARIAT)
    with pytest.raises(DomainError, match=r"summary\.restricted_item"):
        use.submit_document("derc-2", SECRETARIAT)


def test_an_unsigned_file_is_sound_only_as_it_was_recorded(service: Service, protocol: Document) -> None:
    """Neither other bytes, nor another document's file, nor a signed document that lost its signatures."""
    service.container.use_cases.group.make_summary(protocol.id, "derc-3", SECRETARIAT)
    document = finished(service, "derc-3")
    assert document.head is not None
    assert document.registration is not None
    found = service.container.verify(service.container.store.read(document.head.key))
    assert require_sound(found, document, unsigned=True) is found.report
    wrong = (
        (replace(document, head=replace(document.head, sha256="0" * 64)), True),
        (replace(document, registration=replace(document.registration, number="1")), True),
        (replace(document, instrument="kq-protokol"), True),
        (document, False),
    )
    for other, unsigned in wrong:
        with pytest.raises(DomainError, match=r"document\.does_not_validate"):
            require_sound(found, other, unsigned=unsigned)
    assert protocol.head is not None
    signed = service.container.verify(service.container.store.read(protocol.head.key))
    with pytest.raises(DomainError, match=r"document\.does_not_validate"):
        require_sound(signed, protocol, unsigned=True)


def test_the_report_counts_what_is_recorded(service: Service, protocol: Document, recommendation: Document) -> None:
    """001 §5.6.10: meetings, attendance, acts and what became of the recommendations."""
    year = today(service).year
    data = service.container.use_cases.group.yearly_report(protocol.body_id, year)
    assert [m["attending"] for m in data["meetings"]] == [3]
    assert [(m["meetings"], m["in_person"], m["absent"]) for m in data["members"]] == [(1, 1, 0)] * 3
    assert recommendation.registration is not None
    (row,) = data["recommendations"]
    assert (row["number"], row["state"]) == (recommendation.registration.number, "not_heeded")
    assert row["appeals"] == [service.document("muraciet").registration.number]  # type: ignore[union-attr]
    acts = {a["kind"]: a for a in data["acts"]}
    assert acts["recommendation"] == {
        "kind": "recommendation", "put_to_vote": 2, "adopted": 1, "not_adopted": 1, "issued": 1
    }  # fmt: skip
    instrument = service.container.registry.get("kq-illik-hesabat")
    assert instrument.check(instrument.validate({**data, "overview": "İl ərzində görülmüş işlər."})) == ()
    with pytest.raises(DomainError, match=r"report\.year_not_begun"):
        service.container.use_cases.group.yearly_report(protocol.body_id, year + 1)


def test_an_approved_nomenclature_rules_what_is_registered_after_it(service: Service, protocol: Document) -> None:
    """004 §5.1.11: the body's own nomenclature takes the place of the model list."""
    instrument = service.container.registry.get("isler-nomenklaturu")
    with service.container.work.uow.reading() as uow:
        body = uow.bodies.get(protocol.body_id)
        rule = NomenclatureInForce()
        assert rule(uow, protocol) is DEFAULT_NOMENCLATURE
    data = instrument.from_default(body, today(service).year, today(service))
    for case in data["sections"][0]["cases"]:
        if case["index"] == "KQ-04":
            case["years"] = 7
    service.container.use_cases.draft_document(
        DraftRequest("nomenklatur", "isler-nomenklaturu", body.id, None, data), SECRETARIAT
    )
    approved = finished(service, "nomenklatur")
    with service.container.work.uow.reading() as uow:
        assert rule(uow, approved)["KQ-04"].retention.years == 7
        assert rule(uow, approved)["KL-01"] is not DEFAULT_NOMENCLATURE["KL-01"]
        assert approved.registration is not None
        earlier = replace(
            approved,
            registration=replace(
                approved.registration, registered_on=approved.registration.registered_on - timedelta(1)
            ),
        )
        assert rule(uow, earlier)["KQ-04"] is DEFAULT_NOMENCLATURE["KQ-04"]
        other = replace(approved, body_id="another")
        assert rule(uow, other)["KQ-04"] is DEFAULT_NOMENCLATURE["KQ-04"]
    service.container.use_cases.group.make_summary(protocol.id, "derc-4", SECRETARIAT)
    finished(service, "derc-4")
    with service.container.work.uow.reading() as uow:
        (archived,) = [e for e in uow.audit.of_subject("document", "derc-4") if e.action == "document.archived"]
    assert archived.details["retain_until"].startswith(f"{today(service).year + 8}-01-01")
