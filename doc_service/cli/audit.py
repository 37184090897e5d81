"""``doc-service audit``: verify the log, export it with proofs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from doc_service.cli.archive import find
from doc_service.cli.context import DataOption, JsonOption, existing_service
from doc_service.cli.files import write_tree
from doc_service.cli.output import refusals, report_faults, result, say, tell
from doc_service.domain.errors import Fault

app = typer.Typer(help="The electronic control-audit journal (002 §7.1.15).", no_args_is_help=True)


@app.command()
def verify(as_json: JsonOption = False, data: DataOption = None) -> None:
    """Recompute the whole log from its stored events: exit 0 valid, 1 not valid."""
    from doc_service.bootstrap import open_container

    with refusals(as_json=as_json), open_container(existing_service(data), services=False) as service:
        verdict = dict(service.audit.verify())
    if as_json:
        result(verdict)
    else:
        state = "DÜZGÜNDÜR / VALID" if verdict["valid"] else "POZULUB / NOT VALID"
        typer.echo(f"{state}: {verdict['size']} hadisə / events, {verdict['root']}")
        found = [*verdict["faults"], *verdict["warnings"]]
        report_faults([Fault(f["code"], "", f["params"]) for f in found], as_json=False)
        if verdict["backlog"]:
            tell("cli.audit_backlog", count=verdict["backlog"])
    raise typer.Exit(0 if verdict["valid"] else 1)


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="A directory that does not exist yet.")],
    document: Annotated[
        str, typer.Option(help="Add inclusion proofs for the events of this document (id or number).")
    ] = "",
    data: DataOption = None,
) -> None:
    """Write events, checkpoints, keys and the offline verifier; a new checkpoint is made first."""
    from doc_service.bootstrap import open_container

    with refusals(), open_container(existing_service(data)) as service, write_tree(out) as fresh:
        subject = None
        if document:
            with service.work.uow.reading() as uow:
                subject = ("document", find(uow, document).id)
        service.audit.checkpoint()
        service.export_audit(fresh, subject)
    say(str(out))
