"""The year of a collegial body in figures: meetings, attendance, items, acts, recommendations (001 §5.6.10, §5.7).

Pure counting over the records. Every figure of the report is one of these or a sum of them, so that no report can state
what the records contradict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from doc_service.domain.bodies import ActKind, Body, BodyRules, Membership
from doc_service.domain.errors import DomainError
from doc_service.domain.meetings import ItemRecord, Meeting, MeetingKind, MeetingState, Presence
from doc_service.domain.people import Person
from doc_service.domain.presiding import presiding
from doc_service.domain.quorum import attends, quorum_of
from doc_service.domain.recommendations import RecommendationState
from doc_service.domain.voting import Outcome, decide
from doc_service.domain.year_parts import YearPart, calendar_months, parts_of


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """One held meeting. ``items``: points of the agenda that were dealt with."""

    number: int
    kind: MeetingKind
    held_on: date
    members: int
    attending: int
    quorum_met: bool
    items: int


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """One member over the meetings held in the member's term: ``in_person + delegated + absent == meetings``. A
    delegate whose power of attorney does not hold does not count as attendance."""

    person: Person
    meetings: int
    in_person: int
    delegated: int
    absent: int


@dataclass(frozen=True, slots=True)
class ActFigures:
    """Acts of one kind: ``adopted + not_adopted == put_to_vote``; ``issued``: registered as documents in the year."""

    kind: ActKind
    put_to_vote: int
    adopted: int
    not_adopted: int
    issued: int

    @property
    def as_row(self) -> Mapping[str, int | str]:
        return {
            "kind": str(self.kind),
            "put_to_vote": self.put_to_vote,
            "adopted": self.adopted,
            "not_adopted": self.not_adopted,
            "issued": self.issued,
        }


@dataclass(frozen=True, slots=True)
class RecommendationFigures:
    """One recommendation in force and what is recorded of it; ``appeals``: numbers of the letters to the Cabinet."""

    number: str
    registered_on: date
    addressee: str
    term: date | None
    state: RecommendationState
    appeals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Meetings in a part of the year in which at least one must be held (001 §5.9.2)."""

    part: YearPart
    meetings: int

    @property
    def kept(self) -> bool:
        return self.meetings > 0


@dataclass(frozen=True, slots=True)
class YearlyFigures:
    """All of it. ``heard_only``: items without an act put to the vote."""

    year: int
    meetings: tuple[MeetingFigures, ...]
    members: tuple[MemberFigures, ...]
    acts: tuple[ActFigures, ...]
    heard_only: int
    recommendations: tuple[RecommendationFigures, ...]
    periods: tuple[PeriodFigures, ...]


def yearly_figures(
    body: Body,
    year: int,
    meetings: Iterable[Meeting],
    *,
    issued: Mapping[ActKind, int],
    recommendations: Sequence[RecommendationFigures] = (),
) -> YearlyFigures:
    """The figures of ``year`` from the body's meetings; those of other years and those not held are left out.

    Raises ``DomainError`` "report.votes_uncountable" for a record whose votes cannot be."""
    held = sorted(
        (m for m in meetings if m.state is MeetingState.HELD and m.opens_at.date().year == year),
        key=lambda m: (m.opens_at, m.id),
    )
    outcomes = [(item.act_kind, _outcome(body, m, item)) for m in held for item in m.items]
    return YearlyFigures(
        year=year,
        meetings=tuple(_meeting(body, m) for m in held),
        members=member_figures(body, held),
        acts=tuple(_acts(kind, outcomes, issued.get(kind, 0)) for kind in ActKind),
        heard_only=sum(kind is None for kind, _ in outcomes),
        recommendations=tuple(sorted(recommendations, key=lambda r: (r.registered_on, r.number))),
        periods=period_figures(body.rules, year, [m.opens_at.date() for m in held]),
    )


def period_figures(rules: BodyRules, year: int, days: Sequence[date]) -> tuple[PeriodFigures, ...]:
    """Meetings in each part of the year; none when the rules set no interval (001 §5.9.2)."""
    if rules.max_interval_months is None:
        return ()
    parts = parts_of(year, calendar_months(rules.max_interval_months))
    return tuple(PeriodFigures(p, sum(p.holds(d) for d in days)) for p in parts)


def member_figures(body: Body, held: Sequence[Meeting]) -> tuple[MemberFigures, ...]:
    """Everybody who was a member at one of the meetings, in the order of the record; a person counts once."""
    people: dict[str, Person] = {}
    counts: dict[str, Counter[Presence]] = {}
    for meeting in held:
        day = meeting.opens_at.date()
        entries = {a.member_id: a for a in meeting.attendance}
        for member_id, member in _by_id(body.members_on(day)).items():
            people.setdefault(member_id, member.person)
            entry = entries.get(member_id)
            came = entry.presence if entry is not None and attends(entry, day) else Presence.ABSENT
            counts.setdefault(member_id, Counter())[came] += 1
    order = {m.person.id: place for place, m in reversed(list(enumerate(body.members)))}
    return tuple(
        MemberFigures(
            people[i],
            counts[i].total(),
            counts[i][Presence.PRESENT],
            counts[i][Presence.DELEGATED],
            counts[i][Presence.ABSENT],
        )
        for i in sorted(people, key=lambda i: order[i])
    )


def _by_id(members: Sequence[Membership]) -> dict[str, Membership]:
    return {m.person.id: m for m in members}


def _meeting(body: Body, meeting: Meeting) -> MeetingFigures:
    day = meeting.opens_at.date()
    quorum = quorum_of(body.rules, body.members_on(day), meeting.attendance, day)
    return MeetingFigures(
        meeting.number, meeting.kind, day, quorum.members, quorum.attending, quorum.met, len(meeting.items)
    )


def _outcome(body: Body, meeting: Meeting, item: ItemRecord) -> Outcome | None:
    """None for an item that was only heard. Without quorum nothing is adopted."""
    if item.act_kind is None:
        return None
    day = meeting.opens_at.date()
    members = body.members_on(day)
    quorum = quorum_of(body.rules, members, meeting.attendance, day)
    chair = presiding(members, meeting.attendance)
    try:
        decision = decide(item.votes, quorum.attending, chair.person.id if chair else None)
    except DomainError as error:
        raise DomainError("report.votes_uncountable", "meetings", meeting=meeting.number, item=item.number) from error
    return decision.outcome if quorum.met else Outcome.NOT_ADOPTED


def _acts(kind: ActKind, outcomes: Sequence[tuple[ActKind | None, Outcome | None]], issued: int) -> ActFigures:
    of_kind = [outcome for k, outcome in outcomes if k is kind]
    adopted = sum(outcome is Outcome.ADOPTED for outcome in of_kind)
    return ActFigures(kind, len(of_kind), adopted, len(of_kind) - adopted, issued)
