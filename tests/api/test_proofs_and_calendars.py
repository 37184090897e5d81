"""What proves who signed, and calendar files, over HTTP."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from cryptography import x509
from cryptography.x509 import ocsp

from doc_service.domain.principals import AccountRole
from doc_service.domain.signatures import SignatureRequest
from tests.api.world import World, opened_world

pytestmark = pytest.mark.xdist_group("api")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for opened in opened_world(tmp_path_factory.mktemp("proofs") / "data"):
        opened.account("secretariat", AccountRole.SECRETARIAT)
        yield opened


@pytest.fixture(scope="module")
def document(world: World) -> str:
    """In signing, with one signature and a deadline."""
    name = world.service.signing()
    due = datetime(2090, 3, 9, 9, 30, tzinfo=UTC)
    world.service.container.use_cases.set_deadline(name, due, "", "system")
    assert world.sign(_requests(world, name)[0]).status_code == 200
    return name


def _requests(world: World, document: str) -> list[SignatureRequest]:
    return world.service.requests(document)


def test_a_proof_can_be_checked_with_any_tool(world: World, document: str) -> None:
    request = _requests(world, document)[0]
    told = world.ask("GET", f"/v1/signature-requests/{request.id}/identity-proof", request.signer.id).json()
    assert (told["recorded"], told["revocation"], told["verdict"]["trusted"]) == (True, "good", True)
    fetched = {}
    for kind, media in (
        ("chain", "application/pkix-cert"),
        ("ocsp_responses", "application/ocsp-response"),
        ("crls", "application/pkix-crl"),
    ):
        for named in told[kind]:
            answer = world.ask("GET", named["content"], "secretariat")
            assert answer.headers["content-type"] == media
            assert hashlib.sha256(answer.content).hexdigest() == named["sha256"]
            assert len(answer.content) == named["size"]
            fetched[named["sha256"]] = answer.content
    chain = [x509.load_der_x509_certificate(fetched[c["sha256"]]) for c in told["chain"]]
    for below, above in itertools.pairwise(chain):
        below.verify_directly_issued_by(above)
    assert told["chain"][0]["sha256"] == request.certificate_sha256
    answers = [ocsp.load_der_ocsp_response(fetched[o["sha256"]]) for o in told["ocsp_responses"]]
    assert chain[0].serial_number in {a.serial_number for a in answers}
    assert {a.certificate_status for a in answers} == {ocsp.OCSPCertStatus.GOOD}


def test_a_proof_has_a_tag(world: World, document: str) -> None:
    path = f"/v1/signature-requests/{_requests(world, document)[0].id}/identity-proof"
    tag = world.ask("GET", path, "secretariat").headers["etag"]
    assert world.ask("GET", path, "secretariat", headers={"if-none-match": tag}).status_code == 304


def test_only_objects_of_the_proof_are_handed_out(world: World, document: str) -> None:
    first, second, *_ = _requests(world, document)
    place = f"/v1/signature-requests/{first.id}/identity-proof/objects"
    assert world.ask("GET", f"{place}/{'0' * 64}", "secretariat").json()["code"] == "identity.no_such_object"
    assert world.ask("GET", f"{place}/x", "secretariat").status_code == 422
    missing = world.ask("GET", f"/v1/signature-requests/{second.id}/identity-proof", "secretariat")
    assert (missing.status_code, missing.json()["code"]) == (404, "identity.not_found")


def test_a_deadline_is_one_entry_in_the_calendar_until_it_is_over(world: World, document: str) -> None:
    done, waiting, *_ = _requests(world, document)
    files = [world.ask("GET", f"/v1/signature-requests/{r.id}/calendar", "secretariat") for r in (waiting, done)]
    assert {f.headers["content-type"] for f in files} == {"text/calendar; charset=utf-8"}
    entry, gone = (_unfolded(f.text) for f in files)
    assert entry["METHOD"] == "PUBLISH"
    assert (entry["DTSTART"], entry["DURATION"]) == ("20900309T090000Z", "PT30M")
    assert gone["METHOD"] == "CANCEL"
    assert entry["UID"] != gone["UID"]
    confidential = (waiting.signer.name.surname, waiting.signer.fin, document)
    assert not any(word in files[0].text for word in confidential)
    without = _requests(world, world.service.signing())[0]
    refused = world.ask("GET", f"/v1/signature-requests/{without.id}/calendar", "secretariat")
    assert (refused.status_code, refused.json()["code"]) == (404, "deadline.none")


def test_a_deadline_is_the_entry_that_letters_brought(world: World, document: str) -> None:
    world.work()
    waiting = _requests(world, document)[1]
    entry = _unfolded(world.ask("GET", f"/v1/signature-requests/{waiting.id}/calendar", "secretariat").text)
    outbox = world.service.container.settings.data_dir / "outbox"
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in outbox.glob("*.eml")]
    files = [p.get_content() for letter in letters for p in letter.walk() if p.get_content_type() == "text/calendar"]
    brought = [_unfolded(f if isinstance(f, str) else f.decode()) for f in files]
    assert any(b["UID"] == entry["UID"] and b["DTSTART"] == entry["DTSTART"] for b in brought)


def test_a_meeting_says_when_and_where_and_not_what(world: World, document: str) -> None:
    with world.service.container.work.uow.reading() as uow:
        meeting = uow.meetings.get(uow.documents.get(document).meeting_id or "")
    answer = world.ask("GET", f"/v1/meetings/{meeting.id}/calendar", "secretariat")
    entry = _unfolded(answer.text)
    assert entry["DTSTART"] == f"{meeting.opens_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    assert meeting.closes_at is not None
    assert entry["DURATION"] == f"PT{(meeting.closes_at - meeting.opens_at) // timedelta(minutes=1)}M"
    assert not any(item.title[:20] in answer.text for item in meeting.agenda)


def _unfolded(text: str) -> dict[str, str]:
    """Properties by name, without their parameters (RFC 5545 §3.1)."""
    lines = text.replace("\r\n", "\n").replace("\n ", "").split("\n")
    return {line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in lines if ":" in line}
