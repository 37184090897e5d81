"""Certified copies and extracts that were given out, and how documents follow one another (004 §5.1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CopyForm(StrEnum):
    ELECTRONIC = "electronic"
    PAPER = "paper"


class IssueKind(StrEnum):
    COPY = "copy"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a copy is given. ``person_id``: of the register, when the person is one of those whom the original
    concerns ("": anybody)."""

    name: str
    organisation: str = ""
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class CopyIssue:
    """One issue, for good. ``id`` is the copy's own document; ``code`` leads to the public check. ``original_sha256``:
    of the original's bytes that were checked. ``items``: of an extract, the agenda items."""

    id: str
    original_id: str
    original_sha256: str
    kind: IssueKind
    form: CopyForm
    code: str
    recipient: Recipient
    purpose: str
    issued_by: str
    issued_at: datetime
    items: tuple[int, ...] = ()


class SuccessionKind(StrEnum):
    """``SUPERSEDES``: a new edition stands in place of the last one, which stays what it was. ``ANNULS``: the old
    document has no force any more."""

    SUPERSEDES = "supersedes"
    ANNULS = "annuls"


@dataclass(frozen=True, slots=True)
class Succession:
    """A later document names an earlier one; neither is deleted."""

    old_id: str
    new_id: str
    kind: SuccessionKind
    at: datetime
    reason: str = ""
