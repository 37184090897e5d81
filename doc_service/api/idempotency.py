"""Requests that may be sent again (draft-ietf-httpapi-idempotency-key-header).

A POST that changes something carries a key of its account's choice. The first request with a key is carried out and a
successful answer kept for 24 hours; the same request again gets that answer. A refusal changed nothing, so it is not
kept: the same key may be tried again. When a process dies in the middle, the key is free again after ``HELD`` (a living
one renews it meanwhile), and what the repeated request creates has the same ids (``NewId``), so that nothing is there
twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, TypeVar

import anyio
from fastapi import Depends, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from doc_service.api.context import Api, api_of
from doc_service.api.problems import ApiError
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Principal
from doc_service.ports_interface import KeptAnswer, RequestMark

_log = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
REPLAYED = "idempotency-replayed"
HELD = timedelta(seconds=10)
_KEY = re.compile(r"[\x21\x23-\x7e]{1,200}")
_KEPT_HEADERS = ("content-type", "location", "etag", "vary", "cache-control")
_LARGEST_KEPT = 1024 * 1024
_NAMESPACE = uuid.UUID("6f0d6a3a-52b5-4c39-9a0c-6f6f1d5b9b52")

Handle = Callable[[Request], Awaitable[Response]]
F = TypeVar("F", bound=Callable[..., object])


class Repeat(StrEnum):
    """What a POST is when it comes twice. ``KEPT``: the answer is kept. ``SECRET``: its answer holds a secret that is
    shown once; that it was done is kept, the answer is not. ``FREE``: it changes nothing, or its own contract makes
    repeating harmless."""

    KEPT = "kept"
    SECRET = "secret"  # noqa: S105 - a name, no secret
    FREE = "free"


def repeated(how: Repeat) -> Callable[[F], F]:
    """Marks an endpoint; without it a POST is ``KEPT``. Stands below the router's decorator."""

    def mark(endpoint: F) -> F:
        endpoint.__doc_service_repeat__ = how  # type: ignore[attr-defined]
        return endpoint

    return mark


def repeat_of(endpoint: Callable[..., object]) -> Repeat:
    return getattr(endpoint, "__doc_service_repeat__", Repeat.KEPT)


async def key_header(
    idempotency_key: Annotated[
        str, Header(pattern=rf'^"?{_KEY.pattern}"?$', description="Chosen by the caller, fresh for each new request")
    ],
) -> None:
    """For the description; ``once`` reads the header itself."""


async def once(request: Request, principal: Principal, how: Repeat, handle: Handle) -> Response:
    """Carries the request out unless it has been. Raises ``ApiError`` "idempotency.missing", "idempotency.bad_key",
    "idempotency.secret_not_repeated", and what ``IdempotencyKeys.begin`` raises."""
    api = api_of(request)
    mark = await _mark(request, principal)
    now = api.service.work.clock.now()
    token = api.service.work.ids.new()
    kept = await run_in_threadpool(api.keys.begin, mark, token, now, now + HELD)
    if kept is not None:
        return _again(kept)
    request.state.idempotent = mark
    beating = asyncio.create_task(_keep_alive(api, mark, token))
    try:
        response = await handle(request)
    except BaseException:
        beating.cancel()
        with anyio.CancelScope(shield=True):
            await _settle(lambda: api.keys.release(mark, token))
        raise
    beating.cancel()
    answer = _answer(response, how)
    with anyio.CancelScope(shield=True):
        if answer is None:
            await _settle(lambda: api.keys.release(mark, token))
        else:
            await _settle(lambda: api.keys.finish(mark, token, answer))
    return response


async def _keep_alive(api: Api, mark: RequestMark, token: str) -> None:
    """Until it is cancelled, or the request is another's: then whoever was slower finds everything done. Not by the
    threads that carry requests out: they may all be busy."""
    held = True
    while held:
        await asyncio.sleep(HELD.total_seconds() / 3)
        try:
            until = api.service.work.clock.now() + HELD
            held = await asyncio.to_thread(api.keys.renew, mark, token, until)
        except DomainError as error:
            _log.warning("a request's key could not be renewed: %s", error.code)


async def _settle(step: Callable[[], object]) -> None:
    """The request itself is over: that its answer cannot be kept must not turn success into failure."""
    try:
        await run_in_threadpool(step)
    except DomainError as error:
        _log.warning("the answer of a request was not kept: %s", error.code)


async def _mark(request: Request, principal: Principal) -> RequestMark:
    given = request.headers.get(HEADER)
    if given is None:
        raise ApiError("idempotency.missing")
    key = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not _KEY.fullmatch(key):
        raise ApiError("idempotency.bad_key")
    headers = (request.headers.get(name, "") for name in ("content-type", "if-match"))
    told = "\x00".join((request.method, request.url.path, request.url.query, *headers)).encode()
    digest = hashlib.sha256(hashlib.sha256(told).digest() + await request.body()).hexdigest()
    return RequestMark(principal.account_id, key, request.method, request.url.path, digest)


def _answer(response: Response, how: Repeat) -> KeptAnswer | None:
    """What is kept: success alone. Streams are answers to nothing that a POST changes."""
    body = getattr(response, "body", None)
    if response.status_code >= 400 or not isinstance(body, bytes):
        return None
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    keeps = how is Repeat.KEPT and len(body) <= _LARGEST_KEPT
    return KeptAnswer(response.status_code, headers, body if keeps else None)


def _again(kept: KeptAnswer) -> Response:
    if kept.body is None:
        raise ApiError("idempotency.secret_not_repeated")
    return Response(kept.body, kept.status, {**kept.headers, REPLAYED: "true"})


class Identifiers:
    """Ids of what a request creates: the same for the same request under the same key, fresh without one."""

    def __init__(self, mark: RequestMark | None, fresh: Callable[[], str]) -> None:
        self._mark, self._fresh = mark, fresh

    def __call__(self, name: str = "") -> str:
        """``name`` tells several things apart that one request creates."""
        if self._mark is None:
            return self._fresh()
        parts = (self._mark.account_id, self._mark.key, self._mark.path, name)
        return str(uuid.uuid5(_NAMESPACE, "\x00".join(parts)))


async def _identifiers(request: Request) -> Identifiers:
    mark: RequestMark | None = getattr(request.state, "idempotent", None)
    return Identifiers(mark, api_of(request).service.work.ids.new)


NewId = Annotated[Identifiers, Depends(_identifiers)]
