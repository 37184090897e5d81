"""Outbox jobs: work that a committed change asks for (DESIGN 2–3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    RENDER = "render"
    EXTEND = "extend"
    ARCHIVE = "archive"
    CHECKPOINT = "checkpoint"


class JobState(StrEnum):
    READY = "ready"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of work. ``key`` is unique: enqueuing the same key again is a no-op. ``payload`` holds ids only."""

    id: str
    kind: JobKind
    key: str
    run_after: datetime
    payload: Mapping[str, str] = field(default_factory=dict)
    state: JobState = JobState.READY
    attempts: int = 0
    lease_token: str | None = None
    lease_until: datetime | None = None
    last_error: str = ""
