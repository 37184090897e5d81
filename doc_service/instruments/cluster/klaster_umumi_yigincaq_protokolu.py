"""``klaster-umumi-yigincaq-protokolu``: the protocol of the members' general meeting (003 §4.4, §5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import Field

from doc_service.domain.bodies import Body, BodyRules
from doc_service.domain.body_kinds import MEMBERS_MEETING
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError, Fault
from doc_service.domain.meeting_check import check_meeting
from doc_service.domain.meetings import Meeting
from doc_service.domain.voting import Outcome
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.cluster.common import ClusterData, cluster_faults, organisation_faults
from doc_service.instruments.cluster.members_text import members_context
from doc_service.instruments.cluster.members_topics import AGREED_BY_HEAD, OF_MEMBERSHIP, TopicData
from doc_service.instruments.kq_protokol import placed, roster_faults
from doc_service.instruments.meeting_data import RecordData, record_dict
from doc_service.instruments.people_data import BodyData
from doc_service.instruments.protocol_text import Sitting
from doc_service.instruments.samples.cluster_meeting import members_meeting_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import LEGAL_UNIT, heading

CHAIR: Final = "Üzvlərin ümumi yığıncağının sədri"
SECRETARY: Final = "Üzvlərin ümumi yığıncağının katibi"


class MembersRecordData(RecordData):
    """The record of a members' general meeting: members are the first persons of the cluster's organisations."""

    cluster: ClusterData = Field(title="Sənaye klasteri")
    topics: tuple[TopicData, ...] = Field(
        min_length=1, max_length=200, title="Məsələlər üzrə qərarların mövzuları", description="003 §4.4"
    )


@dataclass(frozen=True, kw_only=True)
class KlasterUmumiYigincaqProtokolu(Instrument[MembersRecordData]):
    """``rules`` by kind of body: what judges the record."""

    rules: Mapping[str, BodyRules]

    def from_meeting(
        self, body: Body, meeting: Meeting, cluster: Mapping[str, Any], topics: tuple[Mapping[str, Any], ...]
    ) -> dict[str, Any]:
        """The data of a held meeting's protocol; ``cluster`` as ``ClusterData``, ``topics`` as ``TopicData``.

        Raises ``DomainError`` "protocol.not_held" when the meeting has no end yet."""
        if meeting.closes_at is None:
            raise DomainError("protocol.not_held", "meeting.closes_at", number=meeting.number)
        return record_dict(body, meeting) | {"cluster": dict(cluster), "topics": [dict(t) for t in topics]}

    def adopted(self, raw: Mapping[str, Any]) -> tuple[TopicData, ...]:
        """What a signed protocol decided: the topics of its adopted items, in the order of the data."""
        data = self.validate(raw)
        sitting = Sitting.of(self.rules[data.body.kind], data)
        adopted = {
            i.number
            for i in sitting.meeting.items
            if i.act_kind is not None and sitting.decision(i).outcome is Outcome.ADOPTED
        }
        return tuple(t for t in data.topics if sitting.quorum.met and t.number in adopted)

    def check(self, data: MembersRecordData) -> tuple[Fault, ...]:
        """The rules of the members' meeting over the whole record, representation (003 §4.2) and topics (003 §4.4)."""
        return wrong_meeting(data.body) or tuple(self._faults(data))

    def _faults(self, data: MembersRecordData) -> Iterator[Fault]:
        for fault in check_meeting(self.rules[data.body.kind], data.memberships(), data.to_meeting()):
            yield replace(fault, field=placed(fault.field))
        yield from roster_faults(self.rules[data.body.kind], data.members)
        yield from cluster_faults(data.cluster)
        yield from _representation_faults(data)
        yield from _topic_faults(data)

    def signatories(self, data: MembersRecordData) -> tuple[Signatory, ...]:
        """The member who presides, then the secretary; nobody when nobody presides."""
        chair = Sitting.of(self.rules[data.body.kind], data).chair
        if chair is None:
            return ()
        return (
            Signatory(field=field_name(1), order=1, person_id=chair.person.id, role_label=CHAIR),
            Signatory(field=field_name(2), order=2, person_id=data.secretary.id, role_label=SECRETARY),
        )

    def context(
        self, data: MembersRecordData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        sitting = Sitting.of(self.rules[data.body.kind], data)
        people = {m.person.id: m.person for m in sitting.members} | {data.secretary.id: data.secretary.to_domain()}
        return {
            **heading(data.body, registration),
            **members_context(sitting, {t.number: t for t in data.topics}),
            "cluster": data.cluster.name,
            "annexes": [{"no": n, "title": title} for n, title in enumerate(data.annexes, 1)],
            "signatories": signature_rows(self.signatories(data), people, stand_ins),
        }

    def sample(self) -> dict[str, Any]:
        return members_meeting_sample()


def klaster_umumi_yigincaq_protokolu(rules: Mapping[str, BodyRules]) -> KlasterUmumiYigincaqProtokolu:
    """The instrument of 003 §4.4, §5.2."""
    return KlasterUmumiYigincaqProtokolu(
        model=MembersRecordData,
        id="klaster-umumi-yigincaq-protokolu",
        title_az="Üzvlərin ümumi yığıncağının protokolu",
        title_en="Protocol of the members' general meeting",
        template="klaster-umumi-yigincaq-protokolu.v1",
        journal="KL-UP",
        journal_title="Üzvlərin ümumi yığıncaqlarının protokollarının qeydiyyatı jurnalı",
        case_index="KL-02",
        sources=("003 §4.2", "003 §4.4", "003 §5.2"),
        visa_units=(LEGAL_UNIT,),
        rules=rules,
    )


def wrong_meeting(body: BodyData) -> tuple[Fault, ...]:
    """A fault when the body is no members' general meeting."""
    if body.kind == MEMBERS_MEETING:
        return ()
    return (Fault("instrument.wrong_body", "body.kind", {"kind": body.kind, "expected": MEMBERS_MEETING}),)


def _representation_faults(data: MembersRecordData) -> Iterator[Fault]:
    """A delegate comes from the member's own organisation: its deputy, not a stranger (003 §4.2)."""
    members = {m.person.id: m.person for m in data.members}
    for index, entry in enumerate(data.attendance):
        member = members.get(entry.member_id)
        if entry.delegate is None or member is None:
            continue
        if entry.delegate.person.organisation != member.organisation:
            params = {"delegate": entry.delegate.person.name.to_domain().full, "organisation": member.organisation}
            yield Fault("members.delegate_organisation", f"attendance[{index}].delegate.person.organisation", params)


def _topic_faults(data: MembersRecordData) -> Iterator[Fault]:
    """Every item has one topic; an admission or exclusion, and nothing else, names the organisation (003 §4.4)."""
    numbers = {a.number for a in data.agenda}
    seen: set[int] = set()
    for index, topic in enumerate(data.topics):
        field = f"topics[{index}]"
        if topic.number not in numbers or topic.number in seen:
            yield Fault("members.topic_number", f"{field}.number", {"number": topic.number})
        seen.add(topic.number)
        named = topic.organisation is not None
        if named != (topic.topic in OF_MEMBERSHIP):
            yield Fault("members.topic_organisation", f"{field}.organisation", {"number": topic.number})
        yield from _agreement_faults(data, topic, f"{field}.agreed_on")
        if topic.organisation is not None:
            yield from organisation_faults(topic.organisation, f"{field}.organisation")
    for number in sorted(numbers - seen):
        yield Fault("members.topic_missing", "topics", {"number": number})


def _agreement_faults(data: MembersRecordData, topic: TopicData, field: str) -> Iterator[Fault]:
    """The head of the specialised organisation agreed a basic document before the meeting approved it (003 §5.2)."""
    held = data.meeting.opens_at.date()
    if topic.topic not in AGREED_BY_HEAD:
        if topic.agreed_on is not None:
            yield Fault("members.agreement_unexpected", field, {"number": topic.number})
    elif topic.agreed_on is None:
        yield Fault("members.agreement_missing", field, {"number": topic.number})
    elif topic.agreed_on > held:
        days = {"agreed_on": topic.agreed_on.isoformat(), "held_on": held.isoformat()}
        yield Fault("members.agreement_late", field, days)
