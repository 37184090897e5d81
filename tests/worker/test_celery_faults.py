"""Workers, brokers and messages that die, hang, come twice or not at all: no job is lost, none counts twice."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from doc_service.domain.jobs import Job, JobKind, JobState
from doc_service.jobs.celery_broker import CeleryBroker
from doc_service.jobs.queues import Queue
from tests.worker.conftest import MakeFleet
from tests.worker.fleet import CeleryFleet, until
from tools.servers.rabbitmq import RabbitMq
from tools.servers.redis import RedisServer

Server = RabbitMq | RedisServer


@pytest.fixture(scope="module", params=["rabbitmq", "redis"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A broker that tests may kill; they leave it running."""
    made: Server
    made = RabbitMq(tmp_path_factory.mktemp("r")) if request.param == "rabbitmq" else RedisServer()
    with made:
        yield made


@pytest.fixture
def fleet(server: Server, celery_fleet: MakeFleet) -> CeleryFleet:
    server.start()
    return celery_fleet(server.url)


def jobs(fleet: CeleryFleet) -> list[Job]:
    with fleet.units.reading() as unit:
        return list(unit.jobs.pending())


def running(fleet: CeleryFleet, name: str) -> bool:
    return name in fleet.effects()


# Messages


def test_each_message_five_times_and_once_more_after_the_end(fleet: CeleryFleet) -> None:
    names = [f"j{number}" for number in range(20)]
    fleet.enqueue(*names)
    known = jobs(fleet)
    for _ in range(4):
        fleet.broker.publish(known)
    fleet.start()
    fleet.until_idle()
    fleet.broker.publish(known)
    until(lambda: fleet.broker.depth(Queue.CONVERT) == 0)
    fleet.enqueue("last")
    fleet.until_idle()
    assert fleet.effects() == Counter([*names, "last"])


def test_messages_that_were_lost_are_sent_again(fleet: CeleryFleet) -> None:
    names = [f"j{number}" for number in range(20)]
    fleet.enqueue(*names)
    until(lambda: fleet.dispatcher.figures.published == 20)
    with fleet.broker._app.connection_for_write() as connection:
        connection.default_channel.queue_purge(fleet.options.queue_name(Queue.CONVERT))
    fleet.start()
    fleet.until_idle(20)
    assert fleet.effects() == Counter(names)


def test_a_message_for_nothing_does_nothing(fleet: CeleryFleet) -> None:
    fleet.start()
    fleet.enqueue("j1", wait=60)
    (later,) = jobs(fleet)
    fleet.broker.publish([later, Job("unknown", JobKind.RENDER, "k", later.run_after)])
    fleet.enqueue("j2")
    until(lambda: fleet.done(["j2"]))
    assert fleet.effects() == {"j2": 1}


# Brokers


def test_a_broker_that_is_down_costs_the_caller_nothing_and_catches_up(fleet: CeleryFleet, server: Server) -> None:
    fleet.start()
    fleet.enqueue("before")
    until(lambda: fleet.done(["before"]))
    server.kill()
    names = [f"j{number}" for number in range(10)]
    for name in names:
        fleet.enqueue(name)
    until(lambda: fleet.dispatcher.figures.missed == 10)
    assert fleet.dispatcher.reachable is False
    assert fleet.broker.reachable() is False
    server.start()
    fleet.until_idle()
    assert fleet.effects() == Counter(["before", *names])


def test_a_broker_killed_with_full_queues_loses_no_job(fleet: CeleryFleet, server: Server) -> None:
    names = [f"j{number}" for number in range(30)]
    fleet.enqueue(*names)
    until(lambda: fleet.dispatcher.figures.published == 30)
    server.kill()
    server.start()
    assert fleet.broker.depth(Queue.CONVERT) == 30
    fleet.start()
    fleet.until_idle()
    assert fleet.effects() == Counter(names)


