"""The whole path, documents per minute on two cores: the sample meeting's protocol from draft to archive.

Each document is registered, rendered to PDF/A-3b, signed by twelve persons at level B-T, extended to B-LTA, validated
and archived, with SQLite, write-once archive and development PKI as in the embedded default. Three ways of
running it are compared: one worker with one LibreOffice process (what a document costs), one process with two
worker threads and two LibreOffice processes, and two worker processes with one LibreOffice process each, over the
same database and archive. The PKI's OCSP responder and TSA always live in a process of their own, since they belong
to others in production; their work shares the two cores all the same.

Run: ``python -m benchmarks.bench_path``.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import resource
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from doc_service.bootstrap import Container, open_container
from doc_service.bootstrap.handlers import build_handlers
from doc_service.demo.scenario import Scenario, build_scenario
from doc_service.domain.documents import DocumentState
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.signatures import RequestState
from doc_service.domain.visas import VisaAction
from doc_service.jobs.contract import Handler
from doc_service.jobs.runner import JobRunner
from doc_service.services.draft_document import DraftRequest
from doc_service.services.signers import people_of
from doc_service.settings import Settings
from signing.api import SigningKey

DOCUMENTS = 10
"""Per way of running; even, so that two workers get the same share."""
_ACTOR = "bench"
_SIGNATURES = 12
_PATIENCE = timedelta(seconds=600)
_OPEN = (RequestState.OPEN, RequestState.CONSENTED)


@dataclass(slots=True)
class Times:
    """Seconds spent in each stage, summed over threads."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        with self._lock:
            self.seconds[name] += time.perf_counter() - start

    def around(self, name: str, handler: Handler) -> Handler:
        def timed(job: Job) -> None:
            with self.stage(name):
                handler(job)

        return timed


class Secretariat:
    """Takes documents through the path: enters them, then alternates between background work and signing."""

    def __init__(self, service: Container, times: Times) -> None:
        self._service = service
        self._times = times
        self._scenario = build_scenario(service.protocol, datetime.now().astimezone().date())
        self._keys = _keys(service, self._scenario)
        parts = service.parts
        handlers = {kind: times.around(str(kind), run) for kind, run in build_handlers(parts).items()}
        self._runner = JobRunner(
            parts.units, handlers, parts.work.clock, parts.work.ids,
            jitter=random.random, wake=threading.Event(), lease=timedelta(seconds=60),
        )  # fmt: skip

    def begin(self) -> None:
        """Body and journal, once for all documents."""
        use = self._service.use_cases
        use.register_body(self._scenario.body, _ACTOR)
        use.open_journal(self._scenario.journal, _ACTOR)

    def carry(self, numbers: Sequence[int]) -> None:
        """Brings the documents of ``numbers`` to the archive; returns when all lie there."""
        names = [self._enter(number) for number in numbers]
        deadline = time.monotonic() + _PATIENCE.total_seconds()
        left = set(names)
        while left:
            if time.monotonic() > deadline:
                raise TimeoutError(f"still on the path: {sorted(left)}")
            busy = self._runner.run_once()
            for name in sorted(left):
                state = self._state(name)
                if state is DocumentState.SIGNING:
                    self._sign(name)
                    busy = True
                elif state is DocumentState.ARCHIVED:
                    left.discard(name)
            if not busy and left:
                time.sleep(0.005)
        while self._runner.run_once():
            pass

    def _enter(self, number: int) -> str:
        with self._times.stage("enter"):
            return self._entered(number)

    def _entered(self, number: int) -> str:
        use, scenario = self._service.use_cases, self._scenario
        name = f"bench-{number}"
        convened = replace(scenario.convened, id=f"meeting-{number}", number=number + 1)
        use.convene_meeting(convened, _ACTOR)
        meeting = use.record_meeting(convened.id, scenario.record, _ACTOR)
        data = self._service.protocol.from_meeting(scenario.body, meeting)
        use.draft_document(DraftRequest(name, "kq-protokol", scenario.body.id, meeting.id, data), _ACTOR)
        use.submit_document(name, _ACTOR)
        with self._service.work.uow.reading() as uow:
            units = [visa.unit for visa in uow.visas.of_document(name)]
        for unit in units:
            use.decide_visa(name, unit, VisaAction.GRANT, _ACTOR)
        use.register_document(name, _ACTOR)
        return name

    def _sign(self, name: str) -> None:
        with self._times.stage("sign"):
            while waiting := self._waiting(name):
                request = waiting[0]
                self._service.use_cases.sign_with_key(request.id, self._keys[request.signer.id], request.signer.id)

    def _waiting(self, name: str) -> list[Any]:
        with self._service.work.uow.reading() as uow:
            return [r for r in uow.signatures.of_document(name) if r.state in _OPEN]

    def _state(self, name: str) -> DocumentState:
        with self._service.work.uow.reading() as uow:
            return uow.documents.get(name).state


