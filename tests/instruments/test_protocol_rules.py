"""What a protocol refuses, what it computes, and who signs it (001 §5.8–§5.11)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.bodies import Body, Membership
from doc_service.domain.body_kinds import COORDINATION_GROUP, rules_for
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError
from doc_service.domain.people import Person
from doc_service.instruments.base import StandIn
from doc_service.instruments.meeting_data import RecordData
from doc_service.instruments.registry import default_registry

PROTOCOL = default_registry().get("kq-protokol")
Data = dict[str, Any]
Sample = Callable[[str], Data]


def body_of(record: RecordData) -> Body:
    data = record.body
    members = tuple(
        Membership(
            Person(m.person.id, m.person.name, "1A2B3C4", m.person.organisation, m.person.post), m.role, date.min
        )
        for m in record.memberships()
    )
    return Body(
        id=data.id,
        name=data.name,
        short_name=data.short_name,
        parent_organisation=data.parent_organisation,
        unit=data.unit,
        place=data.place,
        rules=rules_for(COORDINATION_GROUP),
        members=members,
        secretary=record.secretary.to_domain(),
    )


def test_the_data_come_from_the_aggregates_whole_and_without_fin(sample: Sample) -> None:
    raw = sample("kq-protokol")
    record = PROTOCOL.validate(raw)
    made = PROTOCOL.from_meeting(body_of(record), record.to_meeting(), contact=raw["body"]["contact"])
    assert made == raw
    assert "1A2B3C4" not in json.dumps(made)


def test_members_whose_term_does_not_cover_the_day_are_left_out(sample: Sample) -> None:
    record = PROTOCOL.validate(sample("kq-protokol"))
    body = body_of(record)
    former = Membership(body.members[2].person, body.members[2].role, date(2020, 1, 1), date(2026, 11, 19))
    changed = Body(**{name: getattr(body, name) for name in Body.__slots__} | {"members": (*body.members[:2], former)})
    made = PROTOCOL.from_meeting(changed, record.to_meeting())
    assert [m["person"]["id"] for m in made["members"]] == ["kq-01", "kq-02"]


def spoil_quorum(data: Data) -> None:
    for entry in data["attendance"][2:9]:
        entry |= {"presence": "absent", "reason": "Ezamiyyətdədir", "delegate": None}


def spoil_voters(data: Data) -> None:
    data["items"][0]["votes"].append({"voter_id": "kq-01", "choice": "for"})


def spoil_invited(data: Data) -> None:
    data["items"][1]["votes"][3]["voter_id"] = "dvt-01"


def spoil_absent(data: Data) -> None:
    data["items"][1]["votes"][3]["voter_id"] = "kq-09"


def spoil_power(data: Data) -> None:
    data["attendance"][5]["delegate"]["power"]["valid_until"] = "2026-11-19"


def spoil_act(data: Data) -> None:
    data["items"][2]["act_kind"] = "decision"


def spoil_notice(data: Data) -> None:
    data["meeting"]["documents_delivered_on"] = "2026-11-17"


def spoil_times(data: Data) -> None:
    data["meeting"]["closes_at"] = "2026-11-20T14:00:00+04:00"


def spoil_reporter(data: Data) -> None:
    data["agenda"][3]["reporter_id"] = "dvt-02"


def spoil_speaker(data: Data) -> None:
    data["items"][3]["speakers"][1] = "kq-99"


def spoil_absent_speaker(data: Data) -> None:
    data["items"][3]["speakers"][1] = "kq-09"


def spoil_roster(data: Data) -> None:
    data["members"][14]["person"]["id"] = "kq-03"


def spoil_heads(data: Data) -> None:
    data["members"][14]["role"] = "head"


def spoil_body(data: Data) -> None:
    data["body"]["kind"] = "klaster-umumi-yigincaq"


@pytest.mark.parametrize(
    ("spoil", "field", "code"),
    [
        (spoil_quorum, "attendance", "quorum.not_met"),
        (spoil_voters, "items[0].votes", "vote.exceeds_voters"),
        (spoil_voters, "items[0].votes[12].voter_id", "vote.double"),
        (spoil_invited, "items[1].votes[3].voter_id", "vote.invited"),
        (spoil_absent, "items[1].votes[3].voter_id", "vote.absent_member"),
        (spoil_power, "attendance[5].delegate.power.valid_until", "attendance.power_expired"),
        (spoil_act, "items[2].act_kind", "act.not_allowed"),
        (spoil_notice, "meeting.documents_delivered_on", "notice.too_late"),
        (spoil_times, "meeting.closes_at", "meeting.closes_before_opens"),
        (spoil_reporter, "agenda[3].reporter_id", "agenda.reporter_not_member"),
        (spoil_speaker, "items[3].speakers[1]", "protocol.unknown_speaker"),
        (spoil_absent_speaker, "items[3].speakers[1]", "protocol.speaker_absent"),
        (spoil_roster, "members[14].person.id", "protocol.member_repeated"),
        (spoil_heads, "members", "protocol.several_heads"),
        (spoil_body, "body.kind", "instrument.wrong_body"),
    ],
)
def test_a_broken_rule_is_reported_where_it_lies_in_the_data(
    sample: Sample, judge: Any, spoil: Callable[[Data], None], field: str, code: str
) -> None:
    """001 §5.8, §5.9.1, §5.9.3, §5.9.4, §5.10, §5.11: notice, quorum, reporters, votes, acts, invited persons."""
    data = sample("kq-protokol")
    spoil(data)
    assert judge("kq-protokol", data)[field].code == code


def test_a_late_notice_with_its_reason_is_printed(sample: Sample, judge: Any) -> None:
    data = sample("kq-protokol")
    spoil_notice(data)
    data["meeting"]["late_reason"] = "Materialların yenilənməsi"
    assert judge("kq-protokol", data) == {}
    assert context(data)["meeting"]["late_reason"] == "Materialların yenilənməsi"


def context(data: Mapping[str, Any], **others: Any) -> dict[str, Any]:
    return PROTOCOL.context(PROTOCOL.validate(data), **others)


def test_number_and_date_are_blank_until_registered(sample: Sample, registration: Registration) -> None:
    data = sample("kq-protokol")
    assert context(data)["line"] == {
        "date": "«____» ______________ 20____ il",
        "number": "______________",
        "place": "Bakı şəhəri",
    }
    assert context(data, registration=registration)["line"] == {
        "date": "«20» noyabr 2026-cı il",
        "number": "3-21-5/KQ-P-12/2026",
        "place": "Bakı şəhəri",
    }


def test_the_letterhead_has_the_statutory_name_once(sample: Sample) -> None:
    head = context(sample("kq-protokol"))["letterhead"]
    assert head["organisation"] == ""
    assert head["body"] == (
        "AZƏRBAYCAN RESPUBLİKASININ KİÇİK VƏ ORTA BİZNESİN İNKİŞAFI AGENTLİYİ YANINDA DAİMİ FƏALİYYƏT GÖSTƏRƏN "
        "KOORDİNASİYA QRUPU"
    )


def test_the_sample_is_counted_as_the_record_says(sample: Sample) -> None:
    made = context(sample("kq-protokol"))
    acts = [i["act"] for i in made["items"]]
    assert [(a["in_favour"], a["against"], a["abstained"], a["not_voting"]) for a in acts] == [
        (12, 0, 0, 0), (9, 1, 2, 0), (5, 5, 2, 0), (3, 7, 2, 0),
    ]  # fmt: skip
    assert [a["outcome"] for a in acts] == ["Qəbul edildi"] * 3 + ["Qəbul edilmədi"]
    assert [bool(a["casting"]) for a in acts] == [False, False, True, False]
    assert "Həsənov Elçin Rauf oğlunun lehinə verdiyi səs həlledici" in acts[2]["casting"]
    assert acts[3]["intro"] == "Səsə qoyulmuş tövsiyə layihəsi:"
    assert (len(made["present"]), len(made["absent"])) == (11, 3)
    assert made["delegates"][0]["power"] == "16 noyabr 2026-cı il, № 41/2026"
    figures, verdict = made["quorum"]
    for stated in ("15 (on beş) üzvdən", "12 (on iki) üzv", "11 (on bir) üzv şəxsən", "1 (bir) üzv etibarnamə",
                   "azı 8 (səkkiz) üzvün"):  # fmt: skip
        assert stated in figures
    assert "iclas səlahiyyətlidir" in verdict


def test_a_tie_without_the_heads_vote_is_not_adopted_and_says_why(sample: Sample) -> None:
    data = sample("kq-protokol")
    votes = data["items"][2]["votes"]
    votes[0]["choice"], votes[3]["choice"] = "abstain", "abstain"
    data["items"][2]["votes"] = [v for v in votes if v["voter_id"] != "kq-03"]
    act = context(data)["items"][2]["act"]
    assert (act["in_favour"], act["against"], act["not_voting"]) == (3, 4, 1)
    votes[1]["choice"] = "against"
    votes[6]["choice"] = "for"
    data["items"][2]["votes"] = [*votes[:1], votes[1], votes[6]]
    act = context(data)["items"][2]["act"]
    assert (act["in_favour"], act["against"], act["abstained"], act["not_voting"]) == (1, 1, 1, 9)
    assert act["outcome"] == "Qəbul edilmədi"
    assert "bitərəf qaldığından akt qəbul edilməmişdir" in act["casting"]


def test_a_meeting_without_quorum_that_adopts_nothing_has_its_protocol(sample: Sample, judge: Any) -> None:
    data = sample("kq-protokol")
    spoil_quorum(data)
    data["items"] = [{"number": n, "speakers": ["kq-01"]} for n in range(1, 5)]
    assert judge("kq-protokol", data) == {}
    made = context(data)
    assert "iclas səlahiyyətli deyildir" in made["quorum"][1]
    assert all(i["act"] is None for i in made["items"])


def test_signatories_stand_in_the_order_of_the_form(sample: Sample) -> None:
    signatories = PROTOCOL.signatories(PROTOCOL.validate(sample("kq-protokol")))
    assert [s.field for s in signatories] == [f"sig_{n:02d}" for n in range(1, 13)]
    assert [s.order for s in signatories] == [1, 2] + [3] * 10
    assert [s.role_label for s in signatories[:3]] == [
        "Koordinasiya Qrupunun rəhbəri",
        "Koordinasiya Qrupunun rəhbərinin müavini",
        "Koordinasiya Qrupunun üzvü",
    ]
    delegate = signatories[5]
    assert delegate.person_id == "nmd-01"
    assert delegate.in_place_of == "Abbasov Vüqar Şamil oğlu"
    assert delegate.basis == "16 noyabr 2026-cı il tarixli 41/2026 nömrəli etibarnamə"
    assert not {s.person_id for s in signatories} & {"kq-09", "kq-13", "kq-15", "dvt-01", "kq-katib"}


def test_a_substitute_is_printed_in_the_signature_block(sample: Sample) -> None:
    stand_in = StandIn("Əzizov Fuad Nadir oğlu", "Şöbə müdirinin müavini", "1 noyabr 2026-cı il tarixli 7 nömrəli əmr")
    rows = context(sample("kq-protokol"), stand_ins={"kq-03": stand_in})["signatories"]
    row = next(r for r in rows if r["field"] == "sig_03")
    assert (row["name"], row["post"]) == ("Əzizov Fuad Nadir oğlu", "Şöbə müdirinin müavini")
    assert row["in_place_of"] == "Quliyev Rəşad Kamil oğlunun əvəzinə"
    assert row["basis"] == "Əsas: 1 noyabr 2026-cı il tarixli 7 nömrəli əmr"
    assert [r["in_place_of"] for r in rows if r["field"] != "sig_03" and r["in_place_of"]] == [
        "Abbasov Vüqar Şamil oğlunun əvəzinə"
    ]


def test_the_protocol_of_a_meeting_not_held_is_refused(sample: Sample) -> None:
    record = PROTOCOL.validate(sample("kq-protokol"))
    meeting = record.to_meeting()
    unfinished = type(meeting)(**{n: getattr(meeting, n) for n in meeting.__slots__} | {"closes_at": None})
    with pytest.raises(DomainError) as caught:
        PROTOCOL.from_meeting(body_of(record), unfinished)
    assert caught.value.code == "protocol.not_held"


def plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and plain(v) for k, v in value.items())
    if isinstance(value, list):
        return all(plain(v) for v in value)
    return value is None or type(value) in (str, int, bool)


@given(data=st.data())
def test_figures_follow_from_attendance_and_votes_for_bodies_of_any_size(data: st.DataObject) -> None:
    """Counted here the slow way, for 1 to 200 members, any attendance and any votes of those attending."""
    size = data.draw(st.integers(1, 200))
    raw = json.loads(json.dumps(PROTOCOL.sample()))
    pattern = raw["members"][2]
    raw["members"] = [
        {
            "person": pattern["person"] | {"id": f"m{n}"},
            "role": "head" if n == 0 else "deputy_head" if n == 1 else "member",
        }
        for n in range(size)
    ]
    present = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    present[0] = True
    raw["attendance"] = [
        {"member_id": f"m{n}", "presence": "present" if here else "absent", "reason": "" if here else "məzuniyyət"}
        for n, here in enumerate(present)
    ]
    attending = [n for n, here in enumerate(present) if here]
    choices = data.draw(st.lists(st.sampled_from(["for", "against", "abstain", None]), min_size=len(attending),
                                 max_size=len(attending)))  # fmt: skip
    votes = [{"voter_id": f"m{n}", "choice": c} for n, c in zip(attending, choices, strict=True) if c]
    raw["agenda"] = [raw["agenda"][0] | {"reporter_id": "m0"}]
    raw["items"] = [raw["items"][0] | {"speakers": [], "votes": votes}]
    made = context(raw)
    act = made["items"][0]["act"]
    yes, no = choices.count("for"), choices.count("against")
    assert (act["in_favour"], act["against"]) == (yes, no)
    assert act["abstained"] + act["not_voting"] == len(attending) - yes - no
    assert act["adopted"] == (yes > no or (yes == no and choices[0] == "for"))
    assert bool(act["casting"]) == (yes == no)
    assert len(made["present"]) + len(made["absent"]) == size
    assert len(made["signatories"]) == len(attending)
    assert ("səlahiyyətlidir" in made["quorum"][1]) == (2 * len(attending) > size)
    assert plain(made)
