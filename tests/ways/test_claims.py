"""An operation belongs to a call as long as its process lives, however slow the provider is, and no longer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from doc_service.bootstrap.ways import SigningWays, build_ways
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.signing_operations import OperationState
from doc_service.services.ways.records import correlation_key
from doc_service.services.ways.registry import DrivePolicy, Ways
from signing.remote.api import Step, ToSign
from tests.ways.bench import Bench, open_bench
from tests.ways.players import AgentPlayer

pytestmark = pytest.mark.xdist_group("ways")
CLAIM = timedelta(seconds=0.6)


class _SlowSigner:
    """The real one behind a provider that takes its time over authorising."""

    def __init__(self, real: Any) -> None:
        self._real, self.calls = real, 0
        self.asked, self.answer = threading.Event(), threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def authorise(self, session: bytes, count: int, tasks: Sequence[ToSign]) -> Step:
        self.calls += 1
        self.asked.set()
        assert self.answer.wait(20)
        step: Step = self._real.authorise(session, count, tasks)
        return step


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("claims"), AgentPlayer()) as bench:
        bench.claim = CLAIM
        yield bench


def slow_signing(bench: Bench) -> tuple[SigningWays, _SlowSigner]:
    container = bench.service.container
    slow = _SlowSigner(container.signing.ways.hash_signers["agent"])
    ways = Ways({"agent": slow})
    built = build_ways(
        container.settings, container.parts, container.use_cases, ways, None, bench.stack, DrivePolicy(claim=CLAIM)
    )
    return built, slow


def test_a_slow_provider_keeps_the_claim_of_a_living_process(agent: Bench) -> None:
    (request,) = agent.to_sign()
    person = request.signer
    signing, slow = slow_signing(agent)
    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(signing.start, [request.id], "agent", "", person.id, agent.player.given(person))
        assert slow.asked.wait(20)
        with agent.service.container.work.uow.reading() as uow:
            (running,) = uow.operations.live_of_requests([request.id])
        time.sleep(3 * CLAIM.total_seconds())
        assert agent.signing.resume(running.id, person.id) == running
        with pytest.raises(ConflictError, match=r"operation\.busy"):
            agent.signing.resume.records.claim(running.id)
        slow.answer.set()
        operation = started.result(20)
    assert (slow.calls, operation.state) == (1, OperationState.WAITING_DEVICE)
    assert agent.finish(operation, person).state is OperationState.DONE


def test_what_a_killed_process_left_is_taken_up_soon(agent: Bench) -> None:
    (request,) = agent.to_sign()
    operation = agent.asked(agent.start([request]), request.signer)
    claimed = agent.signing.resume.records.claim(operation.id)
    answer = agent.player.answer(operation, request.signer)
    with pytest.raises(ConflictError, match=r"operation\.busy"):
        agent.signing.resume(operation.id, request.signer.id, answer)
    time.sleep(CLAIM.total_seconds())
    done = agent.signing.resume(operation.id, request.signer.id, answer)
    assert done.state is OperationState.DONE
    with pytest.raises(ConflictError, match=r"state\.stale"):
        agent.signing.resume.records.keep(claimed)


def test_a_call_that_ends_lets_go_at_once(agent: Bench) -> None:
    (request,) = agent.to_sign()
    records = agent.signing.resume.records
    operation = agent.asked(agent.start([request]), request.signer)
    first = records.claim(operation.id)
    records.release(first)
    second = records.claim(operation.id)
    records.release(first)
    with pytest.raises(ConflictError, match=r"operation\.busy"):
        records.claim(operation.id)
    records.release(second)
    assert agent.finish(agent.stored(second), request.signer).state is OperationState.DONE


def test_a_call_from_outside_waits_for_what_a_killed_process_holds(agent: Bench) -> None:
    """The phone calls once; what it brings must not be lost because the first to take it was killed."""
    (request,) = agent.to_sign()
    operation = agent.asked(agent.start([request]), request.signer)
    answer = agent.player.answer(operation, request.signer)
    assert answer is not None
    with agent.service.container.work.uow() as uow:
        uow.operations.save(replace(uow.operations.get(operation.id), correlation=correlation_key("abc")))
        uow.commit()
    agent.signing.resume.records.claim(operation.id)
    outside = agent.signing.answer_from_outside
    hurried = replace(outside, monotonic=iter((0.0, 100.0)).__next__)
    with pytest.raises(ConflictError, match=r"operation\.busy"):
        hurried("abc", answer)
    assert outside("abc", answer).state is OperationState.DONE


def test_who_comes_back_again_finds_the_operation_as_it_is(agent: Bench) -> None:
    """The answer was lost on the way back, and the browser repeats a call whose name is no longer the newest."""
    (request,) = agent.to_sign()
    operation = agent.asked(agent.start([request]), request.signer)
    answer = agent.player.answer(operation, request.signer)
    assert answer is not None
    for name in ("first", "second"):
        with agent.service.container.work.uow() as uow:
            uow.operations.save(replace(uow.operations.get(operation.id), correlation=correlation_key(name)))
            uow.commit()
    outside = agent.signing.answer_from_outside
    assert outside("first", answer).state is OperationState.WAITING_DEVICE
    assert outside("second", answer).state is OperationState.DONE
    assert outside("first", answer).state is OperationState.DONE
    with pytest.raises(NotFoundError, match=r"signing_operation\.not_found"):
        outside("third", answer)
