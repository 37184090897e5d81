"""Many documents of one person: one authorisation, faults of the service in between, other signers at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from doc_service.domain.signatures import RequestState
from doc_service.domain.signing_operations import OperationState
from signing.api import SigningError
from tests.ways.bench import Bench, open_bench
from tests.ways.players import PLAYERS, CscPlayer

pytestmark = pytest.mark.xdist_group("ways-many")
FAST = {"signature_level": "B-B"}


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("bound"), PLAYERS["csc-2-code-bound"]()) as bench:
        yield bench


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("session"), PLAYERS["csc-2-pin-session"]()) as bench:
        yield bench


def process(bench: Bench) -> CscPlayer:
    player = bench.player
    assert isinstance(player, CscPlayer)
    player.process.set(faults=[])
    return player


@pytest.mark.slow
def test_two_hundred_documents_with_one_authorisation(bound: Bench) -> None:
    player = process(bound)
    requests = bound.to_sign(200, **FAST)
    done = bound.finish(bound.start(requests), requests[0].signer)
    assert (done.state, done.asked) == (OperationState.DONE, 1)
    assert all(bound.request(r).state is RequestState.SIGNED for r in requests)
    (call,) = player.process.log("signatures/signHash")
    assert call["hashes"] == 200
    heads = {bound.document(r.document_id).head for r in requests}
    assert all(head is not None and head.number == 1 for head in heads)


def test_five_persons_sign_the_same_documents_at_once(session: Bench) -> None:
    """Each has one authorisation; the documents go from hand to hand."""
    process(session)
    documents = [session.service.signing(members=7) for _ in range(2)]
    for document in documents:
        for request in session.service.requests(document)[:2]:
            session.service.sign(request)
    rows = [[session.agreed(r) for r in session.open_requests(d)[:5]] for d in documents]
    columns = [list(column) for column in zip(*rows, strict=True)]
    asked: list[int] = []

    def one(requests: list) -> None:
        operation = session.start(requests)
        for _ in range(400):
            if not operation.live:
                break
            operation = session.step(operation, requests[0].signer)
            time.sleep(0.3)
        assert operation.state is OperationState.DONE, (operation.state, operation.code, operation.items)
        asked.append(operation.asked)

    threads = [threading.Thread(target=one, args=(column,)) for column in columns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert asked == [1] * 5
    for document in documents:
        head = session.document(document).head
        assert head is not None
        report = session.service.container.verify(session.service.container.store.read(head.key)).report
        assert sum(s.kind == "signature" and s.valid for s in report.signatures) == 7


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("lost", "signing.remote_outcome_unknown"),
        ("wrong_key", "csc.bad_signature"),
        ("truncated", "csc.signature_count"),
        ("garbage", "csc.bad_signature"),
    ],
)
def test_what_the_service_gets_wrong_is_in_no_document(bound: Bench, kind: str, code: str) -> None:
    player = process(bound)
    requests = bound.to_sign(3, **FAST)
    operation = bound.asked(bound.start(requests), requests[0].signer)
    player.process.fail("signatures/signHash", kind)
    ended = bound.finish(operation, requests[0].signer)
    assert (ended.state, ended.code) == (OperationState.FAILED, code)
    assert all(bound.request(r).state is RequestState.CONSENTED for r in requests)
    assert all(bound.document(r.document_id).head.number == 0 for r in requests)  # type: ignore[union-attr]
    assert bound.finish(bound.start(requests), requests[0].signer).state is OperationState.DONE


def test_a_certificate_of_somebody_else_asks_nobody(bound: Bench) -> None:
    """The service answers with the wrong person's certificate: it is seen before the person is asked to authorise."""
    player = process(bound)
    requests = bound.to_sign(1, **FAST)
    player.process.fail("credentials/info", "wrong_certificate")
    ended = bound.finish(bound.start(requests), requests[0].signer)
    assert (ended.state, ended.code, ended.asked) == (OperationState.FAILED, "signing.wrong_person", 0)
    assert player.process.log("signatures/signHash") == []


