"""Sample of the public summary: three public items of the sample meeting, one left out."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.group_extract import PROTOCOL, source_meeting
from doc_service.instruments.samples.meeting import record_sample
from doc_service.instruments.samples.people import body

_PUBLIC: Final = (1, 2, 4)
_REFUSED: Final = 4


def summary_sample() -> dict[str, Any]:
    """The data of ``kq-derc``."""
    record = record_sample()
    return {
        "body": body(),
        "protocol": dict(PROTOCOL),
        "meeting": source_meeting(),
        "items": [
            {
                "title": record["agenda"][n - 1]["title"],
                "discussion": record["items"][n - 1]["discussion"],
                "act": {
                    "kind": record["items"][n - 1]["act_kind"],
                    "text": record["items"][n - 1]["act_text"],
                    "outcome": "not_adopted" if n == _REFUSED else "adopted",
                },
            }
            for n in _PUBLIC
        ],
        "left_out": True,
    }
