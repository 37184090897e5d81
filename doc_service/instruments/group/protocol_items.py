"""What an extract and the public summary take from a signed protocol: chosen items with their counted votes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field

from doc_service.domain.bodies import ActKind, BodyRules
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.meetings import AgendaItem, ItemRecord, MeetingKind
from doc_service.domain.voting import Outcome
from doc_service.instruments.faults import parse
from doc_service.instruments.fields import Line, Number, OptionalLine, OptionalProse, Sha256, Strict
from doc_service.instruments.meeting_data import RecordData
from doc_service.instruments.protocol_text import Sitting, casting_text
from doc_service.instruments.wording import ACTS, day_text, paragraphs

Count = Annotated[int, Field(ge=0, le=9_999)]
OUTCOMES: Final[Mapping[Outcome, str]] = {Outcome.ADOPTED: "Qəbul edildi", Outcome.NOT_ADOPTED: "Qəbul edilmədi"}


class SourceProtocol(Strict):
    """The signed protocol that the text was taken from."""

    number: Line = Field(title="Protokolun nömrəsi")
    registered_on: date = Field(title="Protokolun tarixi")
    sha256: Sha256 = Field(title="İmzalanmış protokolun SHA-256 nəzarət cəmi")


class SourceMeeting(Strict):
    """The meeting with its figures of attendance (001 §5.9.1)."""

    number: Number = Field(title="İclasın nömrəsi")
    kind: MeetingKind = Field(title="İclasın növü", description="001 §5.8, §5.9.2")
    held_on: date = Field(title="İclasın tarixi")
    place: Line = Field(title="İclasın keçirildiyi yer")
    members: Number = Field(title="Üzvlərin sayı")
    attending: Count = Field(title="İştirak edən üzvlərin sayı", description="001 §5.9.1")
    presided_by: OptionalLine = Field(default="", title="İclasa sədrlik edən", description="001 §5.4")


class VoteCounts(Strict):
    """lehinə, əleyhinə, bitərəf, səs verməyib: together everybody who attended (001 §5.9.4)."""

    in_favour: Count = Field(title="Lehinə")
    against: Count = Field(title="Əleyhinə")
    abstained: Count = Field(title="Bitərəf")
    not_voting: Count = Field(title="Səs verməyib")

    @property
    def total(self) -> int:
        return self.in_favour + self.against + self.abstained + self.not_voting


class ItemAct(Strict):
    """The act put to the vote, its text and result (001 §5.9.4, §5.10)."""

    kind: ActKind = Field(title="Aktın növü", description="qərar, təklif, tövsiyə: 001 §5.10")
    text: OptionalProse = Field(title="Aktın mətni")
    votes: VoteCounts = Field(title="Səslər")
    outcome: Outcome = Field(title="Nəticə", description="adopted – qəbul edildi, not_adopted – qəbul edilmədi")
    casting: OptionalProse = Field(default="", title="Həlledici səs", description="Səslər bərabər olduqda: 001 §5.9.4")


def source_data(registration: Registration, sha256: str) -> dict[str, Any]:
    return {"number": registration.number, "registered_on": registration.registered_on.isoformat(), "sha256": sha256}


def meeting_data(sitting: Sitting) -> dict[str, Any]:
    """The meeting as ``SourceMeeting``."""
    session = sitting.data.meeting
    return {
        "number": session.number,
        "kind": str(session.kind),
        "held_on": session.opens_at.date().isoformat(),
        "place": session.place,
        "members": sitting.quorum.members,
        "attending": sitting.quorum.attending,
        "presided_by": sitting.chair.person.name.full if sitting.chair else "",
    }


def act_data(sitting: Sitting, item: ItemRecord) -> dict[str, Any] | None:
    """The item's act as ``ItemAct``; None when nothing was put to the vote."""
    if item.act_kind is None:
        return None
    decision = sitting.decision(item)
    tally = decision.tally
    return {
        "kind": str(item.act_kind),
        "text": item.act_text,
        "votes": {
            "in_favour": tally.in_favour,
            "against": tally.against,
            "abstained": tally.abstained,
            "not_voting": tally.not_voting,
        },
        "outcome": str(decision.outcome),
        "casting": casting_text(sitting, item, decision),
    }


@dataclass(frozen=True, slots=True)
class Taken:
    """One item with its point of the agenda."""

    point: AgendaItem
    item: ItemRecord


def sitting_of(rules: Mapping[str, BodyRules], protocol: Mapping[str, Any]) -> Sitting:
    """The protocol's record; raises its own ``data.*`` faults."""
    record = parse(RecordData, protocol)
    return Sitting.of(rules[record.body.kind], record)


def taken(sitting: Sitting, numbers: Collection[int]) -> list[Taken]:
    """The items of these numbers in the order of the agenda; raises ``DomainError`` "act.no_such_item"."""
    points = {a.number: a for a in sitting.meeting.agenda}
    items = {i.number: i for i in sitting.meeting.items}
    for number in numbers:
        if number not in points or number not in items:
            raise DomainError("act.no_such_item", "items", number=number)
    return [Taken(points[n], items[n]) for n in sorted(set(numbers))]


def act_faults(acts: Sequence[ItemAct | None], attending: int, field: str) -> Iterator[Fault]:
    """Votes are those of everybody who attended, and the outcome is the one that they give (001 §5.9.4). On a tie the
    presiding person's vote decided, which the data do not show: either outcome may stand then."""
    for index, act in enumerate(acts):
        if act is None:
            continue
        at = f"{field}[{index}].act"
        votes = act.votes
        if votes.total != attending:
            yield Fault("extract.votes_do_not_add_up", f"{at}.votes", {"votes": votes.total, "attending": attending})
        decided = votes.in_favour != votes.against
        adopted = votes.in_favour > votes.against
        if decided and adopted != (act.outcome is Outcome.ADOPTED):
            yield Fault("extract.outcome_differs", f"{at}.outcome", {"outcome": str(act.outcome)})
        if not decided and not act.casting.strip():
            yield Fault("extract.casting_missing", f"{at}.casting")


def act_context(act: ItemAct | None) -> dict[str, Any] | None:
    if act is None:
        return None
    return {
        "kind": ACTS[act.kind],
        "text": paragraphs(act.text),
        "in_favour": act.votes.in_favour,
        "against": act.votes.against,
        "abstained": act.votes.abstained,
        "not_voting": act.votes.not_voting,
        "outcome": OUTCOMES[act.outcome],
        "adopted": act.outcome is Outcome.ADOPTED,
        "casting": act.casting,
    }


def meeting_context(meeting: SourceMeeting, kinds: Mapping[MeetingKind, str]) -> dict[str, Any]:
    return {
        "number": meeting.number,
        "kind": kinds[meeting.kind],
        "date": day_text(meeting.held_on),
        "place": meeting.place,
        "members": meeting.members,
        "attending": meeting.attending,
        "chair": meeting.presided_by,
    }
