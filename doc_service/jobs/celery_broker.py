"""``Broker`` over Celery: RabbitMQ with publisher confirms, or Redis."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from celery import Celery
from kombu.exceptions import KombuError

from doc_service.domain.jobs import Job
from doc_service.jobs.celery_app import TASK, BrokerOptions, make_celery
from doc_service.jobs.contract import BrokerUnavailable
from doc_service.jobs.queues import QUEUE_OF, Queue

_T = TypeVar("_T")
_SECONDS = 3.0
"""How long one answer of the broker may take. A confirmation needs milliseconds; a disk that is busy, a second."""


class CeleryBroker:
    """One connection, made when it is needed and made anew when it is broken; calls of several threads wait for each
    other. A connection that was good before is tried anew once: it may have been cut while nobody used it.

    Must not be used on both sides of ``fork`` once it is connected.
    """

    def __init__(self, options: BrokerOptions, app: Celery | None = None) -> None:
        self._options = options
        self._app = app or make_celery(options)
        self._lock = threading.Lock()
        self._producer: Any = None

    def publish(self, jobs: Sequence[Job]) -> None:
        """``Broker.publish``."""
        if jobs:
            self._call(lambda producer: self._send(producer, jobs))

    def depth(self, queue: str) -> int:
        """``Broker.depth``. Makes the queue when it is not there: a message to a queue that was removed would be
        confirmed and dropped."""
        declared = self._options.queue(queue)

        def ask(producer: Any) -> int:
            answer = producer.channel.queue_declare(
                queue=declared.name, durable=True, exclusive=False, auto_delete=False,
                arguments=declared.queue_arguments or None,
            )  # fmt: skip
            return int(answer.message_count)

        return self._call(ask)

    def depths(self) -> dict[Queue, int]:
        """Of all queues; for metrics."""
        return {queue: self.depth(queue) for queue in Queue}

    def reachable(self) -> bool:
        """Whether the broker answers now."""
        try:
            self.depth(Queue.NOTIFY)
        except BrokerUnavailable:
            return False
        return True

    def close(self) -> None:
        """It may be used again, and connects then."""
        with self._lock:
            self._disconnect()

    def _send(self, producer: Any, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._app.send_task(
                TASK, (job.id,), queue=self._options.queue_name(QUEUE_OF[job.kind]), producer=producer,
                retry=False, ignore_result=True, timeout=_SECONDS, confirm_timeout=_SECONDS,
            )  # fmt: skip

    def _call(self, work: Callable[[Any], _T]) -> _T:
        with self._lock:
            fresh = self._producer is None
            try:
                return self._once(work)
            except BrokerUnavailable:
                if fresh:
                    raise
            return self._once(work)

    def _once(self, work: Callable[[Any], _T]) -> _T:
        try:
            return work(self._producer or self._connect())
        except _errors(self._app) as error:
            self._disconnect()
            raise BrokerUnavailable(f"{type(error).__name__}: {error}") from error
        except BaseException:
            self._disconnect()
            raise

    def _connect(self) -> Any:
        connection: Any = self._app.connection_for_write(
            heartbeat=0, connect_timeout=_SECONDS, transport_options=self._transport_options()
        )
        try:
            connection.connect()
            producer = self._app.amqp.Producer(connection.channel(), auto_declare=False)
        except BaseException:
            _close(connection)
            raise
        self._producer = producer
        return producer

    def _transport_options(self) -> dict[str, Any]:
        if self._options.redis:
            return {"socket_timeout": _SECONDS, "retry_on_timeout": False}
        return {"confirm_publish": True, "read_timeout": _SECONDS, "write_timeout": _SECONDS}

    def _disconnect(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            _close(producer.connection)


def _close(connection: Any) -> None:
    """Without the farewell that a broken connection would wait for."""
    with suppress(Exception):
        connection.collect(socket_timeout=0.5)


def _errors(app: Celery) -> tuple[type[BaseException], ...]:
    with app.connection_for_write() as connection:
        return (*connection.connection_errors, *connection.channel_errors, KombuError, OSError)
