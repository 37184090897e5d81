"""How problems stand in the OpenAPI description."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from doc_service.api.language import catalog
from doc_service.api.problem_table import listed, retry_after
from doc_service.api.problems import MEDIA_TYPE

ALWAYS = ("internal.error", "persistence.unavailable", "request.too_many", "request.unreadable", "request.invalid")
"""What every route can answer."""
GUARDED = ("access.unauthenticated", "session.expired", "access.denied", "csrf.refused")
"""What every route that needs an account can answer."""
KEYED = (
    "idempotency.missing", "idempotency.bad_key", "idempotency.reused", "idempotency.in_progress", "request.too_large",
)  # fmt: skip
"""What every POST that changes something can answer."""
CHANGING = ("precondition.required", "precondition.failed", "state.stale")
"""What every change of a resource with an ETag can answer."""


class FieldFault(BaseModel):
    """One field at fault."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(description="Path, such as items[0].act_kind or query.limit; empty: the whole request")
    code: str
    message: str


class ProblemView(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["urn:doc-service:state.stale"])
    title: str
    status: int
    detail: str = Field(description="In the language asked for by Accept-Language; Azerbaijani by default")
    code: str = Field(description="Stable, for programs")
    messages: dict[str, str] = Field(description="The detail in every language: az, en")
    errors: list[FieldFault] | None = None
    request_id: str | None = None


def problems(*codes: str, **statuses: int) -> dict[int | str, dict[str, Any]]:
    """For ``responses=`` of a route: each status with an example of every code. ``statuses`` names those of codes
    that only an error class decides, with "__" for the full stop. Raises ``ValueError`` for a code without status."""
    named = {code.replace("__", "."): status for code, status in statuses.items()}
    by_status: dict[int, list[str]] = {}
    for code in (*codes, *named):
        status = named.get(code, listed(code))
        if status is None:
            raise ValueError(f"problem_table does not know {code}")
        by_status.setdefault(status, []).append(code)
    return {status: _response(status, found) for status, found in sorted(by_status.items())}


def merged(*several: Mapping[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """Answers of several lists, with the examples of all."""
    result: dict[int | str, dict[str, Any]] = {}
    for part in several:
        for status, response in part.items():
            if status not in result:
                result[status] = response
                continue
            mine, new = result[status]["content"][MEDIA_TYPE], response["content"][MEDIA_TYPE]
            examples = {**mine["examples"], **new["examples"]}
            result[status] = {**result[status], "content": {MEDIA_TYPE: {**mine, "examples": examples}}}
    return result


def _response(status: int, codes: list[str]) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {code: {"value": _example(status, code)} for code in dict.fromkeys(codes)},
            }
        },
    }
    if any(retry_after(code, status) is not None for code in codes):
        response["headers"] = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
    return response


def _example(status: int, code: str) -> dict[str, Any]:
    messages = {language: catalog(language).text(code) for language in ("az", "en")}
    return {
        "type": f"urn:doc-service:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": messages["az"],
        "code": code,
        "messages": messages,
    }
