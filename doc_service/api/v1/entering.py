"""What every way to log in ends with."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from doc_service.api import cookies
from doc_service.api.context import api_of
from doc_service.api.principal import from_browser
from doc_service.api.v1.schemas.access import LoginView, account_brief
from doc_service.services.access.start_session import Started


def device_of(request: Request) -> str:
    """For the owner's list of devices."""
    return request.headers.get("user-agent", "")[:200]


def entered(request: Request, started: Started) -> Response:
    """A browser gets the session as a cookie that no script can read, any other program as a token."""
    browser = from_browser(request)
    view = LoginView(
        state="logged_in",
        expires_at=started.session.expires_at,
        token=None if browser else started.secret,
        account=account_brief(started.account),
    )
    response = told(view)
    if browser:
        put_session(response, request, started)
    return response


def put_session(response: Response, request: Request, started: Started) -> None:
    now = api_of(request).service.work.clock.now()
    cookies.put(response, request, cookies.SESSION, started.secret, started.session.expires_at - now)


def told(view: LoginView, status: int = 200) -> JSONResponse:
    """Never stored by anybody on the way."""
    return JSONResponse(view.model_dump(mode="json"), status, {"cache-control": "no-store"})
