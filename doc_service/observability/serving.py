"""The port that Prometheus scrapes. It is never the port of the interface: figures about load, queues and failures are
for operators, and a reverse proxy must not be able to hand them out by mistake."""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import Self
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server


class MetricsServer:
    """Serves ``registry`` at /metrics on ``host`` (loopback unless said otherwise) and ``port`` (0: a free one). Raises
    ``OSError`` when the port is taken. A process that is forked while it serves does not keep the port."""

    def __init__(self, registry: CollectorRegistry, port: int, host: str = "127.0.0.1") -> None:
        self._server: WSGIServer
        self._thread: threading.Thread
        self._server, self._thread = start_http_server(port, addr=host, registry=registry)
        self._owner = os.getpid()
        os.register_at_fork(after_in_child=self._let_go)

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def close(self) -> None:
        if os.getpid() == self._owner:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def _let_go(self) -> None:
        self._server.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
