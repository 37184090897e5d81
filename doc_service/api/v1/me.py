"""The caller's own account: what is kept about them, corrections, password and second step (002 §7.1.11)."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from pydantic import Field

from doc_service.api.context import TheApi
from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import Repeat, repeated
from doc_service.api.principal import Caller
from doc_service.api.problem_docs import CHANGING, problems
from doc_service.api.routing import guarded_router
from doc_service.api.v1.answers import NOT_MODIFIED
from doc_service.api.v1.schemas.access import (
    AccountView,
    Code,
    MeView,
    OwnPatch,
    RecoveryView,
    Secret,
    SessionView,
    TokenView,
    TotpView,
    account_view,
    session_view,
    token_view,
)
from doc_service.api.v1.schemas.common import Input, View
from doc_service.domain.accounts import Account
from doc_service.domain.audit_events import AuditEvent, timestamp
from doc_service.domain.authorisation import Permission, holds
from doc_service.domain.principals import Principal
from doc_service.services.access.own_data import Correction

router = guarded_router("/v1/me", "me", ("access.session_needed",))
_PROVED = ("password.wrong", "password.none", "login.locked")


class PasswordChange(Input):
    old_password: Secret
    new_password: Secret


class PasswordProof(Input):
    """The password once more: an open session alone must not change how one logs in."""

    password: Secret


class CodeInput(Input):
    code: Code = Field(description="Six digits of the new device", examples=["492039"])


class OwnEventView(View):
    at: str
    action: str
    actor: str
    details: dict[str, Any]


class OwnDataView(View):
    """Everything that is kept about the account; ``events`` the newest first, at most 200."""

    account: AccountView
    password_set_at: str | None
    second_step: bool
    recovery_codes_left: int
    sessions: list[SessionView]
    tokens: list[TokenView]
    events: list[OwnEventView]


@router.get("", response_model=MeView, summary="Who I am and what I may do", responses=NOT_MODIFIED)
def show_me(api: TheApi, caller: Caller, request: Request) -> Response:
    with api.service.work.uow.reading() as uow:
        account = uow.accounts.get(caller.account_id)
    return shown(request, _me(caller, account), etag(account.version, caller.session_id))


@router.patch(
    "", response_model=AccountView, summary="Correct my data", responses=problems(*CHANGING, "account.bad_name")
)
def correct_me(given: OwnPatch, api: TheApi, caller: Caller, expected: Expected, request: Request) -> Response:
    with api.service.work.uow.reading() as uow:
        account = uow.accounts.get(caller.account_id)
    expected.require(etag(account.version, caller.session_id))
    correction = Correction(given.display_name, given.email, given.phone, given.language)
    saved = api.service.access.correct_own_data(caller, correction, account.version)
    return shown(request, account_view(saved), etag(saved.version, caller.session_id))


@router.get("/data", summary="Everything that is kept about me")
def show_data(api: TheApi, caller: Caller) -> OwnDataView:
    data = api.service.access.show_own_data(caller)
    return OwnDataView(
        account=account_view(data.account),
        password_set_at=timestamp(data.password_set_at) if data.password_set_at else None,
        second_step=data.second_step,
        recovery_codes_left=data.recovery_codes_left,
        sessions=[session_view(s, caller) for s in data.sessions],
        tokens=[token_view(t) for t in data.tokens],
        events=[_event(e) for e in data.events],
    )


@router.put(
    "/password", status_code=204, summary="Change my password; my other sessions end",
    responses=problems(*_PROVED, "password.too_short", "password.unchanged", "state.stale"),
)  # fmt: skip
def change_password(given: PasswordChange, api: TheApi, caller: Caller) -> None:
    old, new = given.old_password.get_secret_value(), given.new_password.get_secret_value()
    api.service.access.change_password(caller, old, new)


@router.post(
    "/second-step", response_model=TotpView, status_code=201, summary="Begin to add a device for one-time codes",
    responses=problems(*_PROVED),
)  # fmt: skip
@repeated(Repeat.SECRET)
def offer_totp(given: PasswordProof, api: TheApi, caller: Caller) -> TotpView:
    offer = api.service.access.offer_totp(caller, given.password.get_secret_value())
    return TotpView(secret=offer.secret, uri=offer.uri)


@router.post(
    "/second-step/confirmation", response_model=RecoveryView, summary="The new device works: its first code",
    responses=problems("totp.not_offered", "login.code_wrong"),
)  # fmt: skip
@repeated(Repeat.SECRET)
def confirm_totp(given: CodeInput, api: TheApi, caller: Caller) -> RecoveryView:
    """From now on it is asked for at log-in. Gives the recovery codes."""
    return RecoveryView(recovery_codes=list(api.service.access.confirm_totp(caller, given.code)))


@router.post(
    "/recovery-codes", response_model=RecoveryView, summary="Fresh recovery codes; the earlier ones stop working",
    responses=problems(*_PROVED, "totp.none"),
)  # fmt: skip
@repeated(Repeat.SECRET)
def renew_recovery(given: PasswordProof, api: TheApi, caller: Caller) -> RecoveryView:
    codes = api.service.access.renew_recovery(caller, given.password.get_secret_value())
    return RecoveryView(recovery_codes=list(codes))


def _me(caller: Principal, account: Account) -> MeView:
    return MeView(
        account=account_view(account),
        means=caller.means,
        authenticated_at=caller.authenticated_at,
        session_id=caller.session_id,
        scopes=None if caller.scopes is None else sorted(caller.scopes),
        permissions=sorted(str(p) for p in Permission if holds(caller, p) is not None),
    )


def _event(event: AuditEvent) -> OwnEventView:
    return OwnEventView(
        at=timestamp(event.at), action=str(event.action), actor=event.actor, details=dict(event.details)
    )
