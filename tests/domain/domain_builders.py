"""Invented bodies and meetings of any size for the rule tests; everything follows from a size and a seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from random import Random

from hypothesis import strategies as st

from doc_service.domain.acts import allowed_acts
from doc_service.domain.bodies import BodyRules, Matter, Membership, Role
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.meetings import (
    AgendaItem,
    Attendance,
    Choice,
    Delegate,
    Invited,
    ItemRecord,
    Meeting,
    MeetingKind,
    MeetingState,
    PowerOfAttorney,
    Presence,
    Vote,
)
from doc_service.domain.people import Person, PersonName

DAY = date(2026, 11, 20)
OPENS = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=4)))
SIZES = st.integers(min_value=1, max_value=200)
SEEDS = st.integers(min_value=0, max_value=2**32 - 1)
RULES = st.sampled_from(list(BODY_KINDS.values()))

_SURNAMES = ("Əliyev", "Quliyev", "İsmayılova", "Şükürlü", "Ağayeva", "Cəfərov", "Həsənzadə", "Iğdırlı")
_GIVEN = ("Elçin", "Nigar", "Ülviyyə", "İlqar", "Şəhla", "Özcan", "Çinarə", "Rəşad")


def person(person_id: str, number: int = 0) -> Person:
    name = PersonName(_SURNAMES[number % 8], _GIVEN[number // 8 % 8], "Kamal oğlu")
    return Person(person_id, name, f"5AB{number:04d}", "Dövlət Agentliyi", "şöbə müdiri")


def body_of(size: int) -> tuple[Membership, ...]:
    """``size`` members m0, m1 …: the head, the deputy head, then members (001 §5.2)."""
    roles = (Role.HEAD, Role.DEPUTY_HEAD)
    return tuple(
        Membership(person(f"m{n}", n), roles[n] if n < 2 else Role.MEMBER, date(2024, 1, 13)) for n in range(size)
    )


def delegate_for(member_id: str, until: date | None = None) -> Delegate:
    power = PowerOfAttorney(f"E-{member_id}", DAY - timedelta(days=10), until)
    return Delegate(person(f"d-{member_id}", 7), power)


def attends_as(member_id: str, presence: Presence) -> Attendance:
    if presence is Presence.DELEGATED:
        return Attendance(member_id, presence, delegate_for(member_id), "ezamiyyətdədir")
    return Attendance(member_id, presence, reason="xəstədir" if presence is Presence.ABSENT else "")


@st.composite
def attended_bodies(draw: st.DrawFn) -> tuple[tuple[Membership, ...], tuple[Attendance, ...]]:
    """A body of 1 to 200 members with any attendance, quorum or not."""
    members = body_of(draw(SIZES))
    chance = Random(draw(SEEDS))
    weights = [chance.random() + 0.01 for _ in Presence]
    chosen = chance.choices(list(Presence), weights, k=len(members))
    return members, tuple(attends_as(m.person.id, p) for m, p in zip(members, chosen, strict=True))


@st.composite
def sound_meetings(draw: st.DrawFn, rules: BodyRules) -> tuple[tuple[Membership, ...], Meeting]:
    """A meeting that was held and breaks no rule, of a body of 1 to 200 members."""
    members = body_of(draw(SIZES))
    chance = Random(draw(SEEDS))
    attendance = _sound_attendance(members, chance)
    attending = [a.member_id for a in attendance if a.presence is not Presence.ABSENT]
    count = draw(st.integers(min_value=1, max_value=5))
    agenda = tuple(
        AgendaItem(n, f"Məsələ {n}", chance.choice(list(Matter)), chance.choice(members).person.id)
        for n in range(1, count + 1)
    )
    meeting = Meeting(
        id="iclas-1",
        body_id="kq",
        kind=chance.choice(list(MeetingKind)),
        number=3,
        place="Bakı şəhəri",
        opens_at=OPENS,
        closes_at=OPENS + timedelta(hours=2),
        documents_delivered_on=DAY - timedelta(days=5 + chance.randrange(5)),
        agenda=agenda,
        attendance=attendance,
        invited=(Invited("q1", PersonName("Rzayev", "Tural", "Akif oğlu"), "Sahibkarlar İttifaqı", "sədr"),),
        items=tuple(_sound_record(rules, item, attending, chance) for item in agenda),
        state=MeetingState.HELD,
    )
    return members, meeting


def _sound_attendance(members: tuple[Membership, ...], chance: Random) -> tuple[Attendance, ...]:
    """More than half attend, and the head or the deputy in person."""
    ids = [m.person.id for m in members]
    chair = chance.choice(ids[:2])
    others = [i for i in ids if i != chair]
    chance.shuffle(others)
    enough = chance.randint(len(ids) // 2, len(others)) if others else 0
    coming = {i: chance.choice((Presence.PRESENT, Presence.PRESENT, Presence.DELEGATED)) for i in others[:enough]}
    coming[chair] = Presence.PRESENT
    return tuple(attends_as(i, coming.get(i, Presence.ABSENT)) for i in ids)


def _sound_record(rules: BodyRules, item: AgendaItem, attending: list[str], chance: Random) -> ItemRecord:
    if chance.random() < 0.2:
        return ItemRecord(item.number, "Məlumat dinlənildi.", (), None, "", ())
    voters = chance.sample(attending, chance.randint(1, len(attending)))
    votes = tuple(Vote(v, chance.choice(list(Choice))) for v in voters)
    kind = chance.choice(sorted(allowed_acts(rules, item.matter)))
    return ItemRecord(item.number, "Müzakirə olundu.", (), kind, "Qəbul edilsin.", votes)


def with_item(meeting: Meeting, index: int, **changes: object) -> Meeting:
    items = list(meeting.items)
    items[index] = replace(items[index], **changes)  # type: ignore[arg-type]
    return replace(meeting, items=tuple(items))


def with_attendance(meeting: Meeting, index: int, entry: Attendance) -> Meeting:
    entries = list(meeting.attendance)
    entries[index] = entry
    return replace(meeting, attendance=tuple(entries))
