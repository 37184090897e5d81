"""Sample of the extract: the second item of the sample protocol, with the signatures of the original."""

from __future__ import annotations

from typing import Any, Final

from doc_service.instruments.samples.meeting import record_sample
from doc_service.instruments.samples.people import AGENCY, FOOD, body, members, secretary

PROTOCOL: Final = {
    "number": "3-21-5/KQ-P-12/2026",
    "registered_on": "2026-11-20",
    "sha256": "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92",
}


def source_meeting() -> dict[str, Any]:
    """The sample meeting with its figures of attendance."""
    session = record_sample()["meeting"]
    return {
        "number": session["number"],
        "kind": session["kind"],
        "held_on": "2026-11-20",
        "place": session["place"],
        "members": 15,
        "attending": 12,
        "presided_by": "Həsənov Elçin Rauf oğlu",
    }


def _signatures() -> list[dict[str, Any]]:
    roles = ("Koordinasiya Qrupunun rəhbəri", "Koordinasiya Qrupunun rəhbərinin müavini", "Koordinasiya Qrupunun üzvü")
    names = [" ".join(m["person"]["name"].values()) for m in members()[:4]]
    return [
        {
            "name": name,
            "role": roles[min(place, 2)],
            "in_place_of": "",
            "signed_at": f"2026-11-23T{10 + place}:15:0{place}+04:00",
        }
        for place, name in enumerate(names)
    ]


def extract_sample() -> dict[str, Any]:
    """The data of ``kq-cixaris``."""
    record = record_sample()
    point, item = record["agenda"][1], record["items"][1]
    return {
        "form": "electronic",
        "body": body(),
        "protocol": dict(PROTOCOL),
        "meeting": source_meeting(),
        "items": [
            {
                "number": point["number"],
                "title": point["title"],
                "reporter": "Kərimov Ceyhun Mübariz oğlu",
                "restricted": False,
                "discussion": item["discussion"],
                "act": {
                    "kind": "recommendation",
                    "text": item["act_text"],
                    "votes": {"in_favour": 9, "against": 1, "abstained": 2, "not_voting": 0},
                    "outcome": "adopted",
                    "casting": "",
                },
                "addressee": FOOD,
                "responsible": item["responsible"],
                "term": item["term"],
            }
        ],
        "signatures": _signatures(),
        "certifier": secretary(),
        "seal": {"name": AGENCY, "voen": "1404567891"},
        "recipient": FOOD,
        "purpose": "Tövsiyənin icrası üçün",
        "verification": {"address": "https://sened.example/yoxlama/KQ-CX-1-2026", "code": "7H2K-94QX"},
    }
