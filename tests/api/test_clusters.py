"""Registers, clusters and their papers over HTTP: what is shown to whom, files by their bytes, versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from doc_service.domain.bodies import Body, Membership, Role
from doc_service.domain.body_kinds import MEMBERS_MEETING, rules_for
from doc_service.domain.people import Person, PersonName
from doc_service.domain.principals import AccountRole
from tests.api.world import World, opened_world

pytestmark = pytest.mark.xdist_group("api")
PDF = b"%PDF-1.7\n" + b"x" * 300_000
_PERSON = {
    "id": "kl-r", "name": {"surname": "Rəhimov", "given": "Fuad", "patronymic": "Tahir oğlu"}, "fin": "5AB1C2D",
    "organisation": "“Xəzər” MMC", "post": "direktor", "email": "f@xezer.example", "phone": "+994501234567",
}  # fmt: skip
_ORGANISATION = {
    "id": "xezer", "name": "“Xəzər”", "legal_form": "MMC", "voen": "1400512381", "legal_address": "Sumqayıt",
    "head_id": "kl-r",
}  # fmt: skip
_CLUSTER = {
    "id": "kl", "name": "Klaster", "territory": "Sumqayıt", "product": "boru", "started_on": "2026-01-05",
    "members_body_id": "kl-body",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = opened_world(tmp_path_factory.mktemp("clusters") / "data")
    world = next(opened)
    world.account("katiblik", AccountRole.SECRETARIAT)
    world.account("auditor", AccountRole.AUDITOR)
    world.account("rehber", AccountRole.SIGNATORY, person_id="kl-r")
    person = Person("kl-s", PersonName("Bayramova", "Aytac", ""), "7KM2X1Z", "İT", "hüquqşünas")
    seat = Membership(person, Role.HEAD, date(2024, 1, 1))
    body = Body("kl-body", "Y", "Y", "K", "KL", "Sumqayıt", rules_for(MEMBERS_MEETING), (seat,), person)
    world.service.container.use_cases.register_body(body, "system")
    made(world, "/v1/people", _PERSON)
    made(world, "/v1/organisations", _ORGANISATION)
    made(world, "/v1/clusters", _CLUSTER)
    yield world
    next(opened, None)


def made(world: World, path: str, record: dict[str, Any]) -> dict[str, Any]:
    answer = world.ask("POST", path, "katiblik", json=record)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_personal_data_are_shown_to_the_register_and_to_the_person(world: World) -> None:
    """002 §7.1.11, §7.1.16, §8.1.3; a correction is recorded by the names of its fields alone."""
    shown = {who: world.ask("GET", "/v1/people/kl-r", who).json() for who in ("katiblik", "auditor", "rehber")}
    assert {view["fin"] for view in shown.values()} == {"5AB1C2D"}
    body = {k: v for k, v in _PERSON.items() if k != "id"} | {"fin": "7KM2X1Z"}
    assert world.changed("PUT", "/v1/people/kl-r", "katiblik", "/v1/people/kl-r", json=body).json()["version"] == 1
    with world.service.container.work.uow.reading() as uow:
        events = uow.audit.of_subject("person", "kl-r")
    assert [(str(e.action), dict(e.details)) for e in events] == [
        ("person.recorded", {}), ("person.corrected", {"fields": ["fin"]}),
    ]  # fmt: skip
    assert "7KM2X1Z" not in str(events)
    bad = world.changed("PUT", "/v1/people/kl-r", "katiblik", "/v1/people/kl-r", json=body | {"email": "a@b"})
    assert (bad.status_code, bad.json()["code"]) == (422, "person.bad_email")


def test_organisations(world: World) -> None:
    view = world.ask("GET", "/v1/organisations/xezer", "rehber").json()
    assert view["seal_keeper_id"] == "kl-r"
    taken = world.ask("POST", "/v1/organisations", "katiblik", json={**_ORGANISATION, "id": "başqa-yox"})
    assert taken.status_code == 422
    taken = world.ask("POST", "/v1/organisations", "katiblik", json={**_ORGANISATION, "id": "basqa"})
    assert (taken.status_code, taken.json()["code"]) == (409, "organisation.voen_taken")
    unknown = {**_ORGANISATION, "id": "basqa", "voen": "9903456781", "head_id": "yox"}
    answer = world.ask("POST", "/v1/organisations", "katiblik", json=unknown)
    assert (answer.status_code, answer.json()["code"]) == (422, "organisation.unknown_person")
    assert [o["id"] for o in world.ask("GET", "/v1/organisations?text=xəzər", "auditor").json()["items"]] == ["xezer"]


def test_a_paper_of_somebody_else(world: World) -> None:
    """003 §2 stage 2 a): kept byte for byte, and shown by the road map at once."""
    place = "/v1/case-files/clusters/kl/dovlet-reyestrinden-cixaris"
    kept = world.ask("POST", f"{place}?name=çıxarış.pdf", "katiblik", content=PDF)
    assert kept.status_code == 201, kept.text
    assert kept.json()["sha256"] == hashlib.sha256(PDF).hexdigest()
    content = world.ask("GET", f"/v1/case-files/{kept.json()['id']}/content", "auditor")
    assert (content.content, content.headers["content-type"]) == (PDF, "application/pdf")
    stages = world.ask("GET", "/v1/clusters/kl/road-map", "auditor").json()["stages"]
    items = {i["id"]: i for s in stages for i in s["items"]}
    assert items["dovlet-reyestrinden-cixaris"]["state"]["code"] == "done"
    assert "dovlet-reyestrinden-cixaris" not in stages[1]["missing"]
    assert [s["due"] for s in stages] == ["2026-02-16", "2026-03-30", "2026-06-08", "2026-07-06"]
    for content_, code, status in (
        (b"MZ", "file.bad_type", 415), (b"", "file.empty", 422), (b"%PDF-" + bytes(20 << 20), "file.too_large", 413)
    ):  # fmt: skip
        answer = world.ask("POST", f"{place}?name=x", "katiblik", content=content_)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    unknown = world.ask("POST", "/v1/case-files/clusters/kl/pasport?name=x", "katiblik", content=PDF)
    assert unknown.json()["code"] == "file.unknown_item"


def test_requirements_of_a_cluster_that_has_nothing_yet(world: World) -> None:
    """003 Əlavə 13 §4 bullet 1–9: every line with its clause and its name in both languages."""
    found = world.ask("GET", "/v1/clusters/kl/compliance", "auditor").json()
    assert found["compliant"] is False
    verdicts = {x["requirement"]["code"]: x["verdict"]["code"] for x in found["lines"]}
    assert verdicts["territory"] == "met"
    assert verdicts["members"] == "not_met"
    assert verdicts["external_markets"] == "unknown"
    assert all(x["clause"] and x["requirement"]["az"] != x["requirement"]["code"] for x in found["lines"])
    assert world.ask("POST", "/v1/clusters/kl/registry", "katiblik", json={"basis": "x"}).json()["code"] == (
        "registry.empty"
    )


def test_a_cluster_is_established_by_the_version_that_was_read(world: World) -> None:
    move = {"action": "establish", "specialised_id": "xezer"}
    assert world.ask("POST", "/v1/clusters/kl/moves", "katiblik", json=move).status_code == 428
    moved = world.changed("POST", "/v1/clusters/kl/moves", "katiblik", "/v1/clusters/kl", json=move)
    assert (moved.json()["state"]["code"], moved.json()["specialised_id"]) == ("established", "xezer")
    again = world.changed("POST", "/v1/clusters/kl/moves", "katiblik", "/v1/clusters/kl", json=move)
    assert (again.status_code, again.json()["code"]) == (409, "state.not_allowed")
    part = {"organisation_id": "xezer", "kind": "small", "products": "boru", "joined_on": "2026-01-05"}
    refused = world.ask("POST", "/v1/clusters/kl/participations", "katiblik", json=part)
    assert refused.json()["code"] == "cluster.agreement_missing"
    taken = made(world, "/v1/clusters/kl/participations", part | {"kind": "finance"})
    assert taken["group"] == "Maliyyə-kredit təşkilatları"
    renewed = made(world, "/v1/clusters/kl/registry", {"basis": "ilk nəşr"})
    assert [(r["voen"], r["marks"]) for r in renewed["added"]] == [("1400512381", ["İT"])]
