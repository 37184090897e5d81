"""Rows of the role walk: the registry as a spreadsheet. The document asked for is a protocol, so that whoever may read
or change it is told that it has no spreadsheet, and nothing is changed."""

from __future__ import annotations

from tests.api.role_table import Row

_ONE = "/v1/registry-sheets/{document_id}"

ROWS: tuple[Row, ...] = (
    Row(
        f"GET {_ONE}",
        "/v1/registry-sheets/{signing}",
        "401 422 422 422 404 422 404 422 422 404 422 404 422 403 403",
    ),
    Row(
        f"PUT {_ONE}",
        "/v1/registry-sheets/{signing}",
        "401 428 403 403 404 403 404 403 403 404 403 404 403 428 404",
        content=b"x",
    ),
    Row(
        "POST /v1/registry-sheets/reading",
        "/v1/registry-sheets/reading",
        "401 422 403 403 403 403 403 403 403 403 403 403 403 422 403",
        content=b"x",
    ),
)
