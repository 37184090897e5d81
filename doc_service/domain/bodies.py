"""Collegial bodies: members with terms, and their rules as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from doc_service.domain.people import Person


class Role(StrEnum):
    """The part a member plays in the body."""

    HEAD = "head"
    DEPUTY_HEAD = "deputy_head"
    MEMBER = "member"


class ActKind(StrEnum):
    """Acts of a body (001 §5.10)."""

    DECISION = "decision"
    PROPOSAL = "proposal"
    RECOMMENDATION = "recommendation"


class Matter(StrEnum):
    """What an agenda item is about; it decides which acts are possible (001 §5.10)."""

    ORGANISATIONAL = "organisational"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's seat in a body from ``since`` until and including ``until`` (None: open)."""

    person: Person
    role: Role
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class BodyRules:
    """A body's rules. Every figure names its clause in ``clauses`` under the figure's own field name.

    ``quorum``: attendance must be *more than* quorum[0]/quorum[1] of the members.
    ``*_notice_days``: whole days between delivery of the agenda documents and the meeting; None: not ruled.
    ``acts``: the act kinds allowed for each matter. ``protocol_signatories``: roles that sign the protocol when
    attending. ``max_interval_months``: at least one meeting in so many months; None: not ruled. ``deputies``: the most
    deputy heads at a time; None: not ruled.
    """

    kind: str
    quorum: tuple[int, int]
    ordinary_notice_days: int | None
    extraordinary_notice_days: int | None
    max_interval_months: int | None
    acts: Mapping[Matter, frozenset[ActKind]]
    protocol_signatories: frozenset[Role]
    clauses: Mapping[str, str]
    deputies: int | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A collegial body. ``unit`` is the index of its secretariat in record keeping, e.g. ``3-21-5``."""

    id: str
    name: str
    short_name: str
    parent_organisation: str
    unit: str
    place: str
    rules: BodyRules
    members: tuple[Membership, ...]
    secretary: Person
    version: int = 0

    def members_on(self, day: date) -> tuple[Membership, ...]:
        """Members whose term covers ``day``, in the order of the record."""
        return tuple(m for m in self.members if m.holds_on(day))
