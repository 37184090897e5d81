"""Rows of the role walk: proofs of identity, and calendar files."""

from __future__ import annotations

from tests.api.role_table import Row

_SIGNED = "/v1/signature-requests/{signed}"

ROWS: tuple[Row, ...] = (
    Row(
        "GET /v1/signature-requests/{request_id}/identity-proof",
        f"{_SIGNED}/identity-proof",
        "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403",
    ),
    Row(
        "GET /v1/signature-requests/{request_id}/identity-proof/objects/{sha256}",
        f"{_SIGNED}/identity-proof/objects/{{certificate}}",
        "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403",
    ),
    Row(
        "GET /v1/signature-requests/{request_id}/calendar",
        "/v1/signature-requests/{request}/calendar",
        "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403",
    ),
    Row(
        "GET /v1/meetings/{meeting_id}/calendar",
        "/v1/meetings/{meeting}/calendar",
        "401 200 200 200 404 404 404 404 200 404 404 404 200 403 403",
    ),
)
