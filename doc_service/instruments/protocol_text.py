"""What a protocol states of attendance, quorum and votes: computed from the record by the domain's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from doc_service.domain.azerbaijani import lower
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.bodies import ActKind, BodyRules, Membership, Role
from doc_service.domain.meetings import AgendaItem, Choice, ItemRecord, Meeting, Presence
from doc_service.domain.people import PersonName
from doc_service.domain.presiding import presiding
from doc_service.domain.quorum import Quorum, quorum_of
from doc_service.domain.voting import Decision, Outcome, decide
from doc_service.instruments.meeting_data import RecordData
from doc_service.instruments.wording import ACTS, CHOICES, SHORT_ROLES, counted, day_text, paragraphs

_ADOPTED_INTRO: Final[Mapping[ActKind, str]] = {
    ActKind.DECISION: "Qərara alındı:",
    ActKind.PROPOSAL: "Təklif qəbul edildi:",
    ActKind.RECOMMENDATION: "Tövsiyə qəbul edildi:",
}
_REFUSED_INTRO: Final[Mapping[ActKind, str]] = {
    ActKind.DECISION: "Səsə qoyulmuş qərar layihəsi:",
    ActKind.PROPOSAL: "Səsə qoyulmuş təklif layihəsi:",
    ActKind.RECOMMENDATION: "Səsə qoyulmuş tövsiyə layihəsi:",
}
_OUTCOMES: Final = {Outcome.ADOPTED: "Qəbul edildi", Outcome.NOT_ADOPTED: "Qəbul edilmədi"}


@dataclass(frozen=True, slots=True)
class Sitting:
    """A record together with what the rules say of it."""

    data: RecordData
    meeting: Meeting
    members: tuple[Membership, ...]
    quorum: Quorum
    chair: Membership | None

    @classmethod
    def of(cls, rules: BodyRules, data: RecordData) -> Sitting:
        meeting, members = data.to_meeting(), data.memberships()
        quorum = quorum_of(rules, members, meeting.attendance, meeting.opens_at.date())
        return cls(data, meeting, members, quorum, presiding(members, meeting.attendance))

    def names(self) -> dict[str, PersonName]:
        """Everybody at the meeting, by id: members, delegates, invited persons, the secretary."""
        known = {m.person.id: m.person.name for m in self.members}
        known[self.data.secretary.id] = self.data.secretary.name.to_domain()
        known |= {a.delegate.person.id: a.delegate.person.name for a in self.meeting.attendance if a.delegate}
        return known | {i.id: i.name for i in self.meeting.invited}

    def decision(self, item: ItemRecord) -> Decision:
        """The votes on one item, counted; raises ``DomainError`` on votes that cannot be."""
        return decide(item.votes, self.quorum.attending, self.chair.person.id if self.chair else None)


def attendance_context(sitting: Sitting) -> dict[str, Any]:
    """The lists of those present, represented, absent and invited, each row numbered."""
    members = {m.person.id: m for m in sitting.members}
    order = {m.person.id: place for place, m in enumerate(sitting.members)}
    entries = sorted(
        (a for a in sitting.meeting.attendance if a.member_id in members), key=lambda a: order[a.member_id]
    )
    present = [members[a.member_id] for a in entries if a.presence is Presence.PRESENT]
    absent = [(members[a.member_id], a.reason) for a in entries if a.presence is Presence.ABSENT]
    delegated = [(members[a.member_id], a) for a in entries if a.presence is Presence.DELEGATED and a.delegate]
    return {
        "present": [_person_row(n, m) for n, m in enumerate(present, 1)],
        "absent": [{**_person_row(n, m), "reason": reason} for n, (m, reason) in enumerate(absent, 1)],
        "delegates": [
            {
                **_person_row(n, member),
                "delegate": entry.delegate.person.name.full,
                "delegate_post": entry.delegate.person.post,
                "reason": entry.reason,
                "power": f"{day_text(entry.delegate.power.issued_on)}, № {entry.delegate.power.number}",
            }
            for n, (member, entry) in enumerate(delegated, 1)
            if entry.delegate is not None
        ],
        "invited": [
            {"no": n, "name": i.name.full, "organisation": i.organisation, "post": i.post}
            for n, i in enumerate(sitting.meeting.invited, 1)
        ],
    }


def _person_row(place: int, member: Membership) -> dict[str, Any]:
    person = member.person
    return {
        "no": place,
        "name": person.name.full,
        "organisation": person.organisation,
        "post": person.post,
        "role": "" if member.role is Role.MEMBER else lower(SHORT_ROLES[member.role]),
    }


def quorum_text(sitting: Sitting) -> list[str]:
    """The quorum statement with its figures (001 §5.9.1)."""
    quorum = sitting.quorum
    delegated = sum(a.presence is Presence.DELEGATED for a in sitting.meeting.attendance)
    attending = f"İclasda {counted(quorum.attending)} üzv iştirak etmişdir"
    if delegated:
        in_person = counted(quorum.attending - delegated)
        attending += (
            f", o cümlədən {in_person} üzv şəxsən, {counted(delegated)} üzv etibarnamə əsasında nümayəndəsi vasitəsilə"
        )
    figures = (
        f"Koordinasiya Qrupunun tərkibi {counted(quorum.members)} üzvdən ibarətdir. {attending}. "
        f"Yetərsay üçün azı {counted(quorum.needed)} üzvün iştirakı tələb olunur."
    )
    verdict = (
        "Koordinasiya Qrupunun üzvlərinin yarıdan çoxu iştirak etdiyindən, Əsasnamənin 5.9.1-ci yarımbəndinə əsasən "
        "iclas səlahiyyətlidir."
        if quorum.met
        else "Üzvlərin yarıdan çoxu iştirak etmədiyindən, Əsasnamənin 5.9.1-ci yarımbəndinə əsasən iclas səlahiyyətli "
        "deyildir və akt qəbul edilməmişdir."
    )
    return [figures, verdict]


def agenda_context(sitting: Sitting) -> list[dict[str, Any]]:
    """The agenda: number, title, reporter."""
    names = sitting.names()
    return [{"no": a.number, "title": a.title, "reporter": names[a.reporter_id].full} for a in sitting.meeting.agenda]


def items_context(sitting: Sitting) -> list[dict[str, Any]]:
    """What was said and decided, in the order of the agenda."""
    agenda = {a.number: a for a in sitting.meeting.agenda}
    ordered = sorted(sitting.meeting.items, key=lambda i: i.number)
    return [_item(sitting, agenda[i.number], i) for i in ordered]


def _item(sitting: Sitting, point: AgendaItem, item: ItemRecord) -> dict[str, Any]:
    names = sitting.names()
    return {
        "no": item.number,
        "title": point.title,
        "reporter": names[point.reporter_id].full,
        "materials": ", ".join(point.materials),
        "restricted": point.restricted,
        "discussion": paragraphs(item.discussion),
        "speakers": ", ".join(names[s].full for s in item.speakers),
        "responsible": item.responsible,
        "term": day_text(item.term),
        "addressee": item.addressee,
        "act": _act(sitting, item),
    }


def _act(sitting: Sitting, item: ItemRecord) -> dict[str, Any] | None:
    if item.act_kind is None:
        return None
    decision = sitting.decision(item)
    adopted = decision.outcome is Outcome.ADOPTED
    tally = decision.tally
    return {
        "kind": ACTS[item.act_kind],
        "adopted": adopted,
        "intro": (_ADOPTED_INTRO if adopted else _REFUSED_INTRO)[item.act_kind],
        "text": paragraphs(item.act_text),
        "in_favour": tally.in_favour,
        "against": tally.against,
        "abstained": tally.abstained,
        "not_voting": tally.not_voting,
        "outcome": _OUTCOMES[decision.outcome],
        "casting": casting_text(sitting, item, decision),
    }


def casting_text(sitting: Sitting, item: ItemRecord, decision: Decision) -> str:
    """How a tie was settled (001 §5.9.4); empty when there was none."""
    tally = decision.tally
    if not tally.tied or sitting.chair is None:
        return ""
    tie = f"Səslər bərabər olmuşdur (lehinə {tally.in_favour}, əleyhinə {tally.against})."
    name = sitting.chair.person.name.full
    if decision.casting_vote is not None:
        return (
            f"{tie} Əsasnamənin 5.9.4-cü yarımbəndinə əsasən iclasa sədrlik edən {genitive(name, keep=True)} "
            f"{CHOICES[decision.casting_vote]} verdiyi səs həlledici hesab edilmişdir."
        )
    abstained = any(v.voter_id == sitting.chair.person.id and v.choice is Choice.ABSTAIN for v in item.votes)
    why = "bitərəf qaldığından" if abstained else "səs vermədiyindən"
    return f"{tie} İclasa sədrlik edən {name} {why} akt qəbul edilməmişdir."
