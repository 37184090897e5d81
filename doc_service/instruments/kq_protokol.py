"""``kq-protokol``: the protocol of a Coordination Group meeting (001 §5.6.7, §5.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from doc_service.domain.azerbaijani import lower
from doc_service.domain.bodies import Body, BodyRules, Role
from doc_service.domain.body_kinds import COORDINATION_GROUP
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.meeting_check import check_meeting
from doc_service.domain.meetings import Meeting, Presence
from doc_service.domain.protocol_signatories import ProtocolSignatory, protocol_signatories
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.meeting_data import RecordData, record_dict
from doc_service.instruments.people_data import BodyData, MemberData
from doc_service.instruments.protocol_text import (
    Sitting,
    agenda_context,
    attendance_context,
    items_context,
    quorum_text,
)
from doc_service.instruments.samples.meeting import record_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import (
    LEGAL_UNIT,
    MEETING_KINDS,
    SHORT_ROLES,
    clock,
    day_text,
    heading,
    role_label,
)

_ROLE_ORDER: Final = {Role.HEAD: 1, Role.DEPUTY_HEAD: 2, Role.MEMBER: 3}
_SESSION_FIELDS: Final = frozenset({"opens_at", "closes_at", "documents_delivered_on", "late_reason"})


@dataclass(frozen=True, kw_only=True)
class KqProtokol(Instrument[RecordData]):
    """The protocol. ``rules`` by kind of body: what judges the record and names the signatories."""

    rules: Mapping[str, BodyRules]

    def from_meeting(self, body: Body, meeting: Meeting, contact: str = "") -> dict[str, Any]:
        """The data of a held meeting's protocol; ``contact``: the letterhead's contact line.

        Raises ``DomainError`` "protocol.not_held" when the meeting has no end yet."""
        if meeting.closes_at is None:
            raise DomainError("protocol.not_held", "meeting.closes_at", number=meeting.number)
        return record_dict(body, meeting, contact)

    def check(self, data: RecordData) -> tuple[Fault, ...]:
        """The rules of the body over the whole record (001 §5.8–§5.11), and references inside the data."""
        wrong = wrong_body(data.body)
        if wrong:
            return wrong
        rules = self.rules[data.body.kind]
        faults = check_meeting(rules, data.memberships(), data.to_meeting())
        found = tuple(replace(f, field=placed(f.field)) for f in faults)
        return found + tuple(_reference_faults(rules, data))

    def signatories(self, data: RecordData) -> tuple[Signatory, ...]:
        """Head, deputy head, then the members who attended; a delegate signs for the member (001 §5.9.5).

        The head signs first, then the deputy, then the members, who are open together."""
        signers = protocol_signatories(self.rules[data.body.kind], data.memberships(), data.to_meeting().attendance)
        return tuple(_signatory(data.body, place, s) for place, s in enumerate(signers, 1))

    def context(
        self, data: RecordData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        sitting = Sitting.of(self.rules[data.body.kind], data)
        signers = protocol_signatories(self.rules[data.body.kind], sitting.members, sitting.meeting.attendance)
        people = {s.signer.id: s.signer for s in signers}
        return {
            **heading(data.body, registration),
            "meeting": _meeting_context(sitting),
            **attendance_context(sitting),
            "quorum": quorum_text(sitting),
            "agenda": agenda_context(sitting),
            "items": items_context(sitting),
            "annexes": [{"no": n, "title": title} for n, title in enumerate(data.annexes, 1)],
            "signatories": signature_rows(self.signatories(data), people, stand_ins),
        }

    def sample(self) -> dict[str, Any]:
        return record_sample()


def kq_protokol(rules: Mapping[str, BodyRules]) -> KqProtokol:
    """The instrument of 001 §5.6.7, §5.9."""
    return KqProtokol(
        model=RecordData,
        id="kq-protokol",
        title_az="İclasın protokolu",
        title_en="Protocol of a meeting",
        template="kq-protokol.v1",
        journal="KQ-P",
        journal_title="Koordinasiya Qrupunun iclaslarının protokollarının qeydiyyatı jurnalı",
        case_index="KQ-01",
        sources=("001 §5.6.7", "001 §5.9", "001 §5.9.5"),
        visa_units=(LEGAL_UNIT,),
        rules=rules,
    )


def wrong_body(body: BodyData) -> tuple[Fault, ...]:
    """A fault when the body is no Coordination Group: the statute 001 rules no other."""
    if body.kind == COORDINATION_GROUP:
        return ()
    return (Fault("instrument.wrong_body", "body.kind", {"kind": body.kind, "expected": COORDINATION_GROUP}),)


def placed(field: str) -> str:
    """The domain's field path as it stands in the data: the meeting's own fields lie under ``meeting``."""
    return f"meeting.{field}" if field in _SESSION_FIELDS else field


def _signatory(body: BodyData, place: int, found: ProtocolSignatory) -> Signatory:
    role = found.member.role
    power = found.power
    return Signatory(
        field=field_name(place),
        order=_ROLE_ORDER[role],
        person_id=found.signer.id,
        role_label=role_label(body, role),
        in_place_of=found.member.person.name.full if found.is_delegate else "",
        basis=f"{day_text(power.issued_on)} tarixli {power.number} nömrəli etibarnamə" if power else "",
        power=power,
    )


def _reference_faults(rules: BodyRules, data: RecordData) -> Iterator[Fault]:
    yield from roster_faults(rules, data.members)
    people = {m.person.id: m.person.name.to_domain().full for m in data.members}
    absent = {a.member_id for a in data.attendance if a.presence is not Presence.PRESENT}
    others = {data.secretary.id} | {i.id for i in data.invited}
    others |= {a.delegate.person.id for a in data.attendance if a.delegate is not None}
    for index, item in enumerate(data.items):
        for place, speaker in enumerate(item.speakers):
            field = f"items[{index}].speakers[{place}]"
            if speaker in others:
                continue
            if speaker not in people:
                yield Fault("protocol.unknown_speaker", field, {"speaker": speaker})
            elif speaker in absent:
                yield Fault("protocol.speaker_absent", field, {"speaker": people[speaker]})


def roster_faults(rules: BodyRules, members: Sequence[MemberData]) -> Iterator[Fault]:
    """Nobody is listed twice; at most one member is the head, and no more are deputy heads than the rules of the body
    know (001 §5.2)."""
    seen: set[str] = set()
    for index, member in enumerate(members):
        if member.person.id in seen:
            yield Fault("protocol.member_repeated", f"members[{index}].person.id", {"member": member.person.id})
        seen.add(member.person.id)
    heads = sum(m.role is Role.HEAD for m in members)
    if heads > 1:
        yield Fault("protocol.several_heads", "members", {"count": heads})
    deputies = sum(m.role is Role.DEPUTY_HEAD for m in members)
    if rules.deputies is not None and deputies > rules.deputies:
        yield Fault("protocol.several_deputies", "members", {"count": deputies, "most": rules.deputies})


def _meeting_context(sitting: Sitting) -> dict[str, Any]:
    session, chair = sitting.data.meeting, sitting.chair
    return {
        "number": session.number,
        "kind": MEETING_KINDS[session.kind],
        "place": session.place,
        "date": day_text(session.opens_at.date()),
        "opens": clock(session.opens_at),
        "closes": clock(session.closes_at),
        "closes_on": "" if session.closes_at.date() == session.opens_at.date() else day_text(session.closes_at.date()),
        "delivered": day_text(session.documents_delivered_on),
        "late_reason": session.late_reason,
        "chair": chair.person.name.full if chair else "",
        "chair_role": lower(SHORT_ROLES[chair.role]) if chair else "",
        "secretary": sitting.data.secretary.name.to_domain().full,
        "secretary_post": sitting.data.secretary.post,
    }
