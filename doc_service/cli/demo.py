"""``doc-service demo``: the whole path, with progress while it runs and a table of stage times at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doc_service.cli.context import JsonOption, load_settings
from doc_service.cli.output import refusals, result, say
from doc_service.cli.progress import STAGE_TITLES, progress

if TYPE_CHECKING:
    from rich.console import Console


def demo(
    out: Annotated[Path, typer.Option("--out", help="Directory for the results and the demo's own data.")],
    keys: Annotated[
        Path | None,
        typer.Option("--keys", help="Signatories' PKCS#12 files, FİN.p12 (default: the development PKI)."),
    ] = None,
    pin: Annotated[str, typer.Option("--pin", envvar="DOC_SERVICE_DEMO_PIN", help="PIN of those files.")] = "",
    as_json: JsonOption = False,
) -> None:
    """From meeting data to a signed, archived, provable original. Run again after an interruption: it goes on."""
    from rich.console import Console

    console = Console(stderr=True)
    with refusals(as_json=as_json):
        settings = load_settings(out / "data")
        from doc_service.bootstrap import open_container, pkcs12_directory
        from doc_service.demo.run import DemoRun
        from doc_service.demo.scenario import build_scenario
        from doc_service.demo.stages import Stages
        from doc_service.domain.civil_time import baku_date

        out.mkdir(parents=True, exist_ok=True)
        with open_container(settings) as service, progress(console, say) as watch:
            scenario = build_scenario(service.protocol, baku_date(service.work.clock.now()))
            key_of = service.development_key if keys is None else pkcs12_directory(keys, pin)
            summary = DemoRun(service, Stages(service, scenario, key_of), out, watch)()
    if as_json:
        result(summary)
    else:
        _table(console, summary)
    if not (summary["verification"]["valid"] and summary["audit"]["valid"]):
        raise typer.Exit(1)


def _table(console: Console, summary: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table(title=f"№ {summary['number']}", show_footer=True)
    total = sum(summary["stage_seconds"].values())
    table.add_column("Mərhələ / stage", footer="Cəmi / total")
    table.add_column("san. / s", justify="right", footer=f"{total:.2f}")
    for name, seconds in summary["stage_seconds"].items():
        table.add_row(STAGE_TITLES[name], f"{seconds:.2f}")
    console.print(table)
    signatures = summary["signatures"]
    verdict = "etibarlıdır / valid" if summary["verification"]["valid"] else "etibarlı deyil / NOT valid"
    log = summary["audit"]
    state = "düzgündür / valid" if log["valid"] else "pozulub / NOT valid"
    console.print(f"İmzalar / signatures: {signatures['count']}, {signatures['level']} – {verdict}", highlight=False)
    console.print(f"Audit: {log['size']} hadisə / events – {state}", highlight=False)
    console.print(f"Nəticə / result: {summary['final_pdf']}", highlight=False, soft_wrap=True)
