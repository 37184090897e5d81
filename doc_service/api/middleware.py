"""Around every request: security headers, and an answer for what nobody foresaw."""

from __future__ import annotations

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doc_service.api.problems import Problem

_log = logging.getLogger(__name__)

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""What holds when a route says nothing else; data are no pages, so nothing of them may be run or framed."""
_HSTS = "max-age=63072000"


class SecureHeaders:
    """ASGI middleware: ``SECURITY_HEADERS``, HSTS over TLS, and the state of the caller's rate limit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**SECURITY_HEADERS, **scope.get("state", {}).get("rate", {})}.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", _HSTS)
            await send(message)

        await self._app(scope, receive, secured)


class Unforeseen:
    """ASGI middleware, inside ``ObserveRequests``: an error that no handler knows is logged with the request's id and
    answered as "internal.error" without a word about it. When the answer has begun, it is cut off, so that nobody
    takes what came for the whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            _log.exception("a request failed")
            if not started:
                response = Problem.of(error).response(Headers(scope=scope).get("accept-language", ""))
                await response(scope, receive, send)
