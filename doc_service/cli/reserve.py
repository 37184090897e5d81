"""``doc-service archive reconcile`` and ``archive lag``: the reserve centre beside the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from doc_service.cli.context import DataOption, JsonOption, existing_service
from doc_service.cli.output import UNUSABLE, refusals, result, say, tell
from doc_service.domain.errors import NotFoundError

if TYPE_CHECKING:
    from doc_service.bootstrap.container import Container
    from doc_service.bootstrap.reserve import ReserveCentre
    from doc_service.services.reconcile_archive import Finding, Reconciliation

OPERATOR = "operator"


def register(app: typer.Typer) -> None:
    """Adds the commands to ``archive``."""
    app.command()(reconcile)
    app.command()(lag)


def reconcile(
    repair: Annotated[bool, typer.Option("--repair", help="Repair what is found; else only tell.")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Read and check every byte of both.")] = False,
    after: Annotated[str, typer.Option("--after", metavar="KEY", help="Go on after this key.")] = "",
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Compare the archive with the reserve centre: exit 0 both hold the same, 1 not, 2 a store did not answer."""
    from rich.console import Console

    from doc_service.bootstrap import open_container

    console = Console(stderr=True)

    def progress(stage: str, done: int, total: int) -> None:
        if console.is_terminal:
            console.print(f"{stage} {done}", end="\r", highlight=False)
        elif done:
            say(f"{stage} {done}")

    with refusals(as_json=as_json), open_container(existing_service(data), services=False) as service:
        centre = centre_of(service)
        done = centre.reconcile(
            OPERATOR, repair=repair, deep=deep, after=after, progress=progress, tell=_silent if as_json else _line
        )
    if as_json:
        result(done.as_json())
    else:
        _summary(done)
    raise typer.Exit(UNUSABLE if done.stopped else 0 if done.sound else 1)


def lag(as_json: JsonOption = False, data: DataOption = None) -> None:
    """Show how far the reserve centre is behind: changes that wait, age of the oldest, last success."""
    from doc_service.bootstrap import open_container

    with refusals(as_json=as_json), open_container(existing_service(data), services=False) as service:
        found = centre_of(service).lag()
    if as_json:
        result(found.as_json())
        return
    times = found.times
    last = times.last_success.isoformat(timespec="seconds") if times.last_success else "-"
    tell("reserve.lag", pending=times.pending, dead=times.dead, seconds=round(found.age.total_seconds()), last=last)


def centre_of(service: Container) -> ReserveCentre:
    """``NotFoundError`` "reserve.not_configured" when the service has none."""
    if service.parts.reserve is None:
        raise NotFoundError("reserve.not_configured", "reserve_url")
    return service.parts.reserve


def _line(finding: Finding) -> None:
    typer.echo(f"{finding.kind:<10} {finding.side:<8} {finding.outcome or '-':<24} {finding.key}")


def _silent(finding: Finding) -> None:
    """They stand in the report."""


def _summary(done: Reconciliation) -> None:
    from doc_service.services.reconcile_archive import REPAIRED

    tell(
        "reserve.reconciled" if done.repair else "reserve.compared",
        compared=done.compared, found=done.found, repaired=done.outcomes[REPAIRED], awaited=done.awaited,
    )  # fmt: skip
    if done.stopped:
        tell("reserve.stopped", reason=done.stopped, key=done.last_key or "-")
