"""Requests as operators see them: an id, a span, figures by route template, and one line in the log."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from contextlib import ExitStack
from typing import Any

from doc_service.observability.context import bind
from doc_service.observability.tracing import Start
from doc_service.observability.watch import Watch

_log = logging.getLogger("doc_service.requests")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
"""W3C Trace Context §3.2."""
_CONTEXT: Sequence[str] = ("traceparent", "tracestate")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = frozenset({"/health/live", "/health/ready"})


class ObserveRequests:
    """ASGI middleware, outermost. An ``X-Request-ID`` of 8 to 64 letters, digits, ".", "_" and "-" is taken over, any
    other is replaced by ``new_id``'s, and the answer names it. Neither path, query nor address of the caller goes
    anywhere: the template of the route does, or "unmatched"."""

    def __init__(self, app: Application, watch: Watch, new_id: Callable[[], str]) -> None:
        self._app, self._watch, self._new_id = app, watch, new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope["headers"])
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        request_id = self._id(headers.get("x-request-id", ""))
        traced = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
        carried: Mapping[str, str] = {n: headers[n] for n in _CONTEXT if n in headers} if traced else {}
        status, began = 500, self._watch.monotonic()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        with ExitStack() as stack:
            stack.enter_context(bind(request=request_id, trace=traced[1] if traced else None))
            start = Start("server", carried, statements=True)
            span = stack.enter_context(self._watch.tracing.span(method, {"http.request.method": method}, start))
            try:
                await self._app(scope, receive, named)
            finally:
                route = _route(scope)
                span.set("http.route", route)
                span.set("http.response.status_code", status)
                if status >= 500:
                    span.fail(str(status))
                self._note(route, method, status, self._watch.monotonic() - began)

    def _id(self, given: str) -> str:
        return given if REQUEST_ID.fullmatch(given) else self._new_id()

    def _note(self, route: str, method: str, status: int, seconds: float) -> None:
        metrics = self._watch.metrics
        metrics.http_requests.labels(route, method, str(status)).inc()
        metrics.http_seconds.labels(route, method).observe(seconds)
        level = logging.DEBUG if route in _QUIET and status < 500 else logging.INFO
        told = {"method": method, "route": route, "status": status, "seconds": round(seconds, 4)}
        _log.log(level, "%s %s %d", method, route, status, extra=told)


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


def _route(scope: Scope) -> str:
    """The template, such as "/documents/{id}"."""
    template = getattr(scope.get("route"), "path", None)
    return template if isinstance(template, str) else "unmatched"
