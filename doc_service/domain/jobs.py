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
    REPLICATE = "replicate"
    SWEEP = "sweep"
    REMIND = "remind"
    ANNOUNCE = "announce"
    NOTICE = "notice"
    WEBHOOK = "webhook"
    SUBSTITUTE = "substitute"
    TEND = "tend"
    SEAL = "seal"
    DISPATCH = "dispatch"
    DUTY = "duty"


class JobState(StrEnum):
    READY = "ready"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Job:
    """A unit of work. ``key`` is unique: enqueuing the same key again is a no-op. ``payload`` holds ids only.
    ``created_at`` None: asked for at the moment it is due, that is, due at once."""

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
    created_at: datetime | None = field(default=None, compare=False)

    @property
    def due_at_once(self) -> bool:
        """Whether it was due when it was asked for."""
        return self.created_at is None or self.run_after <= self.created_at


@dataclass(frozen=True, slots=True)
class Backlog:
    """Work of one kind that is left: ``ready`` jobs, of which ``due`` may be claimed now and ``leased`` run, the
    ``dead`` ones, and since when the longest waiting due job has waited."""

    ready: int = 0
    due: int = 0
    leased: int = 0
    dead: int = 0
    oldest_due: datetime | None = None
