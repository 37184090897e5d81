"""Acts from a signed protocol; agenda; notices with their calendar file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.bodies import Body, Membership
from doc_service.domain.body_kinds import COORDINATION_GROUP, rules_for
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.domain.meetings import Meeting
from doc_service.instruments.icalendar_text import CalendarEvent, escaped, event_text
from doc_service.instruments.registry import Registry, default_registry

REGISTRY = default_registry()
ITEMS = {"kq-qerar": 1, "kq-tovsiye": 2, "kq-teklif": 3}
Sample = Callable[[str], dict[str, Any]]


def convened() -> tuple[Body, Meeting]:
    """The sample's body and meeting as aggregates."""
    record = REGISTRY.get("kq-protokol").validate(REGISTRY.get("kq-protokol").sample())
    data = record.body
    members = tuple(Membership(m.person, m.role, date.min) for m in record.memberships())
    rules, secretary = rules_for(COORDINATION_GROUP), record.secretary.to_domain()
    body = Body(
        data.id, data.name, data.short_name, data.parent_organisation, data.unit, data.place, rules, members, secretary
    )
    return body, record.to_meeting()


@pytest.mark.parametrize(("name", "item"), ITEMS.items())
def test_an_act_is_made_from_its_item_and_cites_the_protocol(
    registry: Registry, registration: Registration, sample: Sample, name: str, item: int
) -> None:
    """001 §5.6.6, §5.3.2: the secretariat drafts each kind of act from the record; the head signs."""
    act, digest = registry.get(name), "0123456789abcdef" * 4
    raw = act.from_protocol(sample("kq-protokol"), registration, digest, item)
    assert raw == sample(name) | {"protocol": sample(name)["protocol"] | {"sha256": digest}}
    model = act.validate(raw)
    assert act.check(model) == ()
    source = act.context(model)["source"]
    assert source["sha256"] == digest
    assert source["protocol"] == (
        "Koordinasiya Qrupunun iclasının 2026-cı il 20 noyabr tarixli 3-21-5/KQ-P-12/2026 nömrəli protokolu"
    )
    assert [s.role_label for s in act.signatories(model)] == ["Koordinasiya Qrupunun rəhbəri"]


@pytest.mark.parametrize(
    ("name", "item", "code"),
    [("kq-qerar", 2, "act.other_kind"), ("kq-tovsiye", 4, "act.not_adopted"), ("kq-teklif", 5, "act.no_such_item")],
)
def test_no_act_is_made_from_an_item_that_does_not_carry_it(
    registry: Registry, registration: Registration, sample: Sample, name: str, item: int, code: str
) -> None:
    with pytest.raises(DomainError) as caught:
        registry.get(name).from_protocol(sample("kq-protokol"), registration, "0" * 64, item)
    assert caught.value.code == code


def test_the_deputy_who_presided_signs_for_the_absent_head(
    registry: Registry, registration: Registration, sample: Sample
) -> None:
    protocol = sample("kq-protokol")
    protocol["attendance"][0] |= {"presence": "absent", "reason": "Ezamiyyətdədir"}
    for item in protocol["items"]:
        item["votes"] = [v for v in item["votes"] if v["voter_id"] != "kq-01"]
    act = registry.get("kq-qerar")
    model = act.validate(act.from_protocol(protocol, registration, "0" * 64, 1))
    assert act.check(model) == ()
    (signatory,) = act.signatories(model)
    assert signatory.person_id == "kq-02"
    assert signatory.in_place_of == "Həsənov Elçin Rauf oğlu"
    row = act.context(model)["signatory"]
    assert (row["in_place_of"], row["basis"]) == (
        "Həsənov Elçin Rauf oğlunun əvəzinə",
        "Əsas: Əsasnamənin 5.4-cü bəndi",
    )


def test_faults_of_an_act_come_at_once(sample: Sample, judge: Any) -> None:
    data = sample("kq-tovsiye")
    data["item"]["matter"] = "organisational"
    data["signatory"]["role"] = "member"
    data["absent_head"] = {"surname": "Həsənov", "given": "Elçin", "patronymic": ""}
    data["addressees"] = []
    data["protocol"]["registered_on"] = "2026-11-19"
    data["term"] = "2026-11-01"
    assert {field: f.code for field, f in judge("kq-tovsiye", data).items()} == {
        "item.matter": "act.not_allowed",
        "signatory.role": "act.signatory_role",
        "absent_head": "act.absent_head",
        "addressees": "act.addressee_missing",
        "protocol.registered_on": "act.protocol_before_meeting",
        "term": "act.term_before_meeting",
    }


def test_a_decision_needs_no_addressee(sample: Sample, judge: Any) -> None:
    assert sample("kq-qerar")["addressees"] == []
    assert judge("kq-qerar", sample("kq-qerar")) == {}


def test_the_agenda_comes_from_the_meeting_and_the_head_approves(registry: Registry, sample: Sample) -> None:
    """001 §5.6.5: the secretariat drafts the agenda."""
    agenda = registry.get("kq-gundelik")
    raw = agenda.from_meeting(*convened(), contact=sample("kq-gundelik")["body"]["contact"])
    assert raw == sample("kq-gundelik")
    (signatory,) = agenda.signatories(agenda.validate(raw))
    assert (signatory.person_id, signatory.in_place_of) == ("kq-01", "")


