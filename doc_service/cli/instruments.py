"""``doc-service instruments`` and ``doc-service render``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doc_service.cli.context import JsonOption, load_settings
from doc_service.cli.files import check_place, read_json_object, write_whole
from doc_service.cli.output import refusals, result, say, tell
from doc_service.domain.errors import DomainError

if TYPE_CHECKING:
    from doc_service.instruments.base import Instrument

app = typer.Typer(help="The catalogue of instruments.", invoke_without_command=True, no_args_is_help=False)
IdArgument = Annotated[str, typer.Argument(help="Identifier, such as kq-protokol.")]


@app.callback(invoke_without_command=True)
def catalogue(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the instruments that this service produces."""
    if context.invoked_subcommand is not None:
        return
    from doc_service.bootstrap import open_instruments

    kinds = open_instruments().all()
    if as_json:
        result([_entry(kind) for kind in kinds])
        return
    for kind in kinds:
        typer.echo(f"{kind.id:<33} {kind.title_az} / {kind.title_en}")


@app.command()
def schema(instrument: IdArgument) -> None:
    """Print the JSON Schema (2020-12) of an instrument's data."""
    from doc_service.bootstrap import open_instruments

    with refusals():
        result(open_instruments().schema(instrument))


@app.command()
def sample(instrument: IdArgument) -> None:
    """Print sample data that an instrument can be rendered from."""
    from doc_service.bootstrap import open_instruments

    with refusals():
        result(open_instruments().get(instrument).sample())


def render(
    instrument: IdArgument,
    data: Annotated[Path, typer.Argument(help="Data as JSON; see `instruments sample`.")],
    out: Annotated[Path, typer.Option("--out", help="The PDF to write.")],
    as_json: JsonOption = False,
) -> None:
    """Make an unsigned PDF/A-3b draft, without number, from an instrument's data."""
    from doc_service.bootstrap import open_instruments, open_renderer
    from doc_service.services.to_render import preview_request

    with refusals(as_json=as_json):
        check_place(out)
        kind = open_instruments().get(instrument)
        raw = read_json_object(data)
        faults = kind.check(kind.validate(raw))
        if faults:
            raise DomainError.of(faults)
        with open_renderer(load_settings()) as (renderer, clock):
            rendered = renderer.render(preview_request(kind, raw, clock.now().date()))
        write_whole(out, rendered.pdf)
    limit = kind.page_limit()
    warning = limit.warning(rendered.text_pages) if limit else None
    if warning:
        tell(warning.code, **warning.params)
    if as_json:
        made = {"file": str(out), "pages": rendered.pages, "text_pages": rendered.text_pages}
        warnings = [warning.code] if warning else []
        result({**made, "template_sha256": rendered.template_sha256, "warnings": warnings})
    else:
        say(f"{out} ({rendered.pages})")


def _entry(instrument: Instrument[Any]) -> dict[str, Any]:
    """What the catalogue says of an instrument. Who signs depends on the data; ``signatories`` are the sample's."""
    signatories = instrument.signatories(instrument.validate(instrument.sample()))
    return {
        "id": instrument.id,
        "title": {"az": instrument.title_az, "en": instrument.title_en},
        "template": instrument.template,
        "journal": instrument.journal,
        "journal_title": instrument.journal_title,
        "case": instrument.case_index,
        "retention": instrument.retention,
        "visa_units": list(instrument.visa_units),
        "sources": list(instrument.sources),
        "signatories": [
            {"field": s.field, "order": s.order, "role": s.role_label, "seal": bool(s.seal_voen)} for s in signatories
        ],
        "schema": instrument.schema(),
    }
