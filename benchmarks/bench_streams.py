"""A thousand listeners of server-sent events on one served process.

They are members on documents in signing, ten a document. Events are committed to the same database by another process,
as any other machine of the service would, at random moments; the delay runs from the end of the commit until the last
byte of the event has reached a listener. First events of single documents (ten listeners hear each), then of one
document that all thousand listen to. Memory is the served process's own (PSS); polls are the questions that its streams
ask of the database, however many listen.

Run: ``python -m benchmarks.bench_streams [LISTENERS]``.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.members import FIELDS, Members, milliseconds, opened_members, opened_service, served, used
from doc_service.bootstrap import Container, open_container
from doc_service.domain.audit_events import Action
from tools.servers.process import Process

LISTENERS = 1000
A_DOCUMENT = 10
EVENTS = 60
FOR_ALL = 10
QUIET_SECONDS = 10.0
_PEOPLE = 100
_EVERYBODYS = "hamisi"
_OPENING = 50
_PATIENCE = 60.0


@dataclass
class _Ear:
    """One open stream; ``heard``: when the event of a number was there, in seconds of the monotonic clock."""

    document: str
    token: str
    heard: dict[str, float] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            request = (
                f"GET /v1/documents/{self.document}/events HTTP/1.1\r\nhost: 127.0.0.1\r\n"
                f"authorization: Bearer {self.token}\r\naccept: text/event-stream\r\n\r\n"
            )
            writer.write(request.encode())
            status = await reader.readline()
            if b" 200 " not in status:
                raise RuntimeError(f"a stream was refused: {status!r} {await reader.read(2000)!r}")
            await self._read(reader)
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        kind = ""
        while line := await reader.readline():
            if line.startswith(b"event: "):
                kind = line[7:].strip().decode()
            if line.startswith(b"data: ") and kind == "recorded":
                self.heard[json.loads(line[6:])["id"]] = time.monotonic()
            if kind == "ready":
                self.ready.set()


def run(listeners: int = LISTENERS) -> dict[str, Any]:
    """Milliseconds from commit to receipt, memory, and polls a second; ``spread``: of single documents, ``one``: of the
    document that everybody listens to."""
    _allow_files(4 * listeners)
    with tempfile.TemporaryDirectory(prefix="bench-streams-") as name, opened_members(Path(name), _PEOPLE) as members:
        people = members.people[:_PEOPLE]
        with opened_service(members) as service:
            members.begin(service)
            count = max(1, listeners // A_DOCUMENT)
            names = [f"axin-{n}" for n in range(count)]
            for number, document in enumerate(names):
                members.document(service, document, [people[(number + n) % _PEOPLE] for n in range(A_DOCUMENT)])
            members.document(service, _EVERYBODYS, people[:FIELDS])
        counts = members.place / "counts.json"
        command = (sys.executable, "-m", "benchmarks.counted_service", str(counts))
        with served(members, *command) as (base, process):
            port = int(base.rsplit(":", 1)[1])
            return asyncio.run(_Bench(members, process, port, counts, names).measure(listeners))


@dataclass
class _Bench:
    members: Members
    process: Process
    port: int
    counts: Path
    names: Sequence[str]

    async def measure(self, listeners: int) -> dict[str, Any]:
        part = psutil.Process(self.process.pid)
        await asyncio.sleep(1)
        before = _megabytes(part)
        ears = [self._ear(n) for n in range(listeners)]
        opening = time.perf_counter()
        tasks = await self._open(ears)
        opened = time.perf_counter() - opening
        quiet = await self._quiet(part)
        after = _megabytes(part)
        settings = self.members.service_settings()
        with open_container(settings, services=False) as other:
            spread = await self._events(other, ears, EVENTS)
            await self._close(tasks)
            everybody = [_Ear(_EVERYBODYS, self._token(n % FIELDS)) for n in range(listeners)]
            tasks = await self._open(everybody)
            one = await self._events(other, everybody, FOR_ALL)
        await self._close(tasks)
        return {
            "listeners": listeners,
            "opened_s": round(opened, 1),
            "spread": spread,
            "one": one,
            **quiet,
            "memory_before_mb": round(before, 1),
            "memory_mb": round(after, 1),
            "kb_per_listener": round((after - before) * 1024 / listeners, 1),
            "tick_ms": settings.event_tick.total_seconds() * 1000,
        }

    def _ear(self, number: int) -> _Ear:
        document, place = number % len(self.names), number // len(self.names)
        return _Ear(self.names[document], self._token((document + place) % _PEOPLE))

    def _token(self, person: int) -> str:
        return self.members.sessions[self.members.people[person].id]

    async def _open(self, ears: Sequence[_Ear]) -> list[asyncio.Task[None]]:
        tasks: list[asyncio.Task[None]] = []
        for start in range(0, len(ears), _OPENING):
            group = ears[start : start + _OPENING]
            opened = [asyncio.create_task(ear.listen(self.port)) for ear in group]
            tasks += opened
            await asyncio.wait_for(
                asyncio.gather(*(_ready(*pair) for pair in zip(group, opened, strict=True))), _PATIENCE
            )
        return tasks

    async def _close(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(1)

    async def _quiet(self, part: psutil.Process) -> dict[str, float]:
        """What the streams cost while nothing happens."""
        start, seconds = self._told(), used(part)
        await asyncio.sleep(QUIET_SECONDS)
        end, spent = self._told(), used(part) - seconds
        polls = sum(end["calls"].values()) - sum(start["calls"].values())
        busy = sum(end["seconds"].values()) - sum(start["seconds"].values())
        passed = end["at"] - start["at"]
        return {
            "polls_per_second": round(polls / passed, 1),
            "ms_per_poll": round(1000 * busy / max(1, polls), 2),
            "processor_percent": round(100 * spent / passed, 1),
        }

    def _told(self) -> dict[str, Any]:
        self.counts.unlink(missing_ok=True)
        self.process.send(signal.SIGUSR1)
        while not self.counts.exists():
            time.sleep(0.01)
        told: dict[str, Any] = json.loads(self.counts.read_text())
        return told

    async def _events(self, other: Container, ears: Sequence[_Ear], count: int) -> dict[str, Any]:
        """Events of documents in turn, at random moments; every listener of a document must have heard all of its."""
        documents = sorted({ear.document for ear in ears})
        committed: dict[str, tuple[str, float]] = {}
        chance = random.Random(1)
        for number in range(count):
            document = documents[number % len(documents)]
            event, at = await asyncio.to_thread(_committed, other, document)
            committed[event] = (document, at)
            await asyncio.sleep(chance.uniform(0.05, 0.35))
        await asyncio.sleep(3)
        delays = [
            ear.heard[event] - at
            for event, (document, at) in committed.items()
            for ear in ears
            if ear.document == document
        ]
        return {**milliseconds(delays), "received": len(delays), "events": count}


async def _ready(ear: _Ear, task: asyncio.Task[None]) -> None:
    waiting = asyncio.create_task(ear.ready.wait())
    await asyncio.wait({waiting, task}, return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        waiting.cancel()
        task.result()


def _committed(other: Container, document: str) -> tuple[str, float]:
    """An event that everybody concerned sees and that asks for no job: its id, and when it was committed."""
    with other.work.uow() as uow:
        other.work.record(uow, "system", Action.DOCUMENT_EXTENDED, ("document", document))
        uow.commit()
    at = time.monotonic()
    with other.work.uow.reading() as uow:
        return uow.audit.of_subject("document", document)[-1].id, at


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / (1 << 20)


def _allow_files(wanted: int) -> None:
    """Each stream is a file for us and one for the served process, which inherits the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


def main() -> None:
    listeners = int((sys.argv[1:] or [str(LISTENERS)])[0])
    sys.stdout.write(json.dumps(run(listeners), indent=1) + "\n")


if __name__ == "__main__":
    main()