def test_a_broker_killed_under_running_workers(fleet: CeleryFleet, server: Server, tmp_path: Path) -> None:
    fleet.start()
    fleet.enqueue("running", hold=str(tmp_path / "go"))
    until(lambda: running(fleet, "running"))
    server.kill()
    fleet.enqueue("while down")
    server.start()
    fleet.enqueue("after")
    (tmp_path / "go").touch()
    fleet.until_idle()
    assert fleet.effects() == {"running": 1, "while down": 1, "after": 1}
    assert fleet.job("running").attempts == 0


def test_a_frozen_broker_delays_neither_callers_nor_the_end(fleet: CeleryFleet, server: Server) -> None:
    fleet.enqueue("before")
    until(lambda: fleet.dispatcher.figures.published == 1)
    server.freeze()
    try:
        fleet.enqueue("frozen")
        assert fleet.job("frozen").state is JobState.READY
        until(lambda: fleet.dispatcher.figures.missed == 1, 30)
    finally:
        server.thaw()
    fleet.start()
    fleet.until_idle()
    assert fleet.effects() == {"before": 1, "frozen": 1}


# Workers


def test_a_killed_worker_s_job_is_done_by_another(fleet: CeleryFleet, tmp_path: Path) -> None:
    fleet.start()
    victim = fleet.workers[0]
    fleet.enqueue("held", hold=str(tmp_path / "go"))
    until(lambda: running(fleet, "held"))
    victim.kill()
    fleet.start_worker()
    fleet.enqueue("other")
    until(lambda: fleet.effects()["held"] == 2)
    (tmp_path / "go").touch()
    fleet.until_idle()
    assert len(set(fleet.pids("held"))) == 2
    assert fleet.effects()["other"] == 1
    assert (fleet.job("held").state, fleet.job("held").attempts) == (JobState.DONE, 1)


def test_a_process_that_its_job_kills_is_replaced(fleet: CeleryFleet) -> None:
    fleet.start()
    fleet.enqueue("deadly", die="1")
    fleet.enqueue("j1", "j2", "j3")
    fleet.until_idle()
    assert fleet.effects() == {"deadly": 2, "j1": 1, "j2": 1, "j3": 1}
    assert fleet.job("deadly").attempts == 1


