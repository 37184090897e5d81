"""What stands before every request to the agent's localhost service.

A web server on 127.0.0.1 can be reached by every page in every browser on the computer. So: the Host header must be
our own address (DNS rebinding), the Origin must be a service that the person named when starting the agent, a simple
form post is refused by its media type, and no answer ever carries a wildcard or credentials. Private Network Access
preflights are answered for those origins only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doc_service.messages.catalog import LANGUAGES, Catalog

BODY_LIMIT = 256 * 1024
_METHODS = ("GET", "POST")
_HEADERS = frozenset({"authorization", "content-type"})


class Guard:
    """ASGI middleware. ``origins``: exact, as browsers write them. ``host``: "127.0.0.1:<port>"."""

    def __init__(self, app: ASGIApp, *, host: str, origins: frozenset[str]) -> None:
        self._app = app
        self._host = host
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = _Headers(scope)
        origin = headers.one("origin")
        if headers.one("host") != self._host:
            await refuse(send, HTTPStatus.MISDIRECTED_REQUEST, "agent.wrong_host")
        elif origin not in self._origins or headers.one("sec-fetch-mode", "cors") != "cors":
            await refuse(send, HTTPStatus.FORBIDDEN, "agent.foreign_origin")
        elif scope["method"] == "OPTIONS":
            await _preflight(send, headers, str(origin))
        else:
            await self._guarded(scope, receive, _allowing(send, str(origin)), headers)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send, headers: _Headers) -> None:
        media_type = str(headers.one("content-type")).partition(";")[0].strip().lower()
        length = str(headers.one("content-length", "0"))
        if scope["method"] not in _METHODS:
            await refuse(send, HTTPStatus.METHOD_NOT_ALLOWED, "agent.bad_request", part="method")
        elif scope["method"] == "POST" and media_type != "application/json":
            await refuse(send, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "agent.bad_request", part="content-type")
        elif not length.isdecimal() or int(length) > BODY_LIMIT or headers.one("transfer-encoding", "") != "":
            await refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "agent.bad_request", part="body")
        else:
            await self._app(scope, receive, send)


class _Headers:
    """Headers of which each may stand there once: two hosts or two origins are nobody's."""

    def __init__(self, scope: Scope) -> None:
        self._pairs = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]

    def one(self, name: str, absent: str | None = None) -> str | None:
        found = [value for key, value in self._pairs if key == name]
        if not found:
            return absent
        return found[0] if len(found) == 1 else None


async def refuse(send: Send, status: HTTPStatus, code: str, **params: str) -> None:
    """An answer with the code and its texts."""
    texts = {language: Catalog(language).text(code, params) for language in LANGUAGES}
    body = json.dumps({"code": code, "messages": texts}, ensure_ascii=False).encode()
    fields = {"content-type": "application/json", "content-length": str(len(body)), "cache-control": "no-store"}
    await _start(send, status, fields)
    await send({"type": "http.response.body", "body": body})


async def _preflight(send: Send, headers: _Headers, origin: str) -> None:
    asked = {name.strip().lower() for name in str(headers.one("access-control-request-headers", "")).split(",")}
    if headers.one("access-control-request-method") not in _METHODS or not asked - {""} <= _HEADERS:
        await refuse(send, HTTPStatus.FORBIDDEN, "agent.bad_request", part="preflight")
        return
    fields = {
        "access-control-allow-methods": ", ".join(_METHODS),
        "access-control-allow-headers": ", ".join(sorted(_HEADERS)),
        "access-control-max-age": "60",
        "content-length": "0",
    }
    if headers.one("access-control-request-private-network") == "true":
        fields["access-control-allow-private-network"] = "true"
    await _start(_allowing(send, origin), HTTPStatus.NO_CONTENT, fields)
    await send({"type": "http.response.body", "body": b""})


async def _start(send: Send, status: HTTPStatus, fields: Mapping[str, str]) -> None:
    headers = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})


def _allowing(send: Send, origin: str) -> Send:
    """Adds what lets the page of ``origin``, and no other, read the answer."""
    added = [
        (b"access-control-allow-origin", origin.encode()),
        (b"vary", b"Origin"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]

    async def allowing(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept: Any = [pair for pair in message.get("headers", []) if pair[0] != b"cache-control"]
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return allowing
