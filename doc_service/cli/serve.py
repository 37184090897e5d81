"""``doc-service up`` and ``doc-service migrate``."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import typer

from doc_service.cli.context import DataOption, load_settings
from doc_service.cli.output import refusals, say
from doc_service.domain.errors import ConflictError, DomainError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from doc_service.api.hub import Hub

_BACKLOG = 2048
_GRACE = 30
"""Seconds that answers under way have at the end."""

_IDLE = 75
"""Seconds an idle connection stays open: longer than the proxy's 65 and than a signer's turn takes. A connection
closed at the moment of the next POST is a lost answer to the client, and few clients repeat a POST by themselves."""


def up(data: DataOption = None) -> None:
    """Serve with the settings of the environment; the embedded default needs none."""
    with refusals(), _ended_by_signal():
        settings = load_settings(data)
        with listening(settings.host, settings.port) as listener:
            from doc_service.api.app import Observed, create_app
            from doc_service.bootstrap import open_container
            from doc_service.bootstrap.observed import open_observability
            from doc_service.bootstrap.observing import watch_service
            from doc_service.observability.logs import configure_logging

            configure_logging(settings.log_format, settings.log_level)
            with (
                open_observability(settings, service="api") as watched,
                open_container(settings, observed=watched) as service,
            ):
                service.require_whole_log()
                service.start()
                with watch_service(service, watched) as health:
                    say(f"http://{settings.host}:{listener.getsockname()[1]}")
                    app = create_app(service, Observed(watched.watch, health))
                    _run(app, app.state.api.hub, listener)


def migrate(data: DataOption = None) -> None:
    """Bring the database to this version's schema; safe to repeat and to run on several machines at once."""
    from doc_service.bootstrap import migrate_database

    with refusals():
        revision = migrate_database(load_settings(data))
    typer.echo(revision)


def _run(app: FastAPI, streams: Hub, listener: socket.socket) -> None:
    """Until a signal. Event streams end then, at once: a server waits for connections to end, and theirs would not."""
    import uvicorn

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=_IDLE,
    )
    server = uvicorn.Server(config)
    streams.stop_when(lambda: server.should_exit)
    server.run(sockets=[listener])


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket, taken before anything else starts. Its protocol is named: asyncio turns Nagle's algorithm
    off only then, and with it an answer's body waits up to 40 ms for the client's acknowledgement of the header.
    Raises ``ConflictError`` "cli.port_taken" and ``DomainError`` "cli.cannot_listen"."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(_BACKLOG)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ConflictError("cli.port_taken", "port", host=host, port=port) from None
            reason = error.strerror or str(error)
            raise DomainError("cli.cannot_listen", "host", host=host, port=port, reason=reason) from None
        yield listener


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """SIGTERM and SIGINT end the block in order, with exit code 0. uvicorn raises the signal that stopped it once
    more when it is done, which would end the process before LibreOffice and the job runner are stopped."""

    def end(number: int, frame: FrameType | None) -> None:
        raise typer.Exit(0)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