def test_a_service_that_is_overloaded_asks_nobody_twice(bound: Bench) -> None:
    player = process(bound)
    requests = bound.to_sign(2, **FAST)
    operation = bound.asked(bound.start(requests), requests[0].signer)
    player.process.fail("signatures/signHash", "503", times=2)
    for _ in range(2):
        with pytest.raises(SigningError) as caught:
            bound.step(operation, requests[0].signer)
        assert (caught.value.code, caught.value.retryable) == ("signing.remote_unavailable", True)
        operation = bound.stored(operation)
        assert operation.state is OperationState.AUTHORISED
    done = bound.finish(operation, requests[0].signer)
    assert (done.state, done.asked) == (OperationState.DONE, 1)


def test_a_service_out_of_reach_after_the_log_in_loses_no_log_in(bound: Bench) -> None:
    player = process(bound)
    requests = bound.to_sign(1, **FAST)
    player.process.fail("credentials/list", "dropped", times=2)
    operation = bound.step(bound.start(requests), requests[0].signer)
    assert (operation.state, operation.asked) == (OperationState.WAITING_DEVICE, 0)
    assert operation.prompt["kind"] == "wait"
    done = bound.finish(operation, requests[0].signer)
    assert (done.state, done.asked) == (OperationState.DONE, 1)
    assert [e["grant"] for e in player.process.log("oauth2/token")] == ["authorization_code"] * 2


def test_a_process_that_dies_while_it_signs(bound: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was stored before is where the next process goes on; a call to the service that nobody knows the end of
    is not made again without the person."""
    process(bound)
    requests = bound.to_sign(3, **FAST)
    operation = bound.asked(bound.start(requests), requests[0].signer)
    answer = bound.player.answer(operation, requests[0].signer)
    with _dying_at(monkeypatch, "_complete"), pytest.raises(KeyboardInterrupt):
        bound.signing.resume(operation.id, requests[0].signer.id, answer)
    stored = bound.stored(operation)
    assert stored.state is OperationState.COMPLETING
    done = bound.finish(stored, requests[0].signer)
    assert (done.state, done.asked) == (OperationState.DONE, 1)
    again = bound.to_sign(1, **FAST)
    operation = bound.asked(bound.start(again), again[0].signer)
    answer = bound.player.answer(operation, again[0].signer)
    with _dying_at(monkeypatch, "_found_signed"), pytest.raises(KeyboardInterrupt):
        bound.signing.resume(operation.id, again[0].signer.id, answer)
    ended = bound.finish(bound.stored(operation), again[0].signer)
    assert (ended.state, ended.code) == (OperationState.FAILED, "signing.remote_outcome_unknown")


class _dying_at:  # noqa: N801 - reads as a phrase
    """The process is gone before ``_complete``, or between the service's answer and its record."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
        self._patch = monkeypatch
        self._place = place

    def __enter__(self) -> None:
        from doc_service.services.ways.drive import Drive

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        name = "_complete" if self._place == "_complete" else "_deliver"
        self._context = self._patch.context()
        self._context.__enter__().setattr(Drive, name, die)

    def __exit__(self, *_: object) -> None:
        self._context.__exit__(None, None, None)


def test_an_abandoned_page_leaves_signatures_that_are_completed(bound: Bench) -> None:
    process(bound)
    requests = bound.to_sign(4, **FAST)
    operation = bound.asked(bound.start(requests), requests[0].signer)
    answer = bound.player.answer(operation, requests[0].signer)
    slow = _without_budget(bound)
    left = slow.resume(operation.id, requests[0].signer.id, answer)
    assert left.state is OperationState.COMPLETING
    assert sum(i.state == "done" for i in left.items) == 1
    bound.move_time(left, timedelta(hours=1))
    assert bound.signing.tend() == 1
    assert bound.stored(left).state is OperationState.DONE


def _without_budget(bench: Bench):  # type: ignore[no-untyped-def]
    from doc_service.bootstrap.ways import build_ways
    from doc_service.services.ways.registry import DrivePolicy

    container = bench.service.container
    return build_ways(
        container.settings, container.parts, container.use_cases, container.signing.ways, None, bench.stack,
        DrivePolicy(budget=timedelta()),
    )  # fmt: skip
