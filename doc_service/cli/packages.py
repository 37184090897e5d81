"""``doc-service package``: the application package of a cluster (003 §2, §6)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from doc_service.cli.archive import find
from doc_service.cli.context import DataOption, JsonOption, LanguageOption, existing_service, language
from doc_service.cli.files import write_tree, write_whole
from doc_service.cli.output import refusals, result, say

app = typer.Typer(help="Application packages of clusters.", no_args_is_help=True)
PackageArgument = Annotated[str, typer.Argument(help="Document id or registration number of the signed inventory.")]


@app.command()
def gaps(
    cluster: Annotated[str, typer.Argument(help="The cluster's id.")],
    lang: LanguageOption = "az",
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """What the package lacks, each with its clause. Exit 0: nothing."""
    from doc_service.bootstrap import open_container
    from doc_service.messages.catalog import Catalog

    texts = Catalog(language(lang))
    with refusals(as_json=as_json), open_container(existing_service(data), services=False) as service:
        found = service.packages.gather(cluster).gaps
    rows = [{"code": g.code, "item": g.field, **g.params, "text": texts.text(g.code, g.params)} for g in found]
    if as_json:
        result(list(rows))
    else:
        for row in rows:
            typer.echo(row["text"])
    if rows:
        raise typer.Exit(1)


@app.command()
def container(
    package: PackageArgument,
    out: Annotated[Path, typer.Option("--out", help="The file to write, e.g. paket.asice.")],
    data: DataOption = None,
) -> None:
    """Write the package as one ASiC-E container, sealed by the secretariat and time-stamped."""
    from doc_service.bootstrap import open_container

    with refusals(), open_container(existing_service(data)) as service:
        with service.work.uow.reading() as uow:
            found = find(uow, package)
        write_whole(out, service.packages.container(found.id))
    say(str(out))


@app.command()
def folder(
    package: PackageArgument,
    out: Annotated[Path, typer.Option("--out", help="A directory that does not exist yet.")],
    data: DataOption = None,
) -> None:
    """Write the package as plain files with SHA256SUMS."""
    from doc_service.bootstrap import open_container

    with refusals(), open_container(existing_service(data), services=False) as service:
        with service.work.uow.reading() as uow:
            found = find(uow, package)
        with write_tree(out) as fresh:
            service.packages.folder(found.id, fresh)
    say(str(out))
