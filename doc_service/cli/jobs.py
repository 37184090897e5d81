"""``doc-service jobs``: what the outbox holds, and a new start for what was given up."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from doc_service.cli.context import DataOption, JsonOption, existing_service
from doc_service.cli.output import refusals, result, say

app = typer.Typer(help="Background work.", no_args_is_help=True)
OPERATOR = "operator"


@app.command("list")
def list_jobs(as_json: JsonOption = False, data: DataOption = None) -> None:
    """Jobs that wait, run, or were given up, with their last error."""
    from doc_service.bootstrap import open_container

    with (
        refusals(as_json=as_json),
        open_container(existing_service(data), services=False) as service,
        service.work.uow.reading() as uow,
    ):
        jobs = [*uow.jobs.pending(), *uow.jobs.dead()]
    rows = [
        {"id": j.id, "key": j.key, "state": str(j.state), "attempts": j.attempts, "last_error": j.last_error}
        for j in jobs
    ]
    if as_json:
        result(list(rows))
        return
    for row in rows:
        typer.echo(f"{row['state']:<6} {row['key']:<40} {row['attempts']:>3} {row['last_error']}")


@app.command()
def retry(
    job: Annotated[str, typer.Argument(help="Job id; empty: all that were given up.")] = "",
    wait: Annotated[int, typer.Option(min=0, help="Seconds to work on them here.")] = 60,
    data: DataOption = None,
) -> None:
    """Give jobs that were given up a new start and run them here for a while: exit 1 when some are given up again."""
    from doc_service.bootstrap import open_container

    with refusals(), open_container(existing_service(data)) as service:
        revived = service.use_cases.revive_jobs(OPERATOR, job)
        service.jobs.run_until_idle(timedelta(seconds=wait))
        with service.work.uow.reading() as uow:
            dead = uow.jobs.dead()
    say(f"{len(revived)} / {len(dead)}")
    raise typer.Exit(1 if dead else 0)
