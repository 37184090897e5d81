"""Cookies of this host alone: the session's, and those that bind a log-in attempt to the browser that began it."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request, Response

from doc_service.api.context import api_of
from doc_service.settings import Environment

SESSION = "session"
PREFIX = "__Host-"
"""RFC 6265bis §4.1.3.2: such a cookie was set over TLS, is of this host alone, and no subdomain can plant it."""
PLAIN = "plain-"
"""The embedded default serves plain HTTP on this computer, where not every browser takes a secure cookie."""


def name_of(request: Request, name: str) -> str:
    """Cookies without TLS exist only where the service is tried out."""
    embedded = api_of(request).service.settings.environment is Environment.EMBEDDED
    return (PLAIN if embedded and request.url.scheme == "http" else PREFIX) + name


def cookie(request: Request, name: str) -> str:
    """The value; "" for none."""
    return request.cookies.get(name_of(request, name), "")


def put(response: Response, request: Request, name: str, value: str, life: timedelta) -> None:
    """Out of reach for scripts. Lax: whoever comes back from an identity provider's page is logged in at once; what a
    cookie may change is checked by origin anyway."""
    full = name_of(request, name)
    response.set_cookie(
        full, value, max_age=int(life.total_seconds()), path="/", secure=full.startswith(PREFIX), httponly=True,
        samesite="lax",
    )  # fmt: skip


def drop(response: Response, request: Request, name: str) -> None:
    full = name_of(request, name)
    response.delete_cookie(full, path="/", secure=full.startswith(PREFIX), httponly=True, samesite="lax")
