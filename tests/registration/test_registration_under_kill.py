"""400 registrations by 8 processes, one of them killed: 400 consecutive numbers, none twice, none lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doc_service.domain.jobs import JobState
from tests.persistence import samples

ROOT = Path(__file__).parents[2]
DOCUMENTS = [f"d{number:03}" for number in range(400)]


def start(url: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.registration.worker", url, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def processes(database_url: str, engine: Engine) -> Iterator[list[subprocess.Popen[str]]]:
    """Eight workers, ready, that wait for a line to begin; the first one stalls in its 6th transaction.

    It begins first, so that it has leased the jobs that it stalls on before the others can take them all."""
    started = [start(database_url, "6"), *(start(database_url) for _ in range(7))]
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    yield started
    for process in started:
        process.kill()
        process.wait()


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def test_400_by_8_processes_one_of_them_killed(engine: Engine, processes: list[subprocess.Popen[str]]) -> None:
    units = samples.fill(engine, DOCUMENTS)
    with units() as unit:
        for document_id in DOCUMENTS:
            unit.jobs.enqueue(replace(samples.job(document_id), payload={"document_id": document_id}))
        unit.commit()
    victim, *others = processes
    assert victim.stdout
    begin(victim)
    victims_output = [victim.stdout.readline().strip()]
    for process in others:
        begin(process)
    victims_output += [victim.stdout.readline().strip() for _ in range(5)]
    assert victims_output[-1] == "stalled"
    victim.send_signal(signal.SIGKILL)
    victim.wait(10)
    outputs = [process.communicate(timeout=120)[0].split() for process in others]
    assert [process.returncode for process in others] == [0] * 7

    with units.reading() as unit:
        entries = unit.journals.entries("KQ", 2026)
        events = [len(unit.audit.of_subject("document", document_id)) for document_id in DOCUMENTS]
        jobs = {unit.jobs.get(document_id).state for document_id in DOCUMENTS}
    assert [entry.seq for entry in entries] == list(range(1, 401))
    assert [entry.number for entry in entries] == [f"3-21-5/KQ-{seq}/2026" for seq in range(1, 401)]
    assert sorted(entry.document_id for entry in entries) == DOCUMENTS
    assert events == [1] * 400
    assert jobs == {JobState.DONE}
    reported = [*victims_output[:-1], *(number for output in outputs for number in output)]
    assert sorted(reported) == sorted(entry.number for entry in entries)
