"""A substitution that begins or ends while a document is being signed (004 §7.7; ADR 0019)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from doc_service.domain.documents import RevisionKind
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.meetings import Attendance, Delegate, PowerOfAttorney, Presence
from doc_service.domain.people import Person
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.substitution import Substitution
from tests.services.desk import SECRETARY, TODAY, Desk, stranger

DAY = timedelta(days=1)


def absent(
    desk: Desk, person: Person, *, since: date = TODAY, until: date = TODAY + 3 * DAY, order: str = "14-K"
) -> Substitution:
    number = len(order) + since.day
    record = Substitution(f"s-{person.id}-{order}", person.id, stranger(number), order, since - DAY, since, until)
    return desk.substitute(record, SECRETARY)


def printed(desk: Desk) -> list[tuple[str, str]]:
    """Name and "… əvəzinə" of each line of the newest signature table."""
    return [(row["name"], row["in_place_of"]) for row in desk.renderer.requests[-1].context["signatories"]]


def open_of(desk: Desk) -> list[SignatureRequest]:
    return [r for r in desk.requests() if r.state is RequestState.OPEN]


def test_without_signatures_the_document_is_made_anew_and_read_again(desk: Desk) -> None:
    head = desk.open()[0]
    desk.agree(head.id)
    first = desk.document().head
    assert first is not None
    record = absent(desk, head.signer)
    assert desk.run_transfers() == 2
    now = desk.request(head.id)
    assert (now.signer, now.state, now.consent_sha256) == (record.substitute, RequestState.OPEN, None)
    assert (now.in_place_of, now.substitution_id) == (head.signer.name.full, record.id)
    newest = desk.document().head
    assert newest is not None
    assert (newest.number, newest.kind) == (1, RevisionKind.UNSIGNED)
    assert printed(desk)[0][0] == record.substitute.name.full
    assert printed(desk)[0][1].endswith("əvəzinə")
    with pytest.raises(ConflictError, match=r"consent\.superseded"):
        desk.consent(head.id, first.sha256, record.substitute.id)
    with pytest.raises(DomainError, match="not_yours"):
        desk.consent(head.id, newest.sha256, head.signer.id)
    assert desk.sign(head.id).state is RequestState.SIGNED
    shown = desk.signatures()[0]["shown"]
    assert isinstance(shown, list)
    assert any("əvəzinə" in line for line in shown)


def test_others_who_agreed_to_the_old_original_read_again_too(desk: Desk) -> None:
    head, deputy, *_ = desk.open()
    desk.agree(head.id)
    absent(desk, deputy.signer)
    desk.run_transfers()
    assert desk.request(head.id).state is RequestState.OPEN
    assert desk.request(deputy.id).state is RequestState.WAITING
    assert desk.request(deputy.id).in_place_of == deputy.signer.name.full
    with pytest.raises(ConflictError, match=r"consent\.missing"):
        desk.prepared(head.id)


def test_with_signatures_the_bytes_stay_and_the_visible_signature_says_for_whom(desk: Desk) -> None:
    head, deputy, third, _ = desk.open()
    desk.sign(head.id)
    before = desk.document().head
    absent(desk, third.signer)
    desk.run_transfers()
    assert desk.document().head == before
    assert len(desk.renderer.requests) == 1
    desk.sign(deputy.id)
    desk.sign(third.id)
    line = desk.signatures()[-1]
    assert line["field"] == third.field
    assert isinstance(line["shown"], list)
    assert any("əvəzinə" in text for text in line["shown"])
    assert any("14-K" in text for text in line["shown"])
    (passed,) = [e.details for e in desk.events() if e.action == "signature.transferred"]
    assert (passed["from"], passed["to"]) == (third.signer.id, stranger(len("14-K") + TODAY.day).id)


def test_a_substitute_whose_time_is_over_is_refused_at_each_step_and_the_request_goes_back(desk: Desk) -> None:
    head = desk.open()[0]
    record = absent(desk, head.signer, until=TODAY)
    desk.run_transfers()
    newest = desk.document().head
    assert newest is not None
    desk.agree(head.id)
    desk.clock.at = datetime(2026, 11, 20, 19, 59, 30, tzinfo=UTC)
    prepared = desk.prepared(head.id)
    desk.clock.at = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    steps = (
        lambda: desk.consent(head.id, "0" * 64, record.substitute.id),
        lambda: desk.prepared(head.id),
        lambda: desk.completed(prepared),
        lambda: desk.decline(head.id, "səbəb", record.substitute.id),
    )
    for step in steps:
        with pytest.raises(DomainError, match=r"substitution\.ended"):
            step()
        desk.clock.move(timedelta(minutes=1))
    assert [r["step"] for r in desk.refusals()] == ["consent", "prepare", "complete", "decline"]
    assert {r["code"] for r in desk.refusals()} == {"substitution.ended"}
    desk.midnight()
    back = desk.request(head.id)
    assert (back.signer.id, back.in_place_of, back.substitution_id) == (head.signer.id, "", None)
    assert printed(desk)[0] == (head.signer.name.full, "")
    with pytest.raises(DomainError, match="not_yours"):
        desk.completed_by(prepared, record.substitute.id)
    assert desk.sign(head.id).state is RequestState.SIGNED


def test_a_substitution_ended_early(desk: Desk) -> None:
    head = desk.open()[0]
    record = absent(desk, head.signer)
    desk.run_transfers()
    with pytest.raises(DomainError, match=r"substitution\.end_reason_required"):
        desk.end_substitution(record.id, TODAY - DAY, "", SECRETARY)
    with pytest.raises(DomainError, match=r"substitution\.end_later"):
        desk.end_substitution(record.id, TODAY + 9 * DAY, "səbəb", SECRETARY)
    desk.end_substitution(record.id, TODAY - DAY, "vaxtından əvvəl qayıtdı", SECRETARY)
    with pytest.raises(DomainError, match=r"substitution\.ended"):
        desk.consent(head.id, "0" * 64, record.substitute.id)
    desk.run_transfers()
    assert desk.request(head.id).signer.id == head.signer.id


def test_a_substitution_of_the_future_begins_with_its_day(desk: Desk) -> None:
    head = desk.open()[0]
    record = absent(desk, head.signer, since=TODAY + DAY)
    desk.run_transfers()
    assert desk.request(head.id).signer.id == head.signer.id
    desk.clock.move(DAY)
    desk.midnight()
    assert desk.request(head.id).signer == record.substitute


def test_nobody_is_interrupted_between_prepare_and_complete(desk: Desk) -> None:
    head, deputy, *_ = desk.open()
    desk.agree(head.id)
    prepared = desk.prepared(head.id)
    absent(desk, deputy.signer)
    with pytest.raises(ConflictError, match=r"lease\.busy"):
        desk.run_transfers()
    assert desk.completed(prepared).state is RequestState.SIGNED
    assert desk.transfer.settle("doc")
    assert [r.in_place_of for r in open_of(desk)] == [deputy.signer.name.full]
    assert len(desk.renderer.requests) == 1


def test_what_is_signed_stays_with_who_signed_it(desk: Desk) -> None:
    head = desk.open()[0]
    signed = desk.sign(head.id)
    absent(desk, head.signer)
    desk.run_transfers()
    assert desk.request(head.id) == signed


def test_settling_again_changes_nothing(desk: Desk) -> None:
    head = desk.open()[0]
    absent(desk, head.signer)
    desk.run_transfers()
    before = desk.document(), desk.requests(), desk.events()
    assert not desk.transfer.settle("doc")
    desk.midnight()
    assert (desk.document(), desk.requests(), desk.events()) == before


def test_nobody_substitutes_for_a_delegate(desk: Desk) -> None:
    member = desk.scenario.body.members[3].person
    delegate = Delegate(stranger(), PowerOfAttorney("E-14", TODAY - 9 * DAY, TODAY + DAY))
    desk.open(delegate=Attendance(member.id, Presence.DELEGATED, delegate, "ezamiyyətdədir"))
    absent(desk, delegate.person)
    desk.run_transfers()
    request = next(r for r in desk.requests() if r.in_place_of)
    assert (request.signer.id, request.substitution_id) == (delegate.person.id, None)
