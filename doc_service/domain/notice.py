"""Notice of a meeting and the interval between meetings (001 §5.8, §5.9.2)."""

from __future__ import annotations

import calendar
from datetime import date

from doc_service.domain.bodies import BodyRules
from doc_service.domain.errors import Fault, Param
from doc_service.domain.meetings import Meeting, MeetingKind


def notice_days(delivered_on: date, meeting_day: date) -> int:
    """Days of notice: the day of delivery is not counted, the day of the meeting is. Negative: delivered after it."""
    return (meeting_day - delivered_on).days


def required_notice(rules: BodyRules, kind: MeetingKind) -> int | None:
    """Days the rules ask for: for the Coordination Group 5 before an ordinary, 2 before an extraordinary meeting
    (001 §5.8); None: not ruled."""
    if kind is MeetingKind.EXTRAORDINARY:
        return rules.extraordinary_notice_days
    return rules.ordinary_notice_days


def notice_faults(rules: BodyRules, meeting: Meeting) -> tuple[Fault, ...]:
    """Faults of the notice (001 §5.8): too short without a recorded reason, or documents delivered after the meeting,
    which no reason excuses since the meeting could not consider them."""
    day = meeting.opens_at.date()
    given = notice_days(meeting.documents_delivered_on, day)
    if given < 0:
        return (Fault("notice.after_meeting", "documents_delivered_on", {"meeting_day": day.isoformat()}),)
    required = required_notice(rules, meeting.kind)
    if required is None or given >= required or meeting.late_reason.strip():
        return ()
    figure = "extraordinary_notice_days" if meeting.kind is MeetingKind.EXTRAORDINARY else "ordinary_notice_days"
    params: dict[str, Param] = {"given": given, "required": required, "clause": rules.clauses.get(figure, "")}
    return (Fault("notice.too_late", "documents_delivered_on", params),)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month where it has no such day (31 August → 28 February).

    Raises ``ValueError`` beyond the year 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def next_meeting_due(rules: BodyRules, last: date) -> date | None:
    """The last day by which the next meeting must be held (001 §5.9.2: once in 6 months); None: not ruled."""
    if rules.max_interval_months is None:
        return None
    return add_months(last, rules.max_interval_months)
