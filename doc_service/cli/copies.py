"""``doc-service copy``: certified copies and extracts, their register, their print and their check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doc_service.cli.archive import find
from doc_service.cli.context import DataOption, JsonOption, LanguageOption, existing_service, language
from doc_service.cli.files import read_bytes, write_whole
from doc_service.cli.output import refusals, result, say
from doc_service.domain.copies import CopyForm

if TYPE_CHECKING:
    from doc_service.bootstrap import Container
    from doc_service.domain.copies import CopyIssue
    from doc_service.services.copies.public_check import CheckAnswer

app = typer.Typer(help="Certified copies and extracts (004 §5.1.3).", no_args_is_help=True)
OPERATOR = "cli"
OriginalArgument = Annotated[str, typer.Argument(help="Document id or registration number of the original.")]
CopyArgument = Annotated[str, typer.Argument(help="Document id or registration number of the copy.")]


@app.command()
def issue(
    original: OriginalArgument,
    to: Annotated[str, typer.Option("--to", help="To whom it is given.")],
    purpose: Annotated[str, typer.Option(help="Why it is given.")],
    organisation: Annotated[str, typer.Option(help="Whom the recipient acts for.")] = "",
    person: Annotated[str, typer.Option(help="The recipient's id, where a restricted original concerns them.")] = "",
    form: Annotated[CopyForm, typer.Option(help="electronic or paper.")] = CopyForm.ELECTRONIC,
    item: Annotated[list[int] | None, typer.Option(min=1, help="Agenda item, for an extract; repeatable.")] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Check the original now, and issue a copy of it; in the embedded default the file is ready at the end."""
    from doc_service.bootstrap import open_container
    from doc_service.domain.copies import Recipient
    from doc_service.services.copies.issue import IssueRequest

    with refusals(as_json=as_json), open_container(existing_service(data)) as service:
        with service.work.uow.reading() as uow:
            source = find(uow, original)
        wanted = IssueRequest(
            service.work.ids.new(), source.id, Recipient(to, organisation, person), purpose, form, tuple(item or ())
        )
        service.copies.issue(wanted, OPERATOR)
        service.run_due_jobs()
        row = _row(service, wanted.copy_id)
    if as_json:
        result(row)
        return
    say(f"{row['number']} {row['state']} {row['id']}\n{row['address']}")


@app.command("list")
def listed(
    original: Annotated[str, typer.Option(help="Copies of this original only.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """The register of issues, newest first: to whom, why, by whom."""
    from doc_service.bootstrap import open_container
    from doc_service.ports_queries import Slice

    with refusals(as_json=as_json), open_container(existing_service(data), services=False) as service:
        with service.work.uow.reading() as uow:
            wanted = find(uow, original).id if original else ""
            found = uow.copies.page(Slice(limit=limit), original_id=wanted).rows
        rows = [_row(service, issue.id) for issue in found]
    if as_json:
        result(list(rows))
        return
    for row in rows:
        typer.echo(
            f"{row['number']:<24} {row['state']:<10} {row['issued_at'][:10]} {row['recipient']}: {row['purpose']}"
        )


@app.command("print")
def printed(
    copy: CopyArgument,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    data: DataOption = None,
) -> None:
    """Write a copy for paper as one file to be printed: the original's pages and the certificate."""
    from doc_service.bootstrap import open_container

    with refusals(), open_container(existing_service(data), services=False) as service:
        with service.work.uow.reading() as uow:
            found = find(uow, copy)
        write_whole(out, service.copies.print_copy(found.id))
    say(str(out))


@app.command()
def check(
    code: Annotated[str, typer.Argument(help="The code on the copy, typed in any way.")],
    file: Annotated[Path | None, typer.Option(help="Also compare this file.")] = None,
    lang: LanguageOption = "az",
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """What the public check answers. Exit 0: copy and original are in force, and the file, if given, is the copy."""
    from doc_service.bootstrap import open_container
    from doc_service.messages.catalog import Catalog
    from doc_service.services.copies.public_check import Match

    texts = Catalog(language(lang))
    with refusals(as_json=as_json), open_container(existing_service(data), services=False) as service:
        answer = service.copies.check(code)
        match = service.copies.check.compare_file(code, read_bytes(file)) if file else None
    if as_json:
        result({**_answer(answer), "match": str(match) if match else None})
    else:
        for told in (answer.copy, answer.original):
            say(f"{told.title} № {told.number}: {texts.text(f'label.standing.{told.standing}')} {told.sha256}")
        if match:
            say(texts.text(f"label.match.{match}"))
    if not answer.stands or match not in (None, Match.COPY):
        raise typer.Exit(1)


def _row(service: Container, copy_id: str) -> dict[str, Any]:
    with service.work.uow.reading() as uow:
        issue = uow.copies.find(copy_id)
        document = uow.documents.get(copy_id)
    assert issue is not None
    number = document.registration.number if document.registration else ""
    return {**_issue(issue), "number": number, "state": str(document.state),
            "address": service.copies.house.check_address(issue.code)}  # fmt: skip


def _issue(issue: CopyIssue) -> dict[str, Any]:
    return {
        "id": issue.id,
        "original": issue.original_id,
        "original_sha256": issue.original_sha256,
        "kind": str(issue.kind),
        "form": str(issue.form),
        "items": list(issue.items),
        "recipient": issue.recipient.name,
        "organisation": issue.recipient.organisation,
        "purpose": issue.purpose,
        "issued_by": issue.issued_by,
        "issued_at": issue.issued_at.isoformat(),
        "code": issue.code,
    }


def _answer(answer: CheckAnswer) -> dict[str, Any]:
    return {
        "code": answer.code,
        "stands": answer.stands,
        "copy": {"number": answer.copy.number, "standing": str(answer.copy.standing), "sha256": answer.copy.sha256},
        "original": {
            "number": answer.original.number,
            "standing": str(answer.original.standing),
            "sha256": answer.original.sha256,
        },
        "signatories": [{"name": s.name, "role": s.role, "at": s.signed_at.isoformat()} for s in answer.signatories],
    }
