"""Starts the servers that the tests share, once: ``python -m tools.servers.session COMMAND …``.

The command gets their addresses as ``DOC_SERVICE_TEST_<NAME>_URL``; without them each test process would start its own.
The exit code is the command's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from tools.servers.minio import Minio
from tools.servers.postgres import PostgresServer
from tools.servers.process import scratch
from tools.servers.rabbitmq import RabbitMq
from tools.servers.redis import RedisServer


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    place = scratch("servers")
    try:
        with ExitStack() as stack:
            return subprocess.run(command, env={**os.environ, **_started(place, stack)}, check=False).returncode
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _started(place: Path, stack: ExitStack) -> Mapping[str, str]:
    """All at once, in threads that live as long as the servers, which end with whoever started them. Ceph's gateway
    is started by the tests themselves, since they make accounts on it with its own tools."""
    makers: dict[str, Callable[[], PostgresServer | Minio | RabbitMq | RedisServer]] = {
        "POSTGRES": lambda: PostgresServer(place / "postgres"),
        "MINIO": lambda: Minio(place / "minio"),
        "RABBITMQ": lambda: RabbitMq(place / "rabbitmq"),
        "REDIS": lambda: RedisServer(place / "redis"),
    }
    pool = stack.enter_context(ThreadPoolExecutor(len(makers)))
    servers = {name: make() for name, make in makers.items()}
    for server in servers.values():
        stack.callback(server.stop)
    for future in [pool.submit(server.start) for server in servers.values()]:
        future.result()
    return {f"DOC_SERVICE_TEST_{name}_URL": _url(server) for name, server in servers.items()}


def _url(server: PostgresServer | Minio | RabbitMq | RedisServer) -> str:
    if isinstance(server, PostgresServer):
        return server.url("postgres")
    if isinstance(server, Minio):
        scheme, _, rest = server.url.partition("://")
        return f"{scheme}://{quote(server.access_key, safe='')}:{quote(server.secret_key, safe='')}@{rest}"
    return server.url


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
