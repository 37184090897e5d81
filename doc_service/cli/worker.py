"""``doc-service worker`` and ``doc-service beat``: background work on any number of machines."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from doc_service.cli.context import DataOption, load_settings
from doc_service.cli.output import refusals
from doc_service.jobs.queues import Queue

AliveOption = Annotated[
    Path | None, typer.Option("--alive-file", help="Touched every five seconds while it works, for probes.")
]


def worker(
    queues: Annotated[str, typer.Option(help="convert,sign,extend,archive,notify; empty: all of them.")] = "",
    concurrency: Annotated[int, typer.Option(min=0, help="Processes; 0: DOC_SERVICE_WORKER_PROCESSES.")] = 0,
    autoscale: Annotated[str, typer.Option(help="MAX,MIN processes, by the load.")] = "",
    grace: Annotated[int, typer.Option(min=1, help="Seconds that SIGTERM lets running jobs go on.")] = 120,
    alive_file: AliveOption = None,
    data: DataOption = None,
) -> None:
    """Run background jobs that the broker hands out; needs the same settings as the interface, nothing else of it."""
    from doc_service.worker.process import WorkerOptions
    from doc_service.worker.service import work

    scale = _autoscale(autoscale)
    taken = _queues(queues)
    with refusals():
        settings = load_settings(data)
        options = WorkerOptions(
            queues=taken,
            concurrency=concurrency or settings.worker_processes,
            autoscale=scale,
            grace=timedelta(seconds=grace),
        )
        code = work(settings, options, on_alive=_toucher(alive_file))
    raise typer.Exit(code)


def beat(alive_file: AliveOption = None, data: DataOption = None) -> None:
    """Ask for checkpoints, sweeps and reminders at their times, and hand due jobs to the broker. Any number may run;
    one must."""
    from doc_service.worker.service import beat as run_beat

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with refusals():
        run_beat(load_settings(data), stop, on_alive=_toucher(alive_file))


def _toucher(file: Path | None) -> Callable[[], None] | None:
    return None if file is None else file.touch


def _queues(text: str) -> list[Queue]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = sorted(set(names) - set(Queue))
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: not one of {', '.join(Queue)}")
    return [Queue(name) for name in names] or list(Queue)


def _autoscale(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    most, _, fewest = text.partition(",")
    if not (most.isdecimal() and fewest.isdecimal() and 1 <= int(fewest) <= int(most)):
        raise typer.BadParameter("MAX,MIN, e.g. 8,2")
    return int(most), int(fewest)
