"""Routers of the interface: who asks is known, limits hold and repeated requests are answered before a route runs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from doc_service.api.context import api_of
from doc_service.api.idempotency import Repeat, key_header, once, repeat_of
from doc_service.api.limits import client_of
from doc_service.api.principal import BEARER, SESSION, identify, refuse_other_sites
from doc_service.api.problem_docs import ALWAYS, GUARDED, KEYED, merged, problems
from doc_service.observability.context import bind

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class GuardedRoute(APIRoute):
    """Needs an account: 401 without. A POST needs an Idempotency-Key, unless marked (``idempotency.repeated``)."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        keyed = "POST" in (options.get("methods") or ()) and repeat_of(endpoint) is not Repeat.FREE
        if keyed:
            options["dependencies"] = [*(options.get("dependencies") or ()), Depends(key_header)]
            codes = (*KEYED, "idempotency.secret_not_repeated") if repeat_of(endpoint) is Repeat.SECRET else KEYED
            options["responses"] = merged(options.get("responses") or {}, problems(*codes))
        self.keyed = keyed
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        handle, how, keyed = super().get_route_handler(), repeat_of(self.endpoint), self.keyed

        async def guarded(request: Request) -> Response:
            principal = await run_in_threadpool(identify, request)
            request.state.principal = principal
            request.state.rate = api_of(request).limits.account.require(principal.account_id)
            with bind(actor=principal.actor):
                if keyed:
                    return await once(request, principal, how, handle)
                return await handle(request)

        return guarded


class LoginRoute(APIRoute):
    """Open to everybody, and strictly limited by address: attempts to log in. Answers are never kept."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def limited(request: Request) -> Response:
            refuse_other_sites(request)
            request.state.rate = api_of(request).limits.login.require(client_of(request.scope))
            return await handle(request)

        return limited


class HeavyRoute(APIRoute):
    """Open to everybody, and limited by address because it costs a processor: verifying files."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def limited(request: Request) -> Response:
            request.state.rate = api_of(request).limits.heavy.require(client_of(request.scope))
            return await handle(request)

        return limited


def guarded_router(prefix: str, tag: str, codes: tuple[str, ...] = (), **statuses: int) -> APIRouter:
    """A router whose routes need an account. ``prefix`` begins with "/v1/"; ``codes`` and ``statuses`` are problems
    that each of its routes can answer (``problem_docs.problems``)."""
    return APIRouter(
        prefix=prefix, tags=[tag], route_class=GuardedRoute,
        dependencies=[Security(BEARER), Security(SESSION)],
        responses=_responses((*ALWAYS, *GUARDED, *codes), statuses),
    )  # fmt: skip


def open_router(prefix: str, tag: str, route: type[APIRoute], codes: tuple[str, ...] = ()) -> APIRouter:
    """A router for everybody: ``LoginRoute`` or ``HeavyRoute``."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=route, responses=_responses((*ALWAYS, *codes), {}))


def _responses(codes: tuple[str, ...], statuses: Mapping[str, int]) -> dict[int | str, dict[str, Any]]:
    return problems(*codes, **statuses)
