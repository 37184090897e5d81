"""The founders' general meeting as data, and what the rules of voting say of it (003 §3.4, §3.5; Əlavə 2).

The form has four fixed items; every vote is given by name and only the totals are printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from pydantic import Field

from doc_service.domain.bodies import ActKind, BodyRules, Matter, Membership, Role
from doc_service.domain.body_kinds import FOUNDERS_MEETING
from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.items_check import Roll, item_faults
from doc_service.domain.meetings import AgendaItem, Attendance, ItemRecord, Presence, Vote
from doc_service.domain.quorum import Quorum, quorum_of
from doc_service.domain.voting import Decision, Outcome, decide
from doc_service.instruments.cluster.common import ClusterData, RepresentedData
from doc_service.instruments.fields import Identifier, Line, Strict
from doc_service.instruments.meeting_data import VoteData
from doc_service.instruments.people_data import PersonData

ITEMS: Final = 4
_MIN: Final = date.min

Months = Annotated[int, Field(ge=1, le=24)]
Manat = Annotated[int, Field(ge=1, le=10_000_000)]


class FounderData(RepresentedData):
    """A founder with its representative; ``present``: the representative attends the meeting. A copy of its founding
    document is enclosed with the protocol decision (003 §3.5)."""

    present: bool = Field(title="Yığıncaqda iştirak edir")
    founding_document: Line = Field(
        title="Təsisçinin təsis sənədi", description="Adı və tarixi; surəti əlavə olunur: 003 §3.5"
    )


class ParticipantData(Strict):
    """A participant of the cluster, whether it founds or not (003 §3.5)."""

    name: Line = Field(title="Klaster iştirakçısının adı")
    voen: Line = Field(title="VÖEN", description="10 rəqəm")


class NewOrganisationData(Strict):
    """The non-commercial organisation that the meeting creates (Əlavə 2, items 3 and 4)."""

    name: Line = Field(title="Qeyri-kommersiya təşkilatının adı", description="Dırnaqda")
    address: Line = Field(title="Yerləşdiyi ünvan", description="Əlavə 2, 3.9")
    organs: tuple[Line, ...] = Field(
        min_length=1, max_length=20, title="Klasterin digər idarəetmə orqanları", description="Əlavə 2, 3.5"
    )
    head: PersonData = Field(title="Qeyri-kommersiya təşkilatının rəhbəri", description="Əlavə 2, 3.7")
    head_document: Line = Field(title="Rəhbərin pasport məlumatları", description="Əlavə 2, 3.7")
    fee: Manat = Field(title="Birdəfəlik üzvlük haqqı, manat", description="Əlavə 2, 3.8")
    registration_months: Months = Field(title="Dövlət qeydiyyatının müddəti, ay", description="Əlavə 2, 4.1")
    documents_months: Months = Field(title="Əsas sənədlərin hazırlanması müddəti, ay", description="Əlavə 2, 4.2")


class FoundingItemData(Strict):
    """The votes on one of the four items."""

    votes: tuple[VoteData, ...] = Field(min_length=1, max_length=500, title="Adbaad səslər")


class FoundingData(Strict):
    """The protocol decision of the founders' general meeting (Əlavə 2)."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    sector: Line = Field(title="Sahə", description="Əlavə 2, 1.1: məsələn, polimer materiallarının istehsalı")
    place: Line = Field(title="Yığıncağın keçirildiyi yer", description="Məsələn: Bakı şəhəri")
    held_on: date = Field(title="Yığıncağın tarixi")
    participants: tuple[ParticipantData, ...] = Field(
        min_length=1, max_length=5000, title="Klasterin iştirakçıları", description="003 §3.5"
    )
    founders: tuple[FounderData, ...] = Field(min_length=1, max_length=500, title="Təsisçilər")
    chair_id: Identifier = Field(title="Yığıncağın sədri", description="Təsisçinin nümayəndəsi; Əlavə 2, 2.1")
    secretary: PersonData = Field(title="Yığıncağın katibi", description="Əlavə 2, 2.1")
    organisation: NewOrganisationData = Field(title="Yaradılan qeyri-kommersiya təşkilatı")
    items: tuple[FoundingItemData, ...] = Field(
        min_length=ITEMS, max_length=ITEMS, title="Dörd məsələ üzrə səsvermə", description="Əlavə 2, 1–4"
    )

    def attending(self) -> tuple[FounderData, ...]:
        return tuple(f for f in self.founders if f.present)

    def founding_participants(self) -> int:
        """How many of the cluster's participants are founders, by VÖEN."""
        founders = {f.organisation.voen for f in self.founders}
        return len({p.voen for p in self.participants if p.voen in founders})

    def participants_needed(self) -> int:
        """At least half of the participants: whole numbers, rounded up (003 §3.5)."""
        return (len({p.voen for p in self.participants}) + 1) // 2


@dataclass(frozen=True, slots=True)
class FoundersMeeting:
    """The meeting with what the rules say of it: members are the founders' representatives."""

    data: FoundingData
    rules: BodyRules
    members: tuple[Membership, ...]
    attendance: tuple[Attendance, ...]
    quorum: Quorum

    @classmethod
    def of(cls, rules: Mapping[str, BodyRules], data: FoundingData) -> FoundersMeeting:
        kind = rules[FOUNDERS_MEETING]
        members = tuple(
            Membership(
                f.representative.to_domain(),
                Role.HEAD if f.representative.person.id == data.chair_id else Role.MEMBER,
                _MIN,
            )
            for f in data.founders
        )
        attendance = tuple(
            Attendance(f.representative.person.id, Presence.PRESENT if f.present else Presence.ABSENT, None, "")
            for f in data.founders
        )
        return cls(data, kind, members, attendance, quorum_of(kind, members, attendance, data.held_on))

    def decisions(self) -> tuple[Decision, ...]:
        """The votes on the four items, counted; raises ``DomainError`` on votes that cannot be."""
        return tuple(decide(_votes(i), self.quorum.attending, self.data.chair_id) for i in self.data.items)

    def faults(self) -> Iterator[Fault]:
        """Quorum, votes by name, and that every item is adopted: the form has no words for a refused one."""
        if not self.quorum.met:
            figures = {"attending": self.quorum.attending, "needed": self.quorum.needed, "members": self.quorum.members}
            yield Fault("quorum.not_met", "founders", figures | {"clause": self.rules.clauses.get("quorum", "")})
        roll = Roll.of(self.members, self.attendance, (), self.data.held_on)
        agenda = [AgendaItem(n, "–", Matter.ORGANISATIONAL, self.data.chair_id) for n in range(1, ITEMS + 1)]
        records = [
            ItemRecord(n, "", (), ActKind.DECISION, "–", _votes(item)) for n, item in enumerate(self.data.items, 1)
        ]
        broken = list(item_faults(self.rules, agenda, records, roll, self.data.held_on))
        yield from broken
        if not broken:
            yield from self._refused()

    def _refused(self) -> Iterator[Fault]:
        try:
            decisions = self.decisions()
        except DomainError as error:
            yield from error.faults
            return
        for index, decision in enumerate(decisions):
            if decision.outcome is not Outcome.ADOPTED:
                tally = decision.tally
                figures = {"number": index + 1, "in_favour": tally.in_favour, "against": tally.against}
                yield Fault("founding.not_adopted", f"items[{index}].votes", figures)


def _votes(item: FoundingItemData) -> tuple[Vote, ...]:
    return tuple(Vote(v.voter_id, v.choice) for v in item.votes)
