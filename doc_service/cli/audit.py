"""``doc-service audit``: verify the log, export it with proofs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from doc_service.bootstrap import open_container
from doc_service.cli.context import DataOption, JsonOption, load_settings
from doc_service.cli.output import refusals, result, say
from doc_service.domain.errors import ConflictError

app = typer.Typer(help="The electronic control-audit journal (002 §7.1.15).", no_args_is_help=True)


@app.command()
def verify(as_json: JsonOption = False, data: DataOption = None) -> None:
    """Recompute the whole log from its stored events: exit 0 valid, 1 not valid."""
    with refusals(as_json=as_json), open_container(load_settings(data), services=False) as service:
        verdict = dict(service.audit.verify())
    if as_json:
        result(verdict)
    else:
        state = "DÜZGÜNDÜR / VALID" if verdict["valid"] else "POZULUB / NOT VALID"
        typer.echo(f"{state}: {verdict['size']} hadisə / events, {verdict['root']}")
        for fault in verdict["faults"]:
            say(str(fault))
    raise typer.Exit(0 if verdict["valid"] else 1)


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="A directory that does not exist yet.")],
    document: Annotated[str, typer.Option(help="Add inclusion proofs for this document's events.")] = "",
    data: DataOption = None,
) -> None:
    """Write events, checkpoints, keys and the offline verifier; a new checkpoint is made first."""
    with refusals(), open_container(load_settings(data)) as service:
        if out.exists():
            raise ConflictError("cli.exists", "out", path=str(out))
        service.audit.checkpoint()
        fresh = out.with_name(f".{out.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            service.export_audit(fresh, ("document", document) if document else None)
            fresh.rename(out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    say(str(out))
