"""The description of the interface (OpenAPI), served at /openapi.json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from doc_service.api.problem_docs import ProblemView

_ABOUT = """Official instruments from DOCX, enhanced electronic signatures (PAdES), an archive that can be audited.

Errors are problems (RFC 9457) with a stable `code`. Texts follow `Accept-Language` (az, en). Every POST that changes
something needs an `Idempotency-Key`; every change of a resource needs `If-Match` with the `ETag` that was read. Lists
come page by page: follow `next`. Long work answers 202 with the `Location` of a job that can be watched. Moments are
RFC 3339 in UTC with microseconds."""

TAGS = {
    "login": "Logging in and out",
    "me": "The caller's own account",
    "sessions": "Devices that are logged in",
    "tokens": "Service tokens",
    "accounts": "Accounts, by the administrator",
    "bodies": "Collegial bodies and their members",
    "meetings": "Meetings",
    "instruments": "The catalogue of instruments",
    "documents": "Documents and their files",
    "recommendations": "What became of recommendations, and the appeal",
    "visas": "Visas of the units asked",
    "journals": "Registration",
    "people": "The register of persons",
    "templates": "Versions of templates: upload, checks, comparison, activation",
    "dispatch": "Delivery lists, sending, proof of delivery, dispatch registers",
    "organisations": "The register of organisations and of who keeps their seals",
    "clusters": "Industrial clusters: participants, founding path, requirements, registry",
    "accessions": "How an organisation joins a cluster",
    "substitutions": "Who acts in whose place",
    "requests": "Signature requests and signing",
    "signing": "Signing with a key that is elsewhere",
    "archive": "The archive",
    "verification": "Verifying a file",
    "copies": "Certified copies and extracts",
    "checks": "The public check of a copy",
    "audit": "The control-audit journal",
    "webhooks": "Who is told of events over HTTP",
    "jobs": "Long work",
    "events": "Event streams",
    "calendars": "Calendar files",
    "health": "For orchestrators",
}


def operation_id(route: APIRoute) -> str:
    """Area and function, such as "documents_register"; unique and stable."""
    area = str(route.tags[0]) if route.tags else "service"
    return f"{area}_{route.name}"


def describe(app: FastAPI) -> None:
    """Makes ``app.openapi`` give the whole description, made once."""
    app.openapi = _maker(app)  # type: ignore[method-assign]


def _maker(app: FastAPI) -> Callable[[], dict[str, Any]]:
    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    return openapi


def _described(app: FastAPI) -> dict[str, Any]:
    tags = [{"name": name, "description": text} for name, text in TAGS.items()]
    told = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes, tags=tags)
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    problem = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = {**problem, "title": "Problem"}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return told
