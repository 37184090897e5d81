"""RabbitMQ and Redis for the session: the one that the gate has started, or one of our own.

``DOC_SERVICE_TEST_RABBITMQ_URL`` and ``DOC_SERVICE_TEST_REDIS_URL`` name servers that already run. Every test takes a
namespace of its own (``broker_options``), so that many share one server.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator

import pytest

from doc_service.jobs.celery_app import BrokerOptions
from tools.servers.rabbitmq import RabbitMq
from tools.servers.redis import RedisServer


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a RabbitMQ that every test leaves running."""
    given = os.environ.get("DOC_SERVICE_TEST_RABBITMQ_URL")
    if given:
        yield given
        return
    with RabbitMq(tmp_path_factory.mktemp("rabbitmq")) as server:
        yield server.url


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Redis that every test leaves running."""
    given = os.environ.get("DOC_SERVICE_TEST_REDIS_URL")
    if given:
        yield given
        return
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def broker_options() -> Callable[[str], BrokerOptions]:
    """Queues of a name that nobody else has, on the broker of the URL."""
    return lambda url: BrokerOptions(url, namespace=f"t-{secrets.token_hex(6)}")