def test_the_deputy_approves_in_the_heads_absence_and_a_member_never(
    registry: Registry, sample: Sample, judge: Any
) -> None:
    agenda, data = registry.get("kq-gundelik"), sample("kq-gundelik")
    data["approver_id"] = "kq-02"
    assert judge("kq-gundelik", data) == {}
    (signatory,) = agenda.signatories(agenda.validate(data))
    assert signatory.in_place_of == "Həsənov Elçin Rauf oğlu"
    data["approver_id"] = "kq-03"
    data["agenda"][1]["reporter_id"] = "dvt-01"
    data["meeting"]["documents_delivered_on"] = "2026-11-16"
    assert {field: f.code for field, f in judge("kq-gundelik", data).items()} == {
        "approver_id": "agenda.approver",
        "agenda[1].reporter_id": "agenda.reporter_not_member",
        "meeting.documents_delivered_on": "notice.too_late",
    }


def test_a_notice_goes_to_members_and_invited_persons_only(registry: Registry, sample: Sample) -> None:
    """001 §5.6.1: the secretariat notifies members and invited persons."""
    notice = registry.get("kq-bildiris")
    contact = sample("kq-bildiris")["body"]["contact"]
    assert notice.from_meeting(*convened(), "kq-08", contact, 120) == sample("kq-bildiris")
    guest = notice.validate(notice.from_meeting(*convened(), "dvt-02"))
    assert guest.addressee.person.name.surname == "Bağırova"
    assert notice.context(guest)["addressee"]["invited"] is True
    with pytest.raises(NotFoundError) as caught:
        notice.from_meeting(*convened(), "nmd-01")
    assert caught.value.code == "notice.unknown_addressee"


@pytest.mark.parametrize(
    ("kind", "delivered", "in_time"),
    [
        ("ordinary", "2026-11-15", True), ("ordinary", "2026-11-16", False),
        ("extraordinary", "2026-11-18", True), ("extraordinary", "2026-11-19", False),
    ],
)  # fmt: skip
def test_a_late_notice_needs_a_reason_and_is_marked(
    registry: Registry, sample: Sample, judge: Any, kind: str, delivered: str, in_time: bool
) -> None:
    notice, data = registry.get("kq-bildiris"), sample("kq-bildiris")
    data["meeting"] |= {"kind": kind, "documents_delivered_on": delivered}
    faults = judge("kq-bildiris", data)
    assert [f.code for f in faults.values()] == ([] if in_time else ["notice.too_late"])
    data["meeting"]["late_reason"] = "Materiallar yenilənib"
    assert judge("kq-bildiris", data) == {}
    mark = notice.context(notice.validate(data))["late"]
    assert mark == "" if in_time else mark.endswith("Səbəb: Materiallar yenilənib")


def test_the_notice_period_does_not_bind_towards_invited_persons(sample: Sample, judge: Any) -> None:
    data = sample("kq-bildiris")
    data["addressee"]["kind"] = "invited"
    data["meeting"]["documents_delivered_on"] = "2026-11-20"
    assert judge("kq-bildiris", data) == {}
    data["meeting"]["documents_delivered_on"] = "2026-11-21"
    assert judge("kq-bildiris", data)["meeting.documents_delivered_on"].code == "notice.after_meeting"


def unfold(text: str) -> list[str]:
    assert text.endswith("\r\n")
    physical = text[:-2].split("\r\n")
    assert all("\n" not in line and "\r" not in line and len(line.encode()) <= 75 for line in physical)
    lines: list[str] = []
    for line in physical:
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def unescape(text: str) -> str:
    out, chars = "", iter(text)
    for char in chars:
        following = next(chars) if char == "\\" else ""
        out += {"n": "\n", "": char}.get(following, following)
    return out


def test_the_calendar_file_tells_time_place_and_agenda(registry: Registry, sample: Sample) -> None:
    notice = registry.get("kq-bildiris")
    text = notice.calendar(notice.validate(sample("kq-bildiris")), datetime(2026, 11, 13, 6, 30, tzinfo=UTC))
    lines = unfold(text)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for expected in ("VERSION:2.0", "UID:iclas-2026-2@koordinasiya-qrupu", "DTSTAMP:20261113T063000Z",
                     "DTSTART:20261120T110000Z", "DURATION:PT120M"):  # fmt: skip
        assert expected in lines
    values = dict(line.split(":", 1) for line in lines)
    assert unescape(values["LOCATION;LANGUAGE=az"]) == "Bakı şəhəri, Agentliyin inzibati binası, akt zalı"
    assert unescape(values["DESCRIPTION;LANGUAGE=az"]).splitlines()[4].startswith("4. KOB evlərində")


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n;,\\:"), max_size=400))
def test_any_text_survives_escaping_and_folding(text: str) -> None:
    moment = datetime(2026, 11, 20, 11, tzinfo=UTC)
    lines = unfold(event_text(CalendarEvent("u", moment, moment, None, text, "", "")))
    (summary,) = [line for line in lines if line.startswith("SUMMARY")]
    assert unescape(summary.removeprefix("SUMMARY;LANGUAGE=az:")) == text
    assert not any(line.startswith("DURATION") for line in lines)


def test_line_ends_of_every_kind_are_one_line_break_and_naive_moments_are_refused() -> None:
    assert escaped("a\r\nb\rc\nd") == "a\\nb\\nc\\nd"
    with pytest.raises(ValueError, match="UTC offset"):
        event_text(CalendarEvent("u", datetime(2026, 1, 1), datetime(2026, 1, 1), None, "", "", ""))  # noqa: DTZ001
