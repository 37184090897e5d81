"""``doc-service outages``: the journal of interruptions (002 §7.1.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from doc_service.cli.context import DataOption, JsonOption, LanguageOption, existing_service, language
from doc_service.cli.output import refusals, result
from doc_service.domain.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doc_service.messages.catalog import Catalog
    from doc_service.observability.outages import Downtime, Recorded

app = typer.Typer(help="The journal of interruptions.", no_args_is_help=True)
_YEAR = timedelta(days=365)


@app.callback()
def outages() -> None:
    """The journal of interruptions."""


@app.command("list")
def list_outages(
    since: Annotated[str, typer.Option(help="Day (2026-11-01) or moment, UTC; default: a year ago.")] = "",
    as_json: JsonOption = False,
    lang: LanguageOption = "az",
    data: DataOption = None,
) -> None:
    """Interruptions since a day, and how long each component was out in each month. Exit 1 while one is not over."""
    from doc_service.bootstrap.observing import read_outages
    from doc_service.messages.catalog import Catalog
    from doc_service.observability.outages import report

    with refusals(as_json=as_json):
        now = datetime.now(UTC)
        begin = _moment(since) if since else now - _YEAR
        found = read_outages(existing_service(data), begin)
    months = report(found, now)
    if as_json:
        result({"since": begin.isoformat(), "outages": [_row(o, now) for o in found], "months": _months(months)})
    else:
        _print(found, months, now, Catalog(language(lang)))
    raise typer.Exit(1 if any(o.ended_at is None for o in found) else 0)


def _moment(text: str) -> datetime:
    """Raises ``DomainError`` "outages.bad_since" (value)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DomainError("outages.bad_since", "since", value=text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _row(o: Recorded, now: datetime) -> dict[str, object]:
    return {
        "id": o.id,
        "component": o.component,
        "host": o.host,
        "began_at": o.began_at.isoformat(),
        "ended_at": o.ended_at.isoformat() if o.ended_at else None,
        "seconds": ((o.ended_at or now) - o.began_at).total_seconds(),
        "reason": o.reason,
    }


def _months(months: Sequence[Downtime]) -> list[dict[str, object]]:
    return [
        {"component": m.component, "month": m.month, "outages": m.outages, "seconds": m.total.total_seconds()}
        for m in months
    ]


def _print(found: Sequence[Recorded], months: Sequence[Downtime], now: datetime, catalog: Catalog) -> None:
    if not found:
        typer.echo(catalog.text("outages.none", {}))
        return
    for o in found:
        end = f"{o.ended_at:%Y-%m-%d %H:%M:%S}" if o.ended_at else catalog.text("outages.lasting", {})
        span = _span((o.ended_at or now) - o.began_at)
        typer.echo(f"{o.began_at:%Y-%m-%d %H:%M:%S}  {end:<19}  {span:>10}  {o.component:<10} {o.host}  {o.reason}")
    typer.echo(catalog.text("outages.months", {}))
    for m in months:
        typer.echo(f"{m.month}  {m.component:<10} {m.outages:>5}  {_span(m.total):>10}")


def _span(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
