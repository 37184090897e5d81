"""Wrong person, other bytes, replay, late: each refused with its code, recorded, and without flooding the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from doc_service.domain.errors import DomainError
from doc_service.domain.meetings import Attendance, Delegate, PowerOfAttorney, Presence
from doc_service.domain.signatures import RequestState
from doc_service.services.consent_text import LONGEST
from signing.api import SigningError
from tests.services.desk import TODAY, Desk, stranger
from tests.services.standins_signing import certificate_of, sign

MINUTE = timedelta(minutes=1)


def codes(desk: Desk) -> list[str]:
    return [str(r["code"]) for r in desk.refusals()]


def test_a_digest_that_the_client_altered(desk: Desk) -> None:
    head = desk.open()[0]
    desk.show(head.id, head.signer.id)
    with pytest.raises(DomainError, match=r"consent\.unknown_digest"):
        desk.consent(head.id, "0" * 64, head.signer.id)
    assert desk.refusals() == [{"request": head.id, "code": "consent.unknown_digest", "step": "consent"}]
    assert desk.request(head.id).state is RequestState.OPEN


def test_the_digest_of_another_document(desk: Desk) -> None:
    head = desk.open()[0]
    other = desk.open(2, "other")[0]
    foreign = desk.show(other.id, other.signer.id).revision.sha256
    with pytest.raises(DomainError, match=r"consent\.unknown_digest"):
        desk.consent(head.id, foreign, head.signer.id)
    assert codes(desk) == ["consent.unknown_digest"]


def test_the_certificate_of_another_person(desk: Desk) -> None:
    head, deputy, *_ = desk.open()
    desk.agree(head.id)
    with pytest.raises(SigningError, match="wrong_person"):
        desk.prepare(head.id, certificate_of(deputy.signer.fin), (), head.signer.id)
    assert codes(desk) == ["signing.wrong_person"]


def test_a_signature_over_other_bytes(desk: Desk) -> None:
    head = desk.open()[0]
    desk.agree(head.id)
    prepared = desk.prepared(head.id)
    with pytest.raises(SigningError, match="bad_signature"):
        desk.complete(head.id, sign(b"other", prepared.certificate), head.signer.id)
    assert codes(desk) == ["signing.bad_signature"]
    assert desk.completed(prepared).state is RequestState.SIGNED


def test_the_same_signature_again_is_the_same_answer_and_another_one_is_refused(desk: Desk) -> None:
    head, deputy, *_ = desk.open()
    desk.agree(head.id)
    prepared = desk.prepared(head.id)
    signed = desk.completed(prepared)
    assert desk.completed(prepared) == signed
    assert codes(desk) == []
    with pytest.raises(DomainError, match=r"signature\.already_made"):
        desk.complete(head.id, b"another", head.signer.id)
    with pytest.raises(DomainError, match=r"signature_request\.signed"):
        desk.prepared(head.id)
    assert codes(desk) == ["signature.already_made", "signature_request.signed"]
    assert len(desk.signatures()) == 1
    assert desk.request(deputy.id).state is RequestState.OPEN


def test_a_signature_of_an_earlier_preparation(desk: Desk) -> None:
    head = desk.open()[0]
    desk.agree(head.id)
    first = desk.prepared(head.id)
    desk.clock.move(timedelta(seconds=1))
    second = desk.prepared(head.id)
    early = sign(first.to_be_signed, first.certificate)
    with pytest.raises(SigningError, match="bad_signature"):
        desk.complete(head.id, early, head.signer.id)
    with pytest.raises(DomainError, match=r"signature\.superseded"):
        desk.complete(head.id, early, head.signer.id, prepared_sha256=first.sha256)
    assert codes(desk) == ["signing.bad_signature", "signature.superseded"]
    assert desk.completed(second).state is RequestState.SIGNED


def test_a_signature_made_for_another_request(desk: Desk) -> None:
    first = desk.open()[0]
    second = desk.open(2, "other")[0]
    for request in (first, second):
        desk.agree(request.id)
    foreign = desk.prepared(second.id)
    desk.prepared(first.id)
    with pytest.raises(SigningError, match="bad_signature"):
        desk.complete(first.id, sign(foreign.to_be_signed, foreign.certificate), first.signer.id)
    assert codes(desk) == ["signing.bad_signature"]


def test_completing_what_was_never_prepared(desk: Desk) -> None:
    head = desk.open()[0]
    desk.agree(head.id)
    with pytest.raises(DomainError, match=r"signature\.not_prepared"):
        desk.complete(head.id, b"x", head.signer.id)
    assert codes(desk) == ["signature.not_prepared"]


def test_a_request_that_was_withdrawn_is_refused_at_every_step(desk: Desk) -> None:
    head = desk.open()[0]
    sha256 = desk.show(head.id, head.signer.id).revision.sha256
    desk.agree(head.id)
    prepared = desk.prepared(head.id)
    desk.withdraw("doc", "səbəb", "katib")
    for step in (
        lambda: desk.consent(head.id, desk.document().head.sha256 + "", head.signer.id),  # type: ignore[union-attr]
        lambda: desk.prepared(head.id),
        lambda: desk.completed(prepared),
        lambda: desk.decline(head.id, "səbəb", head.signer.id),
    ):
        with pytest.raises(DomainError, match=r"signature_request\.withdrawn"):
            step()
        desk.clock.move(MINUTE)
    assert sha256
    assert [r["step"] for r in desk.refusals()] == ["consent", "prepare", "complete", "decline"]


def test_a_delegate_signs_only_while_the_power_of_attorney_holds(desk: Desk) -> None:
    member = desk.scenario.body.members[3].person
    power = PowerOfAttorney("E-14", TODAY - timedelta(days=9), TODAY)
    delegate = Delegate(stranger(), power)
    absent = Attendance(member.id, Presence.DELEGATED, delegate, "ezamiyyətdədir")
    head, deputy, *_ = desk.open(delegate=absent)
    request = next(r for r in desk.requests() if r.in_place_of)
    assert (request.signer.id, request.acts_until) == ("evez-1", TODAY)
    assert "E-14" in request.basis
    desk.sign(head.id)
    desk.sign(deputy.id)
    desk.agree(request.id)
    desk.clock.at = datetime(2026, 11, 20, 19, 59, tzinfo=UTC)
    prepared = desk.prepared(request.id)
    desk.clock.at = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    for step in (lambda: desk.completed(prepared), lambda: desk.prepared(request.id)):
        with pytest.raises(DomainError, match=r"delegation\.ended"):
            step()
    assert [(r["code"], r["step"]) for r in desk.refusals()] == [("delegation.ended", "complete")]


def test_a_power_of_attorney_that_is_not_the_recorded_one_opens_nothing(desk: Desk) -> None:
    member = desk.scenario.body.members[3].person
    delegate = Delegate(stranger(), PowerOfAttorney("E-14", TODAY - timedelta(days=9), date(2026, 12, 31)))
    desk.open(delegate=Attendance(member.id, Presence.DELEGATED, delegate, "ezamiyyətdədir"))
    with desk.units() as unit:
        paper, meeting = unit.documents.get("doc"), unit.meetings.get("meeting-doc")
        lesser = replace(delegate, power=replace(delegate.power, valid_until=TODAY))
        attendance = tuple(replace(a, delegate=lesser) if a.delegate else a for a in meeting.attendance)
        unit.meetings.save(replace(meeting, attendance=attendance))
        unit.documents.add(replace(paper, id="late", state=type(paper.state)("registered"), head=None, version=0))
        unit.commit()
    with pytest.raises(DomainError, match=r"delegation\.not_recorded"):
        desk.render("late")
    assert desk.requests("late") == []


def test_the_same_refusal_is_one_event_a_minute(desk: Desk) -> None:
    head, deputy, *_ = desk.open()
    for _ in range(20):
        with pytest.raises(DomainError):
            desk.show(head.id, deputy.signer.id)
        desk.clock.move(timedelta(seconds=5))
    assert [r.get("unrecorded", 0) for r in desk.refusals()] == [0, 11]
    with pytest.raises(DomainError):
        desk.show(head.id, "another")
    assert [e.actor for e in desk.events() if e.action == "signature.refused"] == [
        deputy.signer.id,
        deputy.signer.id,
        "another",
    ]


def test_a_request_that_does_not_exist_is_not_recorded(desk: Desk) -> None:
    desk.open()
    with pytest.raises(DomainError, match="not_found"):
        desk.show("nobody's", "somebody")
    assert codes(desk) == []


def test_words_agreed_to_have_a_bound(desk: Desk) -> None:
    head = desk.open()[0]
    sha256 = desk.show(head.id, head.signer.id).revision.sha256
    with pytest.raises(DomainError, match=r"consent\.text_too_long"):
        desk.consent(head.id, sha256, head.signer.id, text="x" * (LONGEST + 1))
