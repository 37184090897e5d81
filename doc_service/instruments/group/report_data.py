"""Data of the yearly report: the rows of the records, and the secretariat's words (001 §5.6.10)."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from doc_service.domain.bodies import ActKind
from doc_service.domain.meetings import MeetingKind
from doc_service.domain.people import PersonName
from doc_service.domain.recommendations import RecommendationState
from doc_service.domain.yearly_figures import YearlyFigures
from doc_service.instruments.fields import Line, Number, OptionalProse, Prose, Strict
from doc_service.instruments.group.head_signs import HeadSigned
from doc_service.instruments.group.kq_fealiyyet_proqrami import Year
from doc_service.instruments.group.protocol_items import Count
from doc_service.instruments.people_data import NameData, PersonData


class ReportMeeting(Strict):
    number: Number = Field(title="İclasın nömrəsi")
    kind: MeetingKind = Field(title="İclasın növü", description="001 §5.8, §5.9.2")
    held_on: date = Field(title="Keçirilmə tarixi")
    members: Count = Field(title="Üzvlərin sayı")
    attending: Count = Field(title="İştirak edən üzvlər", description="001 §5.9.1")
    quorum_met: bool = Field(title="Yetərsay", description="001 §5.9.1")
    items: Count = Field(title="Baxılmış məsələlər")


class ReportMember(Strict):
    """``meetings``: held while the person was a member."""

    name: NameData = Field(title="Üzv")
    organisation: Line = Field(title="Təmsil etdiyi orqan (qurum)")
    meetings: Count = Field(title="Üzvlük müddətində keçirilmiş iclaslar")
    in_person: Count = Field(title="Şəxsən iştirak edib")
    delegated: Count = Field(title="Nümayəndəsi iştirak edib")
    absent: Count = Field(title="İştirak etməyib")


class ReportAct(Strict):
    kind: ActKind = Field(title="Aktın növü", description="qərar, təklif, tövsiyə: 001 §5.10")
    put_to_vote: Count = Field(title="Səsə qoyulub")
    adopted: Count = Field(title="Qəbul edilib")
    not_adopted: Count = Field(title="Qəbul edilməyib")
    issued: Count = Field(title="İmzalanaraq qüvvəyə minib")


class ReportRecommendation(Strict):
    number: Line = Field(title="Tövsiyənin nömrəsi")
    registered_on: date = Field(title="Tövsiyənin tarixi")
    addressee: Line = Field(title="Ünvanlandığı orqan (qurum)")
    term: date | None = Field(default=None, title="İcra müddəti")
    state: RecommendationState = Field(title="Nəticə", description="001 §3.1.1")
    appeals: tuple[Line, ...] = Field(
        default=(), max_length=20, title="Nazirlər Kabinetinə müraciətlərin nömrələri", description="001 §3.1.1"
    )


class ReportData(HeadSigned):
    """The records of the year, and the secretariat's words about it."""

    year: Year = Field(title="Təqvim ili")
    secretary: PersonData = Field(title="Katib", description="Hesabatı hazırlayan: 001 §5.6.10")
    meetings: tuple[ReportMeeting, ...] = Field(max_length=400, title="İclaslar")
    members: tuple[ReportMember, ...] = Field(max_length=1_000, title="Üzvlərin iştirakı")
    acts: tuple[ReportAct, ...] = Field(max_length=len(ActKind), title="Aktlar")
    heard_only: Count = Field(title="Yalnız dinlənilmiş məsələlər")
    recommendations: tuple[ReportRecommendation, ...] = Field(max_length=1_000, title="Tövsiyələr")
    overview: Prose = Field(title="Hesabat ilində görülmüş işlər")
    problems: OptionalProse = Field(default="", title="Qarşıya çıxan problemlər")
    proposals: OptionalProse = Field(default="", title="Növbəti il üçün təkliflər")


def figures_data(figures: YearlyFigures) -> dict[str, Any]:
    """The year's figures as the report's data."""
    return {
        "meetings": [
            {
                "number": m.number,
                "kind": str(m.kind),
                "held_on": m.held_on.isoformat(),
                "members": m.members,
                "attending": m.attending,
                "quorum_met": m.quorum_met,
                "items": m.items,
            }
            for m in figures.meetings
        ],
        "members": [
            {
                "name": _name(m.person.name),
                "organisation": m.person.organisation,
                "meetings": m.meetings,
                "in_person": m.in_person,
                "delegated": m.delegated,
                "absent": m.absent,
            }
            for m in figures.members
        ],
        "acts": [dict(a.as_row) for a in figures.acts],
        "heard_only": figures.heard_only,
        "recommendations": [
            {
                "number": r.number,
                "registered_on": r.registered_on.isoformat(),
                "addressee": r.addressee,
                "term": r.term.isoformat() if r.term else None,
                "state": str(r.state),
                "appeals": list(r.appeals),
            }
            for r in figures.recommendations
        ],
    }


def _name(name: PersonName) -> dict[str, str]:
    return {"surname": name.surname, "given": name.given, "patronymic": name.patronymic}
