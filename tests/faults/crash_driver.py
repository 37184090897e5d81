"""Runs the demonstration of a small body, killed (SIGKILL) at every write and started again until it is done.

    crash_driver.py OUT N        N 0: never killed; 1: killed at every point in turn

Each start is a forked process that opens everything anew; forking only spares the imports. The number of kills is
printed at the end. See test_kill_at_every_write.

Points are counted before and after every commit and every archive write, in this process and the job runner alike.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
import traceback
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from doc_service.bootstrap import open_container
from doc_service.bootstrap.parts import Parts
from doc_service.demo.run import DemoRun
from doc_service.demo.scenario import Scenario, build_scenario
from doc_service.demo.stages import Stages
from doc_service.domain.bodies import Body
from doc_service.domain.civil_time import baku_date
from doc_service.settings import Settings

MEMBERS = 3
MOST_KILLS = 2000


class Fuse:
    """Counts points and kills the process at the ``limit``-th; 0 never does. ``log`` names each point passed."""

    def __init__(self, limit: int, log: Path) -> None:
        self._limit, self._log = limit, log
        self._count = 0
        self._lock = threading.Lock()

    def point(self, name: str) -> None:
        with self._lock:
            self._count += 1
            with self._log.open("a") as file:
                file.write(f"{name}\n")
            if self._count == self._limit:
                os.kill(os.getpid(), signal.SIGKILL)


class FusedUnit:
    """A unit of work whose commit is two points. Heartbeats of leases are none: how many there are depends on how busy
    the machine is."""

    def __init__(self, unit: Any, fuse: Fuse) -> None:
        self._unit, self._fuse = unit, fuse
        self._renews = False

    def __getattr__(self, name: str) -> Any:
        self._renews = self._renews or name == "job_leases"
        return getattr(self._unit, name)

    def __enter__(self) -> FusedUnit:
        self._unit.__enter__()
        return self

    def __exit__(self, *arguments: Any) -> None:
        self._unit.__exit__(*arguments)

    def commit(self) -> None:
        if self._renews:
            self._unit.commit()
            return
        self._fuse.point("before commit")
        self._unit.commit()
        self._fuse.point("after commit")


class FusedUnits:
    def __init__(self, units: Any, fuse: Fuse) -> None:
        self._units, self._fuse = units, fuse

    def __call__(self) -> FusedUnit:
        return FusedUnit(self._units(), self._fuse)

    def reading(self) -> Any:
        return self._units.reading()


class FusedStore:
    """A store whose writes are two points each."""

    def __init__(self, store: Any, fuse: Fuse) -> None:
        self._store, self._fuse = store, fuse

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put_new(self, *arguments: Any, **named: Any) -> Any:
        self._fuse.point("before put")
        stored = self._store.put_new(*arguments, **named)
        self._fuse.point("after put")
        return stored

    def retain(self, *arguments: Any, **named: Any) -> Any:
        self._fuse.point("before retain")
        return self._store.retain(*arguments, **named)


def fused(parts: Parts, fuse: Fuse) -> Parts:
    units: Any = FusedUnits(parts.units, fuse)
    store: Any = FusedStore(parts.store, fuse)
    return replace(parts, work=replace(parts.work, uow=units), units=units, store=store)


def small(scenario: Scenario) -> Scenario:
    """The scenario with its first members only, all present and voting."""
    members = scenario.body.members[:MEMBERS]
    ids = {m.person.id for m in members}
    body: Body = replace(scenario.body, members=members)
    agenda = tuple(replace(a, reporter_id=members[0].person.id) for a in scenario.convened.agenda)
    record = replace(
        scenario.record,
        attendance=[replace(a, reason="") for a in scenario.record.attendance if a.member_id in ids],
        items=[
            replace(i, speakers=(), votes=tuple(v for v in i.votes if v.voter_id in ids)) for i in scenario.record.items
        ],
    )
    return replace(scenario, body=body, convened=replace(scenario.convened, agenda=agenda), record=record)


def attempt(out: Path, limit: int) -> None:
    """One start of the service, until the end or the kill."""
    fuse = Fuse(limit, out / "points.log")
    settings = Settings(data_dir=out / "data", job_lease=timedelta(seconds=1))
    with open_container(settings, decorate=lambda parts: fused(parts, fuse)) as service:
        scenario = small(build_scenario(service.protocol, baku_date(service.work.clock.now())))
        run = DemoRun(service, Stages(service, scenario, service.development_key), out, lambda stage, done, total: None)
        summary = run()
        with service.work.uow.reading() as uow:
            events = [str(e.action) for e in uow.audit.of_subject("document", summary["document_id"])]
            entries = uow.journals.entries(scenario.journal.code, int(summary["registered_on"][:4]))
    summary["events"] = events
    summary["numbers"] = [e.number for e in entries]
    (out / "result.json").write_text(json.dumps(summary, default=str))


def forked(out: Path, limit: int) -> int:
    """Exit code of one attempt in a process of its own; negative: killed by that signal."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            attempt(out, limit)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def progress(out: Path) -> tuple[int, ...]:
    """What the service has recorded so far; claims, leases and preparations do not count."""
    database = out / "data" / "doc-service.db"
    if not database.exists():
        return ()
    with sqlite3.connect(database, timeout=30) as connection:
        found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'audit_checkpoints'").fetchone()
        if found == (0,):
            return ()
        counts = [
            connection.execute(query).fetchone()[0]
            for query in (
                "SELECT count(*) FROM audit_events WHERE action <> 'signature.prepared'",
                "SELECT count(*) FROM jobs WHERE state = 'done'",
                "SELECT count(*) FROM audit_checkpoints",
            )
        ]
    return tuple(counts)


def main(out: Path, first: int) -> int:
    """``first`` 0: one undisturbed run. Else each start dies at its ``first``-th point; one that brought nothing
    forward is followed by one that lives a point longer, so every point is died at sooner or later."""
    out.mkdir(parents=True, exist_ok=True)
    limit, before = first, progress(out)
    for kills in range(MOST_KILLS):
        code = forked(out, limit)
        if code != -signal.SIGKILL:
            print(kills)
            return code
        after = progress(out)
        limit, before = (first, after) if after != before else (limit + 1, before)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
