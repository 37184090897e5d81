"""What every way to sign keeps to: one authorisation, the right person, nothing lost, nobody held up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import RequestState
from doc_service.domain.signing_operations import ItemState, OperationState
from tests.ways.bench import Bench

pytestmark = pytest.mark.xdist_group("ways")


def verdict(bench: Bench, document_id: str) -> list[str]:
    """Fields whose signatures validate in the newest revision."""
    head = bench.document(document_id).head
    assert head is not None
    report = bench.service.container.verify(bench.service.container.store.read(head.key)).report
    assert all(s.valid for s in report.signatures), report.signatures
    return [s.field for s in report.signatures]


def test_a_document_is_signed(bench: Bench) -> None:
    (request,) = bench.to_sign()
    done = bench.finish(bench.start([request]), request.signer)
    assert (done.state, done.code) == (OperationState.DONE, "")
    assert done.asked <= 1
    assert verdict(bench, request.document_id) == [request.field]
    signed = bench.request(request)
    assert signed.state is RequestState.SIGNED
    events = bench.events(done)
    assert (events[0], events[-1]) == ("operation.started", "operation.done")
    assert events.count("operation.asked") == done.asked
    assert (done.session, done.prompt, done.claim) == ("", {}, "")
    with bench.service.container.work.uow.reading() as uow:
        record = uow.signing.record(request.id)
    assert record is not None
    assert (record.way, record.authentication.session_id) == (bench.player.means, done.id)


def test_several_documents_with_one_authorisation(bench: Bench) -> None:
    count = 5
    requests = bench.to_sign(count)
    if bench.player.batch < count:
        operation = bench.finish(bench.start(requests), requests[0].signer)
        assert (operation.state, operation.code) == (OperationState.FAILED, "signing.remote_too_many")
        assert all(bench.request(r).state is RequestState.CONSENTED for r in requests)
        return
    done = bench.finish(bench.start(requests), requests[0].signer)
    assert done.state is OperationState.DONE
    assert done.asked <= 1
    for request in requests:
        assert verdict(bench, request.document_id) == [request.field]


def test_every_answer_of_ours_may_be_lost(bench: Bench) -> None:
    """Each call is made twice and only its second result is seen; the person does everything once."""
    (request,) = bench.to_sign()
    person = request.signer
    given = bench.player.given(person)
    first = bench.start([request], given)
    operation = bench.start([request], given)
    assert operation.id == first.id
    answers = 0
    for _ in range(50):
        if not operation.live:
            break
        answer = None
        if operation.state is OperationState.WAITING_DEVICE:
            answer = bench.player.answer(operation, person)
        answers += answer is not None
        bench.signing.resume(operation.id, person.id, answer)
        operation = bench.signing.resume(operation.id, person.id, None)
        bench.start([request], given) if operation.live else None
    assert operation.state is OperationState.DONE
    assert operation.asked <= 1
    assert answers <= 2
    assert verdict(bench, request.document_id) == [request.field]
    again = bench.signing.resume(operation.id, person.id, answer)
    assert again == operation


def test_a_second_tab(bench: Bench) -> None:
    one, other = bench.to_sign(2)
    running = bench.start([one])
    assert bench.start([one]).id == running.id
    with pytest.raises(ConflictError, match=r"operation\.in_progress"):
        bench.start([one, other])
    bench.signing.cancel(running.id, one.signer.id)
    assert bench.finish(bench.start([one]), one.signer).state is OperationState.DONE


def test_nobody_else_drives_it(bench: Bench) -> None:
    (request,) = bench.to_sign()
    operation = bench.start([request])
    for act in (bench.signing.resume, bench.signing.cancel):
        with pytest.raises(DomainError, match=r"operation\.not_yours"):
            act(operation.id, "somebody")
    with pytest.raises(DomainError, match="not_yours"):
        bench.signing.start(
            [request.id], bench.player.means, bench.player.provider, "somebody", bench.player.given(request.signer)
        )


def test_consent_comes_first(bench: Bench) -> None:
    document = bench.twin()
    request = bench.open_requests(document)[0]
    with pytest.raises(ConflictError, match=r"consent\.missing"):
        bench.start([request])


def test_the_device_of_another_person(bench: Bench) -> None:
    (request,) = bench.to_sign()
    other = bench.service.requests(request.document_id)[1].signer
    operation = bench.finish(bench.start([request], bench.player.impostor(request.signer, other)), request.signer)
    assert (operation.state, operation.code) == (OperationState.FAILED, "signing.wrong_person")
    assert bench.request(request).state is RequestState.CONSENTED
    assert "signature.refused" in bench.service.actions(request.document_id)
    assert bench.finish(bench.start([request]), request.signer).state is OperationState.DONE


def test_breaking_off_frees_the_document(bench: Bench) -> None:
    (request,) = bench.to_sign()
    operation = bench.asked(bench.start([request]), request.signer)
    cancelled = bench.signing.cancel(operation.id, request.signer.id)
    assert cancelled.state is OperationState.CANCELLED
    assert bench.signing.cancel(operation.id, request.signer.id) == cancelled
    assert_free(bench, request.document_id)
    assert bench.signing.resume(operation.id, request.signer.id, None) == cancelled
    assert bench.request(request).state is RequestState.CONSENTED


def assert_free(bench: Bench, document_id: str) -> None:
    work = bench.service.container.work
    with work.uow.reading() as uow:
        lease = uow.signatures.lease(document_id)
    assert lease is None or not lease.holds(work.clock.now())


def test_a_device_that_times_out(bench: Bench) -> None:
    (request,) = bench.to_sign()
    operation = bench.asked(bench.start([request]), request.signer)
    bench.move_time(operation, timedelta(hours=1))
    late = bench.step(bench.stored(operation), request.signer)
    assert (late.state, late.code) == (OperationState.EXPIRED, "signing.remote_expired")
    assert_free(bench, request.document_id)
    assert bench.finish(bench.start([request]), request.signer).state is OperationState.DONE


def test_an_abandoned_operation_is_tended(bench: Bench) -> None:
    (request,) = bench.to_sign()
    operation = bench.asked(bench.start([request]), request.signer)
    bench.move_time(operation, timedelta(hours=1))
    assert bench.signing.tend() >= 1
    assert bench.stored(operation).state is OperationState.EXPIRED
    assert_free(bench, request.document_id)


def test_an_unknown_way(bench: Bench) -> None:
    (request,) = bench.to_sign()
    with pytest.raises(DomainError, match=r"operation\.unknown_way"):
        bench.signing.start([request.id], "telepathy", "", request.signer.id)


def test_the_document_changes_while_the_person_authorises(bench: Bench) -> None:
    """The lease has run out and another signer has signed: what is bound to the old hash says so and asks again, what
    is not is prepared again without a question."""
    document = bench.service.signing(members=4)
    for request in bench.service.requests(document)[:2]:
        bench.service.sign(request)
    mine, other = bench.open_requests(document)[:2]
    bench.agreed(mine)
    operation = bench.asked(bench.start([mine]), mine.signer)
    with bench.service.container.work.uow() as uow:
        lease = uow.signatures.lease(document)
        if lease is not None:
            uow.signatures.release_lease(document, lease.token, lease.expires_at - timedelta(hours=1))
        uow.commit()
    bench.service.sign(other)
    ended = bench.finish(bench.stored(operation), mine.signer)
    if bench.player.bound:
        assert (ended.state, ended.code) == (OperationState.FAILED, "lease.lost")
        assert ended.items[0].state is ItemState.FAILED
        assert bench.request(mine).state is RequestState.CONSENTED
        ended = bench.finish(bench.start([mine]), mine.signer)
    assert ended.state is OperationState.DONE
    assert ended.asked <= 1
    assert len(verdict(bench, document)) == 4


def test_documents_in_other_hands_are_waited_for(bench: Bench) -> None:
    """Nothing is asked of the person, and nothing held, while a document of the operation is in other hands."""
    document = bench.service.signing(members=4)
    for request in bench.service.requests(document)[:2]:
        bench.service.sign(request)
    mine, other = bench.open_requests(document)[:2]
    use, key = bench.service.container.use_cases, bench.service.key(other.signer)
    bench.agreed(mine)
    bench.agreed(other)
    prepared = use.prepare_signature(other.id, key.certificate, key.chain, other.signer.id)
    operation = bench.start([mine])
    for _ in range(4):
        operation = bench.step(operation, mine.signer)
    assert operation.state in (OperationState.STARTED, OperationState.AUTHORISED)
    assert operation.prompt["reason"] == "lease.busy"
    waiting = bench.stored(operation)
    place = bench.signing.resume.end.hold.waits(waiting)
    assert place is not None
    assert (place.position, place.waiting) == (1, 1)
    assert bench.signing.resume(waiting.id, mine.signer.id).prompt["position"] == 1
    assert bench.stored(operation) == waiting
    assert bench.player.bound is (operation.asked == 0) or not bench.player.bound
    use.complete_signature(other.id, key.sign(prepared.to_be_signed, prepared.signature_algorithm), other.signer.id)
    assert bench.signing.resume.end.hold.waits(waiting) is None
    done = bench.finish(operation, mine.signer)
    assert done.state is OperationState.DONE
    assert done.asked <= 1


def test_two_calls_at_once_drive_it_once(bench: Bench) -> None:
    (request,) = bench.to_sign()
    operation = bench.start([request])
    held = bench.signing.resume.records.claim(operation.id)
    assert bench.signing.resume(operation.id, request.signer.id, None).state is operation.state
    if operation.state is OperationState.WAITING_DEVICE:
        answer = bench.player.answer(operation, request.signer)
        if answer is None:
            bench.signing.resume.records.keep(held, release=True)
        else:
            with pytest.raises(ConflictError, match=r"operation\.busy"):
                bench.signing.resume(operation.id, request.signer.id, answer)
            bench.signing.resume.records.keep(held, release=True)
            assert bench.signing.resume(operation.id, request.signer.id, answer)
    else:
        bench.signing.resume.records.keep(held, release=True)
    assert bench.finish(bench.stored(operation), request.signer).state is OperationState.DONE
