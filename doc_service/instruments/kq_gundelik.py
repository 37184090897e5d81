"""``kq-gundelik``: the agenda of a meeting, drafted by the secretariat and approved by the head (001 §5.6.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import Field

from doc_service.domain.azerbaijani import lower
from doc_service.domain.bodies import Body, BodyRules, Role
from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.meeting_check import check_meeting
from doc_service.domain.meetings import Meeting
from doc_service.instruments.base import NO_STAND_INS, Instrument, Signatory, StandIns
from doc_service.instruments.convened_data import ConvenedData, convened_dict
from doc_service.instruments.fields import Identifier, Strict
from doc_service.instruments.kq_akt import DEPUTY_BASIS
from doc_service.instruments.kq_protokol import roster_faults, wrong_body
from doc_service.instruments.meeting_data import AgendaData, agenda_dict, agenda_item
from doc_service.instruments.people_data import BodyData, MemberData, PersonData, body_dict, person_dict
from doc_service.instruments.samples.convened import agenda_sample
from doc_service.instruments.signature_table import field_name, signature_rows
from doc_service.instruments.wording import (
    MEETING_KINDS,
    SHORT_ROLES,
    clock,
    day_text,
    heading,
    role_label,
    secretary_label,
)

_CONVENED_FIELDS: Final = frozenset({"opens_at", "documents_delivered_on"})


class AgendaDocumentData(Strict):
    """The agenda with the body's members, from whom the reporters come (001 §5.9.3)."""

    body: BodyData = Field(title="Kollegial orqan")
    members: tuple[MemberData, ...] = Field(min_length=1, max_length=500, title="Tərkib")
    secretary: PersonData = Field(title="Katib")
    meeting: ConvenedData = Field(title="İclas")
    agenda: tuple[AgendaData, ...] = Field(min_length=1, max_length=200, title="Gündəlik")
    approver_id: Identifier = Field(title="Təsdiq edən", description="rəhbər, olmadıqda müavini: 001 §5.4")


@dataclass(frozen=True, kw_only=True)
class KqGundelik(Instrument[AgendaDocumentData]):
    rules: Mapping[str, BodyRules]

    def from_meeting(
        self, body: Body, meeting: Meeting, contact: str = "", approver_id: str | None = None
    ) -> dict[str, Any]:
        """The data of a convened meeting's agenda; the head approves unless ``approver_id`` says otherwise."""
        members = body.members_on(meeting.opens_at.date())
        head = next((m.person.id for m in members if m.role is Role.HEAD), "")
        return {
            "body": body_dict(body, contact),
            "members": [{"person": person_dict(m.person), "role": str(m.role)} for m in members],
            "secretary": person_dict(body.secretary),
            "meeting": convened_dict(meeting),
            "agenda": [agenda_dict(a) for a in meeting.agenda],
            "approver_id": head if approver_id is None else approver_id,
        }

    def check(self, data: AgendaDocumentData) -> tuple[Fault, ...]:
        """Notice (001 §5.8), numbering and reporters of the items (001 §5.9.3), and who approves."""
        return wrong_body(data.body) or tuple(self._faults(data))

    def _faults(self, data: AgendaDocumentData) -> Iterator[Fault]:
        members = tuple(m.to_domain() for m in data.members)
        meeting = replace(data.meeting.to_meeting(data.body.id), agenda=tuple(agenda_item(a) for a in data.agenda))
        for fault in check_meeting(self.rules[data.body.kind], members, meeting):
            field = f"meeting.{fault.field}" if fault.field in _CONVENED_FIELDS else fault.field
            yield replace(fault, field=field)
        yield from roster_faults(self.rules[data.body.kind], data.members)
        if not any(m.person.id == data.approver_id and m.role is not Role.MEMBER for m in data.members):
            yield Fault("agenda.approver", "approver_id", {"person": data.approver_id})

    def signatories(self, data: AgendaDocumentData) -> tuple[Signatory, ...]:
        """The head, or the deputy in the head's absence (001 §5.4); nobody when the approver is not a member."""
        approver = next((m for m in data.members if m.person.id == data.approver_id), None)
        if approver is None:
            return ()
        head = next((m for m in data.members if m.role is Role.HEAD), None)
        stands_in = head is not None and approver.role is Role.DEPUTY_HEAD
        signatory = Signatory(
            field=field_name(1),
            order=1,
            person_id=data.approver_id,
            role_label=role_label(data.body, approver.role),
            in_place_of=head.person.name.to_domain().full if head and stands_in else "",
            basis=DEPUTY_BASIS if stands_in else "",
        )
        return (signatory,)

    def context(
        self, data: AgendaDocumentData, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        people = {m.person.id: m.person.to_domain() for m in data.members}
        roles = {m.person.id: m.role for m in data.members}
        return {
            **heading(data.body, registration),
            "meeting": {
                "number": data.meeting.number,
                "kind": MEETING_KINDS[data.meeting.kind],
                "place": data.meeting.place,
                "date": day_text(data.meeting.opens_at.date()),
                "opens": clock(data.meeting.opens_at),
            },
            "agenda": [
                {
                    "no": a.number,
                    "title": a.title,
                    "reporter": people[a.reporter_id].name.full,
                    "reporter_role": lower(SHORT_ROLES[roles[a.reporter_id]]),
                    "materials": "\n".join(f"{n}. {m}" for n, m in enumerate(a.materials, 1)),
                }
                for a in data.agenda
            ],
            "secretary": {"role": secretary_label(data.body), "name": data.secretary.name.to_domain().full},
            "signatory": signature_rows(self.signatories(data), people, stand_ins)[0],
        }

    def sample(self) -> dict[str, Any]:
        return agenda_sample()


def kq_gundelik(rules: Mapping[str, BodyRules]) -> KqGundelik:
    """The instrument of 001 §5.6.5."""
    return KqGundelik(
        model=AgendaDocumentData,
        id="kq-gundelik",
        title_az="İclasın gündəliyi",
        title_en="Agenda of a meeting",
        template="kq-gundelik.v1",
        journal="KQ-G",
        journal_title="Koordinasiya Qrupunun iclaslarının gündəliklərinin qeydiyyatı jurnalı",
        case_index="KQ-04",
        sources=("001 §5.6.5", "001 §5.8", "001 §5.9.3"),
        rules=rules,
    )
