"""Puts the commands together."""

from __future__ import annotations

import typer

from doc_service.cli import (
    agent,
    archive,
    audit,
    backup,
    copies,
    instruments,
    jobs,
    outages,
    packages,
    registry,
    serve,
    storage,
    user,
    worker,
)
from doc_service.cli.demo import demo
from doc_service.cli.instruments import render
from doc_service.cli.sign import sign
from doc_service.cli.verify import verify

app = typer.Typer(
    name="doc-service",
    help="Official instruments, PAdES signatures, and an archive that can be audited.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve.up)
app.command()(demo)
app.command()(render)
app.command()(sign)
app.command()(verify)
app.command()(serve.migrate)
app.command()(worker.worker)
app.command()(worker.beat)
app.command()(backup.restore)
app.add_typer(agent.app, name="agent")
app.add_typer(instruments.app, name="instruments")
app.add_typer(archive.app, name="archive")
app.add_typer(copies.app, name="copy")
app.add_typer(packages.app, name="package")
app.add_typer(audit.app, name="audit")
app.add_typer(jobs.app, name="jobs")
app.add_typer(outages.app, name="outages")
app.add_typer(registry.app, name="registry")
app.add_typer(storage.app, name="storage")
app.add_typer(backup.app, name="backup")
app.add_typer(user.app, name="user")


def main() -> None:
    """Entry point of the installed program."""
    app()
