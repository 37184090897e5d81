"""Rows of the role walk: acts and texts from a protocol, recommendations, what a body owes."""

from __future__ import annotations

from tests.api.role_table import Row

_DT, _D = "/v1/documents/{document_id}", "/v1/documents/{signing}"
_RT, _R = "/v1/recommendations/{document_id}", "/v1/recommendations/{signing}"
_BT, _B = "/v1/bodies/{body_id}", "/v1/bodies/{body}"
_HEEDED = {"action": "heed", "on": "2026-01-01", "reason": "x"}

_READ_BODY = "401 200 200 200 404 404 404 404 200 404 404 404 200 403 403"
_WRITE_BODY = "401 200 403 403 404 404 404 404 403 404 404 404 403 403 404"
_NOT_SIGNED = "401 409 403 403 404 403 404 403 403 404 403 404 403 409 404"

ROWS: tuple[Row, ...] = (
    Row(f"POST {_DT}/acts", f"{_D}/acts", _NOT_SIGNED, {"item": 1}),
    Row(f"POST {_DT}/summary", f"{_D}/summary", _NOT_SIGNED, {}),
    Row(f"GET {_RT}", _R, "401 404 404 404 404 404 404 404 404 404 404 404 404 403 403"),
    Row(
        f"POST {_RT}/outcomes", f"{_R}/outcomes", "401 404 403 403 404 403 404 403 403 404 403 404 403 403 404", _HEEDED
    ),
    Row(
        f"POST {_RT}/appeals",
        f"{_R}/appeals",
        "401 404 403 403 404 403 404 403 403 404 403 404 403 404 404",
        {"text": "x"},
    ),
    Row(f"GET {_BT}/recommendations", f"{_B}/recommendations?year=2026", _READ_BODY),
    Row(f"GET {_BT}/duties", f"{_B}/duties", _READ_BODY),
    Row(f"GET {_BT}/yearly-report-data", f"{_B}/yearly-report-data?year=2026", _WRITE_BODY),
    Row(f"GET {_BT}/nomenclature-data", f"{_B}/nomenclature-data?year=2026", _WRITE_BODY),
)
