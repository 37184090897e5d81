"""``doc-service verify``: exit 0 valid, 1 not valid, 2 not usable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from doc_service.cli.context import DataOption, JsonOption, LanguageOption, language, load_settings
from doc_service.cli.files import read_bytes
from doc_service.cli.output import refusals
from doc_service.messages.catalog import Catalog

TrustOption = Annotated[
    list[Path] | None, typer.Option("--trust", help="PEM file with trust anchors; may be given several times.")
]


def verify(
    file: Annotated[Path, typer.Argument(help="The PDF to judge.")],
    as_json: JsonOption = False,
    trust: TrustOption = None,
    lang: LanguageOption = "az",
    data: DataOption = None,
) -> None:
    """Judge a signed PDF: every signature, its time and proof, level, chain, revocation, and what changed after it."""
    catalog = Catalog(language(lang))
    with refusals(as_json=as_json):
        pdf = read_bytes(file)
        from doc_service.bootstrap import open_verifier
        from doc_service.cli.report_text import report_lines
        from doc_service.services.verification_view import verification_view

        check = open_verifier(load_settings(data), trust or ())
        view = verification_view(check(pdf))
    if as_json:
        typer.echo(view.model_dump_json(indent=2))
    else:
        for line in report_lines(view, file, catalog):
            typer.echo(line)
    raise typer.Exit(0 if view.valid else 1)
