"""What breaks: each function makes one fault again and again while documents are in flight."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import amqp
import psutil
import psycopg

from doc_service.domain.jobs import Job, JobKind
from doc_service.jobs.celery_app import BrokerOptions
from doc_service.jobs.celery_broker import CeleryBroker
from doc_service.jobs.contract import BrokerUnavailable
from doc_service.jobs.queues import Queue
from doc_service.system import SystemClock
from tools.chaos.stage import Stage

LONG = 45.0
"""Seconds: longer than the journal of outages waits before it calls something out."""


def kill_api(stage: Stage) -> None:
    """The interface and, in turn, the processes that run its use cases; somebody asks it all the time."""
    assert stage.api is not None
    with _asking(stage):
        for turn in range(8):
            _until_served(stage)
            stage.api.kill()
            stage.did("kill -9 API")
            stage.clients[turn % len(stage.clients)].kill()
            stage.did("kill -9 process with use cases")
            if not stage.rest(2):
                break


def _until_served(stage: Stage) -> None:
    """A process that is killed before it serves proves nothing."""
    until = time.monotonic() + 60
    while _answer(stage.api_port, "GET", "/health/live", None) != "200" and time.monotonic() < until:
        time.sleep(0.5)


def kill_workers(stage: Stage) -> None:
    """A worker's whole group, or one process of its pool."""
    for turn in range(9):
        kept = stage.workers[turn % 2]
        children = stage.pool_processes(turn % 2)
        if turn % 3 == 2 and children:
            stage.chance.choice(children).kill()
            stage.did("kill -9 process of a worker's pool")
        else:
            kept.kill()
            stage.did("kill -9 worker with all its processes")
        if not stage.rest(9):
            break


def kill_offices(stage: Stage) -> None:
    """LibreOffice of all workers, as long as something is to be rendered."""
    for _ in range(16):
        victims = stage.offices()
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        if victims:
            stage.did("kill -9 LibreOffice", len(victims))
        if not stage.rest(3):
            break


def kill_broker(stage: Stage) -> None:
    """RabbitMQ killed and started, its queues purged, and once away for long."""
    rabbitmq = stage.parts.rabbitmq
    assert rabbitmq is not None
    for pause in (1.0, 3.0):
        rabbitmq.kill()
        stage.did("kill -9 RabbitMQ")
        time.sleep(pause)
        rabbitmq.start()
        stage.rest(6)
        purge(stage)
        stage.rest(6)
    rabbitmq.kill()
    stage.did("kill -9 RabbitMQ, away 45 s")
    stage.expected_outages.add("broker")
    time.sleep(LONG)
    rabbitmq.start()
    stage.rest(6)
    purge(stage)


def purge(stage: Stage) -> None:
    """All messages of all queues are gone."""
    assert stage.parts.rabbitmq is not None
    lost = 0
    with amqp.Connection(f"127.0.0.1:{stage.parts.rabbitmq.port}", "guest", "guest") as link:
        link.connect()
        channel = link.channel()
        for queue in Queue:
            with suppress(amqp.NotFound):
                lost += int(channel.queue_purge(BrokerOptions("").queue_name(queue)))
    stage.did("purge of all queues")
    stage.found["purged"] = int(str(stage.found.get("purged", 0))) + lost


def kill_database(stage: Stage) -> None:
    """PostgreSQL killed like by a power failure, restarted in order, and once away for long."""
    server = stage.parts.postgres
    assert server is not None
    for turn in range(6):
        if turn % 2:
            server.stop()
            stage.did("fast restart of PostgreSQL")
        else:
            stage.did("kill -9 PostgreSQL")
            server.kill()
        time.sleep(stage.chance.uniform(0, 3))
        server.start()
        if not stage.rest(7):
            break
    stage.did("kill -9 PostgreSQL, away 45 s")
    stage.expected_outages.add("database")
    server.kill()
    time.sleep(LONG)
    server.start()
    stage.rest(5)


