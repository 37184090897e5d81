"""The parts of a production, a crowd of members on them, and somebody who kills processes."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from doc_service.bootstrap import Container, open_container
from doc_service.domain.civil_time import baku_date
from doc_service.domain.people import Person
from doc_service.settings import Settings
from doc_service.system import SystemClock
from tools.production import DATABASE, Parts, production, service_process
from tools.servers.process import Process, ServerError, free_port
from tools.swarm.caller import Caller
from tools.swarm.crowd import Crowd, crowd, enter
from tools.swarm.devices import WAYS, Devices, open_devices, settings_for
from tools.swarm.member import Member

_NO_LIMITS = {
    f"DOC_SERVICE_RATE_{name}": "0" for name in ("PER_ADDRESS", "PER_ACCOUNT", "LOGINS", "PHONES", "VERIFICATIONS")
}
"""Everybody comes from one address here."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``tabs``: members who sign from two windows at once. ``kills``: seconds between two of them (0: none). ``slow``:
    members who let their lease run out, ``late`` times each."""

    signers: int = 50
    documents: int = 1
    kills: float = 7.0
    lossy: float = 0.05
    tabs: int = 4
    slow: int = 3
    late: int = 2
    patience: float = 420.0
    seed: int = 1
    ways: Sequence[str] = WAYS


@dataclass
class Told:
    """What happened. ``seconds``: from the first log-in to the last signature."""

    plan: Plan
    parts: Parts
    documents: list[str]
    people: Sequence[Person]
    ways: Mapping[str, str]
    devices: Devices
    members: list[Member] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Killer(threading.Thread):
    """kill -9 of each victim in turn, then of any at random; they are started again at once.

    What it has started ends with its thread (``Process`` dies with its parent), which therefore lives until ``end``."""

    def __init__(self, victims: Mapping[str, Process], every: float, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self._victims, self._every, self._chance = victims, every, chance
        self._done, self._quiet, self._end = threading.Event(), threading.Event(), threading.Event()
        self.killed: Counter[str] = Counter()
        self.not_up_again = ""

    def run(self) -> None:
        self._kill()
        self._quiet.set()
        self._end.wait()

    def stop(self) -> None:
        """Nothing is killed any more, and everything is up."""
        self._done.set()
        self._quiet.wait(90)

    def end(self) -> None:
        self._end.set()

    def _kill(self) -> None:
        first = sorted(self._victims, reverse=True)
        while self._every and not self._done.wait(self._chance.uniform(0.5, 1.5) * self._every):
            name = first.pop() if first else self._chance.choice(sorted(self._victims))
            self._victims[name].kill()
            self.killed[name] += 1
            try:
                self._victims[name].start()
            except ServerError as error:
                self.not_up_again = str(error)
                return


@contextmanager
def swarm(plan: Plan) -> Iterator[Told]:
    """Everything signed when the block begins; the parts run until it ends."""
    group = crowd(plan.signers, baku_date(SystemClock().now()))
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="swarm-", ignore_cleanup_errors=True)))
        place.chmod(0o755)
        everybody = [*group.people, group.scenario.body.secretary]
        parts = stack.enter_context(production(place, people=everybody, serve=False))
        assert parts.provider is not None
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        devices = open_devices(place, base, parts.provider, list(group.people), stack)
        parts.environment |= {
            **settings_for(place, base, devices), **_NO_LIMITS,
            "DOC_SERVICE_ENVIRONMENT": "embedded", "DOC_SERVICE_SIGNING_LEASE": "PT5S",
        }  # fmt: skip
        victims = _start(parts, base, port, stack)
        told = Told(plan, parts, _entered(parts, group, plan), group.people, _ways(group, plan), devices)
        _wait(parts, told.documents, "signing", plan.patience)
        killer = Killer(victims, plan.kills, random.Random(plan.seed))
        stack.callback(killer.end)
        _sign(told, base, killer)
        yield told


def _start(parts: Parts, base: str, port: int, stack: ExitStack) -> dict[str, Process]:
    victims = {
        f"worker{n}": stack.enter_context(service_process(parts, f"worker{n}", "worker", "--concurrency", "1"))
        for n in (1, 2)
    }
    stack.enter_context(service_process(parts, "beat", "beat"))
    api = service_process(parts, "api", "up", ready_url=f"{base}/health/live", port=port)
    victims["api"] = stack.enter_context(api)
    return victims


@contextmanager
def inside(parts: Parts, name: str) -> Iterator[Container]:
    """The service in this process, over the same parts."""
    kept = dict(os.environ)
    os.environ.update(parts.environment)
    try:
        with open_container(Settings(data_dir=parts.place / name), services=False) as service:
            yield service
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _entered(parts: Parts, group: Crowd, plan: Plan) -> list[str]:
    with inside(parts, "clerk") as service:
        return enter(service, group, plan.documents)


def _ways(group: Crowd, plan: Plan) -> dict[str, str]:
    return {p.id: plan.ways[n % len(plan.ways)] for n, p in enumerate(group.people)}


def _wait(parts: Parts, documents: Sequence[str], state: str, patience: float) -> None:
    assert parts.postgres is not None
    deadline = time.monotonic() + patience
    with parts.postgres.connect(DATABASE) as connection:
        while True:
            query = "SELECT count(*) FROM documents WHERE id = ANY(%s) AND state = %s"
            row = connection.execute(query, [list(documents), state]).fetchone()
            if row is not None and row[0] == len(documents):
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"documents are not {state}")
            time.sleep(0.2)


def archived(told: Told) -> None:
    """Waits until every document is in the archive."""
    _wait(told.parts, told.documents, "archived", told.plan.patience)


def _sign(told: Told, base: str, killer: Killer) -> None:
    plan, began = told.plan, time.monotonic()
    chance = random.Random(plan.seed)
    for number, person in enumerate(told.people):
        for _tab in range(2 if told.ways[person.id] == "raw" and number < plan.tabs * len(plan.ways) else 1):
            caller = Caller(base, random.Random(chance.random()), plan.lossy, began + plan.patience)
            late = plan.late if told.ways[person.id] == "raw" and len(told.members) < plan.slow else 0
            told.members.append(Member(person, told.ways[person.id], caller, told.devices, late))
    killer.start()
    try:
        with ThreadPoolExecutor(len(told.members)) as pool:
            told.failures += [f for f in pool.map(_run, told.members) if f]
    finally:
        killer.stop()
    told.killed = killer.killed
    told.failures += [killer.not_up_again] if killer.not_up_again else []
    told.seconds = time.monotonic() - began


def _run(member: Member) -> str:
    try:
        member.run()
    except Exception as error:
        failure = f"{member.person.id} by {member.way}: {type(error).__name__} {error}"
        print(failure, file=sys.stderr, flush=True)
        return failure
    finally:
        member.caller.close()
    return ""
