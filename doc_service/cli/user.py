"""``doc-service user``: accounts, from the server itself; the first administrator is made here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doc_service.cli.context import DataOption, JsonOption, existing_service
from doc_service.cli.output import refusals, result, say
from doc_service.domain.accounts import Account, AccountState, fold_login, is_login
from doc_service.domain.audit_events import timestamp
from doc_service.domain.errors import NotFoundError
from doc_service.domain.identifiers import mask_fin
from doc_service.domain.principals import AccountRole

if TYPE_CHECKING:
    from doc_service.bootstrap.access import OpenedAccess
    from doc_service.services.access.give_enrolment import Enrolment

OPERATOR = "operator"
_PAGE = 500

app = typer.Typer(help="Accounts.", no_args_is_help=True)
Login = Annotated[str, typer.Argument(help="Login name.")]
Roles = Annotated[list[AccountRole], typer.Option("--role", help="May be given several times.")]


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="As pages show it.")],
    role: Roles,
    language: Annotated[str, typer.Option("--lang", help="az or en.")] = "az",
    email: Annotated[str, typer.Option("--email")] = "",
    phone: Annotated[str, typer.Option("--phone", help="+994 and nine digits.")] = "",
    person: Annotated[str, typer.Option("--person", help="Id of the person in bodies and signature requests.")] = "",
    fin: Annotated[str, typer.Option("--fin", help="Whose e-signature opens the account.")] = "",
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Whose visas it decides; several times.")] = None,
    document: Annotated[str, typer.Option("--document", help="The one document of an external party.")] = "",
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Open an account. Its one-time enrolment code goes to stdout and nowhere else: with it the person sets a
    password."""
    from doc_service.services.access.open_account import NewAccount

    with refusals(as_json=as_json), _access(data) as access:
        new = NewAccount(
            login, name, frozenset(role), language, email, phone, person, fin, frozenset(unit or ()), document
        )
        account = access.cases.open_account(new, OPERATOR)
        enrolment = access.cases.give_enrolment(account.id, OPERATOR)
    _tell(account, enrolment, as_json=as_json)


@app.command("list")
def list_users(
    closed: Annotated[bool, typer.Option("--closed", help="Closed ones too.")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Accounts by login name."""
    with refusals(as_json=as_json), _access(data) as access:
        rows = [_row(a) for a in _all(access, None if closed else AccountState.ACTIVE)]
    if as_json:
        result(rows)
        return
    for row in rows:
        typer.echo(f"{row['login']:<24} {row['state']:<7} {','.join(row['roles']):<28} {row['display_name']}")


@app.command()
def close(login: Login, data: DataOption = None) -> None:
    """Close an account: its sessions and tokens end at once, password and second step are forgotten."""
    with refusals(), _access(data) as access:
        account = access.cases.close_account(_by_login(access, login).id, OPERATOR)
    say(f"{account.login}: {account.state}")


@app.command()
def roles(login: Login, role: Roles, data: DataOption = None) -> None:
    """Set the roles of an account, from its next request on."""
    from doc_service.services.access.change_account import AccountChanges

    with refusals(), _access(data) as access:
        found = _by_login(access, login)
        account = access.cases.change_account(found.id, AccountChanges(roles=frozenset(role)), OPERATOR)
    say(f"{account.login}: {', '.join(sorted(account.roles))}")


@app.command()
def enrol(
    login: Login,
    reset_second_step: Annotated[
        bool, typer.Option("--reset-second-step", help="Device and recovery codes are lost.")
    ] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Print a new one-time enrolment code to stdout; an earlier one stops working."""
    with refusals(as_json=as_json), _access(data) as access:
        account = _by_login(access, login)
        enrolment = access.cases.give_enrolment(account.id, OPERATOR, reset_second_step=reset_second_step)
    _tell(account, enrolment, as_json=as_json)


@app.command("log-out")
def log_out(
    login: Annotated[str, typer.Argument(help="Login name; empty with --everybody.")] = "",
    everybody: Annotated[
        bool, typer.Option("--everybody", help="All accounts: after a restore or a break-in.")
    ] = False,
    tokens: Annotated[bool, typer.Option("--tokens", help="Revoke service tokens, too.")] = False,
    data: DataOption = None,
) -> None:
    """End all sessions of an account, or of everybody."""
    if bool(login) is everybody:
        raise typer.BadParameter("LOGIN | --everybody")
    ended = 0
    with refusals(), _access(data) as access:
        for account in list(_all(access, None)) if everybody else [_by_login(access, login)]:
            ended += access.cases.end_all_sessions(account.id, OPERATOR)
            for token in access.cases.list_tokens(account.id) if tokens else ():
                access.cases.revoke_token(account.id, token.id, OPERATOR)
    say(str(ended))


@contextmanager
def _access(data: Path | None) -> Iterator[OpenedAccess]:
    from doc_service.bootstrap.access import open_access

    with open_access(existing_service(data)) as access:
        yield access


def _by_login(access: OpenedAccess, login: str) -> Account:
    """Raises ``NotFoundError`` "account.unknown_login"."""
    name = fold_login(login)
    with access.work.uow.reading() as uow:
        account = uow.accounts.find_login(name) if is_login(name) else None
    if account is None:
        raise NotFoundError("account.unknown_login", "login", login=login)
    return account


def _all(access: OpenedAccess, state: AccountState | None) -> Iterator[Account]:
    last = ""
    while True:
        with access.work.uow.reading() as uow:
            page = uow.accounts.page(after=last, state=state, limit=_PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1].login


def _row(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "login": account.login,
        "state": str(account.state),
        "roles": sorted(map(str, account.roles)),
        "display_name": account.display_name,
        "language": account.language,
        "email": account.email,
        "person_id": account.person_id,
        "fin": mask_fin(account.fin),
        "units": sorted(account.units),
        "document_id": account.document_id,
        "created_at": timestamp(account.created_at),
    }


def _tell(account: Account, enrolment: Enrolment, *, as_json: bool) -> None:
    if as_json:
        result({"account": _row(account), "enrolment": {"code": enrolment.token, "until": timestamp(enrolment.until)}})
        return
    typer.echo(enrolment.token)
    say(f"{account.login}: {timestamp(enrolment.until)}")
