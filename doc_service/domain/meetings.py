"""A meeting as the record holds it: notice, agenda, attendance, and what was said and voted on each item.

These are records only; the rules that judge them are in ``quorum``, ``voting``, ``notice`` and ``meeting_check``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from doc_service.domain.bodies import ActKind, Matter
from doc_service.domain.people import Person, PersonName


class MeetingKind(StrEnum):
    ORDINARY = "ordinary"
    EXTRAORDINARY = "extraordinary"


class Presence(StrEnum):
    PRESENT = "present"
    DELEGATED = "delegated"
    ABSENT = "absent"


class Choice(StrEnum):
    """lehinə / əleyhinə / bitərəf"""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class PowerOfAttorney:
    """The document a delegate acts on: number, date, and the last day of its force (None: open)."""

    number: str
    issued_on: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Delegate:
    """Who came for an absent member, and on which power of attorney."""

    person: Person
    power: PowerOfAttorney


@dataclass(frozen=True, slots=True)
class Attendance:
    """How one member attended. ``delegate`` goes with DELEGATED, ``reason`` (why absent) with ABSENT/DELEGATED."""

    member_id: str
    presence: Presence
    delegate: Delegate | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invited person: may propose and give opinions, never votes (001 §5.11)."""

    id: str
    name: PersonName
    organisation: str
    post: str


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A point of the agenda. ``reporter_id``: the head, the deputy or a member (001 §5.9.3)."""

    number: int
    title: str
    matter: Matter
    reporter_id: str
    materials: tuple[str, ...] = ()
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote by name. ``voter_id`` is the *member's* id, also when the delegate cast it."""

    voter_id: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """What happened on agenda item ``number``. ``act_kind`` None: heard only, no act put to the vote."""

    number: int
    discussion: str
    speakers: tuple[str, ...]
    act_kind: ActKind | None
    act_text: str
    votes: tuple[Vote, ...]
    responsible: str = ""
    term: date | None = None
    addressee: str = ""


class MeetingState(StrEnum):
    CONVENED = "convened"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting. ``opens_at``/``closes_at`` are local civil times of ``place`` with their UTC offset.

    ``documents_delivered_on``: the day the agenda documents reached the members (001 §5.8).
    ``late_reason``: why the notice period could not be kept, required when it was not.
    """

    id: str
    body_id: str
    kind: MeetingKind
    number: int
    place: str
    opens_at: datetime
    closes_at: datetime | None
    documents_delivered_on: date
    agenda: tuple[AgendaItem, ...]
    attendance: tuple[Attendance, ...] = ()
    invited: tuple[Invited, ...] = ()
    items: tuple[ItemRecord, ...] = ()
    annexes: tuple[str, ...] = ()
    late_reason: str = ""
    state: MeetingState = MeetingState.CONVENED
    version: int = 0
