"""The HTTP application of the embedded default: health, the catalogue, and verification of a copy.

The full interface (accounts, meetings, signing) comes with the API of its own; nothing here needs an account, because
nothing here shows more than the file that the caller already holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from doc_service.api.health import health_routes
from doc_service.bootstrap import Container
from doc_service.bootstrap.readiness import default_health
from doc_service.domain.errors import Param
from doc_service.messages.catalog import LANGUAGES, Catalog
from doc_service.observability.health import HealthMonitor
from doc_service.observability.watch import Watch
from doc_service.observability.web import ObserveRequests
from doc_service.services.verification_view import verification_view
from signing.api import SigningError

UPLOAD_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Observed:
    """What the application is watched with."""

    watch: Watch
    health: HealthMonitor


def create_app(service: Container, observed: Observed | None = None) -> FastAPI:
    """The application over an open container. ``observed`` adds request ids, figures and spans; without it, e.g. in
    scripts, readiness asks the container and nobody counts."""
    app = FastAPI(title="Document and signature service", docs_url=None, redoc_url=None)
    app.include_router(health_routes(observed.health if observed else default_health(service)))
    if observed:
        app.add_middleware(ObserveRequests, watch=observed.watch, new_id=service.work.ids.new)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        return _plain_problem(error.status_code, error.headers)

    @app.get("/instruments")
    def instruments() -> list[dict[str, Any]]:
        return [{"id": i.id, "title": {"az": i.title_az, "en": i.title_en}} for i in service.registry.all()]

    @app.post("/verify")
    async def verify(request: Request) -> Response:
        declared = request.headers.get("content-length", "0")
        body = bytearray()
        if not declared.isdecimal() or int(declared) <= UPLOAD_LIMIT:
            async for piece in request.stream():
                body += piece
                if len(body) > UPLOAD_LIMIT:
                    break
            else:
                return await _judged(service, bytes(body))
        return _problem(413, "verify.too_large", {"limit": UPLOAD_LIMIT})

    return app


async def _judged(service: Container, pdf: bytes) -> Response:
    try:
        verification = await run_in_threadpool(service.verify, pdf)
    except SigningError as error:
        return _problem(422, error.code, error.params)
    return Response(verification_view(verification).model_dump_json(), media_type="application/json")


def _problem(status: int, code: str, params: Mapping[str, Param]) -> JSONResponse:
    """RFC 9457: ``detail`` in Azerbaijani; the extensions ``code`` and ``messages`` for programs and other readers."""
    messages = {language: Catalog(language).text(code, params) for language in LANGUAGES}
    content = {
        "type": f"urn:doc-service:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": messages["az"],
        "code": code,
        "messages": messages,
    }
    return JSONResponse(content, status, media_type="application/problem+json")


def _plain_problem(status: int, headers: Mapping[str, str] | None) -> JSONResponse:
    """What HTTP itself refuses (no such path, no such method): RFC 9457 with the type "about:blank"."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return JSONResponse(content, status, headers=headers, media_type="application/problem+json")
