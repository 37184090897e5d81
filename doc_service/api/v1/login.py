"""Logging in by name and password, and the ways that there are; logging out."""

from __future__ import annotations

from fastapi import Request, Response
from pydantic import Field

from doc_service.api import cookies
from doc_service.api.context import TheApi
from doc_service.api.idempotency import Repeat, repeated
from doc_service.api.principal import Caller
from doc_service.api.problem_docs import problems
from doc_service.api.routing import LoginRoute, guarded_router, open_router
from doc_service.api.v1.entering import device_of, entered, told
from doc_service.api.v1.schemas.access import Code, LoginView, Secret, Text
from doc_service.api.v1.schemas.common import Input, View
from doc_service.services.access.log_in import SecondStep

router = open_router("/v1", "login", LoginRoute, ("csrf.refused", "login.locked"))
leaving = guarded_router("/v1/session", "login")


class PasswordInput(Input):
    login: Text = Field(examples=["a.quliyeva"])
    password: Secret


class SecondStepInput(Input):
    ticket: Text
    code: Code = Field(description="Six digits of the device, or a recovery code", examples=["492039"])


class EnrolmentInput(Input):
    token: Text
    password: Secret


class ProviderView(View):
    name: str
    title: dict[str, str]


class WaysView(View):
    """How one can log in here."""

    password: bool
    oidc: list[ProviderView]
    signature: bool
    web_eid: bool
    sima: bool


@router.get("/login", summary="The ways to log in")
def ways(api: TheApi) -> WaysView:
    logins = api.service.logins
    providers = [ProviderView(name=name, title=dict(p.titles)) for name, p in sorted(logins.providers.items())]
    return WaysView(
        password=True,
        oidc=providers,
        signature=True,
        web_eid=logins.web_eid is not None,
        sima=api.service.sima is not None,
    )


@router.post("/login", response_model=LoginView, summary="By name and password", responses=problems("login.failed"))
@repeated(Repeat.FREE)
def log_in(given: PasswordInput, api: TheApi, request: Request) -> Response:
    """A session, or a ticket when the account has a second step. Whether a name is known is not disclosed."""
    found = api.service.access.log_in(given.login, given.password.get_secret_value(), device_of(request))
    if isinstance(found, SecondStep):
        return told(LoginView(state="second_step", expires_at=found.expires_at, ticket=found.ticket))
    return entered(request, found)


@router.post(
    "/login/second-step", response_model=LoginView, summary="The code of a device, or a recovery code",
    responses=problems("login.ticket_invalid", "login.code_wrong"),
)  # fmt: skip
@repeated(Repeat.FREE)
def second_step(given: SecondStepInput, api: TheApi, request: Request) -> Response:
    return entered(request, api.service.access.finish_log_in(given.ticket, given.code))


@router.post(
    "/enrolment", status_code=204, summary="Set a password with an enrolment token",
    responses=problems("enrolment.invalid", "password.too_short"),
)  # fmt: skip
@repeated(Repeat.FREE)
def enrol(given: EnrolmentInput, api: TheApi) -> None:
    api.service.access.enrol_password(given.token, given.password.get_secret_value())


@leaving.delete("", status_code=204, summary="Log out: end this session", responses=problems("session.not_found"))
def log_out(api: TheApi, caller: Caller, request: Request) -> Response:
    """A service token is revoked by its owner, not by itself: "session.not_found"."""
    api.service.access.end_session(caller.account_id, caller.session_id, caller.actor)
    response = Response(status_code=204, headers={"clear-site-data": '"cache", "storage"'})
    cookies.drop(response, request, cookies.SESSION)
    return response
