"""Who is asking: a bearer token or the session cookie, and requests of other sites refused."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from doc_service.api import cookies
from doc_service.api.context import api_of
from doc_service.api.problems import CHALLENGE, ApiError
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Principal

COOKIE = cookies.PREFIX + cookies.SESSION
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_TOKEN = 512

BEARER = HTTPBearer(
    scheme_name="bearer", description="A service token, or the token of a session", auto_error=False
)  # fmt: skip
SESSION = APIKeyCookie(
    name=COOKIE, scheme_name="session", description="Set by login; changes need the same origin", auto_error=False
)


def token_of(request: Request) -> str:
    """The token that the request carries; "" for none. A cookie counts for changes only when the page that sent it is
    the service's own. Raises ``ApiError`` "csrf.refused" and "access.unauthenticated"."""
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise unauthenticated(told=True)
        return token.strip()
    token = cookies.cookie(request, cookies.SESSION)
    if token and request.method not in SAFE_METHODS:
        require_same_origin(request)
    return token


def identify(request: Request) -> Principal:
    """The caller. Raises ``ApiError`` "access.unauthenticated" (401 with a challenge) and "csrf.refused"."""
    token = token_of(request)
    if not token or len(token) > _LONGEST_TOKEN or not token.isascii():
        raise unauthenticated(told=bool(token))
    try:
        return api_of(request).authenticate(token)
    except DomainError as error:
        if error.code.startswith("persistence."):
            raise
        raise unauthenticated(error.code, told=True) from error


def unauthenticated(code: str = "access.unauthenticated", *, told: bool) -> ApiError:
    """RFC 6750 §3: why is said only when credentials were sent."""
    challenge = f'{CHALLENGE}, error="invalid_token"' if told else CHALLENGE
    return ApiError(code, headers={"www-authenticate": challenge})


def require_same_origin(request: Request) -> None:
    """Browsers say where a request comes from: Fetch Metadata (``Sec-Fetch-Site``) and ``Origin``. Each that is there
    must name the service itself, and one must be there. Raises ``ApiError`` "csrf.refused"."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    by_site = site is None or site == "same-origin"
    by_origin = origin is None or origin in own_origins(request)
    if (site is None and origin is None) or not (by_site and by_origin):
        raise ApiError("csrf.refused")


def refuse_other_sites(request: Request) -> None:
    """For log-ins, which need no cookie but set one: no other site's page logs its reader in. Programs send neither
    header. Raises ``ApiError`` "csrf.refused"."""
    if from_browser(request) and request.method not in SAFE_METHODS:
        require_same_origin(request)


def from_browser(request: Request) -> bool:
    """Whether a page sent the request: a script cannot leave these headers out."""
    return "sec-fetch-site" in request.headers or "origin" in request.headers


def own_origins(request: Request) -> frozenset[str]:
    """RFC 6454 §6.2. Where ``public_url`` is set, that one alone."""
    public = api_of(request).service.settings.public_url
    parts = urlsplit(public or str(request.base_url))
    return frozenset({f"{parts.scheme}://{parts.netloc}"})


async def _caller(request: Request) -> Principal:
    """``routing.GuardedRoute`` has found out already; a route that is not guarded has no caller."""
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        raise unauthenticated(told=False)
    return principal


Caller = Annotated[Principal, Depends(_caller)]
