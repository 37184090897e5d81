"""The HTTP application: health, the interface v1, and verification of a copy, which needs no account because it shows
nothing but the file that the caller already holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from doc_service.api import problems
from doc_service.api.check_page import router as check_page_router
from doc_service.api.context import Api, Authenticate, TheApi
from doc_service.api.health import health_routes
from doc_service.api.hub import Hub
from doc_service.api.limits import LimitAddresses, LimitBodies, Limits
from doc_service.api.middleware import SecureHeaders, Unforeseen
from doc_service.api.openapi import describe, operation_id
from doc_service.api.problem_docs import ALWAYS
from doc_service.api.problem_docs import problems as documented
from doc_service.api.sima import router as sima_router
from doc_service.api.v1 import ROUTERS
from doc_service.bootstrap import Container
from doc_service.bootstrap.interface import open_interface
from doc_service.bootstrap.readiness import default_health
from doc_service.observability.health import HealthMonitor
from doc_service.observability.watch import Watch
from doc_service.observability.web import ObserveRequests
from doc_service.services.verification_view import verification_view

_open = APIRouter(responses=documented(*ALWAYS))


@dataclass(frozen=True, slots=True)
class Observed:
    """What the application is watched with."""

    watch: Watch
    health: HealthMonitor


def create_app(
    service: Container,
    observed: Observed | None = None,
    *,
    authenticate: Authenticate | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """The application over an open container. ``observed`` adds request ids, figures and spans; without it, e.g. in
    scripts, readiness asks the container and nobody counts."""
    app = FastAPI(
        title="Document and signature service", version=version("doc-service"), docs_url=None, redoc_url=None,
        generate_unique_id_function=operation_id,
    )  # fmt: skip
    settings = service.settings
    limits = Limits.make(
        {
            "address": settings.rate_per_address, "login": settings.rate_logins, "heavy": settings.rate_verifications,
            "account": settings.rate_per_account, "phone": settings.rate_phones,
            "check": settings.rate_checks,
        },
        monotonic,
    )  # fmt: skip
    kept = open_interface(service)
    hub = Hub(
        kept.feed, monotonic, tick=settings.event_tick.total_seconds(), most=settings.event_streams,
        most_per_account=settings.event_streams_per_account,
    )  # fmt: skip
    app.state.api = Api(service, authenticate or service.access.authenticate, kept.keys, limits, hub)
    problems.install(app)
    app.include_router(health_routes(observed.health if observed else default_health(service)))
    app.include_router(_open)
    app.include_router(sima_router)
    app.include_router(check_page_router)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(LimitBodies)
    app.add_middleware(LimitAddresses, buckets=limits.address)
    app.add_middleware(Unforeseen)
    app.add_middleware(SecureHeaders)
    if observed:
        app.add_middleware(ObserveRequests, watch=observed.watch, new_id=service.work.ids.new)
    describe(app)
    return app


@_open.get("/instruments", tags=["instruments"])
def instruments(api: TheApi) -> list[dict[str, Any]]:
    """The catalogue."""
    return [{"id": i.id, "title": {"az": i.title_az, "en": i.title_en}} for i in api.service.registry.all()]


@_open.post("/verify", tags=["verification"], responses=documented("verify.too_large", "signing.unreadable_pdf"))
async def verify(request: Request, api: TheApi) -> Response:
    """Judges a signed PDF, sent as the body."""
    pdf = await request.body()
    verification = await run_in_threadpool(api.service.verify, pdf)
    return Response(verification_view(verification).model_dump_json(), media_type="application/json")
