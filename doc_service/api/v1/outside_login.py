"""Logging in by what others vouch for: an identity provider, or the person's own certificate."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import Field, StringConstraints

from doc_service.api import cookies
from doc_service.api.context import Api, TheApi
from doc_service.api.idempotency import Repeat, repeated
from doc_service.api.problem_docs import problems
from doc_service.api.routing import LoginRoute, open_router
from doc_service.api.v1.entering import device_of, entered, put_session, told
from doc_service.api.v1.schemas.access import LoginView, Text
from doc_service.api.v1.schemas.common import Input, View
from doc_service.bootstrap.sima import SimaCases
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.outside_login import ATTEMPT_LIFE, CHALLENGE_LIFE
from doc_service.instruments.fields import Identifier
from doc_service.services.access.signature_login import Proof
from doc_service.services.access.start_session import Started
from signing.remote.web_eid import AuthenticationToken, WebEidAuthentication

router = open_router("/v1/login", "login", LoginRoute, ("csrf.refused",))

Base64 = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]
OIDC, SIGNATURE, WEB_EID, SIMA = "oidc", "signature", "web-eid", "sima"
_REDIRECT: dict[int | str, dict[str, Any]] = {303: {"description": "To the identity provider, or back to the service"}}


class ChallengeView(View):
    """``text``: the very characters to be signed, in UTF-8."""

    id: str
    text: str
    expires_at: datetime


class ProofInput(Input):
    """``document_id``: to enter as the external party of that document."""

    challenge: Text
    certificate: Base64 = Field(description="DER")
    chain: list[Base64] = Field(default=[], max_length=10)
    signature: Base64 = Field(description="Over the text: ECDSA in DER, or RSA PKCS#1 v1.5")
    algorithm: Text = Field(examples=["sha256_ecdsa"])
    document_id: Identifier | None = None


class NonceView(View):
    """``nonce`` is what ``webeid.authenticate`` is given."""

    nonce: str
    expires_at: datetime


class WebEidInput(Input):
    token: dict[str, Any] = Field(
        description="What webeid.authenticate gave",
        examples=[
            {"format": "web-eid:1.0", "unverifiedCertificate": "MIID…", "algorithm": "ES384", "signature": "oQ1k…"}
        ],
    )
    document_id: Identifier | None = None


class SimaBegunView(View):
    """``content_url`` is shown as a QR code, ``app_link`` opens the app on the phone itself."""

    content_url: str
    app_link: str
    expires_at: datetime


class SimaClaimInput(Input):
    document_id: Identifier | None = Field(
        default=None, description="To enter as the external party of that document", examples=["kq-2026-7"]
    )


@router.get(
    "/oidc/callback",
    status_code=303,
    summary="Where the identity provider leads back to",
    responses={
        **_REDIRECT,
        **problems("oidc.attempt_invalid", "oidc.no_account", "oidc.unavailable", "oidc.bad_answer", "account.closed"),
    },
)
def oidc_callback(
    api: TheApi,
    request: Request,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    if error or not code:
        raise DomainError("oidc.refused", "", why=error if error.isascii() and error.isprintable() else "")
    browser = cookies.cookie(request, OIDC)
    started, return_to = api.service.logins.finish_oidc(state, code, browser, device_of(request))
    response = RedirectResponse(return_to, 303)
    cookies.drop(response, request, OIDC)
    put_session(response, request, started)
    return response


@router.get(
    "/oidc/{provider}",
    status_code=303,
    summary="Log in at an identity provider",
    responses={**_REDIRECT, **problems("oidc.unknown_provider", "oidc.unavailable", "oidc.bad_answer")},
)
def begin_oidc(
    provider: Annotated[str, Path(max_length=64)],
    api: TheApi,
    request: Request,
    return_to: Annotated[str, Query(max_length=500, description="A path of this service")] = "/",
) -> Response:
    begun = api.service.logins.begin_oidc(provider, return_to)
    response = RedirectResponse(begun.url, 303)
    cookies.put(response, request, OIDC, begun.browser, ATTEMPT_LIFE)
    return response


@router.post("/signature/challenge", response_model=ChallengeView, summary="A challenge for the person's own key")
@repeated(Repeat.FREE)
def challenge(api: TheApi, request: Request) -> Response:
    begun = api.service.logins.begin_signature()
    made = begun.challenge
    view = ChallengeView(id=made.id, text=made.text.decode(), expires_at=made.expires_at)
    return _bound(request, view, SIGNATURE, begun.browser, CHALLENGE_LIFE)


@router.post(
    "/signature",
    response_model=LoginView,
    summary="The signed challenge",
    responses=problems(
        "login.challenge_invalid", "login.no_account", "login.revocation_unknown", "signing.untrusted_certificate"
    ),
)
@repeated(Repeat.FREE)
def signature(given: ProofInput, api: TheApi, request: Request) -> Response:
    proof = Proof(_der(given.certificate), [_der(c) for c in given.chain], _der(given.signature), given.algorithm)
    started = api.service.logins.finish_signature(
        given.challenge, cookies.cookie(request, SIGNATURE), proof, device_of(request), given.document_id or ""
    )
    return _entered(request, started, SIGNATURE)


@router.post(
    "/web-eid/challenge",
    response_model=NonceView,
    summary="A nonce for Web eID",
    responses=problems("web_eid.disabled"),
)
@repeated(Repeat.FREE)
def web_eid_challenge(api: TheApi, request: Request) -> Response:
    browser = api.service.access.start_session.secrets.token()
    nonce = _web_eid(api).challenge(browser)
    view = NonceView(nonce=nonce, expires_at=api.service.work.clock.now() + CHALLENGE_LIFE)
    return _bound(request, view, WEB_EID, browser, CHALLENGE_LIFE)


@router.post(
    "/web-eid",
    response_model=LoginView,
    summary="The token that Web eID gave",
    responses=problems("web_eid.disabled", "login.no_account", "signing.web_eid_nonce"),
)
@repeated(Repeat.FREE)
def web_eid(given: WebEidInput, api: TheApi, request: Request) -> Response:
    token = AuthenticationToken.read(given.token)
    found = _web_eid(api).verify(cookies.cookie(request, WEB_EID), token)
    enter = api.service.logins.enter_by_certificate
    started = enter(found.fin, found.certificate, "web_eid", device_of(request), given.document_id or "")
    return _entered(request, started, WEB_EID)


@router.post(
    "/sima", response_model=SimaBegunView, summary="Begin a log-in with SİMA", responses=problems("sima.disabled")
)
@repeated(Repeat.FREE)
def begin_sima(api: TheApi, request: Request) -> Response:
    begun = _sima(api).authentication.begin()
    links, until = begun.links, begun.offer.until
    view = SimaBegunView(content_url=links.content_url, app_link=links.app_link, expires_at=until)
    return _bound(request, view, SIMA, begun.browser, until - api.service.work.clock.now())


@router.post(
    "/sima/session",
    response_model=LoginView,
    summary="Whether the phone has answered",
    responses={
        202: {"model": LoginView, "description": "Not yet"},
        **problems("sima.disabled", "login.challenge_invalid", "login.no_account"),
    },
)
@repeated(Repeat.FREE)
def claim_sima(given: SimaClaimInput, api: TheApi, request: Request) -> Response:
    browser = cookies.cookie(request, SIMA)
    started = _sima(api).finish_login(browser, device_of(request), given.document_id or "")
    if started is None:
        return told(LoginView(state="waiting"), 202)
    return _entered(request, started, SIMA)


def _bound(request: Request, view: View, name: str, browser: str, life: timedelta) -> Response:
    response = JSONResponse(view.model_dump(mode="json"), headers={"cache-control": "no-store"})
    cookies.put(response, request, name, browser, life)
    return response


def _entered(request: Request, started: Started, name: str) -> Response:
    response = entered(request, started)
    cookies.drop(response, request, name)
    return response


def _der(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise DomainError("data.invalid", "certificate") from None


def _web_eid(api: Api) -> WebEidAuthentication:
    found = api.service.logins.web_eid
    if found is None:
        raise NotFoundError("web_eid.disabled")
    return found


def _sima(api: Api) -> SimaCases:
    found = api.service.sima
    if found is None:
        raise NotFoundError("sima.disabled")
    return found
