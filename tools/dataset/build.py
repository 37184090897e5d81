"""Builds a data set with several worker processes over one service, stage by stage."""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from doc_service.bootstrap import Container, open_container
from doc_service.bootstrap.handlers import build_handlers
from doc_service.domain.jobs import Job
from doc_service.domain.signatures import RequestState
from doc_service.jobs.contract import Handler
from doc_service.jobs.runner import JobRunner
from doc_service.settings import PkiMode, Settings
from signing.api import SigningKey
from tools.dataset.papers import Papers

_PATIENCE = timedelta(minutes=30)
_LEASE = timedelta(seconds=60)
_OPEN = (RequestState.OPEN, RequestState.CONSENTED)
Tell = Callable[[str], object]


@dataclass(slots=True)
class Built:
    """What was made, and seconds of wall clock and in each stage summed over the workers."""

    documents: int
    seconds: float
    stages: dict[str, float] = field(default_factory=dict)


def build(settings: Settings, documents: int, *, workers: int = 2, first: int = 0, tell: Tell = print) -> Built:
    """Documents ``first`` … ``first + documents - 1``, each from draft to archive; repeating completes what is there.

    Workers are processes with a LibreOffice each; the development PKI's OCSP and TSA run in one of their own."""
    spawn = multiprocessing.get_context("spawn")
    began = time.monotonic()
    numbers = range(first, first + documents)
    with spawn.Manager() as manager:
        ready, done, barrier = spawn.Event(), spawn.Event(), manager.Barrier(workers)
        pki = spawn.Process(target=_serve_pki, args=(settings, ready, done), daemon=True)
        pki.start()
        try:
            if not ready.wait(120):
                raise TimeoutError("the development PKI did not start")
            with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
                jobs = [pool.submit(_work, settings, numbers[w::workers], barrier) for w in range(workers)]
                results = _results(jobs)
        finally:
            done.set()
            pki.join(60)
    stages: dict[str, float] = {}
    for result in results:
        for name, seconds in result.items():
            stages[name] = round(stages.get(name, 0.0) + seconds, 2)
    built = Built(documents, round(time.monotonic() - began, 1), stages)
    tell(f"{built.documents} documents in {built.seconds} s: {built.stages}")
    return built


def _results(jobs: Sequence[Future[Mapping[str, float]]]) -> list[Mapping[str, float]]:
    """Of all workers. When one fails, the others only find the barrier broken: what it met is raised."""
    failures = [error for job in jobs if (error := job.exception()) is not None]
    for error in sorted(failures, key=lambda e: isinstance(e, threading.BrokenBarrierError)):
        raise error
    return [job.result() for job in jobs]


def _serve_pki(settings: Settings, ready: Any, done: Any) -> None:
    if settings.pki is not PkiMode.DEVELOPMENT:
        ready.set()
        return
    with open_container(settings) as service:
        papers = Papers(service)
        papers.begin()
        for person in papers.signatories():
            service.development_key(person).close()
        ready.set()
        done.wait()


def _work(settings: Settings, numbers: Sequence[int], barrier: Any) -> Mapping[str, float]:
    try:
        with open_container(settings, services=False) as service:
            return _Worker(service, barrier).carry(numbers)
    except BaseException:
        barrier.abort()
        raise


class _Worker:
    def __init__(self, service: Container, barrier: Any) -> None:
        self._service, self._barrier = service, barrier
        self._papers = Papers(service)
        self._keys: dict[str, SigningKey] = {p.id: service.development_key(p) for p in self._papers.signatories()}
        self._times: dict[str, float] = {}
        parts = service.parts
        handlers = {kind: self._timed(str(kind), run) for kind, run in build_handlers(parts).items()}
        self._runner = JobRunner(
            parts.units, handlers, parts.work.clock, parts.work.ids,
            jitter=random.random, wake=threading.Event(), lease=_LEASE, poll=timedelta(milliseconds=50),
        )  # fmt: skip

    def carry(self, numbers: Sequence[int]) -> Mapping[str, float]:
        """All documents stage by stage, together with the other workers: the outbox then makes few checkpoints, as it
        does under load."""
        names = [self._stage("enter", lambda number=number: self._papers.enter(number)) for number in numbers]
        self._barrier.wait(_PATIENCE.total_seconds())
        self._runner.run_until_idle(_PATIENCE)
        self._barrier.wait(_PATIENCE.total_seconds())
        for name in names:
            self._stage("sign", lambda name=name: self._sign(name))
        self._barrier.wait(_PATIENCE.total_seconds())
        self._runner.run_until_idle(_PATIENCE)
        return self._times

    def _sign(self, name: str) -> None:
        with self._service.work.uow.reading() as uow:
            waiting = [r for r in uow.signatures.of_document(name) if r.state in _OPEN]
        for request in waiting:
            key = self._keys[request.signer.id]
            self._service.use_cases.sign_with_key(request.id, key, request.signer.id)

    def _timed(self, name: str, handler: Handler) -> Handler:
        def timed(job: Job) -> None:
            self._stage(name, lambda: handler(job))

        return timed

    def _stage(self, name: str, run: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        try:
            return run()
        finally:
            self._times[name] = self._times.get(name, 0.0) + time.perf_counter() - start
