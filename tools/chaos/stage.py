"""Everything that takes part in a fault test, and the hand that breaks it."""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psutil
import psycopg

from tools.chaos.flock import document_id
from tools.production import DATABASE, PROGRAM, Parts
from tools.servers.process import Process, ServerError, free_port

CLIENTS = 2
THREADS = 4
_OUTAGES = ("_unavailable", ".unavailable", ".clock_skew", ".denied", ".no_space", ".busy", "_lost", ".timeout")
_REPOSITORY = Path(__file__).resolve().parents[2]


class Kept:
    """A process that a supervisor starts again whenever it has ended, a second later, until it is dismissed."""

    def __init__(self, process: Process, *, until_it_succeeds: bool = False) -> None:
        self.process, self.restarts = process, 0
        self._once, self._wanted = until_it_succeeds, threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name=f"keeper-{process.name}", daemon=True)

    def start(self) -> Kept:
        self._wanted.set()
        self.process.start()
        self._thread.start()
        return self

    def kill(self) -> None:
        """SIGKILL to its whole group; the supervisor finds it gone."""
        with self._lock:
            self.process.kill()

    def dismiss(self, patience: float = 20.0) -> None:
        self._wanted.clear()
        with self._lock:
            self.process.stop(patience=patience)

    @property
    def succeeded(self) -> bool:
        return self.process.exit_code == 0

    def _keep(self) -> None:
        while self._wanted.is_set():
            time.sleep(1)
            with self._lock:
                if not self._wanted.is_set() or self.process.running or (self._once and self.succeeded):
                    continue
                self.restarts += 1
                with suppress(ServerError):
                    self.process.start()


@dataclass(slots=True)
class Figures:
    """How the flock stands."""

    states: Mapping[str, int]
    ready: int
    dead: int

    @property
    def entered(self) -> int:
        early = ("draft", "returned", "in_visa", "approved")
        return sum(count for state, count in self.states.items() if state not in early)

    @property
    def archived(self) -> int:
        return self.states.get("archived", 0)

    @property
    def beyond_rendering(self) -> int:
        return sum(self.states.get(state, 0) for state in ("signing", "signed", "in_force", "archived"))

    @property
    def beyond_signing(self) -> int:
        return sum(self.states.get(state, 0) for state in ("signed", "in_force", "archived"))


