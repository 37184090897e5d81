"""``doc-service up`` and ``doc-service migrate``."""

from __future__ import annotations

import typer
import uvicorn

from doc_service.api.app import create_app
from doc_service.bootstrap import migrate_database, open_container
from doc_service.cli.context import DataOption, load_settings
from doc_service.cli.output import refusals, say


def up(data: DataOption = None) -> None:
    """Serve with the settings of the environment; the embedded default needs none."""
    with refusals():
        settings = load_settings(data)
        with open_container(settings) as service:
            service.runner.start()
            say(f"http://{settings.host}:{settings.port}")
            uvicorn.run(create_app(service), host=settings.host, port=settings.port, log_level="warning")


def migrate(data: DataOption = None) -> None:
    """Bring the database to this version's schema; safe to repeat and to run on several machines at once."""
    with refusals():
        revision = migrate_database(load_settings(data))
    typer.echo(revision)