def lose_archive(stage: Stage) -> None:
    """MinIO away for a minute, then there without answering for 20 s."""
    server = stage.parts.minio
    assert server is not None
    server.kill()
    stage.did("kill -9 MinIO, away 60 s")
    stage.expected_outages.add("archive")
    time.sleep(60)
    server.start()
    stage.rest(8)
    server.freeze()
    stage.did("MinIO frozen 20 s")
    time.sleep(20)
    server.thaw()
    stage.rest(5)


def lose_reserve(stage: Stage) -> None:
    """Before anything is rendered; it stays away until all documents are archived."""
    assert stage.parts.reserve is not None
    stage.parts.reserve.kill()


def watch_lag(stage: Stage) -> None:
    """The changes that wait for the reserve grow."""
    stage.did("reserve centre away all the time")
    stage.expected_outages.add("reserve")
    highest = 0
    while stage.flying:
        highest = max(highest, waiting_for_reserve(stage))
        time.sleep(2)
    stage.found["lag_highest"] = max(highest, waiting_for_reserve(stage))


def drain(stage: Stage) -> None:
    """The reserve is back: everything follows."""
    assert stage.parts.reserve is not None
    time.sleep(5)
    stage.parts.reserve.start()
    began = time.monotonic()
    stage.wait("draining", lambda f: f.ready == 0, 400)
    stage.found["drained_seconds"] = round(time.monotonic() - began)


def waiting_for_reserve(stage: Stage) -> int:
    with stage.connect() as connection:
        found = connection.execute(
            "SELECT count(*) FROM jobs WHERE kind = 'replicate' AND state = 'ready'"
        ).fetchone()  # fmt: skip
    assert found is not None
    return int(str(found[0]))


def deliver_twice(stage: Stage) -> None:
    """Every job's message again and again, and what workers hold delivered anew because their channels are cut."""
    with duplicating(stage, 2):
        stage.rest(10)
        for _ in range(3):
            cut_channels(stage)
            stage.rest(6)
    with duplicating(stage, 10):
        while stage.rest(3):
            pass