@dataclass(slots=True)
class Stage:
    """``total`` documents in ``parts``. ``prefix`` and ``environment`` of a worker, by its number, put it in a place of
    its own (network, disk, clock)."""

    parts: Parts
    total: int
    chance: random.Random
    today: date
    prefix: dict[int, Sequence[str]] = field(default_factory=dict)
    environment: dict[int, Mapping[str, str]] = field(default_factory=dict)
    workers: list[Kept] = field(default_factory=list)
    clients: list[Kept] = field(default_factory=list)
    api: Kept | None = None
    api_port: int = 0
    beat: Kept | None = None
    done: Counter[str] = field(default_factory=Counter)
    found: dict[str, object] = field(default_factory=dict)
    expected_outages: set[str] = field(default_factory=set)
    in_flight_at_first: int = 0
    states_at_first: Mapping[str, int] = field(default_factory=dict)
    cleanup: ExitStack = field(default_factory=ExitStack)

    def count(self) -> None:
        """Notes how many documents are in flight, and how far they are."""
        figures = self.figures()
        self.in_flight_at_first = figures.entered - figures.archived
        self.states_at_first = dict(figures.states)

    def did(self, what: str, times: int = 1) -> None:
        """Notes a fault that was made."""
        if what not in self.done or times == 1:
            print(f"    {what}", file=sys.stderr, flush=True)
        self.done[what] += times

    def start_api(self) -> None:
        self.api_port = free_port()
        self.api = self._keep("api", ["up"], {"DOC_SERVICE_PORT": str(self.api_port)})
        self.beat = self._keep("beat", ["beat"])

    def start_workers(self, count: int = 2) -> None:
        for number in range(1, count + 1):
            kept = self._keep(
                f"worker{number}", ["worker", "--concurrency", "2"],
                self.environment.get(number, {}), self.prefix.get(number, ()),
            )  # fmt: skip
            self.workers.append(kept)

    def start_clients(self) -> None:
        provider = self.parts.provider
        assert provider is not None
        for place in range(CLIENTS):
            command = [
                sys.executable, "-m", "tools.chaos.client", "--total", str(self.total), "--place", str(place),
                "--places", str(CLIENTS), "--threads", str(THREADS), "--today", self.today.isoformat(),
                "--keys", str(provider.place / "people"), "--out", str(self.parts.place),
            ]  # fmt: skip
            process = self._process(f"client{place}", command, {"PYTHONPATH": str(_REPOSITORY)})
            self.clients.append(Kept(process, until_it_succeeds=True).start())

    def figures(self) -> Figures:
        """Raises ``psycopg.Error`` while the database is away."""
        with self.connect() as connection:
            states = dict(connection.execute("SELECT state, count(*) FROM documents GROUP BY state").fetchall())
            jobs = dict(connection.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())
        return Figures(states, jobs.get("ready", 0), jobs.get("dead", 0))

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        assert self.parts.postgres is not None
        return self.parts.postgres.connect(DATABASE)

    def wait(self, what: str, ready: Callable[[Figures], bool], patience: float) -> Figures:
        """Until the figures are so; raises ``TimeoutError`` that says how they are."""
        until = time.monotonic() + patience
        figures = Figures({}, 0, 0)
        while time.monotonic() < until:
            with suppress(psycopg.Error):
                figures = self.figures()
                if ready(figures):
                    return figures
            time.sleep(0.5)
        raise TimeoutError(f"{what}: not within {patience:.0f} s, {figures}")

    @property
    def flying(self) -> bool:
        """Whether documents are still on their way."""
        with suppress(psycopg.Error):
            return self.figures().archived < self.total
        return True

    def rest(self, seconds: float) -> bool:
        """Between two faults; False when nothing is in flight any more."""
        time.sleep(seconds)
        return self.flying

    def pool_processes(self, worker: int) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.workers[worker].process.pid).children()
        return []

    def offices(self) -> list[psutil.Process]:
        """LibreOffice of all workers: their descendants only, so that nobody else's is hit."""
        found = []
        for kept in self.workers:
            with suppress(psutil.NoSuchProcess, AssertionError):
                for child in psutil.Process(kept.process.pid).children(recursive=True):
                    with suppress(psutil.NoSuchProcess):
                        if "soffice" in child.name():
                            found.append(child)
        return found

    def seen(self) -> tuple[Counter[str], list[str], int]:
        """What the clients met: errors by name, those without a code, and how often they asked again in vain."""
        errors: Counter[str] = Counter()
        unforeseen: list[str] = []
        repeated = 0
        for file in self.parts.place.glob("seen-*.json"):
            for client in json.loads(file.read_text(encoding="utf-8")):
                errors.update(client["errors"])
                unforeseen += client["unforeseen"]
                repeated += client["repeated"]
        return errors, unforeseen, repeated

    def outages_met(self) -> int:
        """How often a worker noted that a job met an outage: such attempts are not counted in the job's row."""
        logs = [kept.process.log for kept in self.workers]
        lines = [line for log in logs if log.exists() for line in log.read_text(errors="replace").splitlines()]
        return sum(" failed: " in line and any(code in line for code in _OUTAGES) for line in lines)

    def names(self) -> list[str]:
        return [document_id(number) for number in range(self.total)]

    def end(self) -> None:
        """The service in order, then whatever a scenario has made."""
        for kept in (*self.clients, *self.workers, self.beat, self.api):
            if kept is not None:
                kept.dismiss(patience=15)
        self.cleanup.close()

    def _keep(
        self, name: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
    ) -> Kept:  # fmt: skip
        return Kept(self._process(name, [*prefix, str(PROGRAM), *arguments], environment or {})).start()

    def _process(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Process:
        data = self.parts.place / name
        data.mkdir(exist_ok=True)
        every = {**self.parts.environment, "DOC_SERVICE_DATA_DIR": str(data), **environment}
        return Process(name, command, lambda: True, log=self.parts.place / f"{name}.log", environment=every)
