"""The electronic control-audit journal (002 §7.1.15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from doc_service.api.v1.schemas.common import View
from doc_service.ports_queries import RecordedEvent


class SubjectView(View):
    type: str
    id: str


class EventView(View):
    """``seq``: its place in the log, null while it waits for one. ``leaf_hash``: SHA-256 by RFC 9162 §2.1.1. ``actor``
    and ``details`` are empty for whoever may only know that it happened."""

    id: str
    at: datetime
    actor: str
    action: str
    subject: SubjectView
    details: dict[str, Any]
    seq: int | None
    leaf_hash: str


class AuditFault(View):
    code: str
    params: dict[str, str | int]


class AuditVerdict(View):
    """``backlog``: events that wait for a place; they are no fault."""

    valid: bool
    size: int
    root: str
    backlog: int
    checkpoints: Any = Field(description="What was found of the signed tree heads")
    faults: list[AuditFault]
    warnings: list[AuditFault]


def event_view(recorded: RecordedEvent, *, whole: bool = True) -> EventView:
    event = recorded.event
    return EventView(
        id=event.id,
        at=event.at,
        actor=event.actor if whole else "",
        action=str(event.action),
        subject=SubjectView(type=event.subject_type, id=event.subject_id),
        details=dict(event.details) if whole else {},
        seq=recorded.seq,
        leaf_hash=recorded.leaf_hash.hex(),
    )


def verdict_view(verdict: Mapping[str, Any]) -> AuditVerdict:
    return AuditVerdict(
        valid=verdict["valid"],
        size=verdict["size"],
        root=verdict["root"],
        backlog=verdict["backlog"],
        checkpoints=verdict.get("checkpoints"),
        faults=[AuditFault(code=f["code"], params=dict(f["params"])) for f in verdict["faults"]],
        warnings=[AuditFault(code=f["code"], params=dict(f["params"])) for f in verdict["warnings"]],
    )