@contextmanager
def duplicating(stage: Stage, times: int) -> Iterator[None]:
    """Publishes the message of each job ``times`` more, soon after it was asked for, done or not."""
    stop = threading.Event()
    thread = threading.Thread(target=_duplicate, args=(stage, times, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


def _duplicate(stage: Stage, times: int, stop: threading.Event) -> None:
    known: set[str] = set()
    while not stop.is_set():
        with suppress(psycopg.Error, BrokerUnavailable):
            with stage.connect() as connection:
                fresh = connection.execute("SELECT id, kind FROM jobs ORDER BY rowno").fetchall()
            publish_again(stage, [(str(i), str(k)) for i, k in fresh if i not in known], times)
            known |= {str(i) for i, _ in fresh}
        stop.wait(1)


def publish_again(stage: Stage, jobs: list[tuple[str, str]], times: int) -> None:
    assert stage.parts.rabbitmq is not None
    broker = CeleryBroker(BrokerOptions(stage.parts.rabbitmq.url))
    try:
        for _ in range(times):
            broker.publish([Job(i, JobKind(k), i, SystemClock().now()) for i, k in jobs])
    finally:
        broker.close()
    if jobs:
        stage.did(f"a message published again, each {times} times", len(jobs) * times)


def all_again(stage: Stage) -> None:
    """After everything is done: the message of every job once more, and nothing changes."""
    with stage.connect() as connection:
        jobs = connection.execute("SELECT id, kind FROM jobs").fetchall()
    publish_again(stage, [(str(i), str(k)) for i, k in jobs], 2)
    assert stage.parts.rabbitmq is not None
    broker = CeleryBroker(BrokerOptions(stage.parts.rabbitmq.url))
    until = time.monotonic() + 240
    while sum(broker.depths().values()) and time.monotonic() < until:
        time.sleep(1)
    broker.close()


def cut_channels(stage: Stage) -> None:
    """Every connection is closed by the broker: what was not acknowledged is delivered again."""
    assert stage.parts.rabbitmq is not None
    stage.parts.rabbitmq.ctl("close_all_connections", "fault test")
    stage.did("all connections of the broker cut")


@contextmanager
def _asking(stage: Stage) -> Iterator[None]:
    """Somebody asks for readiness and verifies a file, all the time; what came of it is counted."""
    answers: Counter[str] = Counter()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            for method, path, body in (("GET", "/health/ready", None), ("POST", "/verify", b"%PDF-1.7 nothing")):
                answers[f"{path} {_answer(stage.api_port, method, path, body)}"] += 1
            stop.wait(0.5)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        stage.found["answers"] = dict(answers)


def _answer(port: int, method: str, path: str, body: bytes | None) -> str:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        link.request(method, path, body)
        return str(link.getresponse().status)
    except (OSError, http.client.HTTPException):
        return "none"
    finally:
        link.close()


def everything(stage: Stage) -> None:
    """Short faults of all kinds in an order that the seed gives, one after the other without much rest."""
    faults: list[Callable[[Stage], None]] = [
        _api_once, _worker_once, _worker_once, _office_once, _broker_once, purge, _database_once, _archive_once,
        _archive_frozen, _reserve_once, cut_channels, _beat_once,
    ]  # fmt: skip
    with duplicating(stage, 2):
        for _ in range(2):
            stage.chance.shuffle(faults)
            for fault in faults:
                fault(stage)
                if not stage.rest(stage.chance.uniform(0.5, 4)):
                    return


def in_turn(stage: Stage) -> None:
    """One of each, for the gate."""
    with duplicating(stage, 2):
        for fault in (
            _worker_once, _office_once, _reserve_once, _broker_once, _api_once, _database_once, _archive_once,
            cut_channels, purge, _worker_once,
        ):  # fmt: skip
            fault(stage)
            stage.rest(1)


def _api_once(stage: Stage) -> None:
    assert stage.api is not None
    stage.api.kill()
    stage.chance.choice(stage.clients).kill()
    stage.did("kill -9 API and a process with use cases")


def _beat_once(stage: Stage) -> None:
    assert stage.beat is not None
    stage.beat.kill()
    stage.did("kill -9 beat")


def _worker_once(stage: Stage) -> None:
    stage.did("kill -9 worker with all its processes")
    stage.chance.choice(stage.workers).kill()


def _office_once(stage: Stage) -> None:
    for victim in stage.offices():
        with suppress(psutil.NoSuchProcess):
            victim.kill()
    stage.did("kill -9 LibreOffice")


def _broker_once(stage: Stage) -> None:
    assert stage.parts.rabbitmq is not None
    stage.parts.rabbitmq.kill()
    stage.did("kill -9 RabbitMQ")
    time.sleep(1)
    stage.parts.rabbitmq.start()


def _database_once(stage: Stage) -> None:
    assert stage.parts.postgres is not None
    stage.did("kill -9 PostgreSQL")
    stage.parts.postgres.kill()
    time.sleep(1)
    stage.parts.postgres.start()


def _archive_once(stage: Stage) -> None:
    assert stage.parts.minio is not None
    stage.did("kill -9 MinIO, away 8 s")
    stage.parts.minio.kill()
    time.sleep(8)
    stage.parts.minio.start()


def _archive_frozen(stage: Stage) -> None:
    assert stage.parts.minio is not None
    stage.did("MinIO frozen 5 s")
    stage.parts.minio.freeze()
    time.sleep(5)
    stage.parts.minio.thaw()


def _reserve_once(stage: Stage) -> None:
    assert stage.parts.reserve is not None
    stage.did("kill -9 reserve centre, away 8 s")
    stage.parts.reserve.kill()
    time.sleep(8)
    stage.parts.reserve.start()
