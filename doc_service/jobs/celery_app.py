"""Celery, configured for hints over an outbox: what each number is for is said beside it, and in ADR 0014."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import Celery
from kombu.entity import Exchange
from kombu.entity import Queue as KombuQueue

from doc_service.jobs.queues import Queue

TASK = "doc_service.run"
SOFT_LIMIT = timedelta(minutes=18)
"""The handler is interrupted and the job recorded as failed, to be tried again. LibreOffice and every network call have
shorter time-outs of their own, so only a fault of the program gets here."""
HARD_LIMIT = timedelta(minutes=20)
"""The process is killed; its lease runs out. Below RabbitMQ's ``consumer_timeout`` (30 minutes), which would close the
channel of a worker that holds a message longer."""
VISIBILITY = timedelta(minutes=25)
"""Redis gives an unacknowledged message to another worker after this; longer than the hard limit, so that none is given
away while its job runs (which would do no harm)."""
_CONNECT_SECONDS = 4.0
_TASKS_PER_CHILD = 1000
_KIB_PER_CHILD = 1_048_576
"""A gibibyte; a process that grew beyond it is replaced between two jobs."""


@dataclass(frozen=True, slots=True)
class BrokerOptions:
    """``url``: amqp://, amqps://, redis:// or rediss://. ``namespace`` begins the names of all queues and keys, so that
    several services may share a broker. ``quorum``: replicated queues, for a RabbitMQ cluster; a single server's
    durable queues lose nothing in a restart either."""

    url: str
    namespace: str = "doc-service"
    quorum: bool = False

    @property
    def redis(self) -> bool:
        return self.url.startswith(("redis:", "rediss:"))

    def queue_name(self, queue: str) -> str:
        return f"{self.namespace}.{queue}"

    def queue(self, queue: str) -> Any:
        """Durable, on the default exchange: it needs no binding that could get lost."""
        arguments = {"x-queue-type": "quorum"} if self.quorum and not self.redis else {}
        name = self.queue_name(queue)
        exchange = Exchange("")  # type: ignore[no-untyped-call]
        return KombuQueue(name, exchange, name, durable=True, queue_arguments=arguments)  # type: ignore[no-untyped-call]


def make_celery(options: BrokerOptions) -> Celery:
    """The application that publishers and workers share. It has no result backend: the row is the result. Messages
    hold one job id as JSON; nothing else is accepted, so whoever can write to the broker can only hint."""
    app = Celery(options.namespace, broker=options.url, set_as_current=False)
    app.conf.update(
        task_queues=[options.queue(queue) for queue in Queue],
        task_default_queue=options.queue_name(Queue.ARCHIVE),
        task_create_missing_queues=False,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        enable_utc=True,
        **_delivery(),
        **_connection(options),
        **_processes(),
        control_exchange=f"{options.namespace}.control",
        event_exchange=f"{options.namespace}.events",
    )
    return app


def _delivery() -> dict[str, Any]:
    """A message is acknowledged when its job has ended, and a worker holds no more than it runs: what a dead worker
    held goes to another at once, and a long job delays nobody's message. A message whose process died is given back
    too; the lease decides when the job may run again."""
    return {
        "task_acks_late": True,
        "task_acks_on_failure_or_timeout": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_soft_time_limit": SOFT_LIMIT.total_seconds(),
        "task_time_limit": HARD_LIMIT.total_seconds(),
    }


def _connection(options: BrokerOptions) -> dict[str, Any]:
    """A worker tries for ever to reach its broker, and notices a silent one after two missed heartbeats of 10 s. The
    jobs it runs meanwhile end: their rows, not their messages, count."""
    redis: dict[str, Any] = {
        "visibility_timeout": VISIBILITY.total_seconds(),
        "global_keyprefix": f"{options.namespace}:",
        "socket_connect_timeout": _CONNECT_SECONDS,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
    return {
        "broker_connection_timeout": _CONNECT_SECONDS,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,
        "broker_heartbeat": 10,
        "broker_transport": "doc_service.jobs.redis_transport:Transport" if options.redis else None,
        "broker_transport_options": redis if options.redis else {},
        "worker_cancel_long_running_tasks_on_connection_loss": False,
    }


def _processes() -> dict[str, Any]:
    """Processes are replaced now and then, whatever leaks. A new one may take a minute to open its parts (database,
    trust anchors) before the worker takes it for dead; 4 s is Celery's default."""
    return {
        "worker_max_tasks_per_child": _TASKS_PER_CHILD,
        "worker_max_memory_per_child": _KIB_PER_CHILD,
        "worker_proc_alive_timeout": 60.0,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_send_task_events": False,
    }
