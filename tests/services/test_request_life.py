"""Declining, deadlines, withdrawal, going on without, reminders, and what copies are worth (004 §5.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from doc_service.domain.document_copies import CopyKind, copy_kind
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.jobs import JobKind
from doc_service.domain.signatures import RequestState
from tests.services.desk import MORNING, SECRETARY, Desk
from tests.services.standins_signing import certificate_of

DAY = timedelta(days=1)


def states(desk: Desk) -> list[str]:
    return [str(r.state) for r in desk.requests()]


def actions(desk: Desk) -> list[str]:
    return [str(e.action) for e in desk.events()]


def test_a_refusal_stops_signing_and_earlier_signatures_stay(desk: Desk) -> None:
    head, deputy, third, fourth = (r.id for r in desk.open())
    desk.sign(head)
    desk.sign(deputy)
    declined = desk.decline(third, "  Dördüncü bənd müzakirə olunmayıb  ", desk.request(third).signer.id)
    assert (declined.state, declined.reason) == (RequestState.DECLINED, "Dördüncü bənd müzakirə olunmayıb")
    assert desk.document().state is DocumentState.REFUSED
    assert len(desk.signatures()) == 2
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        desk.agree(fourth)
    assert states(desk) == ["signed", "signed", "declined", "open"]
    assert actions(desk)[-1] == "signature.declined"


def test_declining_needs_a_reason_and_ones_own_request(desk: Desk) -> None:
    request, other = desk.open()[:2]
    with pytest.raises(DomainError, match=r"signature\.reason_required"):
        desk.decline(request.id, " ", request.signer.id)
    with pytest.raises(DomainError, match=r"reason\.too_long"):
        desk.decline(request.id, "x" * 2001, request.signer.id)
    with pytest.raises(DomainError, match="not_yours"):
        desk.decline(request.id, "səbəb", other.signer.id)
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        desk.decline(other.id, "növbəm deyil", other.signer.id)
    assert desk.document().state is DocumentState.SIGNING
    once = desk.decline(request.id, "səbəb", request.signer.id)
    assert desk.decline(request.id, "başqa səbəb", request.signer.id) == once


def test_a_reopened_request_is_read_and_agreed_to_afresh(desk: Desk) -> None:
    head = desk.open()[0]
    desk.agree(head.id)
    desk.decline(head.id, "Tarix səhvdir", head.signer.id)
    with pytest.raises(DomainError, match=r"reopen\.reason_required"):
        desk.reopen(head.id, "", SECRETARY)
    again = desk.reopen(head.id, "Tarix yoxlanıldı", SECRETARY)
    assert (again.state, again.consent_sha256, again.reason) == (RequestState.OPEN, None, "")
    assert desk.document().state is DocumentState.SIGNING
    with pytest.raises(ConflictError, match=r"consent\.missing"):
        desk.prepared(head.id)
    assert desk.sign(head.id).state is RequestState.SIGNED
    assert states(desk)[1] == "open"
    assert [e.details["reason"] for e in desk.events() if e.action == "signature.reopened"] == ["Tarix yoxlanıldı"]


def test_signing_goes_on_when_nobodys_refusal_is_left(desk: Desk) -> None:
    head, deputy, third, fourth = (r.id for r in desk.open())
    desk.sign(head)
    desk.sign(deputy)
    for request in (third, fourth):
        desk.decline(request, "səbəb", desk.request(request).signer.id)
    desk.reopen(third, "cavab verildi", SECRETARY)
    assert desk.document().state is DocumentState.REFUSED
    desk.reopen(fourth, "cavab verildi", SECRETARY)
    assert desk.document().state is DocumentState.SIGNING
    desk.sign(fourth)
    desk.sign(third)
    assert desk.document().state is DocumentState.SIGNED


def test_nothing_goes_on_without_a_signature_that_the_instrument_needs(desk: Desk) -> None:
    head = desk.open()[0]
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        desk.go_on_without(head.id, "səbəb", SECRETARY)
    desk.decline(head.id, "səbəb", head.signer.id)
    with pytest.raises(ConflictError, match=r"signing\.needs_everybody"):
        desk.go_on_without(head.id, "səbəb", SECRETARY)
    assert desk.document().state is DocumentState.REFUSED


def test_where_the_rules_allow_it_the_others_go_on(database: Engine, tmp_path: object) -> None:
    desk = Desk(database, tmp_path, stands_without=True)  # type: ignore[arg-type]
    head, deputy, third, fourth = desk.open()
    assert desk.renderer.requests[0].provenance["expected"]["fields"] == [head.field], "the others may be lacking"
    desk.sign(head.id)
    desk.decline(deputy.id, "səbəb", deputy.signer.id)
    with pytest.raises(DomainError, match=r"go_on\.reason_required"):
        desk.go_on_without(deputy.id, "", SECRETARY)
    assert desk.go_on_without(deputy.id, "qaydalar yol verir", SECRETARY).state is RequestState.WITHDRAWN
    assert states(desk) == ["signed", "withdrawn", "open", "open"]
    desk.sign(third.id)
    desk.decline(fourth.id, "səbəb", fourth.signer.id)
    desk.go_on_without(fourth.id, "qaydalar yol verir", SECRETARY)
    assert desk.document().state is DocumentState.SIGNED
    assert [s["field"] for s in desk.signatures()] == [head.field, third.field]
    with desk.units.reading() as unit:
        assert [j.kind for j in unit.jobs.pending()].count(JobKind.EXTEND) == 1


def test_who_signs_first_is_always_needed(database: Engine, tmp_path: object) -> None:
    desk = Desk(database, tmp_path, stands_without=True)  # type: ignore[arg-type]
    head = desk.open()[0]
    desk.decline(head.id, "səbəb", head.signer.id)
    with pytest.raises(ConflictError, match=r"signing\.needs_everybody"):
        desk.go_on_without(head.id, "səbəb", SECRETARY)


def test_withdrawing_takes_every_open_request_along_and_keeps_what_was_stored(desk: Desk) -> None:
    head, deputy, *_ = desk.open()
    desk.sign(head.id)
    desk.agree(deputy.id)
    prepared = desk.prepared(deputy.id)
    with pytest.raises(DomainError, match=r"withdraw\.reason_required"):
        desk.withdraw("doc", "", SECRETARY)
    gone = desk.withdraw("doc", "Gündəlik dəyişdi", SECRETARY)
    assert (gone.state, gone.reason) == (DocumentState.WITHDRAWN, "Gündəlik dəyişdi")
    assert states(desk) == ["signed", "withdrawn", "withdrawn", "withdrawn"]
    with pytest.raises(ConflictError, match=r"signature_request\.withdrawn"):
        desk.completed(prepared)
    assert [r["code"] for r in desk.refusals()] == ["signature_request.withdrawn"]
    assert len(desk.signatures()) == 1
    assert copy_kind(desk.document()) is CopyKind.WITHDRAWN
    assert desk.withdraw("doc", "yenə", SECRETARY) == gone


def test_a_fully_signed_document_is_not_withdrawn(desk: Desk) -> None:
    for request in desk.open(2):
        desk.sign(request.id)
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        desk.withdraw("doc", "gec", SECRETARY)
    assert desk.document().state is DocumentState.SIGNED


def test_a_half_signed_copy_is_never_given_out_as_final(desk: Desk) -> None:
    head, deputy = desk.open(2)
    kinds = [copy_kind(desk.document())]
    for request in (head, deputy):
        with pytest.raises(ConflictError, match=r"document\.not_final"):
            desk.final("doc")
        desk.sign(request.id)
        kinds.append(copy_kind(desk.document()))
    with pytest.raises(ConflictError, match=r"document\.not_final"):
        desk.final("doc")
    assert kinds == [CopyKind.UNSIGNED, CopyKind.PART_SIGNED, CopyKind.SIGNED]
    assert desk.show(head.id, head.signer.id).copy is CopyKind.SIGNED


def test_a_deadline_is_shown_when_it_has_passed_and_closes_nothing(desk: Desk) -> None:
    head, deputy, *_ = desk.open(sign_by=MORNING + 3 * DAY)
    assert {r.due_at for r in desk.requests()} == {MORNING + 3 * DAY}
    assert desk.overdue() == []
    desk.clock.move(3 * DAY + timedelta(seconds=1))
    assert [r.id for r in desk.overdue()] == [head.id], "nobody is late whose turn has not come"
    assert desk.sign(head.id).state is RequestState.SIGNED
    assert [r.id for r in desk.overdue()] == [deputy.id]


def test_a_deadline_is_changed_with_a_reason_and_recorded(desk: Desk) -> None:
    head, deputy, *_ = desk.open()
    first, later = MORNING + 2 * DAY, MORNING + 5 * DAY
    assert {r.due_at for r in desk.deadline("doc", first, "", SECRETARY)} == {first}
    with pytest.raises(DomainError, match=r"deadline\.reason_required"):
        desk.deadline("doc", later, " ", SECRETARY)
    with pytest.raises(DomainError, match=r"deadline\.in_past"):
        desk.deadline("doc", MORNING, "səbəb", SECRETARY)
    (changed,) = desk.deadline("doc", later, "ezamiyyətdədir", SECRETARY, request_id=deputy.id)
    assert changed.due_at == later
    assert desk.request(head.id).due_at == first
    set_ = [e for e in desk.events() if e.action == "signing.deadline_set"]
    assert [(e.actor, e.details["reason"]) for e in set_] == [(SECRETARY, ""), (SECRETARY, "ezamiyyətdədir")]
    assert set_[1].details["requests"] == [deputy.id]
    desk.deadline("doc", later, "ezamiyyətdədir", SECRETARY, request_id=deputy.id)
    assert len([e for e in desk.events() if e.action == "signing.deadline_set"]) == 2


def test_a_request_of_another_document_keeps_its_deadline(desk: Desk) -> None:
    desk.open()
    other = desk.open(2, "other")[0]
    with pytest.raises(DomainError, match=r"deadline\.other_document"):
        desk.deadline("doc", MORNING + DAY, "", SECRETARY, request_id=other.id)


def test_nothing_left_to_sign_has_no_deadline(desk: Desk) -> None:
    for request in desk.open(2):
        desk.sign(request.id)
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        desk.deadline("doc", MORNING + DAY, "", SECRETARY)


def test_the_secretariat_asks_for_a_reminder_and_not_too_often(desk: Desk) -> None:
    head, deputy, *_ = desk.open()
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        desk.resend(deputy.id, SECRETARY)
    desk.resend(head.id, SECRETARY)
    with desk.units.reading() as unit:
        (letter,) = [j for j in unit.jobs.pending() if j.kind is JobKind.REMIND]
    assert letter.payload == {"signer_id": head.signer.id, "request_id": head.id}
    with pytest.raises(ConflictError, match=r"remind\.too_soon"):
        desk.resend(head.id, SECRETARY)
    desk.clock.move(timedelta(minutes=30))
    desk.resend(head.id, SECRETARY)
    assert actions(desk).count("signature.reminder_asked") == 2


def test_nobody_acts_in_a_signers_name(desk: Desk) -> None:
    """Whatever the secretariat obtains by asking, each step of signing refuses it."""
    head = desk.open()[0]
    sha256 = desk.show(head.id, head.signer.id).revision.sha256
    steps = [
        lambda: desk.show(head.id, SECRETARY),
        lambda: desk.consent(head.id, sha256, SECRETARY),
        lambda: desk.prepare(head.id, certificate_of(head.signer.fin), (), SECRETARY),
        lambda: desk.complete(head.id, b"x", SECRETARY),
        lambda: desk.decline(head.id, "səbəb", SECRETARY),
        lambda: desk.place(head.id, SECRETARY),
    ]
    for step in steps:
        with pytest.raises(DomainError, match="not_yours"):
            step()
        desk.clock.move(timedelta(minutes=1))
    assert [r["step"] for r in desk.refusals()] == ["show", "consent", "prepare", "complete", "decline", "queue"]
    assert desk.request(head.id).state is RequestState.OPEN
