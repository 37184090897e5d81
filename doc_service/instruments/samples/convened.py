"""Samples of what precedes a meeting: its agenda and a notice."""

from __future__ import annotations

from typing import Any

from doc_service.instruments.samples.meeting import agenda, session
from doc_service.instruments.samples.people import body, members, secretary


def agenda_sample() -> dict[str, Any]:
    """The data of ``kq-gundelik``."""
    return {
        "body": body(),
        "members": members(),
        "secretary": secretary(),
        "meeting": _convened(),
        "agenda": agenda(),
        "approver_id": members()[0]["person"]["id"],
    }


def notice_sample() -> dict[str, Any]:
    """The data of ``kq-bildiris``: to the member who reports on the second item."""
    people = {m["person"]["id"]: m["person"] for m in members()}
    points = agenda()
    return {
        "body": body(),
        "secretary": secretary(),
        "addressee": {"kind": "member", "person": people["kq-08"]},
        "meeting": _convened(),
        "duration_minutes": 120,
        "agenda": [
            {"number": p["number"], "title": p["title"], "reporter": dict(people[p["reporter_id"]]["name"])}
            for p in points
        ],
        "materials": [material for p in points for material in p["materials"]],
    }


def _convened() -> dict[str, Any]:
    return {name: value for name, value in session().items() if name != "closes_at"}