def children(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def test_processes_whose_worker_was_killed_end_too(fleet: CeleryFleet) -> None:
    worker = fleet.start_worker()
    left = children(worker.pid)
    assert len(left) >= 2
    os.kill(worker.pid, signal.SIGKILL)
    assert psutil.wait_procs(left, timeout=20)[1] == []


def test_sigterm_lets_the_running_job_end_and_takes_no_other(fleet: CeleryFleet, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    fleet.start_relay()
    worker = fleet.start_worker(concurrency=1, closed=str(closed))
    fleet.enqueue("held", hold=str(tmp_path / "go"))
    until(lambda: running(fleet, "held"))
    fleet.enqueue("next")
    os.kill(worker.pid, signal.SIGTERM)
    time.sleep(1)
    assert worker.running
    (tmp_path / "go").touch()
    until(lambda: not worker.running)
    assert (fleet.job("held").state, fleet.job("held").attempts) == (JobState.DONE, 0)
    assert fleet.effects() == {"held": 1}
    assert closed.read_text() == "closed\n"
    fleet.start_worker()
    fleet.until_idle()
    assert fleet.effects() == {"held": 1, "next": 1}


def test_a_job_that_outlasts_the_grace_is_left_to_another_worker(fleet: CeleryFleet, tmp_path: Path) -> None:
    fleet.start_relay()
    worker = fleet.start_worker(grace=1)
    fleet.enqueue("held", hold=str(tmp_path / "go"))
    until(lambda: running(fleet, "held"))
    family = children(worker.pid)
    os.kill(worker.pid, signal.SIGTERM)
    until(lambda: not worker.running)
    assert psutil.wait_procs(family, timeout=20)[1] == []
    fleet.start_worker()
    until(lambda: fleet.effects()["held"] == 2)
    (tmp_path / "go").touch()
    fleet.until_idle()
    assert fleet.job("held").state is JobState.DONE


def test_an_outage_of_the_database_leaves_the_messages_in_the_queue(fleet: CeleryFleet) -> None:
    from sqlalchemy import text

    names = [f"j{number}" for number in range(5)]
    fleet.enqueue(*names)
    until(lambda: fleet.dispatcher.figures.published == 5)
    with fleet.engine.begin() as connection:
        connection.execute(text("ALTER TABLE jobs RENAME TO hidden"))
    worker = fleet.start_worker()
    until(lambda: "goes back to the queue" in worker.log_tail())
    with fleet.engine.begin() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO jobs"))
    fleet.until_idle()
    assert fleet.effects() == Counter(names)


# What a worker takes


def test_a_worker_takes_its_queues_only(fleet: CeleryFleet) -> None:
    fleet.start_worker(queues=["extend", "notify"])
    fleet.enqueue("render")
    fleet.enqueue("extend", kind=JobKind.EXTEND)
    fleet.enqueue("remind", kind=JobKind.REMIND)
    until(lambda: fleet.done(["extend", "remind"]))
    assert fleet.effects() == {"extend": 1, "remind": 1}
    fleet.start_worker(queues=["convert"])
    fleet.until_idle()


def test_processes_follow_the_load(fleet: CeleryFleet, tmp_path: Path) -> None:
    fleet.start_worker(autoscale=[3, 1])
    fleet.enqueue("a", "b", "c", hold=str(tmp_path / "go"))
    until(lambda: len(fleet.effects()) == 3)
    (tmp_path / "go").touch()
    fleet.until_idle()
    assert fleet.effects() == {"a": 1, "b": 1, "c": 1}


def test_a_worker_answers_and_shows_that_it_lives(fleet: CeleryFleet) -> None:
    fleet.start_worker()
    alive = fleet.directory / f"{fleet.workers[0].name}.alive"
    until(alive.exists)
    alive.unlink()
    until(alive.exists)


def test_a_hung_job_is_interrupted_recorded_and_given_up(
    rabbitmq: str, celery_fleet: Callable[..., CeleryFleet], tmp_path: Path
) -> None:
    fleet = celery_fleet(rabbitmq, task_soft_time_limit=1)
    fleet.start()
    fleet.enqueue("hung", hold=str(tmp_path / "never"))
    fleet.until_idle()
    assert (fleet.job("hung").state, fleet.job("hung").attempts) == (JobState.DEAD, 4)
    assert "SoftTimeLimitExceeded" in fleet.job("hung").last_error


def test_a_job_deaf_to_that_is_killed_and_tried_again(rabbitmq: str, celery_fleet: Callable[..., CeleryFleet]) -> None:
    fleet = celery_fleet(rabbitmq, task_soft_time_limit=1, task_time_limit=2)
    fleet.start()
    fleet.enqueue("deaf", stubborn="1")
    fleet.until_idle()
    assert (fleet.job("deaf").state, fleet.job("deaf").attempts) == (JobState.DONE, 1)
    assert len(set(fleet.pids("deaf"))) == 2


def test_quorum_queues(rabbitmq: str, celery_fleet: Callable[..., CeleryFleet]) -> None:
    fleet = celery_fleet(rabbitmq, quorum=True)
    names = [f"j{number}" for number in range(20)]
    fleet.start()
    fleet.enqueue(*names, fail="1")
    fleet.until_idle()
    assert fleet.effects() == Counter([*names, *names])


def test_a_broker_that_never_was_there(celery_fleet: Callable[..., CeleryFleet]) -> None:
    fleet = celery_fleet("amqp://guest:guest@127.0.0.1:1//")
    fleet.enqueue("j1")
    until(lambda: fleet.dispatcher.figures.missed == 1)
    assert not CeleryBroker(fleet.options).reachable()
