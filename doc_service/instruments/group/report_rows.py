"""What the yearly report prints of its figures, and how its rows must agree with each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from doc_service.domain.bodies import BodyRules
from doc_service.domain.errors import Fault, Param
from doc_service.domain.recommendations import RecommendationState
from doc_service.domain.year_parts import term_name
from doc_service.domain.yearly_figures import PeriodFigures, period_figures
from doc_service.instruments.group.report_data import ReportAct, ReportData, ReportMeeting, ReportMember
from doc_service.instruments.group.report_data import ReportRecommendation as Recommendation
from doc_service.instruments.wording import ACTS, MEETING_KINDS, counted, day_text

STATES: Final[Mapping[RecommendationState, str]] = {
    RecommendationState.OPEN: "Açıqdır",
    RecommendationState.HEEDED: "Əməl olunub",
    RecommendationState.NOT_HEEDED: "Əməl olunmayıb",
}


def report_faults(data: ReportData) -> Iterator[Fault]:
    """Every row that contradicts the year or another row."""
    yield from _meeting_faults(data)
    yield from _member_faults(data)
    yield from _act_faults(data)
    numbers = Counter(r.number for r in data.recommendations)
    for index, row in enumerate(data.recommendations):
        if numbers[row.number] > 1:
            yield Fault("report.recommendation_repeated", f"recommendations[{index}].number", {"number": row.number})


def _meeting_faults(data: ReportData) -> Iterator[Fault]:
    for index, meeting in enumerate(data.meetings):
        if meeting.held_on.year != data.year:
            params: dict[str, Param] = {"day": meeting.held_on.isoformat(), "year": data.year}
            yield Fault("report.outside_year", f"meetings[{index}].held_on", params)
        if meeting.attending > meeting.members:
            counts = {"attending": meeting.attending, "members": meeting.members}
            yield Fault("extract.attending", f"meetings[{index}].attending", counts)


def _member_faults(data: ReportData) -> Iterator[Fault]:
    for index, row in enumerate(data.members):
        total = row.in_person + row.delegated + row.absent
        if total != row.meetings:
            counts = {"total": total, "meetings": row.meetings}
            yield Fault("report.attendance_does_not_add_up", f"members[{index}].meetings", counts)
    by_member = sum(m.in_person + m.delegated for m in data.members)
    by_meeting = sum(m.attending for m in data.meetings)
    if by_member != by_meeting:
        yield Fault("report.attendance_differs", "members", {"by_member": by_member, "by_meeting": by_meeting})


def _act_faults(data: ReportData) -> Iterator[Fault]:
    kinds = Counter(a.kind for a in data.acts)
    for index, act in enumerate(data.acts):
        if kinds[act.kind] > 1:
            yield Fault("report.act_repeated", f"acts[{index}].kind", {"act": str(act.kind)})
        if act.adopted + act.not_adopted != act.put_to_vote:
            counts = {"total": act.adopted + act.not_adopted, "put_to_vote": act.put_to_vote}
            yield Fault("report.acts_do_not_add_up", f"acts[{index}].put_to_vote", counts)
    dealt_with = sum(a.put_to_vote for a in data.acts) + data.heard_only
    items = sum(m.items for m in data.meetings)
    if dealt_with != items:
        yield Fault("report.items_do_not_add_up", "heard_only", {"total": dealt_with, "items": items})


def report_context(data: ReportData, rules: BodyRules) -> dict[str, Any]:
    """Rows, totals and the sentences that state them."""
    periods = period_figures(rules, data.year, [m.held_on for m in data.meetings])
    return {
        "meetings": [_meeting_row(m) for m in data.meetings],
        "meetings_line": meetings_line(data),
        "periods": [_period_line(p) for p in periods],
        "members": [_member_row(n, m) for n, m in enumerate(data.members, 1)],
        "acts": [*(_act_row(a) for a in data.acts), act_totals(data)],
        "items_line": items_line(data),
        "recommendations": [_recommendation_row(n, r) for n, r in enumerate(data.recommendations, 1)],
        "recommendations_line": recommendations_line(data),
    }


def meetings_line(data: ReportData) -> str:
    """How many meetings, of them extraordinary, and those without quorum."""
    if not data.meetings:
        return "Hesabat ilində Koordinasiya Qrupunun iclası keçirilməmişdir."
    extra = sum(str(m.kind) == "extraordinary" for m in data.meetings)
    without = sum(not m.quorum_met for m in data.meetings)
    text = f"Hesabat ilində Koordinasiya Qrupunun {counted(len(data.meetings))} iclası keçirilmişdir"
    text += f", o cümlədən {counted(extra)} növbədənkənar iclas." if extra else "."
    if without:
        text += f" {counted(without)} iclasda yetərsay olmamışdır."
    share = round(100 * sum(m.attending for m in data.meetings) / max(1, sum(m.members for m in data.meetings)))
    return f"{text} Üzvlərin iclaslarda iştirakı orta hesabla {share} faiz təşkil etmişdir."


def items_line(data: ReportData) -> str:
    total = sum(m.items for m in data.meetings)
    return (
        f"İclaslarda {counted(total)} məsələyə baxılmışdır; onlardan {counted(total - data.heard_only)} məsələ üzrə "
        f"akt səsə qoyulmuş, {counted(data.heard_only)} məsələ üzrə məlumat dinlənilmişdir."
    )


def recommendations_line(data: ReportData) -> str:
    """How many were heeded or not, and the appeals that followed (001 §3.1.1)."""
    if not data.recommendations:
        return "Hesabat ilində qüvvəyə minmiş tövsiyə yoxdur."
    states = Counter(r.state for r in data.recommendations)
    text = (
        f"Qüvvəyə minmiş {counted(len(data.recommendations))} tövsiyədən {counted(states[RecommendationState.HEEDED])} "
        f"tövsiyəyə əməl olunmuş, {counted(states[RecommendationState.NOT_HEEDED])} tövsiyəyə əməl olunmamış, "
        f"{counted(states[RecommendationState.OPEN])} tövsiyə açıqdır."
    )
    appeals = sum(len(r.appeals) for r in data.recommendations)
    if appeals:
        text += (
            f" Əsasnamənin 3.1.1-ci yarımbəndinə əsasən Azərbaycan Respublikasının Nazirlər Kabinetinə "
            f"{counted(appeals)} müraciət ünvanlanmışdır."
        )
    return text


def act_totals(data: ReportData) -> dict[str, Any]:
    """The last row of the table of acts."""
    names = ("put_to_vote", "adopted", "not_adopted", "issued")
    return {"kind": "Cəmi", **{name: sum(getattr(a, name) for a in data.acts) for name in names}}


def _period_line(period: PeriodFigures) -> str:
    part = period.part
    name = term_name(part.first, part.last) or f"{day_text(part.first)} – {day_text(part.last)}"
    if period.kept:
        return f"{name}: {counted(period.meetings)} iclas keçirilmişdir, tələbə əməl olunmuşdur."
    return f"{name}: iclas keçirilməmişdir, tələbə əməl olunmamışdır."


def _meeting_row(meeting: ReportMeeting) -> dict[str, Any]:
    return {
        "no": meeting.number,
        "kind": MEETING_KINDS[meeting.kind],
        "date": day_text(meeting.held_on),
        "attending": f"{meeting.attending} / {meeting.members}",
        "quorum": "var" if meeting.quorum_met else "yoxdur",
        "items": meeting.items,
    }


def _member_row(place: int, member: ReportMember) -> dict[str, Any]:
    return {
        "no": place,
        "name": member.name.to_domain().full,
        "organisation": member.organisation,
        "meetings": member.meetings,
        "in_person": member.in_person,
        "delegated": member.delegated,
        "absent": member.absent,
    }


def _act_row(act: ReportAct) -> dict[str, Any]:
    return {
        "kind": ACTS[act.kind],
        "put_to_vote": act.put_to_vote,
        "adopted": act.adopted,
        "not_adopted": act.not_adopted,
        "issued": act.issued,
    }


def _recommendation_row(place: int, row: Recommendation) -> dict[str, Any]:
    return {
        "no": place,
        "number": row.number,
        "date": day_text(row.registered_on),
        "addressee": row.addressee,
        "term": day_text(row.term) or "–",
        "state": STATES[row.state],
        "appeals": ", ".join(f"№ {number}" for number in row.appeals),
    }
