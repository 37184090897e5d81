"""``doc-service archive``: search, get, export, verify and tidy originals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doc_service.cli import reserve
from doc_service.cli.context import DataOption, JsonOption, existing_service
from doc_service.cli.files import write_tree, write_whole
from doc_service.cli.output import refusals, report_faults, result, say, tell
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import NotFoundError

if TYPE_CHECKING:
    from doc_service.ports import UnitOfWork
    from doc_service.services.sweep_orphans import Sweep

app = typer.Typer(help="Originals in the archive.", no_args_is_help=True)
reserve.register(app)
DocumentArgument = Annotated[str, typer.Argument(help="Document id or registration number.")]


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="Part of the number or title; empty: everything.")] = "",
    instrument: Annotated[str, typer.Option(help="Instrument id.")] = "",
    state: Annotated[DocumentState | None, typer.Option(help="State of the document.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """List documents, newest first."""
    from doc_service.bootstrap import open_container

    with (
        refusals(as_json=as_json),
        open_container(existing_service(data), services=False) as service,
        service.work.uow.reading() as uow,
    ):
        found = uow.documents.search(text=text, state=state, instrument=instrument, limit=limit)
    rows = [_row(d) for d in found]
    if as_json:
        result(list(rows))
        return
    for row in rows:
        typer.echo(
            f"{row['number'] or '-':<24} {row['state']:<10} {row['instrument']:<14} {row['title']} ({row['id']})"
        )


@app.command()
def get(
    document: DocumentArgument,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    revision: Annotated[int | None, typer.Option(help="Revision number (default: the newest).")] = None,
    data: DataOption = None,
) -> None:
    """Write one stored revision, digest checked on reading."""
    from doc_service.bootstrap import open_container

    with refusals(), open_container(existing_service(data), services=False) as service:
        with service.work.uow.reading() as uow:
            found = find(uow, document)
            revisions = uow.documents.revisions(found.id)
        wanted = [r for r in revisions if revision is None or r.number == revision]
        if not wanted:
            raise NotFoundError("revision.not_found", "revision", document=document)
        write_whole(out, service.store.read(wanted[-1].key))
    say(f"{out} {wanted[-1].sha256}")


@app.command()
def export(
    document: DocumentArgument,
    out: Annotated[Path, typer.Option("--out", help="A directory that does not exist yet.")],
    data: DataOption = None,
) -> None:
    """Write the evidence package: original, revisions, report, trust anchors, audit log with proofs and verifier."""
    from doc_service.bootstrap import open_container

    with refusals(), open_container(existing_service(data)) as service:
        with service.work.uow.reading() as uow:
            found = find(uow, document)
        with write_tree(out) as fresh:
            service.use_cases.export_evidence(found.id, fresh)
    say(str(out))


@app.command()
def sweep(
    older_than: Annotated[int, typer.Option("--older-than", min=1, help="Age in hours.")] = 24,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be removed.")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Remove objects that no record refers to, left by processes that were killed; never what is retained."""
    from doc_service.bootstrap import open_container
    from doc_service.services.base import SYSTEM

    with (
        refusals(as_json=as_json),
        open_container(existing_service(data), services=not dry_run) as service,
    ):
        swept = service.use_cases.sweep_orphans(timedelta(hours=older_than), SYSTEM, dry_run=dry_run)
    if as_json:
        result(_sweep_view(swept))
        return
    for orphan in swept.orphans:
        typer.echo(f"{'-' if orphan.kept is None else orphan.kept:<18} {orphan.size:>12} {orphan.key}")
    going = swept.going
    tell(
        "archive.swept" if swept.removed else "archive.would_sweep",
        count=len(going), bytes=sum(o.size for o in going), kept=len(swept.orphans) - len(going),
    )  # fmt: skip


@app.command()
def verify(as_json: JsonOption = False, data: DataOption = None) -> None:
    """Read every original and every file of a case and compare it with its record: exit 0 all sound, 1 not, 2 not
    usable."""
    from rich.console import Console

    from doc_service.bootstrap import open_container

    console = Console(stderr=True)

    def progress(stage: str, done: int, total: int) -> None:
        if console.is_terminal:
            console.print(f"{done}/{total}", end="\r", highlight=False)

    with refusals(as_json=as_json), open_container(existing_service(data), services=False) as service:
        check = service.use_cases.verify_archive(progress)
    counts = {
        "documents": check.documents, "revisions": check.revisions, "files": check.files, "bytes": check.bytes,
    }  # fmt: skip
    if as_json:
        faults = [{"code": f.code, "params": dict(f.params)} for f in check.faults]
        result({"valid": check.valid, **counts, "faults": faults})
    else:
        report_faults(check.faults, as_json=False)
        tell("archive.checked", **counts)
    raise typer.Exit(0 if check.valid else 1)


def find(uow: UnitOfWork, wanted: str) -> Document:
    """The document with this id or exactly this number; ``NotFoundError`` "document.not_found"."""
    by_id = uow.documents.find(wanted)
    if by_id is not None:
        return by_id
    for document in uow.documents.search(text=wanted):
        if document.registration is not None and document.registration.number == wanted:
            return document
    raise NotFoundError("document.not_found", "document", document=wanted)


def _row(document: Document) -> dict[str, str]:
    registration = document.registration
    return {
        "id": document.id,
        "number": registration.number if registration else "",
        "registered_on": registration.registered_on.isoformat() if registration else "",
        "state": str(document.state),
        "instrument": document.instrument,
        "title": document.title,
        "sha256": document.head.sha256 if document.head else "",
    }


def _sweep_view(swept: Sweep) -> dict[str, object]:
    return {
        "removed": swept.removed,
        "orphans": [
            {
                "key": o.key,
                "version": o.version,
                "size": o.size,
                "stored_at": o.stored_at.isoformat(),
                "kept": None if o.kept is None else str(o.kept),
            }
            for o in swept.orphans
        ],
    }
