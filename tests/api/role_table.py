"""Every route of the interface, and what each kind of caller is answered. A route outside this table fails the walk.

``ACTORS`` are the columns. "member", "cosigner" and "signatory" are concerned with the objects asked for; "party" is
the external party of the document; "stranger", "outsider" and "other_party" are not concerned. "legal" is of the unit
that gives the visa. The last three are service tokens: "reader" and "drafter" of the secretariat (read; draft), "audit"
(audit) of the auditor. Whoever is not concerned is told 404, as if there were nothing. Requests that change something
are made so that whoever may make them is refused for another reason (409, 412, 422, 428) and nothing is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

ACTORS = (
    "nobody", "secretariat", "member", "cosigner", "stranger", "signatory", "outsider", "legal", "auditor",
    "administrator", "party", "other_party", "reader", "drafter", "audit",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """``route``: method and path template; ``url``: with places of the world; ``expected``: by ``ACTORS``.
    ``stream``: an answer without end, of which the status is looked at. ``fresh``: asked with a session of
    its own, since it ends sessions."""

    route: str
    url: str
    expected: str
    json: Any = None
    content: bytes | None = None
    stream: bool = False
    fresh: bool = False

    @property
    def method(self) -> str:
        return self.route.split()[0]

    def answers(self) -> dict[str, int]:
        return dict(zip(ACTORS, map(int, self.expected.split()), strict=True))


_REASON = {"reason": " "}
_DUE = {"due_at": "2090-01-01T00:00:00+04:00"}
_ZERO = "0" * 64
_PERSON = {
    "id": "p-x", "name": {"surname": "Quliyev", "given": "Anar"}, "fin": "5AB1C2D", "organisation": "KOBİA",
    "post": "mütəxəssis",
}  # fmt: skip
_BODY = {
    "id": "{body}", "kind": "koordinasiya-qrupu", "name": "Başqa", "short_name": "Başqa", "parent_organisation": "X",
    "unit": "1", "place": "Bakı", "members": [{"person": _PERSON, "role": "head", "since": "2024-01-01"}],
    "secretary": {**_PERSON, "id": "p-y"},
}  # fmt: skip
_MEETING = {
    "body_id": "{body}", "kind": "ordinary", "number": 9, "place": "Bakı", "opens_at": "2026-01-10T10:00:00+04:00",
    "documents_delivered_on": "2026-01-10",
    "agenda": [{"number": 1, "title": "x", "matter": "other", "reporter_id": "p1"}],
}  # fmt: skip
_RECORD = {
    "closes_at": "2026-01-10T12:00:00+04:00", "attendance": [{"member_id": "p1", "presence": "present"}],
    "items": [{"number": 1}],
}  # fmt: skip
_SUBSTITUTION = {
    "absent_id": "p1", "substitute": _PERSON, "order_number": "1", "order_date": "2026-01-01", "since": "2026-01-05",
    "until": "2026-01-01",
}  # fmt: skip
_DRAFT = {"instrument": "kq-protokol", "body_id": "{body}", "data": {}}
_JOURNAL = {"code": "{journal}", "title": "x", "unit": "x"}
_VISA = {"unit": "Hüquq şöbəsi", "decision": "grant"}
_DEVICE = {"certificate": "AAAA"}
_SIGNATURE = {"signature": "AAAA", "prepared_sha256": _ZERO}

_R, _D = "/v1/signature-requests/{request}", "/v1/documents/{signing}"
_RT, _DT = "/v1/signature-requests/{request_id}", "/v1/documents/{document_id}"

ROWS: tuple[Row, ...] = (
    Row("GET /v1/bodies", "/v1/bodies", "401 200 200 200 200 403 403 200 200 403 403 403 200 403 403"),
    Row("POST /v1/bodies", "/v1/bodies", "401 409 403 403 403 403 403 403 403 403 403 403 403 403 403", _BODY),
    Row("GET /v1/bodies/{body_id}", "/v1/bodies/{body}", "401 200 200 200 404 404 404 404 200 404 404 404 200 403 403"),
    Row("GET /v1/meetings", "/v1/meetings", "401 200 200 200 200 403 403 200 200 403 403 403 200 403 403"),
    Row("POST /v1/meetings", "/v1/meetings", "401 422 403 403 403 403 403 403 403 403 403 403 403 422 403", _MEETING),
    Row(
        "GET /v1/meetings/{meeting_id}",
        "/v1/meetings/{meeting}",
        "401 200 200 200 404 404 404 404 200 404 404 404 200 403 403",
    ),
    Row(
        "PUT /v1/meetings/{meeting_id}/record",
        "/v1/meetings/{meeting}/record",
        "401 428 403 403 404 404 404 404 403 404 404 404 403 428 404",
        _RECORD,
    ),
    Row(
        "GET /v1/meetings/{meeting_id}/protocol-data",
        "/v1/meetings/{meeting}/protocol-data",
        "401 200 403 403 404 404 404 404 403 404 404 404 403 403 404",
    ),
    Row("GET /v1/instruments", "/v1/instruments", "401 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    Row(
        "GET /v1/instruments/{instrument_id}",
        "/v1/instruments/kq-protokol",
        "401 200 200 200 200 200 200 200 200 200 200 200 200 200 200",
    ),
    Row(
        "GET /v1/instruments/{instrument_id}/schema",
        "/v1/instruments/kq-protokol/schema",
        "401 200 200 200 200 200 200 200 200 200 200 200 200 200 200",
    ),
    Row(
        "GET /v1/instruments/{instrument_id}/sample",
        "/v1/instruments/kq-protokol/sample",
        "401 200 200 200 200 200 200 200 200 200 200 200 200 200 200",
    ),
    Row("GET /v1/documents", "/v1/documents", "401 200 200 200 200 200 200 200 200 403 200 200 200 403 403"),
    Row("POST /v1/documents", "/v1/documents", "401 422 403 403 403 403 403 403 403 403 403 403 403 422 403", _DRAFT),
    Row(f"GET {_DT}", _D, "401 200 200 200 404 200 404 200 200 404 200 404 200 403 403"),
    Row(f"PUT {_DT}/data", f"{_D}/data", "401 428 403 403 404 403 404 403 403 404 403 404 403 428 404", {"data": {}}),
    Row(f"POST {_DT}/submission", f"{_D}/submission", "401 428 403 403 404 403 404 403 403 404 403 404 403 428 404"),
    Row(f"GET {_DT}/state", f"{_D}/state", "401 200 200 200 404 200 404 200 200 404 200 404 200 403 403"),
    Row(f"GET {_DT}/history", f"{_D}/history", "401 200 200 200 404 200 404 200 200 404 200 404 200 403 403"),
    Row(f"GET {_DT}/revisions", f"{_D}/revisions", "401 200 200 200 404 200 404 200 200 404 200 404 200 403 403"),
    Row(
        f"GET {_DT}/revisions/{{number}}/content",
        f"{_D}/revisions/0/content",
        "401 200 409 409 404 409 404 409 200 404 409 404 200 403 403",
    ),
    Row(
        f"GET {_DT}/content",
        "/v1/documents/{finished}/content",
        "401 200 200 200 404 200 404 200 200 404 404 200 200 403 403",
    ),
    Row(f"GET {_DT}/visas", f"{_D}/visas", "401 200 200 200 404 200 404 200 200 404 200 404 200 403 403"),
    Row("GET /v1/visas", "/v1/visas", "401 200 200 200 200 200 200 200 200 403 200 200 200 403 403"),
    Row(
        f"POST {_DT}/visa-decisions",
        f"{_D}/visa-decisions",
        "401 403 403 403 404 403 404 428 403 404 403 404 403 404 404",
        _VISA,
    ),
    Row("GET /v1/journals", "/v1/journals", "401 200 403 403 403 403 403 403 200 403 403 403 200 403 403"),
    Row("POST /v1/journals", "/v1/journals", "401 201 403 403 403 403 403 403 403 403 403 403 403 403 403", _JOURNAL),
    Row(
        "GET /v1/journals/{code}",
        "/v1/journals/{journal}",
        "401 200 404 404 404 404 404 404 200 404 404 404 200 403 403",
    ),
    Row(
        "GET /v1/journals/{code}/entries",
        "/v1/journals/{journal}/entries",
        "401 200 404 404 404 404 404 404 200 404 404 404 200 403 403",
    ),
    Row(
        f"POST {_DT}/registration", f"{_D}/registration", "401 428 403 403 404 403 404 403 403 404 403 404 403 403 404"
    ),
    Row("GET /v1/substitutions", "/v1/substitutions", "401 200 200 200 200 200 200 200 200 403 403 403 200 403 403"),
    Row(
        "POST /v1/substitutions",
        "/v1/substitutions",
        "401 422 403 403 403 403 403 403 403 403 403 403 403 403 403",
        _SUBSTITUTION,
    ),
    Row(
        "GET /v1/substitutions/{substitution_id}",
        "/v1/substitutions/{substitution}",
        "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403",
    ),
    Row(
        "POST /v1/substitutions/{substitution_id}/end",
        "/v1/substitutions/{substitution}/end",
        "401 428 403 404 404 404 404 404 403 404 404 404 403 403 404",
        {"last_day": "2026-01-01", "reason": " "},
    ),
    Row(
        f"GET {_RT}/record",
        "/v1/signature-requests/{signed}/record",
        "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403",
    ),
    Row(
        "GET /v1/signature-requests",
        "/v1/signature-requests",
        "401 200 200 200 200 200 200 200 200 403 200 200 200 403 403",
    ),
    Row(f"GET {_RT}", _R, "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403"),
    Row(f"GET {_RT}/shown", f"{_R}/shown", "401 403 200 404 404 404 404 404 403 404 404 404 403 404 404"),
    Row(f"GET {_RT}/content", f"{_R}/content", "401 403 200 404 404 404 404 404 403 404 404 404 403 404 404"),
    Row(
        f"POST {_RT}/consent",
        f"{_R}/consent",
        "401 403 422 404 404 404 404 404 403 404 404 404 403 404 404",
        {"shown_sha256": _ZERO},
    ),
    Row(
        f"POST {_RT}/preparation",
        f"{_R}/preparation",
        "401 403 409 404 404 404 404 404 403 404 404 404 403 404 404",
        _DEVICE,
    ),
    Row(
        f"POST {_RT}/signature",
        f"{_R}/signature",
        "401 403 409 404 404 404 404 404 403 404 404 404 403 404 404",
        _SIGNATURE,
    ),
    Row(f"POST {_RT}/refusal", f"{_R}/refusal", "401 403 422 404 404 404 404 404 403 404 404 404 403 404 404", _REASON),
    Row(f"GET {_RT}/queue", f"{_R}/queue", "401 403 200 404 404 404 404 404 403 404 404 404 403 404 404"),
    Row(
        f"GET {_DT}/signature-requests",
        f"{_D}/signature-requests",
        "401 200 200 200 404 200 404 200 200 403 200 404 200 403 403",
    ),
    Row(
        f"GET {_DT}/signing-records",
        f"{_D}/signing-records",
        "401 200 200 200 404 200 404 200 200 403 200 404 200 403 403",
    ),
    Row(f"PUT {_DT}/deadline", f"{_D}/deadline", "401 428 403 403 403 403 403 403 403 403 403 403 403 403 403", _DUE),
    Row(
        f"POST {_DT}/withdrawal",
        f"{_D}/withdrawal",
        "401 428 403 403 404 403 404 403 403 404 403 404 403 428 404",
        _REASON,
    ),
    Row(
        "GET /v1/overdue-requests",
        "/v1/overdue-requests",
        "401 200 403 403 403 403 403 403 200 403 403 403 200 403 403",
    ),
    Row(f"PUT {_RT}/deadline", f"{_R}/deadline", "401 428 403 404 404 404 404 404 403 404 404 404 403 403 404", _DUE),
    Row(
        f"POST {_RT}/reminder",
        "/v1/signature-requests/{signed}/reminder",
        "401 409 403 404 404 404 404 404 403 404 404 404 403 403 404",
    ),
    Row(
        f"POST {_RT}/reopening",
        f"{_R}/reopening",
        "401 428 403 404 404 404 404 404 403 404 404 404 403 403 404",
        _REASON,
    ),
    Row(
        f"POST {_RT}/omission", f"{_R}/omission", "401 428 403 404 404 404 404 404 403 404 404 404 403 403 404", _REASON
    ),
    Row("GET /v1/archive", "/v1/archive", "401 200 403 403 403 403 403 403 200 403 403 403 403 403 403"),
    Row(
        "GET /v1/archive/{document_id}",
        "/v1/archive/{finished}",
        "401 200 403 403 404 403 404 403 200 404 404 403 403 403 403",
    ),
    Row(
        "GET /v1/archive/{document_id}/evidence",
        "/v1/archive/{finished}/evidence",
        "401 200 403 403 404 403 404 403 200 404 404 403 403 403 403",
    ),
    Row(
        "POST /v1/verification",
        "/v1/verification",
        "422 422 422 422 422 422 422 422 422 422 422 422 422 422 422",
        content=b"%PDF-1.7",
    ),
    Row("GET /v1/audit/events", "/v1/audit/events", "401 403 403 403 403 403 403 403 200 403 403 403 403 403 200"),
    Row(
        "GET /v1/audit/verification",
        "/v1/audit/verification",
        "401 403 403 403 403 403 403 403 200 403 403 403 403 403 200",
    ),
    Row("GET /v1/audit/export", "/v1/audit/export", "401 403 403 403 403 403 403 403 200 403 403 403 403 403 200"),
    Row(
        "GET /v1/audit/subjects/{subject_type}/{subject_id}/proof",
        "/v1/audit/subjects/document/{signing}/proof",
        "401 403 403 403 403 403 403 403 200 403 403 403 403 403 200",
    ),
    Row("GET /v1/jobs/{job_id}", "/v1/jobs/{job}", "401 200 200 200 404 200 404 200 200 404 404 404 200 403 403"),
    Row(
        "GET /v1/jobs/{job_id}/events",
        "/v1/jobs/{job}/events",
        "401 200 200 200 404 200 404 200 200 404 404 404 200 403 403",
        stream=True,
    ),
    Row(
        f"GET {_DT}/events", f"{_D}/events", "401 200 200 200 404 200 404 200 200 404 200 404 200 403 403", stream=True
    ),
    Row(
        f"GET {_RT}/events", f"{_R}/events", "401 200 200 404 404 404 404 404 200 404 404 404 200 403 403", stream=True
    ),
    Row("GET /openapi.json", "/openapi.json", "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    Row("HEAD /openapi.json", "/openapi.json", "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    Row("GET /health/live", "/health/live", "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    Row("GET /health/ready", "/health/ready", "503 503 503 503 503 503 503 503 503 503 503 503 503 503 503"),
    Row("GET /instruments", "/instruments", "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200"),
    Row("POST /verify", "/verify", "422 422 422 422 422 422 422 422 422 422 422 422 422 422 422", content=b"%PDF-1.7"),
)

HEADS = tuple(
    replace(row, route=f"HEAD {row.route.removeprefix('GET ')}")
    for row in ROWS
    if row.route.startswith("GET ") and row.route.endswith("/content")
)
"""Of what can be downloaded; answered as GET without the bytes."""
