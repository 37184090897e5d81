"""Which identity at a provider opens which account, by the administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field

from doc_service.api.context import TheApi
from doc_service.api.principal import Caller
from doc_service.api.problem_docs import problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.accounts import AccountId
from doc_service.api.v1.schemas.common import Input, View
from doc_service.domain.authorisation import Permission
from doc_service.instruments.fields import Line

router = guarded_router("/v1/accounts", "accounts", ("account.not_found",))
_Name = Annotated[str, Query(min_length=1, max_length=300)]


class IdentityInput(Input):
    issuer: Line = Field(examples=["https://login.example.az"])
    subject: Line = Field(description="What the provider calls the person, for good; no address and no name")


class IdentityView(View):
    issuer: str
    subject: str
    account_id: str


@router.post(
    "/{account_id}/identities", status_code=201, summary="Link an identity at a provider",
    responses=problems("identity.taken", "account.own_roles", "account.closed"),
)  # fmt: skip
def link(account_id: AccountId, given: IdentityInput, api: TheApi, caller: Caller) -> IdentityView:
    api.service.access.authorise.account(caller, Permission.ACCOUNT_MANAGE, account_id)
    linked = api.service.logins.link_identity(account_id, given.issuer, given.subject, caller.actor)
    return IdentityView(issuer=linked.issuer, subject=linked.subject, account_id=linked.account_id)


@router.delete("/{account_id}/identities", status_code=204, summary="Unlink it; sessions that it opened stay")
def unlink(account_id: AccountId, issuer: _Name, subject: _Name, api: TheApi, caller: Caller) -> None:
    api.service.access.authorise.account(caller, Permission.ACCOUNT_MANAGE, account_id)
    api.service.logins.unlink_identity(account_id, issuer, subject, caller.actor)
