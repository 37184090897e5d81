"""Accounts, by the administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request, Response
from pydantic import Field

from doc_service.api.context import Api, TheApi
from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import Repeat, repeated
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.principal import Caller
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.schemas.access import (
    AccountInput,
    AccountPatch,
    AccountView,
    EnrolmentView,
    account_view,
)
from doc_service.api.v1.schemas.common import Input
from doc_service.domain.accounts import Account, AccountState
from doc_service.domain.authorisation import Permission
from doc_service.domain.principals import Principal
from doc_service.ports_queries import Page
from doc_service.services.access.change_account import AccountChanges
from doc_service.services.access.open_account import NewAccount

router = guarded_router("/v1/accounts", "accounts", ("account.not_found",))
AccountId = Annotated[str, Path(max_length=200)]
_TAKEN = ("account.login_taken", "account.person_taken", "account.fin_taken")
_RULES = ("account.bad_login", "account.incompatible_roles", "document.not_found")


class EnrolmentAsked(Input):
    reset_second_step: bool = Field(
        default=False, description="The person lost device and recovery codes", examples=[False]
    )


@router.get("", summary="Accounts by login name", responses=problems("paging.bad_cursor"))
def list_accounts(
    api: TheApi,
    caller: Caller,
    page: PageAsked,
    response: Response,
    state: Annotated[AccountState | None, Query()] = None,
) -> PageView[AccountView]:
    api.service.access.authorise.area(caller, Permission.ACCOUNT_READ)
    asked = page.slice
    after = str(asked.after[0]) if asked.after else ""
    with api.service.work.uow.reading() as uow:
        rows = tuple(uow.accounts.page(after=after, state=state, limit=asked.limit + 1))
    kept = rows[: asked.limit]
    return page.view(Page(kept, (kept[-1].login,) if len(rows) > asked.limit else None), account_view, response)


@router.post(
    "", status_code=201, response_model=AccountView, summary="Open an account",
    responses=problems(*_TAKEN, *_RULES),
)  # fmt: skip
def open_account(given: AccountInput, api: TheApi, caller: Caller, request: Request) -> Response:
    """Its owner chooses the password by an enrolment. Duties that one account cannot hold together are refused (002
    §7.1.5)."""
    api.service.access.authorise.area(caller, Permission.ACCOUNT_MANAGE)
    new = NewAccount(
        given.login, given.display_name, frozenset(given.roles), given.language, given.email, given.phone,
        given.person_id or "", given.fin, frozenset(given.units), given.document_id or "",
    )  # fmt: skip
    account = api.service.access.open_account(new, caller.actor)
    return shown(request, account_view(account), etag(account.version), 201, f"/v1/accounts/{account.id}")


@router.get("/{account_id}", response_model=AccountView, summary="An account", responses=NOT_MODIFIED)
def show_account(account_id: AccountId, api: TheApi, caller: Caller, request: Request) -> Response:
    return _answer(request, _account(api, caller, account_id, Permission.ACCOUNT_READ))


@router.patch(
    "/{account_id}", response_model=AccountView, summary="Change an account",
    responses=problems(
        *CHANGING, *_TAKEN, *_RULES, "account.own_roles", "account.last_administrator", "account.closed"
    ),
)  # fmt: skip
def change_account(
    account_id: AccountId, given: AccountPatch, api: TheApi, caller: Caller, expected: Expected, request: Request
) -> Response:
    account = _account(api, caller, account_id, Permission.ACCOUNT_MANAGE)
    expected.require(etag(account.version))
    changes = AccountChanges(
        display_name=given.display_name,
        language=given.language,
        email=given.email,
        phone=given.phone,
        roles=None if given.roles is None else frozenset(given.roles),
        person_id=given.person_id,
        fin=given.fin,
        units=None if given.units is None else frozenset(given.units),
        document_id=given.document_id,
    )
    return _answer(request, api.service.access.change_account(account_id, changes, caller.actor, account.version))


@router.post(
    "/{account_id}/closure", response_model=AccountView, summary="Close an account; its sessions and tokens end",
    responses=problems(*CHANGING, "account.last_administrator"),
)  # fmt: skip
def close_account(account_id: AccountId, api: TheApi, caller: Caller, expected: Expected, request: Request) -> Response:
    account = _account(api, caller, account_id, Permission.ACCOUNT_MANAGE)
    expected.require(etag(account.version))
    return _answer(request, api.service.access.close_account(account_id, caller.actor, account.version))


@router.post(
    "/{account_id}/reopening", response_model=AccountView, summary="Open a closed account again",
    responses=problems(*CHANGING, *_TAKEN, "state.not_allowed"),
)  # fmt: skip
def reopen_account(
    account_id: AccountId, api: TheApi, caller: Caller, expected: Expected, request: Request
) -> Response:
    account = _account(api, caller, account_id, Permission.ACCOUNT_MANAGE)
    expected.require(etag(account.version))
    return _answer(request, api.service.access.reopen_account(account_id, caller.actor, account.version))


@router.post(
    "/{account_id}/enrolment", status_code=201, summary="A token by which its owner sets a password; shown once",
    responses=problems("account.closed"),
)  # fmt: skip
@repeated(Repeat.SECRET)
def give_enrolment(account_id: AccountId, given: EnrolmentAsked, api: TheApi, caller: Caller) -> EnrolmentView:
    _account(api, caller, account_id, Permission.ACCOUNT_MANAGE)
    enrolment = api.service.access.give_enrolment(account_id, caller.actor, reset_second_step=given.reset_second_step)
    return EnrolmentView(token=enrolment.token, expires_at=enrolment.until)


@router.delete("/{account_id}/sessions", status_code=204, summary="End every session of an account")
def end_sessions(account_id: AccountId, api: TheApi, caller: Caller) -> None:
    _account(api, caller, account_id, Permission.ACCOUNT_MANAGE)
    api.service.access.end_all_sessions(account_id, caller.actor)


@router.delete(
    "/{account_id}/tokens/{token_id}", status_code=204, summary="Revoke a token of an account",
    responses=problems("token.not_found"),
)  # fmt: skip
def revoke_token(
    account_id: AccountId, token_id: Annotated[str, Path(max_length=200)], api: TheApi, caller: Caller
) -> None:
    _account(api, caller, account_id, Permission.ACCOUNT_MANAGE)
    api.service.access.revoke_token(account_id, token_id, caller.actor)


def _account(api: Api, caller: Principal, account_id: str, permission: Permission) -> Account:
    api.service.access.authorise.account(caller, permission, account_id)
    with api.service.work.uow.reading() as uow:
        return uow.accounts.get(account_id)


def _answer(request: Request, account: Account) -> Response:
    return shown(request, account_view(account), etag(account.version))
