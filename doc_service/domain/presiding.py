"""Who presides: the head, or in the head's absence the deputy (001 §5.4)."""

from __future__ import annotations

from collections.abc import Sequence

from doc_service.domain.bodies import Membership, Role
from doc_service.domain.meetings import Attendance, Presence


def presiding(members: Sequence[Membership], attendance: Sequence[Attendance]) -> Membership | None:
    """The head when present in person, else the (first recorded) deputy head in person, else None.

    Presiding is a function of the office (001 §5.4), so a delegate never presides, whoever sent them.
    """
    in_person = {a.member_id for a in attendance if a.presence is Presence.PRESENT}
    for role in (Role.HEAD, Role.DEPUTY_HEAD):
        for member in members:
            if member.role is role and member.person.id in in_person:
                return member
    return None
