"""The public check of a copy: open to everybody who holds its code, and silent about what the document says."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.responses import Response

from doc_service.api.context import TheApi, api_of
from doc_service.api.limits import client_of
from doc_service.api.problem_docs import problems
from doc_service.api.routing import Handler, HeavyRoute, open_router
from doc_service.api.v1.schemas.copies import CheckView, DigestInput, MatchView, check_view, match_view
from doc_service.domain.errors import DomainError


class CheckRoute(APIRoute):
    """Limited by address, so that codes cannot be tried out."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def limited(request: Request) -> Response:
            request.state.rate = api_of(request).limits.check.require(client_of(request.scope))
            return await handle(request)

        return limited


router: APIRouter = open_router("/v1/checks", "checks", CheckRoute)
file_router: APIRouter = open_router("/v1/checks", "checks", HeavyRoute)
Code = Annotated[
    str, Path(max_length=100, description="As printed on the copy; case, hyphens and O/0, I/1 do not matter")
]
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_DIGEST = {"schema": DigestInput.model_json_schema()}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/pdf": _BYTES, "application/octet-stream": _BYTES, "application/json": _DIGEST},
    }
}
_HEX = re.compile(r"[0-9a-fA-F]{64}")


@router.get("/{code}", summary="How a copy stands", responses=problems("check.not_found"))
def check(code: Code, api: TheApi) -> CheckView:
    """Number, state, signatories and digest of copy and original; neither recipient nor content."""
    return check_view(api.service.copies.check(code))


@file_router.post(
    "/{code}/comparison", summary="Whether a file is this copy",
    responses=problems("check.not_found", "check.bad_digest", "verify.too_large"), openapi_extra=_BODY,
)  # fmt: skip
async def compare(code: Code, request: Request, api: TheApi) -> MatchView:
    """The file itself as the body, or JSON with its ``sha256``. Nothing is kept."""
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return match_view(await run_in_threadpool(api.service.copies.check.compare, code, digest_of(body)))
    return match_view(await run_in_threadpool(api.service.copies.check.compare_file, code, body))


def digest_of(body: bytes) -> str:
    """The digest in ``{"sha256": …}``. Raises ``DomainError`` "check.bad_digest"."""
    try:
        return DigestInput.model_validate_json(body).sha256
    except ValueError:
        raise DomainError("check.bad_digest", "sha256") from None


def typed_digest(text: str) -> str:
    """What somebody typed, without spaces. Raises ``DomainError`` "check.bad_digest"."""
    found = re.sub(r"\s", "", text[:200])
    if not _HEX.fullmatch(found):
        raise DomainError("check.bad_digest", "sha256")
    return found
