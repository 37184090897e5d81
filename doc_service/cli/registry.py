"""``doc-service registry``: the registry of a cluster as a spreadsheet, from and into its data (003 §4.16)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doc_service.cli.context import JsonOption
from doc_service.cli.files import check_place, read_bytes, read_json_object, write_whole
from doc_service.cli.output import refusals, result, say

if TYPE_CHECKING:
    from doc_service.instruments.cluster.registry_data import RegistryData

app = typer.Typer(help="The registry of a cluster as a spreadsheet.", no_args_is_help=True)
DataArgument = Annotated[Path, typer.Argument(help="Data of klaster-reyestr as JSON.")]


@app.command()
def export(
    data: DataArgument,
    out: Annotated[Path, typer.Option("--out", help="The file to write: its name ends in .xlsx or .csv.")],
    as_json: JsonOption = False,
) -> None:
    """Write the rows of a registry as XLSX or CSV."""
    from doc_service.bootstrap.registry_sheets import open_sheets
    from doc_service.domain.errors import DomainError
    from doc_service.services.registry_sheets.write_sheet import SheetFormat

    with refusals(as_json=as_json):
        check_place(out)
        if out.suffix not in (".xlsx", ".csv"):
            raise DomainError("cli.sheet_ending", "out", path=str(out))
        read = _read(data)
        write, _ = open_sheets()
        write_whole(out, write(read, SheetFormat(out.suffix.removeprefix("."))))
    _done(out, len(read.rows), as_json=as_json)


@app.command("import")
def import_sheet(
    sheet: Annotated[Path, typer.Argument(help="The XLSX to read.")],
    data: Annotated[Path, typer.Option("--data", help="The registry whose rows are replaced, as JSON.")],
    out: Annotated[Path, typer.Option("--out", help="The JSON to write.")],
    as_json: JsonOption = False,
) -> None:
    """Replace the rows of a registry by those of a sheet; the difference from the last edition is made anew.

    With faults every one is told by its cell, and nothing is written."""
    from doc_service.bootstrap.registry_sheets import open_sheets
    from doc_service.services.registry_sheets.revise_rows import with_rows

    with refusals(as_json=as_json):
        check_place(out)
        registry, content = _read(data), read_bytes(sheet)
        _, reader = open_sheets()
        rows = reader(content)
        text = json.dumps(with_rows(registry, rows), ensure_ascii=False, indent=2) + "\n"
        write_whole(out, text.encode())
    _done(out, len(rows), as_json=as_json)


def _read(path: Path) -> RegistryData:
    from doc_service.bootstrap import open_instruments
    from doc_service.instruments.cluster.registry_data import RegistryData

    model = open_instruments().get("klaster-reyestr").validate(read_json_object(path))
    assert isinstance(model, RegistryData)
    return model


def _done(out: Path, rows: int, *, as_json: bool) -> None:
    if as_json:
        result({"file": str(out), "rows": rows})
    else:
        say(f"{out} ({rows})")
