"""Verifying a copy: open to everybody, since it shows nothing but the file that the caller holds already."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from doc_service.api.context import TheApi
from doc_service.api.problem_docs import problems
from doc_service.api.routing import HeavyRoute, open_router
from doc_service.services.verification_view import VerificationView, verification_view

router: APIRouter = open_router("/v1", "verification", HeavyRoute)
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_FILE = {
    "requestBody": {
        "required": True,
        "content": dict.fromkeys(("application/pdf", "application/octet-stream"), _BYTES),
    }
}


@router.post(
    "/verification",
    summary="Judge a signed PDF, sent as the body",
    responses=problems("verify.too_large", "signing.unreadable_pdf", "signing.encrypted_pdf", "signing.decode_limit"),
    openapi_extra=_FILE,
)
async def judge(request: Request, api: TheApi) -> VerificationView:
    """Changes nothing and keeps nothing, so it needs no Idempotency-Key. Holder's FİN are masked."""
    pdf = await request.body()
    return verification_view(await run_in_threadpool(api.service.verify, pdf))
