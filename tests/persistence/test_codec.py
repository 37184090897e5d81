"""Records survive being stored: property tests over every record that is kept as JSON."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, time, timedelta, timezone
from json import loads
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.bodies import ActKind, Body, BodyRules, Matter, Membership, Role
from doc_service.domain.documents import Document, DocumentState, Registration, Revision, RevisionKind, TemplateRef
from doc_service.domain.errors import DomainError
from doc_service.domain.meetings import (
    AgendaItem,
    Attendance,
    Choice,
    Delegate,
    Invited,
    ItemRecord,
    Meeting,
    MeetingKind,
    MeetingState,
    PowerOfAttorney,
    Presence,
    Vote,
)
from doc_service.domain.people import Person, PersonName
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.substitution import Substitution
from doc_service.persistence.codec import Codec, json_to_text
from tests.persistence import samples

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.builds(PersonName, text, text, text)
people = st.builds(Person, text, names, text, text, text, text)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1900, 1, 2), datetime(9998, 1, 1), timezones=offsets | st.just(UTC))  # noqa: DTZ001
days = st.dates()
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


def tuples(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=3).map(tuple)


def maybe(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | items


counts = st.integers(0, 10**6)
rules = st.builds(
    BodyRules,
    kind=text,
    quorum=st.tuples(counts, counts),
    ordinary_notice_days=maybe(counts),
    extraordinary_notice_days=maybe(counts),
    max_interval_months=maybe(counts),
    acts=st.dictionaries(st.sampled_from(Matter), st.frozensets(st.sampled_from(ActKind))),
    protocol_signatories=st.frozensets(st.sampled_from(Role)),
    clauses=st.dictionaries(text, text, max_size=3),
)
memberships = st.builds(Membership, people, st.sampled_from(Role), days, maybe(days))
bodies = st.builds(Body, text, text, text, text, text, text, rules, tuples(memberships), people, counts)
delegates = st.builds(Delegate, people, st.builds(PowerOfAttorney, text, days, maybe(days)))
meetings = st.builds(
    Meeting,
    id=text,
    body_id=text,
    kind=st.sampled_from(MeetingKind),
    number=counts,
    place=text,
    opens_at=moments,
    closes_at=maybe(moments),
    documents_delivered_on=days,
    agenda=tuples(st.builds(AgendaItem, counts, text, st.sampled_from(Matter), text, tuples(text), st.booleans())),
    attendance=tuples(st.builds(Attendance, text, st.sampled_from(Presence), maybe(delegates), text)),
    invited=tuples(st.builds(Invited, text, names, text, text)),
    items=tuples(
        st.builds(
            ItemRecord,
            number=counts,
            discussion=text,
            speakers=tuples(text),
            act_kind=maybe(st.sampled_from(ActKind)),
            act_text=text,
            votes=tuples(st.builds(Vote, text, st.sampled_from(Choice))),
            responsible=text,
            term=maybe(days),
            addressee=text,
        )
    ),
    annexes=tuples(text),
    late_reason=text,
    state=st.sampled_from(MeetingState),
    version=counts,
)
requests = st.builds(
    SignatureRequest,
    id=text,
    document_id=text,
    order=counts,
    field=text,
    role_label=text,
    signer=people,
    state=st.sampled_from(RequestState),
    substitution_id=maybe(text),
    in_place_of=text,
    basis=text,
    consent_sha256=maybe(text),
    consented_at=maybe(moments),
    signed_at=maybe(moments),
    certificate_sha256=maybe(text),
    certificate_serial=maybe(text),
    revision=maybe(counts),
    level=maybe(text),
    reason=text,
    version=counts,
    opened_at=maybe(moments),
)
substitutions = st.builds(Substitution, text, text, people, text, days, days, days)
revisions = st.builds(
    Revision, text, counts, st.sampled_from(RevisionKind), text, text, counts, moments, maybe(text), maybe(text)
)
documents = st.builds(
    Document,
    id=text,
    instrument=text,
    title=text,
    body_id=text,
    meeting_id=maybe(text),
    data=st.just({}),
    template=st.builds(TemplateRef, text, text),
    case_index=text,
    created_at=moments,
    state=st.sampled_from(DocumentState),
    registration=maybe(st.builds(Registration, text, text, days)),
    head=maybe(revisions),
    signature_level=text,
    final_level=text,
    version=counts,
)
records = st.one_of(bodies, meetings, requests, substitutions, documents)


@given(records)
def test_a_record_comes_back_as_it_was(record: Any) -> None:
    codec = Codec(type(record))
    restored = codec.decode(codec.encode(record))
    assert restored == record
    assert type(restored) is type(record)


@given(meetings)
def test_local_times_keep_their_offset(meeting: Meeting) -> None:
    codec = Codec(Meeting)
    restored = codec.decode(codec.encode(meeting))
    assert restored.opens_at.utcoffset() == meeting.opens_at.utcoffset()
    assert restored.opens_at.replace(tzinfo=None) == meeting.opens_at.replace(tzinfo=None)


@given(st.dictionaries(text, json_values, max_size=4))
def test_entered_data_come_back_as_they_were(data: dict[str, Any]) -> None:
    restored = loads(json_to_text(data, "data"))
    assert restored == data
    assert list(restored) == list(data)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "\ud800", samples.NOW, samples.NOW.date(), {1, 2}, b"x", object()]
)
def test_data_that_json_cannot_hold_are_refused(value: object) -> None:
    with pytest.raises(DomainError) as caught:
        json_to_text({"a": [value]}, "data")
    assert caught.value.faults[0].code == "persistence.not_storable"
    assert caught.value.faults[0].field == "data"


def test_a_moment_without_zone_is_refused() -> None:
    naive = datetime.combine(samples.NOW.date(), time(10))
    with pytest.raises(DomainError, match="not_storable"):
        Codec(Meeting).encode(Meeting("m", "b", MeetingKind.ORDINARY, 1, "", naive, None, naive.date(), ()))


def test_moments_always_show_microseconds() -> None:
    assert '"opens_at":"2026-03-04T10:30:00.000000+04:00"' in Codec(Meeting).encode(samples.meeting())


def test_a_damaged_row_is_never_a_wrong_record() -> None:
    broken = Codec(Meeting).encode(samples.meeting()).replace('"ordinary"', '"sometimes"')
    with pytest.raises(DomainError) as caught:
        Codec(Meeting).decode(broken)
    assert caught.value.code == "persistence.damaged"
    assert caught.value.faults[0].params == {"reason": "Meeting: kind enum"}
    with pytest.raises(DomainError, match="damaged"):
        Codec(Meeting).decode(broken[:-1])


def test_sets_are_written_in_one_order_in_every_process() -> None:
    program = "from tests.persistence.samples import body\nfrom doc_service.persistence.codec import to_text\n"
    program += "print(to_text(body()))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(texts) == 1
