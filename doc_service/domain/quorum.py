"""Quorum: the meeting has power when more than half of the members attend (001 §5.9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from doc_service.domain.bodies import BodyRules, Membership
from doc_service.domain.meetings import Attendance, PowerOfAttorney, Presence


@dataclass(frozen=True, slots=True)
class Quorum:
    """The figures that the protocol states: members of the body, members attending, attendance needed."""

    members: int
    attending: int
    needed: int
    met: bool


def needed(members: int, rules: BodyRules) -> int:
    """The smallest attendance that is *more than* the rule's share of ``members``: whole numbers, no rounding.

    An empty body needs 1, so it never has a quorum.
    """
    numerator, denominator = rules.quorum
    return members * numerator // denominator + 1


def power_holds(power: PowerOfAttorney, day: date | None) -> bool:
    """Whether a recorded power of attorney carries a vote on ``day`` (None: only that it is recorded)."""
    if not power.number.strip():
        return False
    return day is None or (power.issued_on <= day and (power.valid_until is None or day <= power.valid_until))


def attends(entry: Attendance, day: date | None = None) -> bool:
    """In person, or through a delegate on a recorded power of attorney (003 §4.2)."""
    if entry.presence is Presence.DELEGATED:
        return entry.delegate is not None and power_holds(entry.delegate.power, day)
    return entry.presence is Presence.PRESENT


def attending_ids(
    members: Sequence[Membership], attendance: Sequence[Attendance], day: date | None = None
) -> frozenset[str]:
    """Ids of the members who attend and so may vote; whoever is not a member never counts (001 §5.11)."""
    known = {m.person.id for m in members}
    return frozenset(a.member_id for a in attendance if a.member_id in known and attends(a, day))


def quorum_of(
    rules: BodyRules, members: Sequence[Membership], attendance: Sequence[Attendance], day: date | None = None
) -> Quorum:
    """The quorum of a meeting. A person counts once, however often recorded; ``day`` also judges powers of attorney."""
    total = len({m.person.id for m in members})
    attending = len(attending_ids(members, attendance, day))
    required = needed(total, rules)
    return Quorum(members=total, attending=attending, needed=required, met=attending >= required)
