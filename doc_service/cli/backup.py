"""``doc-service backup`` and ``doc-service restore``."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doc_service.cli.context import DataOption, JsonOption, existing_service, load_settings
from doc_service.cli.output import refusals, report_faults, result, say, tell
from doc_service.domain.errors import Fault

if TYPE_CHECKING:
    from doc_service.backup.description import Description
    from doc_service.backup.restore import RestoreReport
    from doc_service.ports import Progress
    from doc_service.settings import Settings

app = typer.Typer(
    help="Back up the service while it works; check a backup; rehearse its restore.", invoke_without_command=True
)
DirectoryArgument = Annotated[Path, typer.Argument(help="A backup.", exists=True, file_okay=False)]
SourceOption = Annotated[
    str, typer.Option("--objects-from", help="Where objects come from: a backup, an archive directory, or a URL.")
]
_STAGES = {
    "dump": "Verilənlər bazası",
    "objects": "Obyektlər",
    "files": "Fayllar",
    "database": "Verilənlər bazası",
    "audit": "Audit jurnalı",
    "archive": "Arxiv",
    "documents": "Sənədlər",
}


@app.callback()
def backup(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", help="A directory that does not exist yet.")] = None,
    objects: Annotated[bool, typer.Option("--objects", help="Copy the archive's objects as well.")] = False,
    since: Annotated[
        Path | None, typer.Option("--since", help="An earlier backup with objects: its copies are shared.")
    ] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Write a backup: database, list of objects, checkpoint, keys to check with. Private keys are never in it."""
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise typer.BadParameter("--out DIR")
    from doc_service.bootstrap.backup import open_backup
    from doc_service.services.base import SYSTEM

    with refusals(as_json=as_json), open_backup(existing_service(data)) as make:
        made = make(out, SYSTEM, _progress(), objects=objects or since is not None, since=since)
    view = {**_view(made.description), "path": str(out), "manifest_sha256": made.seal}
    _end(
        {**view, "copied": made.copied, "shared": made.shared},
        made.faults, "backup.made", as_json=as_json,
        path=str(out), objects=made.description.objects, size=made.description.log_size, seal=made.seal,
    )  # fmt: skip


@app.command()
def verify(directory: DirectoryArgument, as_json: JsonOption = False) -> None:
    """Check a backup by itself: exit 0 sound, 1 something is missing or damaged, 2 not a backup or altered."""
    from doc_service.backup.check import check_backup

    with refusals(as_json=as_json):
        check = check_backup(directory, _progress())
    _end(
        {**_view(check.description), "manifest_sha256": check.seal, "files": check.files, "copies": check.copies},
        check.faults, "backup.checked", as_json=as_json,
        files=check.files, objects=check.objects, copies=check.copies, seal=check.seal,
    )  # fmt: skip


