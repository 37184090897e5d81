"""Who makes up a body: one head at a time, and no more deputy heads than its rules know (001 §5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc_service.domain.bodies import BodyRules, Membership, Role
from doc_service.domain.errors import Fault

_CODES = {Role.HEAD: "body.several_heads", Role.DEPUTY_HEAD: "body.several_deputies"}


def composition_faults(rules: BodyRules, members: Sequence[Membership]) -> Iterator[Fault]:
    """ "body.several_heads", "body.several_deputies" at each membership with which there are too many of its role on
    the day it begins; terms that follow one another stand in nobody's way."""
    most = {Role.HEAD: 1, Role.DEPUTY_HEAD: rules.deputies}
    for index, member in enumerate(members):
        limit = most.get(member.role)
        if limit is None:
            continue
        holding = sum(m.role is member.role and m.holds_on(member.since) for m in members)
        if holding > limit:
            params: dict[str, str | int] = {"count": holding, "day": member.since.isoformat()}
            yield Fault(_CODES[member.role], f"members[{index}].role", params)
