"""Samples of the three acts: each from one adopted item of the sample protocol."""

from __future__ import annotations

from typing import Any, Final

from doc_service.domain.bodies import ActKind
from doc_service.instruments.samples.meeting import record_sample
from doc_service.instruments.samples.people import body, members

_PROTOCOL_NUMBER: Final = "3-21-5/KQ-P-12/2026"
_PROTOCOL_DAY: Final = "2026-11-20"
_PROTOCOL_SHA256: Final = "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92"
_ITEM: Final = {ActKind.DECISION: 1, ActKind.RECOMMENDATION: 2, ActKind.PROPOSAL: 3}


def act_sample(kind: ActKind) -> dict[str, Any]:
    """The data of ``kq-qerar``, ``kq-teklif`` or ``kq-tovsiye``."""
    record = record_sample()
    place = _ITEM[kind] - 1
    point, item = record["agenda"][place], record["items"][place]
    return {
        "body": body(),
        "protocol": {"number": _PROTOCOL_NUMBER, "registered_on": _PROTOCOL_DAY, "sha256": _PROTOCOL_SHA256},
        "meeting": {"number": record["meeting"]["number"], "kind": record["meeting"]["kind"], "held_on": _PROTOCOL_DAY},
        "item": {"number": point["number"], "title": point["title"], "matter": point["matter"]},
        "text": item["act_text"],
        "addressees": [item["addressee"]] if item["addressee"] else [],
        "responsible": item["responsible"],
        "term": item["term"],
        "signatory": members()[0],
        "absent_head": None,
    }