def _keys(service: Container, scenario: Scenario) -> Mapping[str, SigningKey]:
    meeting = replace(scenario.convened, attendance=tuple(scenario.record.attendance))
    return {name: service.development_key(p) for name, p in people_of(scenario.body, meeting).items()}


def _settings(place: Path, offices: int) -> Settings:
    return Settings(data_dir=place, office_processes=offices)


def _serve_pki(place: str, ready: Any, done: Any) -> None:
    with open_container(_settings(Path(place), 1)):
        ready.set()
        done.wait()


def _work(place: str, shares: Sequence[Sequence[int]], warm: int, start: threading.Barrier) -> dict[str, Any]:
    """One worker process; a thread for each share. ``warm``: the number of the document that is not counted."""
    try:
        return _measured(place, shares, warm, start)
    except BaseException:
        start.abort()
        raise


def _measured(place: str, shares: Sequence[Sequence[int]], warm: int, start: threading.Barrier) -> dict[str, Any]:
    times = Times()
    with open_container(_settings(Path(place), len(shares)), services=False) as service:
        workers = [Secretariat(service, times) for _ in shares]
        workers[0].begin()
        with ThreadPoolExecutor(len(workers)) as threads:
            list(threads.map(lambda w, n: w.carry([n]), workers, range(warm, warm + len(workers))))
            start.wait(_PATIENCE.total_seconds())
            times.seconds.clear()
            began, cpu = time.time(), time.process_time()
            list(threads.map(lambda w, share: w.carry(share), workers, shares))
            ended, cpu = time.time(), time.process_time() - cpu
        audit = service.audit.verify()
        if not audit["valid"]:
            raise ValueError(f"the audit log does not hold: {dict(audit)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"began": began, "ended": ended, "cpu": cpu, "peak_mb": peak, "seconds": dict(times.seconds)}


def way(processes: int, threads: int, documents: int) -> dict[str, Any]:
    """Figures of one way of running, in a fresh place."""
    spawn = multiprocessing.get_context("spawn")
    shares = [range(i, documents, processes * threads) for i in range(processes * threads)]
    with tempfile.TemporaryDirectory() as place, spawn.Manager() as manager:
        ready, done, barrier = spawn.Event(), spawn.Event(), manager.Barrier(processes)
        pki = spawn.Process(target=_serve_pki, args=(place, ready, done))
        pki.start()
        try:
            if not ready.wait(60):
                raise TimeoutError("the development PKI did not start")
            with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
                jobs = [
                    pool.submit(_work, place, shares[i * threads : (i + 1) * threads], 1_000 + i * threads, barrier)
                    for i in range(processes)
                ]
                results = [job.result() for job in jobs]
        finally:
            done.set()
            pki.join()
    return _figures(results, documents)


def _figures(results: Sequence[Mapping[str, Any]], documents: int) -> dict[str, Any]:
    wall = max(r["ended"] for r in results) - min(r["began"] for r in results)
    stages = {name: sum(r["seconds"].get(name, 0.0) for r in results) / documents for name in _STAGES}
    return {
        "documents": documents,
        "seconds": round(wall, 2),
        "documents_per_minute": round(60 * documents / wall, 1),
        "seconds_per_stage": {name: round(seconds, 3) for name, seconds in stages.items()},
        "ms_per_signature": round(1000 * stages["sign"] / _SIGNATURES, 1),
        "python_cpu_seconds_per_document": round(sum(r["cpu"] for r in results) / documents, 3),
        "peak_rss_mb": round(max(r["peak_mb"] for r in results)),
    }


_STAGES = ("enter", str(JobKind.RENDER), "sign", str(JobKind.EXTEND), str(JobKind.ARCHIVE), str(JobKind.CHECKPOINT))
_WAYS: Mapping[str, tuple[int, int]] = {
    "one_worker": (1, 1),
    "two_threads": (1, 2),
    "two_processes": (2, 1),
}
"""Processes and threads in each; as many LibreOffice processes as threads altogether."""


def run(documents: int = DOCUMENTS, tell: Callable[[str], object] = lambda text: None) -> dict[str, Any]:
    """Figures of every way of running, and ``documents_per_minute`` of the best one on two cores."""
    ways = {}
    for name, (processes, threads) in _WAYS.items():
        tell(name)
        ways[name] = way(processes, threads, documents)
    return {"documents_per_minute": max(w["documents_per_minute"] for w in ways.values()), "ways": ways}


def main() -> None:
    result = run(tell=lambda text: sys.stderr.write(f"{text} …\n"))
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
