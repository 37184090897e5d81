"""Rows of the role walk: dispatch, checks, templates. ``{delivery}`` is a line of the finished document's list."""

from __future__ import annotations

from doc_service.domain.dispatch import Addressee, Channel
from doc_service.services.dispatch.plan_deliveries import Line
from tests.api.role_table import Row
from tests.api.world import World

_LINES = {"deliveries": [{"channel": "post", "addressee": {"name": "X", "address": " "}}]}
_PROOF = {"kind": "signature", "reference": "1", "received_by": "X", "on": "2026-01-01"}
_REASON = {"reason": "x"}
_TIME = {"id": "{signing}", "body_id": "{body}", "since": "2026-02-01", "until": "2026-01-01"}
_READ = "401 200 403 403 403 403 403 403 200 403 403 403 200 403 403"
_WRITE = "401 428 403 403 403 403 403 403 403 403 403 403 403 403 403"
_PLAN = "401 422 403 403 404 403 404 403 403 404 403 404 403 403 404"
_CHECK = "401 200 403 403 404 403 404 403 403 404 403 404 403 200 404"
_BACK = "401 428 403 403 404 403 404 403 403 404 403 404 403 403 404"
_RETURNS = "401 200 200 200 404 200 404 200 200 404 200 404 200 403 403"
_LIST = "401 200 403 403 404 403 404 403 200 404 403 404 200 403 403"


def places(world: World, finished: str) -> dict[str, str]:
    """A planned handing over; a template that is the packaged one again."""
    use = world.service.container.use_cases
    planned = use.dispatch.plan(finished, [Line(Channel.HAND, Addressee("Aparat", ""))], "katiblik")
    packaged = use.templates.packaged("kq-qerar.v1")
    template = use.templates.upload("kq-qerar", packaged.content, "", "katiblik")
    return {"delivery": planned[0].id, "template": template.version.name}


ROWS: tuple[Row, ...] = (
    Row("GET /v1/deliveries", "/v1/deliveries", _READ),
    Row("GET /v1/deliveries/{delivery_id}", "/v1/deliveries/{delivery}", _READ),
    Row("GET /v1/documents/{document_id}/deliveries", "/v1/documents/{signing}/deliveries", _LIST),
    Row("POST /v1/documents/{document_id}/deliveries", "/v1/documents/{signing}/deliveries", _PLAN, _LINES),
    Row("POST /v1/deliveries/{delivery_id}/sending", "/v1/deliveries/{delivery}/sending", _WRITE, {}),
    Row("POST /v1/deliveries/{delivery_id}/proof", "/v1/deliveries/{delivery}/proof", _WRITE, _PROOF),
    Row("POST /v1/deliveries/{delivery_id}/return", "/v1/deliveries/{delivery}/return", _WRITE, _REASON),
    Row("POST /v1/deliveries/{delivery_id}/cancellation", "/v1/deliveries/{delivery}/cancellation", _WRITE, _REASON),
    Row("GET /v1/documents/{document_id}/check", "/v1/documents/{signing}/check", _CHECK),
    Row("POST /v1/documents/{document_id}/return", "/v1/documents/{signing}/return", _BACK, {"reasons": []}),
    Row("GET /v1/documents/{document_id}/returns", "/v1/documents/{signing}/returns", _RETURNS),
    Row("GET /v1/templates/{instrument_id}", "/v1/templates/kq-qerar", _READ),
    Row(
        "POST /v1/templates/{instrument_id}", "/v1/templates/kq-qerar",
        "401 422 403 403 403 403 403 403 403 403 403 403 403 403 403", content=b"no docx",
    ),
    *(
        Row(f"GET /v1/templates/versions/{{name}}{end}", f"/v1/templates/versions/{{template}}{placed}", _READ)
        for end, placed in (
            ("", ""), ("/docx", "/docx"), ("/preview", "/preview"), ("/comparison", "/comparison"),
            ("/comparison/{page}", "/comparison/1"),
        )
    ),
    Row(
        "POST /v1/templates/versions/{name}/activation", "/v1/templates/versions/{template}/activation", _WRITE,
        {"since": "2090-01-01"},
    ),
    Row(
        "POST /v1/templates/versions/{name}/withdrawal", "/v1/templates/versions/{template}/withdrawal", _WRITE,
        _REASON,
    ),
    Row(
        "POST /v1/dispatch-registers", "/v1/dispatch-registers",
        "401 422 403 403 403 403 403 403 403 403 403 403 403 422 403", _TIME,
    ),
)  # fmt: skip
