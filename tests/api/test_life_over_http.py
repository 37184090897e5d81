"""A document's whole life over the interface: body, meeting, draft, visa, number, signatures, archive, evidence."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doc_service.domain.principals import AccountRole
from doc_service.instruments.meeting_data import agenda_dict
from tests.api.world import LEGAL, World, b64, opened_world, person_input

pytestmark = pytest.mark.xdist_group("api")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for world in opened_world(tmp_path_factory.mktemp("life") / "data"):
        world.account("secretariat", AccountRole.SECRETARIAT)
        world.account("auditor", AccountRole.AUDITOR)
        world.account("legal", AccountRole.MEMBER, person_id="p-legal", units=frozenset({LEGAL}))
        yield world


def body_input(world: World, body_id: str) -> dict[str, Any]:
    body = world.service.scenario.body
    members = body.members[:3]
    return {
        "id": body_id, "kind": body.rules.kind, "name": body.name, "short_name": body.short_name,
        "parent_organisation": body.parent_organisation, "unit": body.unit, "place": body.place,
        "members": [
            {"person": person_input(m.person), "role": m.role, "since": m.since.isoformat()} for m in members
        ],
        "secretary": person_input(body.secretary),
    }  # fmt: skip


def convened(world: World, body_id: str) -> dict[str, Any]:
    meeting, first = world.service.scenario.convened, world.service.scenario.body.members[0].person.id
    return {
        "id": f"meeting-of-{body_id}", "body_id": body_id, "kind": meeting.kind, "number": 1, "place": meeting.place,
        "opens_at": meeting.opens_at.isoformat(), "documents_delivered_on": meeting.documents_delivered_on.isoformat(),
        "agenda": [{**agenda_dict(a), "reporter_id": first} for a in meeting.agenda],
    }  # fmt: skip


def held(world: World) -> dict[str, Any]:
    record = world.service.scenario.record
    ids = [m.person.id for m in world.service.scenario.body.members[:3]]
    return {
        "closes_at": record.closes_at.isoformat(),
        "attendance": [{"member_id": i, "presence": "present"} for i in ids],
        "items": [
            {
                "number": item.number, "discussion": item.discussion, "act_kind": item.act_kind,
                "act_text": item.act_text, "responsible": item.responsible, "addressee": item.addressee,
                "term": item.term.isoformat() if item.term else None,
                "votes": [{"voter_id": v.voter_id, "choice": v.choice} for v in item.votes if v.voter_id in ids],
            }
            for item in record.items
        ],
    }  # fmt: skip


def drafted(world: World, name: str) -> str:
    """A draft of a meeting of its own, made over the interface."""
    who = "secretariat"
    body = world.ask("POST", "/v1/bodies", who, json=body_input(world, name))
    assert body.status_code == 201, body.text
    meeting = world.ask("POST", "/v1/meetings", who, json=convened(world, name))
    assert meeting.status_code == 201, meeting.text
    place = f"/v1/meetings/{meeting.json()['id']}"
    record = world.changed("PUT", f"{place}/record", who, place, json=held(world))
    assert record.status_code == 200, record.text
    data = world.ask("GET", f"{place}/protocol-data", who).json()
    wanted = {"instrument": "kq-protokol", "body_id": name, "meeting_id": meeting.json()["id"], "data": data}
    draft = world.ask("POST", "/v1/documents", who, json=wanted)
    assert draft.status_code == 201, draft.text
    return str(draft.json()["id"])


def in_signing(world: World, name: str) -> str:
    document, who = drafted(world, name), "secretariat"
    place = f"/v1/documents/{document}"
    journal = world.service.scenario.journal
    opened = {"code": journal.code, "title": journal.title, "unit": journal.unit}
    assert world.ask("POST", "/v1/journals", who, json=opened).status_code == 201
    assert world.changed("POST", f"{place}/submission", who, place).json()["state"]["code"] == "in_visa"
    granted = world.changed(
        "POST", f"{place}/visa-decisions", "legal", place, json={"unit": LEGAL, "decision": "grant"}
    )
    assert granted.json()["state"]["code"] == "approved", granted.text
    registered = world.changed("POST", f"{place}/registration", who, place)
    assert (registered.status_code, registered.json()["state"]["code"]) == (202, "registered")
    assert registered.headers["location"].startswith("/v1/jobs/")
    world.work()
    return document


def test_from_a_body_to_the_evidence(world: World, tmp_path: Path) -> None:
    document = in_signing(world, "life")
    place = f"/v1/documents/{document}"
    requests = world.service.requests(document)
    half = world.sign(requests[0])
    assert (half.status_code, half.json()["state"]["code"]) == (200, "signed")
    not_final = world.ask("GET", f"{place}/content", "secretariat")
    assert (not_final.status_code, not_final.json()["code"]) == (409, "document.not_final")
    part = world.ask("GET", f"{place}/revisions/1/content", "secretariat")
    assert part.headers["x-copy-kind"] == "part_signed"
    for request in requests[1:]:
        assert world.sign(request).status_code == 200
    world.work()
    state = world.ask("GET", f"{place}/state", "secretariat").json()
    assert (state["state"]["code"], state["state"]["az"], state["signed"]) == ("archived", "arxivdədir", 3), state
    final = world.ask("GET", f"{place}/content", requests[0].signer.id)
    assert final.headers["x-copy-kind"] == "final"
    assert hashlib.sha256(final.content).hexdigest() == world.ask("GET", place, "auditor").json()["head"]["sha256"]
    some = world.ask("GET", f"{place}/content", "auditor", headers={"range": "bytes=0-4"})
    assert (some.status_code, some.content) == (206, b"%PDF-")
    verdict = world.ask("POST", "/v1/verification", content=final.content).json()
    assert (verdict["valid"], verdict["level"]) == (True, "B-LTA")
    kept = world.ask("GET", f"/v1/archive/{document}", "auditor").json()
    assert kept["retain_until"] is not None
    assert kept["case"]["index"] == "KQ-01"
    package = zipfile.ZipFile(io.BytesIO(world.ask("GET", f"/v1/archive/{document}/evidence", "auditor").content))
    assert package.read("final.pdf") == final.content
    proof = tmp_path / "proof.json"
    proof.write_bytes(world.ask("GET", f"/v1/audit/subjects/document/{document}/proof", "auditor").content)
    package.extract("audit/verify_audit.py", tmp_path)
    checked = subprocess.run(
        [sys.executable, tmp_path / "audit/verify_audit.py", "--proof", proof], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_journal_is_read_verified_and_exported(world: World, tmp_path: Path) -> None:
    """002 §7.1.6, §7.1.15: electronic audit by the control-audit journal."""
    verdict = world.ask("GET", "/v1/audit/verification", "auditor").json()
    assert (verdict["valid"], verdict["faults"]) == (True, [])
    first = world.ask("GET", "/v1/audit/events?limit=3", "auditor")
    page = first.json()
    assert len(page["items"]) == 3
    assert page["next"] in first.headers["link"]
    second = world.ask("GET", f"/v1/audit/events?limit=3&cursor={page['next']}", "auditor").json()
    assert not {e["id"] for e in page["items"]} & {e["id"] for e in second["items"]}
    other = world.ask("GET", f"/v1/audit/events?limit=3&actor=x&cursor={page['next']}", "auditor")
    assert other.json()["code"] == "paging.bad_cursor"
    assert world.ask("GET", "/v1/audit/events?subject_type=document", "auditor").json()["code"] == "audit.subject_half"
    world.service.container.audit.checkpoint()
    export = zipfile.ZipFile(io.BytesIO(world.ask("GET", "/v1/audit/export", "auditor").content))
    events = [json.loads(line) for line in export.read("events.jsonl").splitlines()]
    assert {"account.opened"} <= {e["action"] for e in events}
    assert len(events) >= verdict["size"]
    handed = world.ask("GET", "/v1/audit/events?action=audit.exported", "auditor").json()["items"]
    assert handed[0]["details"]["size"] == len(events)


def test_a_change_needs_the_version_that_was_read(world: World) -> None:
    document = drafted(world, "versions")
    place = f"/v1/documents/{document}"
    assert world.ask("POST", f"{place}/submission", "secretariat").status_code == 428
    stale = world.ask("POST", f"{place}/submission", "secretariat", headers={"if-match": '"99"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition.failed")
    read = world.ask("GET", place, "secretariat")
    again = world.ask("GET", place, "secretariat", headers={"if-none-match": read.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_returned_draft_is_corrected(world: World) -> None:
    document = drafted(world, "returned")
    place = f"/v1/documents/{document}"
    world.changed("POST", f"{place}/submission", "secretariat", place)
    said = {"unit": LEGAL, "decision": "return", "reason": "Müddət göstərilməyib."}
    assert (
        world.changed("POST", f"{place}/visa-decisions", "legal", place, json=said).json()["state"]["code"]
        == "returned"
    )
    data = world.ask("GET", place, "secretariat").json()["data"]
    bad = world.changed("PUT", f"{place}/data", "secretariat", place, json={"data": {**data, "items": []}})
    assert bad.status_code == 422
    assert {e["field"] for e in bad.json()["errors"]} == {"items"}
    good = world.changed("PUT", f"{place}/data", "secretariat", place, json={"data": data})
    assert good.json()["state"]["code"] == "draft", good.text
    visas = world.ask("GET", f"{place}/visas", "legal").json()["items"]
    assert [v["state"]["code"] for v in visas] == ["returned"]


def test_what_is_shown_is_what_is_signed(world: World) -> None:
    document = in_signing(world, "shown")
    request, other = world.service.requests(document)[:2]
    who, stranger, place = world.signer(request), world.signer(other), f"/v1/signature-requests/{request.id}"
    shown = world.ask("GET", f"{place}/shown", who).json()
    content = world.ask("GET", shown["content"], who)
    assert hashlib.sha256(content.content).hexdigest() == shown["sha256"]
    assert content.headers["etag"] == f'"{shown["sha256"]}"'
    wrong = world.ask("POST", f"{place}/consent", who, json={"shown_sha256": "0" * 64})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "consent.unknown_digest")
    assert world.ask("GET", shown["content"], stranger).status_code == 404
    assert world.ask("GET", shown["content"], "secretariat").status_code == 403
    foreign = world.ask("POST", f"{place}/consent", stranger, json={"shown_sha256": shown["sha256"]})
    assert foreign.status_code == 404
    world.ask("POST", f"{place}/consent", who, json={"shown_sha256": shown["sha256"]})
    key = world.service.key(other.signer)
    device = {"certificate": b64(key.certificate)}
    assert world.ask("POST", f"{place}/preparation", who, json=device).json()["code"] == "signing.wrong_person"


def test_the_secretariat_manages_and_never_sees_a_link(world: World) -> None:
    document = in_signing(world, "managed")
    place = f"/v1/documents/{document}"
    request = world.service.requests(document)[0]
    who, own = world.signer(request), f"/v1/signature-requests/{request.id}"
    due = {"due_at": "2090-01-01T00:00:00+04:00"}
    assert world.changed("PUT", f"{place}/deadline", "secretariat", place, json=due).json()["sign_by"]
    mine = world.ask("GET", "/v1/signature-requests?state=open", who).json()["items"]
    assert [r["document"]["id"] for r in mine if r["id"] == request.id] == [document]
    assert mine[0]["signer"]["fin"] is None
    reminded = world.ask("POST", f"{own}/reminder", "secretariat")
    assert reminded.status_code == 202, reminded.text
    assert world.ask("POST", f"{own}/reminder", "secretariat").status_code == 429
    declined = world.ask("POST", f"{own}/refusal", who, json={"reason": "Razı deyiləm."})
    assert declined.json()["state"]["code"] == "declined"
    reopened = world.changed("POST", f"{own}/reopening", "secretariat", own, json={"reason": "Düzəldildi."})
    assert reopened.json()["state"]["code"] == "open", reopened.text
    withdrawn = world.changed("POST", f"{place}/withdrawal", "secretariat", place, json={"reason": "Ləğv edildi."})
    assert withdrawn.json()["state"]["code"] == "withdrawn"
    late = world.ask("POST", f"{own}/consent", who, json={"shown_sha256": "0" * 64})
    assert (late.status_code, late.json()["code"]) == (409, "signature_request.withdrawn")


def test_personal_data_are_shown_to_the_register_alone(world: World) -> None:
    document = in_signing(world, "personal")
    request = world.service.requests(document)[0]
    who, fin = world.signer(request), request.signer.fin
    paths = (
        "/v1/bodies/personal", "/v1/meetings/meeting-of-personal", f"/v1/documents/{document}",
        f"/v1/documents/{document}/signature-requests", f"/v1/documents/{document}/history",
        f"/v1/signature-requests/{request.id}",
    )  # fmt: skip
    for path in paths:
        answer = world.ask("GET", path, who)
        assert answer.status_code == 200, path
        assert fin not in answer.text
        assert request.signer.email not in answer.text
    assert fin in world.ask("GET", "/v1/bodies/personal", "secretariat").text
    assert fin in world.ask("GET", "/v1/bodies/personal", "auditor").text


def test_a_body_has_one_head_and_the_group_one_deputy(world: World) -> None:
    """001 §5.2."""
    for role, code in (("head", "body.several_heads"), ("deputy_head", "body.several_deputies")):
        body = body_input(world, "two-of-them")
        body["members"] = [
            {**m, "role": r} for m, r in zip(body["members"], ("head", "deputy_head", role), strict=True)
        ]
        answer = world.ask("POST", "/v1/bodies", "secretariat", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert "members[2].role" in [e["field"] for e in answer.json()["errors"]]
    assert world.ask("GET", "/v1/bodies/two-of-them", "secretariat").status_code == 404


def test_those_concerned_trace_process_and_result(world: World) -> None:
    """002 §2.1.1: prosedurların və onların nəticələrinin izlənilməsi; nobody else learns that there is anything."""
    document = in_signing(world, "traced")
    request = world.service.requests(document)[0]
    who = world.signer(request)
    (mine,) = [r for r in world.ask("GET", "/v1/signature-requests", who).json()["items"] if r["id"] == request.id]
    assert mine["state"]["code"] == "open"  # 002 §6.1.7: the cabinet
    for asked in world.service.requests(document):
        assert world.sign(asked).status_code == 200
        world.work()
    steps = [e["action"] for e in world.ask("GET", f"/v1/documents/{document}/history?limit=200", who).json()["items"]]
    told = [s for s in reversed(steps) if s in ("document.registered", "document.in_force", "document.archived")]
    assert told == ["document.registered", "document.in_force", "document.archived"]
    assert world.ask("GET", f"/v1/documents/{document}/state", who).json()["state"]["code"] == "archived"
    world.account("stranger", AccountRole.MEMBER, person_id="p-stranger")
    for path in (f"/v1/documents/{document}/history", f"/v1/documents/{document}/state"):
        assert world.ask("GET", path, "stranger").status_code == 404


def test_the_same_request_again_makes_nothing_twice(world: World) -> None:
    key = {"idempotency-key": "one-and-the-same"}
    wanted = {
        "absent_id": "p1", "substitute": person_input(world.service.scenario.body.members[1].person),
        "order_number": "27-K", "order_date": "2026-01-01", "since": "2026-01-02", "until": "2026-01-03",
    }  # fmt: skip
    first = world.ask("POST", "/v1/substitutions", "secretariat", headers=key, json=wanted)
    second = world.ask("POST", "/v1/substitutions", "secretariat", headers=key, json=wanted)
    assert first.status_code == second.status_code == 201, first.text
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    other = world.ask("POST", "/v1/substitutions", "secretariat", headers=key, json={**wanted, "order_number": "1"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.reused")
    found = world.ask("GET", "/v1/substitutions?absent_id=p1", "secretariat").json()["items"]
    assert len(found) == 1


def test_a_substitution_ends_when_the_absent_person_is_back(world: World) -> None:
    wanted = {
        "absent_id": "p2", "substitute": person_input(world.service.scenario.body.members[1].person),
        "order_number": "28-K", "order_date": "2026-01-01", "since": "2026-01-02", "until": "2026-12-31",
    }  # fmt: skip
    made = world.ask("POST", "/v1/substitutions", "secretariat", json=wanted)
    place = made.headers["location"]
    said = {"last_day": "2026-11-01", "reason": "İşə qayıdıb."}
    ended = world.changed("POST", f"{place}/end", "secretariat", place, json=said)
    assert (ended.status_code, ended.json()["until"]) == (200, "2026-11-01"), ended.text
    late = world.changed("POST", f"{place}/end", "secretariat", place, json={**said, "last_day": "2026-12-01"})
    assert (late.status_code, late.json()["code"]) == (422, "substitution.end_later")


def test_webhooks_are_the_administrators(world: World) -> None:
    world.account("administrator", AccountRole.ADMINISTRATOR)
    who, wanted = "administrator", {"url": "http://127.0.0.1:9/hook", "events": ["document.in_force"]}
    added = world.ask("POST", "/v1/webhooks", who, json=wanted)
    assert added.status_code == 201, added.text
    secret, place = added.json()["secret"], added.headers["location"]
    listed = world.ask("GET", "/v1/webhooks", who)
    assert [w["url"] for w in listed.json()["items"]] == [wanted["url"]]
    assert secret not in listed.text
    off = world.changed("PUT", f"{place}/state", who, place, json={"action": "disable"})
    assert off.json()["state"]["code"] == "disabled", off.text
    rotated = world.ask("POST", f"{place}/secret", who, json={"at_once": True})
    assert rotated.json()["secret"] not in ("", secret)
    assert world.ask("GET", f"{place}/deliveries", who).json() == {"items": [], "next": None}
    assert world.changed("DELETE", place, who, place).status_code == 204
    assert world.ask("GET", "/v1/webhooks", who).json()["items"] == []
