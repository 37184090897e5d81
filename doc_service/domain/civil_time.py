"""Civil time of the Republic: UTC+4 the whole year (no daylight saving since 2016)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

BAKU = timezone(timedelta(hours=4), "UTC+4")


def baku_date(at: datetime) -> date:
    """The day in Baku of an aware moment."""
    return at.astimezone(BAKU).date()


def start_of_day(day: date) -> datetime:
    """Midnight in Baku at the start of ``day``."""
    return datetime.combine(day, time(), BAKU)
