"""``doc-service storage``: set up the archive's bucket, and make a store prove what it promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from doc_service.cli.context import JsonOption, load_settings
from doc_service.cli.output import refusals, result, say, tell
from doc_service.domain.errors import DomainError

if TYPE_CHECKING:
    from storage.report import CheckReport

app = typer.Typer(help="The stores behind the archive.", no_args_is_help=True)
UrlArgument = Annotated[
    str, typer.Argument(help="s3+https://host[:port]/bucket\\[/prefix][?region=…] or file:///path.")
]
ReserveOption = Annotated[bool, typer.Option("--reserve", help="With the reserve centre's credentials.")]


@app.command()
def check(url: UrlArgument, reserve: ReserveOption = False, as_json: JsonOption = False) -> None:
    """Try what must not be possible, with the service's own credentials: exit 0 all holds, 1 not, 2 not usable.

    A few small objects stay under storage-check/ until the bucket's life-cycle rule removes them."""
    from doc_service.bootstrap.proving import check as prove
    from doc_service.system import SystemClock

    with refusals(as_json=as_json):
        report = prove(load_settings(), SystemClock(), url, reserve=reserve)
    if as_json:
        result(report.as_json())
    else:
        _show(report)
    raise typer.Exit(1 if report.failures else 0)


@app.command()
def setup(
    url: UrlArgument,
    principal: Annotated[
        list[str] | None,
        typer.Option("--principal", metavar="ROLE=ARN", help="User that exists, for the bucket's policy (Ceph)."),
    ] = None,
    reserve: ReserveOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the bucket with object lock, its life-cycle rules and least-privilege policies; safe to repeat.

    Needs DOC_SERVICE_STORAGE_ADMIN_ACCESS_KEY and DOC_SERVICE_STORAGE_ADMIN_SECRET_KEY (or …_FILE). Without --principal
    the users of the service's credentials are made on the server (MinIO)."""
    from doc_service.bootstrap.proving import environment, set_up

    with refusals(as_json=as_json):
        steps = set_up(load_settings(), environment(), url, _principals(principal or []), reserve=reserve)
    if as_json:
        result([{"step": step.name, "outcome": step.outcome} for step in steps])
        return
    for step in steps:
        typer.echo(f"{step.name:<44} {step.outcome}")


def _principals(words: list[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    wrong = [word for word, (role, _, arn) in zip(words, pairs, strict=True) if not role or not arn]
    if wrong:
        raise DomainError("cli.settings", "principal", problem=f"ROLE=ARN: {wrong[0]}")
    return {role: arn for role, _, arn in pairs}


def _show(report: CheckReport) -> None:
    for finding in report.findings:
        typer.echo(f"{'holds' if finding.holds else 'FAILS':<6} {finding.check:<22} {finding.detail}")
    for check in report.failures:
        say(check)
        tell(f"storage.limit_{check}")
