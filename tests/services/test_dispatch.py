"""Dispatch: delivery lists, sending by mail and on paper, proof of delivery, the register (004 §5.1.8–5.1.10)."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.civil_time import baku_date
from doc_service.domain.dispatch import (
    DELIVERY_TRANSITIONS,
    Addressee,
    Channel,
    Delivery,
    DeliveryAction,
    DeliveryProof,
    DeliveryState,
    ProofKind,
)
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.services.dispatch.confirm_delivery import ProofGiven
from doc_service.services.dispatch.plan_deliveries import Line

CLERK = "katiblik"
MAIL = Line(Channel.MAIL, Addressee("Dövlət Gömrük Komitəsi", "qebul@gomruk.example"))
POST = Line(Channel.POST, Addressee("Nazirlər Kabineti", "Bakı, Lermontov küçəsi 68"))
HAND = Line(Channel.HAND, Addressee("Aparat", ""))
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def in_force(shared_service: Any) -> str:
    document_id = shared_service.signing()
    shared_service.sign_all(document_id)
    shared_service.container.runner.run_until_idle(timedelta(seconds=60))
    return str(document_id)


def codes(error: DomainError) -> list[tuple[str, str]]:
    return [(f.code, f.field) for f in error.faults]


def test_a_list_is_checked_whole_and_lines_are_added_once(shared_service: Any) -> None:
    """004 §5.1.10: the addresses are checked before anything is sent."""
    use, document_id = shared_service.container.use_cases.dispatch, shared_service.drafted()
    bad = Line(Channel.MAIL, Addressee("X", "not an address"))
    with pytest.raises(DomainError) as caught:
        use.plan(document_id, [POST, bad, replace(POST, addressee=Addressee("Y", " "))], CLERK)
    assert codes(caught.value) == [
        ("person.bad_email", "deliveries[1].addressee.address"),
        ("dispatch.address_missing", "deliveries[2].addressee.address"),
    ]
    first = use.plan(document_id, [POST, HAND, POST], CLERK)
    again = use.plan(document_id, [HAND, MAIL], CLERK)
    assert [d.addressee.name for d in again] == ["Nazirlər Kabineti", "Aparat", "Dövlət Gömrük Komitəsi"]
    assert [d.id for d in again[:2]] == [d.id for d in first]
    with pytest.raises(ConflictError, match=r"document\.not_final"):
        use.send(first[1].id, CLERK)


def test_mail_carries_the_signed_file_and_its_arrival_is_proven(shared_service: Any, in_force: str) -> None:
    """004 §5.1.9: delivered by the list, with proof."""
    container = shared_service.container
    use, document = container.use_cases.dispatch, shared_service.document(in_force)
    mail = next(d for d in use.plan(in_force, [MAIL], CLERK) if d.channel is Channel.MAIL)
    assert use.send(mail.id, CLERK).state is DeliveryState.QUEUED
    assert use.send(mail.id, CLERK).state is DeliveryState.QUEUED
    container.runner.run_until_idle(timedelta(seconds=30))
    with container.work.uow.reading() as uow:
        sent = uow.deliveries.get(mail.id)
    assert (sent.state, sent.sha256, sent.attempts) == (DeliveryState.SENT, document.head.sha256, 1)
    letter = (container.settings.data_dir / "outbox" / f"{sent.reference}.eml").read_bytes()
    message = email.message_from_bytes(letter, policy=email.policy.default)
    attached = next(iter(message.iter_attachments()))
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == container.store.read(document.head.key)
    assert document.registration.number in str(message["Subject"])
    today = baku_date(container.work.clock.now())
    proof = ProofGiven(ProofKind.INCOMING_NUMBER, "14-2/9921", "Ümumi şöbə", today)
    assert use.confirm(mail.id, proof, CLERK).state is DeliveryState.DELIVERED
    assert use.confirm(mail.id, proof, CLERK).version == use.confirm(mail.id, proof, CLERK).version
    with pytest.raises(ConflictError, match=r"dispatch\.delivered_already"):
        use.confirm(mail.id, replace(proof, reference="15"), CLERK)
    done = [a for a in shared_service.actions(in_force) if a.startswith("delivery.")]
    assert done == ["delivery.planned", "delivery.sent", "delivery.confirmed"]


def test_paper_has_a_number_comes_back_and_goes_again(shared_service: Any, in_force: str) -> None:
    """004 §5.1.8: the register knows each sending."""
    use = shared_service.container.use_cases.dispatch
    post = next(d for d in use.plan(in_force, [POST], CLERK) if d.channel is Channel.POST)
    with pytest.raises(DomainError, match=r"dispatch\.reference_required"):
        use.send(post.id, CLERK)
    assert use.send(post.id, CLERK, "RR1AZ").state is DeliveryState.SENT
    with pytest.raises(DomainError, match=r"dispatch\.reason_required"):
        use.bring_back(post.id, CLERK, " ")
    assert use.bring_back(post.id, CLERK, "Ünvan sahibi yoxdur").state is DeliveryState.FAILED
    again = use.send(post.id, CLERK, "RR2AZ")
    assert (again.state, again.attempts, again.reference, again.reason) == (DeliveryState.SENT, 2, "RR2AZ", "")
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        use.cancel(post.id, CLERK, "artıq lazım deyil")


def test_the_register_of_a_time_holds_what_was_sent_in_it(shared_service: Any, in_force: str) -> None:
    """004 §5.1.8: numbered, with the dispatch of each document and its proof."""
    container = shared_service.container
    use, document = container.use_cases, shared_service.document(in_force)
    hand = next(d for d in use.dispatch.plan(in_force, [HAND], CLERK) if d.channel is Channel.HAND)
    use.dispatch.send(hand.id, CLERK)
    today = baku_date(container.work.clock.now())
    use.dispatch.confirm(hand.id, ProofGiven(ProofKind.SIGNATURE, "1204", "Aparat", today), CLERK)
    made = use.dispatch.make_register(document.body_id, today, today, "reyestr-1", CLERK)
    assert made.instrument == "sened-siyahisi"
    row = next(d for d in made.data["documents"] if d["dispatched"]["channel"] == "hand")
    assert row["number"] == document.registration.number
    assert row["dispatched"]["proof"] == "imza ilə qəbul: 1204, Aparat"
    before = use.dispatch.make_register(document.body_id, date(2020, 1, 1), date(2020, 12, 31), "reyestr-2", CLERK)
    assert before.data["documents"] == []


def test_a_restricted_document_does_not_leave_by_mail(shared_service: Any) -> None:
    """001 §5.6.3."""
    use, document_id = shared_service.container.use_cases, shared_service.drafted()
    with shared_service.container.work.uow() as uow:
        document = uow.documents.get(document_id)
        agenda = [{**a, "restricted": True} for a in document.data["agenda"]]
        uow.documents.save(replace(document, data={**document.data, "agenda": agenda}))
        uow.commit()
    with pytest.raises(DomainError) as caught:
        use.dispatch.plan(document_id, [MAIL], CLERK)
    assert codes(caught.value) == [("dispatch.restricted_by_mail", "deliveries[0].channel")]
    use.withdraw_document(document_id, CLERK, "səhv")
    assert shared_service.document(document_id).state is DocumentState.WITHDRAWN
    with pytest.raises(ConflictError, match=r"dispatch\.not_to_be_sent"):
        use.dispatch.plan(document_id, [HAND], CLERK)


@given(st.lists(st.sampled_from(DeliveryAction), max_size=8))
def test_no_delivery_arrives_that_was_not_sent(actions: list[DeliveryAction]) -> None:
    """Whatever is tried in whatever order: only what was sent is delivered, and that is the end of it."""
    delivery, before = Delivery("d", "x", Channel.HAND, HAND.addressee, NOW, CLERK), []
    for action in actions:
        if not DELIVERY_TRANSITIONS.allows(delivery.state, action):
            with pytest.raises(ConflictError):
                delivery.moved(action)
            continue
        before.append(delivery.state)
        delivery = delivery.moved(action)
    if delivery.state is DeliveryState.DELIVERED:
        assert before[-1] is DeliveryState.SENT
        assert not any(DELIVERY_TRANSITIONS.allows(delivery.state, a) for a in DeliveryAction)


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_a_proof_is_of_a_day_between_sending_and_today(sent: int, on: int) -> None:
    today = date(2026, 11, 20)
    delivery = Delivery("d", "x", Channel.HAND, HAND.addressee, NOW, CLERK, state=DeliveryState.SENT)
    proof = DeliveryProof(ProofKind.SIGNATURE, "1", "X", today + timedelta(days=on), CLERK, NOW)
    sent_on = today + timedelta(days=min(sent, 0))
    if sent_on <= proof.on <= today:
        assert delivery.confirmed(proof, sent_on, today).proof == proof
    else:
        with pytest.raises(DomainError, match=r"dispatch\.proof"):
            delivery.confirmed(proof, sent_on, today)
