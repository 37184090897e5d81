"""Acts, recommendations, the appeal and the duty calendar over HTTP (001 §3.1.1, §5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from doc_service.domain.civil_time import baku_date
from doc_service.domain.principals import AccountRole
from doc_service.domain.registration import Journal
from doc_service.domain.visas import VisaAction
from tests.api.world import World, opened_world

pytestmark = [pytest.mark.xdist_group("api"), pytest.mark.slow]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from opened_world(tmp_path_factory.mktemp("group") / "data")


@pytest.fixture(scope="module")
def protocol(world: World) -> str:
    """A protocol in force; accounts of the secretariat and of a member."""
    service = world.service
    for instrument in service.container.registry.all():
        journal = Journal(instrument.journal, instrument.journal_title, service.scenario.body.unit)
        service.container.use_cases.open_journal(journal, "system")
    document_id = service.signing()
    service.sign_all(document_id)
    world.work()
    world.account("secretariat", AccountRole.SECRETARIAT)
    world.account("member", AccountRole.MEMBER, person_id=service.requests(document_id)[0].signer.id)
    return document_id


def today(world: World) -> date:
    return baku_date(world.service.container.work.clock.now())


def finish(world: World, document_id: str) -> None:
    use, service = world.service.container.use_cases, world.service
    use.submit_document(document_id, "katib")
    for unit in service.visa_units(document_id):
        use.decide_visa(document_id, unit, VisaAction.GRANT, "hüquq")
    use.register_document(document_id, "katib")
    world.work()
    service.sign_all(document_id)
    world.work()


def test_the_appeal_chain(world: World, protocol: str) -> None:
    """Recommendation → not heeded → letter to the Cabinet of Ministers that names it (001 §3.1.1)."""
    made = world.ask("POST", f"/v1/documents/{protocol}/acts", "secretariat", json={"id": "tovsiye", "item": 2})
    assert (made.status_code, made.json()["instrument"]) == (201, "kq-tovsiye")
    place = "/v1/recommendations/tovsiye"
    assert world.ask("GET", place, "secretariat").json()["code"] == "recommendation.not_one"
    finish(world, "tovsiye")
    shown = world.ask("GET", place, "member").json()
    assert (shown["state"]["code"], shown["appealable"], shown["why_not"]) == ("open", False, "appeal.in_term")
    early = world.ask("POST", f"{place}/appeals", "secretariat", json={"text": "Xahiş edirik."})
    assert (early.status_code, early.json()["code"]) == (409, "appeal.in_term")
    said = {"action": "disregard", "on": today(world).isoformat(), "reason": "İmtina edilmişdir."}
    silent = world.ask("POST", f"{place}/outcomes", "secretariat", json=said)
    assert (silent.status_code, silent.json()["code"]) == (422, "recommendation.in_term")
    answered = {**said, "answer": {"number": "12-04/318", "dated": today(world).isoformat()}}
    assert world.ask("POST", f"{place}/outcomes", "secretariat", json=answered).status_code == 201
    letter = world.ask("POST", f"{place}/appeals", "secretariat", json={"text": "Xahiş edirik."})
    assert letter.status_code == 201
    assert letter.json()["data"]["recommendation"]["number"] == shown["number"]
    listed = world.ask(
        "GET", f"/v1/bodies/{made.json()['body_id']}/recommendations?year={today(world).year}", "member"
    ).json()["items"]
    assert [(r["document_id"], r["state"]["az"]) for r in listed] == [("tovsiye", "əməl olunmayıb")]
    assert listed[0]["outcomes"][0]["recorded_by"] == ""
    assert world.ask("GET", place, "secretariat").json()["outcomes"][0]["recorded_by"]


def test_duties_and_the_figures_of_the_year(world: World, protocol: str) -> None:
    """001 §5.9.2, §5.6.10: the meeting held makes the running half-year's duty done."""
    body_id = world.service.document(protocol).body_id
    duties = world.ask("GET", f"/v1/bodies/{body_id}/duties", "member").json()["items"]
    held = world.service.scenario.convened.opens_at.date()
    running = [d for d in duties if d["kind"]["code"] == "meeting" and d["opens_on"] <= held.isoformat() <= d["due_on"]]
    assert [d["state"]["code"] for d in running] == ["done"]
    assert {d["kind"]["code"] for d in duties} == {"meeting", "programme", "report"}
    data = world.ask("GET", f"/v1/bodies/{body_id}/yearly-report-data?year={held.year}", "secretariat").json()
    assert [m["held_on"] for m in data["meetings"]] == [held.isoformat()]
    proposal = world.ask("GET", f"/v1/bodies/{body_id}/nomenclature-data?year={held.year}", "secretariat").json()
    instrument = world.service.container.registry.get("isler-nomenklaturu")
    assert instrument.check(instrument.validate(proposal)) == ()