@app.command()
def drill(
    directory: DirectoryArgument,
    objects_from: SourceOption = "",
    database_url: Annotated[
        str, typer.Option(help="An empty database for the rehearsal (PostgreSQL); SQLite needs none.")
    ] = "",
    scratch: Annotated[Path | None, typer.Option(help="Directory for the rehearsal's files; they are removed.")] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Restore into a place of its own and verify every document and the whole audit log: exit 0 or 1."""
    with refusals(as_json=as_json):
        settings = existing_service(data)
        with tempfile.TemporaryDirectory(dir=scratch, prefix="doc-service-drill-") as place:
            rehearsal = _rehearsal(settings, Path(place), database_url)
            restored = _restore(rehearsal, directory, objects_from)
            from doc_service.bootstrap.backup import open_drill

            with open_drill(rehearsal) as run:
                found = run(restored.description.journals, _progress())
    figures = {
        "documents": found.documents,
        "validated": found.judged,
        "revisions": found.revisions,
        "bytes": found.bytes,
        "events": found.log_size,
        "numbers": found.journal_entries,
    }
    _end(figures, (*restored.faults, *found.faults), "backup.drilled", as_json=as_json, **figures)


def restore(
    directory: DirectoryArgument,
    objects_from: SourceOption = "",
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Restore a backup into an empty database; the archive is empty or holds the backup's objects.

    Exit 0 restored; 1 restored, but the archive is ahead of the database or has lost objects; 2 nothing was restored.
    """
    with refusals(as_json=as_json):
        done = _restore(load_settings(data), directory, objects_from)
    faults = list(done.faults)
    if done.survey.ahead:
        numbers = ", ".join(sorted({o.number for o in done.survey.later if o.number})) or "-"
        faults.append(Fault("backup.archive_ahead", "", {"count": done.survey.ahead, "numbers": numbers}))
    if done.settings and not as_json:
        tell("backup.settings_differ", names=", ".join(done.settings))
    if done.survey.ahead and not as_json:
        for later in done.survey.later:
            typer.echo(f"{later.stored_at.isoformat()} {later.size:>12} {later.number or '-':<16} {later.key}")
    _end(
        _restored_view(done), faults, "backup.restored", as_json=as_json,
        state=str(done.survey.state), copied=done.copied, held=done.survey.held, size=done.log_size,
    )  # fmt: skip


def _restore(settings: Settings, directory: Path, objects_from: str) -> RestoreReport:
    from doc_service.backup.layout import OBJECTS
    from doc_service.bootstrap.backup import open_restore, open_source
    from doc_service.services.base import SYSTEM

    place = objects_from or (str(directory) if (directory / OBJECTS).is_dir() else "")
    source = open_source(settings, place) if place else None
    return open_restore(settings)(directory, source, SYSTEM, _progress())


def _rehearsal(settings: Settings, place: Path, database_url: str) -> Settings:
    """The development PKI belongs to the data directory; a rehearsal works with a copy of it."""
    from doc_service.bootstrap.backup import scratch_settings
    from doc_service.bootstrap.trust import development_directory

    rehearsal = scratch_settings(settings, place, database_url)
    if development_directory(settings).is_dir():
        shutil.copytree(development_directory(settings), development_directory(rehearsal))
    return rehearsal


def _end(view: dict[str, Any], faults: Sequence[Fault], text: str, *, as_json: bool, **params: str | int) -> None:
    """Prints what was done, then what is wrong; exit code 1 when something is."""
    if as_json:
        result({**view, "faults": [{"code": f.code, "params": dict(f.params)} for f in faults]})
    else:
        tell(text, **params)
        report_faults(faults, as_json=False)
    raise typer.Exit(1 if faults else 0)


def _view(description: Description) -> dict[str, Any]:
    return {
        "id": description.id,
        "began_at": description.began_at.isoformat(),
        "schema": description.schema,
        "checkpoint": description.checkpoint,
        "log_size": description.log_size,
        "objects": description.objects,
        "referred": description.referred,
        "bytes": description.object_bytes,
    }


def _restored_view(done: RestoreReport) -> dict[str, Any]:
    return {
        **_view(done.description),
        "archive": str(done.survey.state),
        "held": done.survey.held,
        "copied": done.copied,
        "leases_released": done.released,
        "settings_that_differ": list(done.settings),
        "ahead": done.survey.ahead,
        "later": [
            {"key": o.key, "size": o.size, "stored_at": o.stored_at.isoformat(), "number": o.number}
            for o in done.survey.later
        ],
    }


def _progress() -> Progress:
    """A live line on a terminal; elsewhere a line when a stage ends."""
    from rich.console import Console

    console = Console(stderr=True)

    def watch(stage: str, done: int, total: int) -> None:
        if console.is_terminal:
            console.print(f"{_STAGES[stage]} {done}/{total or '…'}    ", end="\r", highlight=False)
        elif done == total:
            say(f"{stage} {done}/{total}")

    return watch
