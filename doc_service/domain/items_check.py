"""Faults of the item records: agenda, acts and votes by name (001 §5.9.4, §5.10, §5.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from doc_service.domain.acts import act_allowed, allowed_acts
from doc_service.domain.bodies import ActKind, BodyRules, Matter, Membership
from doc_service.domain.errors import Fault
from doc_service.domain.meetings import AgendaItem, Attendance, Invited, ItemRecord, Presence, Vote
from doc_service.domain.quorum import attending_ids


@dataclass(frozen=True, slots=True)
class Roll:
    """Who is who at a meeting, by id: ``members`` with names, those ``entitled`` to vote (attending in person or
    through a delegate in power), those sending a delegate, the delegates and the invited."""

    members: Mapping[str, str]
    entitled: frozenset[str]
    delegated: frozenset[str]
    delegates: Mapping[str, str]
    invited: Mapping[str, str]

    @classmethod
    def of(
        cls, members: Sequence[Membership], attendance: Sequence[Attendance], invited: Sequence[Invited], day: date
    ) -> Roll:
        return cls(
            members={m.person.id: m.person.name.full for m in members},
            entitled=attending_ids(members, attendance, day),
            delegated=frozenset(a.member_id for a in attendance if a.presence is Presence.DELEGATED),
            delegates={a.delegate.person.id: a.delegate.person.name.full for a in attendance if a.delegate},
            invited={g.id: g.name.full for g in invited},
        )


def item_faults(
    rules: BodyRules, agenda: Sequence[AgendaItem], items: Sequence[ItemRecord], roll: Roll, day: date
) -> Iterator[Fault]:
    """Every agenda item has exactly one record; each record's act and votes obey the rules of the body."""
    matters = {a.number: a.matter for a in agenda}
    seen: set[int] = set()
    for index, item in enumerate(items):
        field = f"items[{index}]"
        if item.number not in matters:
            yield Fault("items.not_on_agenda", f"{field}.number", {"number": item.number})
        elif item.number in seen:
            yield Fault("items.duplicate", f"{field}.number", {"number": item.number})
        seen.add(item.number)
        matter = matters.get(item.number)
        if matter is not None and item.act_kind is not None and not act_allowed(rules, matter, item.act_kind):
            yield _act_not_allowed(f"{field}.act_kind", rules, matter, item.act_kind)
        yield from _act_faults(field, item, day)
        yield from _vote_faults(f"{field}.votes", item.votes, roll)
    for number in matters:
        if number not in seen:
            yield Fault("items.missing", "items", {"number": number})


def _act_not_allowed(field: str, rules: BodyRules, matter: Matter, kind: ActKind) -> Fault:
    params = {
        "act": str(kind),
        "matter": str(matter),
        "allowed": ", ".join(sorted(str(allowed) for allowed in allowed_acts(rules, matter))),
        "clause": rules.clauses.get("acts", ""),
    }
    return Fault("act.not_allowed", field, params)


def _act_faults(field: str, item: ItemRecord, day: date) -> Iterator[Fault]:
    if item.act_kind is None:
        if item.votes or item.act_text.strip():
            yield Fault("act.kind_missing", f"{field}.act_kind", {"number": item.number})
    else:
        if not item.act_text.strip():
            yield Fault("act.text_missing", f"{field}.act_text", {"number": item.number})
        if not item.votes:
            yield Fault("vote.none", f"{field}.votes", {"number": item.number})
    if item.term is not None and item.term < day:
        params = {"term": item.term.isoformat(), "meeting_day": day.isoformat()}
        yield Fault("act.term_before_meeting", f"{field}.term", params)


def _vote_faults(field: str, votes: Sequence[Vote], roll: Roll) -> Iterator[Fault]:
    if len(votes) > len(roll.entitled):
        yield Fault("vote.exceeds_voters", field, {"votes": len(votes), "voters": len(roll.entitled)})
    seen: set[str] = set()
    for index, vote in enumerate(votes):
        at = f"{field}[{index}].voter_id"
        refused = _refused(at, vote.voter_id, roll)
        if refused is not None:
            yield refused
        if vote.voter_id in seen:
            yield Fault("vote.double", at, {"voter": roll.members.get(vote.voter_id, vote.voter_id)})
        seen.add(vote.voter_id)


def _refused(at: str, voter: str, roll: Roll) -> Fault | None:
    """Why this person's vote cannot count, or None when it can: each reason has its own code."""
    if voter in roll.entitled:
        return None
    if voter in roll.members:
        params = {"voter": roll.members[voter]}
        if voter in roll.delegated:
            return Fault("vote.without_power", at, params)
        return Fault("vote.absent_member", at, params)
    if voter in roll.invited:
        return Fault("vote.invited", at, {"voter": roll.invited[voter]})
    if voter in roll.delegates:
        return Fault("vote.delegate_id", at, {"voter": roll.delegates[voter]})
    return Fault("vote.unknown_voter", at, {"voter": voter})
