"""Event timestamps have one precision everywhere (DESIGN 11)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.audit_events import timestamp

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=OFFSETS)  # noqa: DTZ001


@given(MOMENTS)
def test_a_timestamp_is_utc_with_microseconds_and_reads_back(moment: datetime) -> None:
    text = timestamp(moment)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text)
    assert datetime.fromisoformat(text) == moment
    assert timestamp(moment.astimezone(UTC)) == text


@given(MOMENTS, MOMENTS)
def test_timestamps_sort_as_time_does(first: datetime, second: datetime) -> None:
    assert (timestamp(first) < timestamp(second)) is (first < second)
