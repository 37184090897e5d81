"""Runs the localhost service until it is told to stop."""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from doc_service.agent.approvals import Approvals
from doc_service.agent.confirm import Confirmer
from doc_service.agent.held_key import HeldKey
from doc_service.agent.keys import KeySource
from doc_service.agent.local_app import LocalService, create_app
from doc_service.agent.pairing import Pairing
from doc_service.domain.errors import ConflictError, DomainError

HOST = "127.0.0.1"
PORTS = range(28561, 28571)
"""Where the page looks for an agent."""


class Server(uvicorn.Server):
    """Ends in order, with nothing raised: uvicorn's own handling sends the signal once more, which would end the
    process before the token is logged out."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @contextmanager
    def ended_by_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM end ``run``, also one that comes while it starts."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@dataclass(frozen=True, slots=True)
class LocalAgent:
    """``origins`` of the services that may speak with the agent; ``pin_seconds``: how long the key stays open."""

    source: KeySource
    confirmer: Confirmer
    origins: frozenset[str]
    pin_seconds: float

    @contextmanager
    def server(self, listener: socket.socket) -> Iterator[Server]:
        """A server to ``run`` on ``listener``; the key is closed afterwards."""
        key = HeldKey(self.source, self.confirmer, self.pin_seconds)
        service = LocalService(
            Pairing(self.confirmer, time.monotonic), Approvals(self.confirmer, time.monotonic), key, self.confirmer
        )
        app = create_app(service, port=listener.getsockname()[1], origins=self.origins)
        try:
            yield Server(
                uvicorn.Config(
                    app, log_config=None, access_log=False, server_header=False, lifespan="off", ws="none",
                    limit_concurrency=32, timeout_graceful_shutdown=2, proxy_headers=False,
                )
            )  # fmt: skip
        finally:
            key.abandon()


@contextmanager
def listening(port: int | None) -> Iterator[socket.socket]:
    """A socket on the loopback interface alone: on ``port``, or (None) on the first of ``PORTS`` that is free.

    Raises ``ConflictError`` "agent.port_taken" (port), ``DomainError`` "agent.cannot_listen" (reason)."""
    with socket.socket() as listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wanted = PORTS if port is None else (port,)
        for candidate in wanted:
            try:
                listener.bind((HOST, candidate))
                break
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise DomainError("agent.cannot_listen", "port", reason=error.strerror or "") from None
        else:
            raise ConflictError("agent.port_taken", "port", port=wanted[0])
        listener.listen(64)
        yield listener
