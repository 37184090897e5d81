"""The founders' and the members' general meetings (003 §3.5, §4.2, §4.4, Əlavə 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc_service.instruments.cluster.members_topics import CLAUSES, Topic
from doc_service.instruments.registry import default_registry

REGISTRY = default_registry()
FOUNDING = REGISTRY.get("klaster-tesis-protokolu")
MEMBERS: Any = REGISTRY.get("klaster-umumi-yigincaq-protokolu")
Sample = Callable[[str], dict[str, Any]]


def codes(faults: Any) -> dict[str, str]:
    return {field: f.code for field, f in faults.items()}


@settings(max_examples=25, deadline=None)
@given(participants=st.integers(1, 40), founders=st.integers(0, 8))
def test_half_of_the_participants_are_founders_or_the_protocol_is_refused(participants: int, founders: int) -> None:
    """003 §3.5: at least half of the cluster's participants found the specialised organisation."""
    raw = FOUNDING.sample()
    own = [f["organisation"]["voen"] for f in raw["founders"]][:founders]
    voens = (own + [f"{500000000 + n}1" for n in range(participants)])[:participants]
    raw["participants"] = [{"name": "Təşkilat", "voen": voen} for voen in voens]
    found = {f.code: f.params for f in FOUNDING.check(FOUNDING.validate(raw))}
    share = min(founders, participants)
    assert ("founding.too_few_founders" in found) == (2 * share < participants)
    if found:
        needed = (participants + 1) // 2
        assert found["founding.too_few_founders"] == {
            "founders": share,
            "needed": needed,
            "participants": participants,
        }


@settings(max_examples=25, deadline=None)
@given(choices=st.lists(st.sampled_from(["for", "against", "abstain"]), min_size=7, max_size=7))
def test_an_item_that_is_not_adopted_makes_no_protocol_decision(choices: list[str]) -> None:
    """As in 001 §5.9.4: simple majority; on a tie the chair's vote decides. 003 Əlavə 2 words adopted items only."""
    raw = FOUNDING.sample()
    for vote, choice in zip(raw["items"][2]["votes"], choices, strict=True):
        vote["choice"] = choice
    chair = next(v["choice"] for v in raw["items"][2]["votes"] if v["voter_id"] == raw["chair_id"])
    lead = choices.count("for") - choices.count("against")
    adopted = lead > 0 or (lead == 0 and chair == "for")
    faults = {f.field: f.code for f in FOUNDING.check(FOUNDING.validate(raw))}
    assert faults == ({} if adopted else {"items[2].votes": "founding.not_adopted"})


def test_the_four_fixed_items_print_their_own_votes(sample: Sample) -> None:
    """003 Əlavə 2: lehinə, əleyhinə, bitərəf under each of the items 1 to 4."""
    context = FOUNDING.context(FOUNDING.validate(sample("klaster-tesis-protokolu")))
    assert [(v["in_favour"], v["against"], v["abstained"]) for v in context["votes"]] == [
        (7, 0, 0),
        (6, 0, 1),
        (5, 1, 1),
        (7, 0, 0),
    ]
    assert len(context["present"]) == 7
    assert context["fee"] == "500 (beş yüz) manat"
    assert context["organs"] == "İdarə Heyətinin, Ekspertlər Şurasının"
    assert "yetərsay üçün azı 5 (beş) təsisçinin" in context["quorum"]


def test_annex_one_lists_the_founders_with_requisites_and_authority(sample: Sample) -> None:
    """003 Əlavə 2 annex 1: name with legal form, requisites, address, representative, document of authority."""
    founders = FOUNDING.context(FOUNDING.validate(sample("klaster-tesis-protokolu")))["founders"]
    assert len(founders) == 8
    assert founders[3] == {
        "no": "4.",
        "name": "“Plastform” Məhdud Məsuliyyətli Cəmiyyəti",
        "requisites": "VÖEN 1701992061\n№ 1705510477",
        "address": "AZ0104, Abşeron rayonu, Masazır qəsəbəsi, Sənaye küçəsi 8",
        "representative": "Vəlizadə Anar Kamal oğlu\ndirektor müavini\n+994 12 555 01 04\nt04@polimer.example",
        "authority": "2026-cı il 2 mart tarixli 17 nömrəli etibarnamə",
        "document": "Nizamnamə, 2015-ci il, surəti",
    }
    assert founders[0]["authority"] == "Nizamnamə"


def test_a_copy_of_every_founders_founding_document_is_enclosed(sample: Sample, judge: Any) -> None:
    """003 §3.5: copies of the founders' founding documents are enclosed with the protocol decision."""
    data = sample("klaster-tesis-protokolu")
    del data["founders"][2]["founding_document"]
    assert codes(judge("klaster-tesis-protokolu", data)) == {"founders[2].founding_document": "data.missing"}


def test_chair_approves_secretary_and_every_founder_present_sign(sample: Sample) -> None:
    """003 Əlavə 2: "TƏSDİQ EDİRƏM" the chair, the secretary, and every founder present."""
    raw = sample("klaster-tesis-protokolu")
    signatories = FOUNDING.signatories(FOUNDING.validate(raw))
    assert [(s.person_id, s.order) for s in signatories[:2]] == [("kl-p01", 1), ("kl-katib", 2)]
    assert [s.person_id for s in signatories[2:]] == ["kl-p02", "kl-p03", "kl-v04", "kl-p05", "kl-v07", "kl-p08"]
    assert signatories[4].basis == "2026-cı il 2 mart tarixli 17 nömrəli etibarnamə"
    raw["secretary"] = raw["founders"][1]["representative"]["person"]
    signatories = FOUNDING.signatories(FOUNDING.validate(raw))
    assert [s.person_id for s in signatories] == ["kl-p01", "kl-p02", "kl-p03", "kl-v04", "kl-p05", "kl-v07", "kl-p08"]


def test_the_rules_of_the_founders_meeting(sample: Sample, judge: Any) -> None:
    """003 §3.5, Əlavə 2: authority in force, one founder a person, votes of those present only."""
    data = sample("klaster-tesis-protokolu")
    data["founders"][3]["representative"]["authority"]["valid_until"] = "2026-03-11"
    data["founders"][6]["representative"]["authority"]["number"] = ""
    data["founders"][7]["organisation"]["voen"] = data["founders"][0]["organisation"]["voen"]
    data["items"][0]["votes"][0]["voter_id"] = data["founders"][5]["representative"]["person"]["id"]
    data["items"][1]["votes"][1]["voter_id"] = "kl-p01"
    data["participants"][7] = dict(data["participants"][0])
    assert codes(judge("klaster-tesis-protokolu", data)) == {
        "founders[3].representative.authority": "authority.expired",
        "founders[6].representative.authority": "authority.incomplete",
        "founders[7].organisation.voen": "organisation.repeated",
        "items[0].votes[0].voter_id": "vote.absent_member",
        "items[1].votes[1].voter_id": "vote.double",
        "participants[7].voen": "organisation.repeated",
    }


def test_no_quorum_no_protocol_decision(sample: Sample, judge: Any) -> None:
    """As in 001 §5.9.1: more than half of the founders attend."""
    data = sample("klaster-tesis-protokolu")
    for founder in data["founders"][4:]:
        founder["present"] = False
    for item in data["items"]:
        item["votes"] = item["votes"][:4]
    found = judge("klaster-tesis-protokolu", data)
    assert found["founders"].code == "quorum.not_met"
    assert (found["founders"].params["attending"], found["founders"].params["needed"]) == (4, 5)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"chair_id": "kl-p06"}, "chair_id", "founding.chair"),
        ({"chair_id": "kl-99"}, "chair_id", "founding.chair"),
    ],
)
def test_the_chair_is_one_of_those_present(
    sample: Sample, judge: Any, change: dict[str, Any], field: str, code: str
) -> None:
    """003 Əlavə 2 §2.1: the meeting elects its chair from among its own."""
    assert codes(judge("klaster-tesis-protokolu", sample("klaster-tesis-protokolu") | change))[field] == code


def test_chair_and_secretary_are_two_and_a_person_represents_one_founder(sample: Sample, judge: Any) -> None:
    """003 Əlavə 2 §2.1: a chair and a secretary; votes are counted by name."""
    data = sample("klaster-tesis-protokolu")
    data["secretary"] = data["founders"][0]["representative"]["person"]
    data["founders"][2]["representative"]["person"]["id"] = "kl-p02"
    data["items"] = [{"votes": [v for v in i["votes"] if v["voter_id"] != "kl-p03"]} for i in data["items"]]
    assert codes(judge("klaster-tesis-protokolu", data)) == {
        "secretary.id": "founding.secretary_is_chair",
        "founders[2].representative.person.id": "founding.representative_repeated",
    }


def test_the_members_meeting_cites_the_clause_of_every_decision(sample: Sample) -> None:
    """003 §4.4 a)–ə): each decision with the clause that gives it to the meeting."""
    context = MEMBERS.context(MEMBERS.validate(sample("klaster-umumi-yigincaq-protokolu")))
    letters = [f"Metodologiyanın 4.4-cü bəndinin {letter}) yarımbəndi" for letter in ("b", "c", "ç", "d", "e")]
    assert [i["clause"] for i in context["items"]] == letters
    assert [CLAUSES[t][-13:] for t in list(Topic)[:7]] == [f"{letter}) yarımbəndi"[-13:] for letter in "abcçdeə"]
    third = context["items"][2]["act"]
    assert (third["in_favour"], third["against"], third["abstained"], third["outcome"]) == (6, 1, 2, "Qəbul edildi")
    assert "11 (on bir) üzvdən" in context["quorum"][0]


def test_members_come_as_first_persons_or_by_power_of_attorney(sample: Sample, judge: Any) -> None:
    """003 §4.2: the first person, or a deputy of the same organisation with a power of attorney in force."""
    data = sample("klaster-umumi-yigincaq-protokolu")
    present = MEMBERS.context(MEMBERS.validate(data))["present"]
    assert present[0]["authority"] == "Təşkilatın birinci şəxsi"
    assert present[3]["name"] == "Vəlizadə Anar Kamal oğlu"
    assert present[3]["authority"] == "2 mart 2026-cı il tarixli 17 nömrəli etibarnamə"
    delegate = data["attendance"][3]["delegate"]
    delegate["person"]["organisation"] = "“Plastform” MMC"
    delegate["power"]["valid_until"] = "2026-12-17"
    found = codes(judge("klaster-umumi-yigincaq-protokolu", data))
    assert found["attendance[3].delegate.person.organisation"] == "members.delegate_organisation"
    assert found["attendance[3].delegate.power.valid_until"] == "attendance.power_expired"


def test_every_item_has_one_topic_and_membership_names_its_organisation(sample: Sample, judge: Any) -> None:
    """003 §4.4 e), ə): whom the meeting admits or excludes."""
    data = sample("klaster-umumi-yigincaq-protokolu")
    organisation = data["topics"][4]["organisation"]
    data["topics"][4]["organisation"] = None
    data["topics"][0]["organisation"] = organisation | {"voen": "12"}
    data["topics"][1]["number"] = 1
    data["topics"][2]["number"] = 9
    assert codes(judge("klaster-umumi-yigincaq-protokolu", data)) == {
        "topics[0].organisation": "members.topic_organisation",
        "topics[0].organisation.voen": "organisation.bad_voen",
        "topics[1].number": "members.topic_number",
        "topics[2].number": "members.topic_number",
        "topics[4].organisation": "members.topic_organisation",
        "topics": "members.topic_missing",
    }


def test_the_basic_documents_were_agreed_by_the_head_before(sample: Sample, judge: Any) -> None:
    """003 §5.2: functional map and programme are agreed by the head of the specialised organisation, then approved."""
    data = sample("klaster-umumi-yigincaq-protokolu")
    items = MEMBERS.context(MEMBERS.validate(data))["items"]
    assert items[1]["agreed"].endswith("rəhbəri tərəfindən 2 dekabr 2026-cı ildə razılaşdırılmışdır.")
    assert items[2]["agreed"] == ""
    data["topics"][0]["agreed_on"] = None
    data["topics"][1]["agreed_on"] = "2026-12-19"
    data["topics"][2]["agreed_on"] = "2026-12-02"
    assert codes(judge("klaster-umumi-yigincaq-protokolu", data)) == {
        "topics[0].agreed_on": "members.agreement_missing",
        "topics[1].agreed_on": "members.agreement_late",
        "topics[2].agreed_on": "members.agreement_unexpected",
    }


def test_chair_and_secretary_sign_the_members_protocol(sample: Sample, judge: Any) -> None:
    """Chair, secretary; as in 001 §5.4, the deputy when the chair is absent; no other kind of body."""
    raw = sample("klaster-umumi-yigincaq-protokolu")
    found = [(s.person_id, s.order) for s in MEMBERS.signatories(MEMBERS.validate(raw))]
    assert found == [("kl-p01", 1), ("kl-it-katib", 2)]
    raw["attendance"][0] |= {"presence": "absent", "reason": "Ezamiyyətdədir"}
    for item in raw["items"]:
        item["votes"] = item["votes"][1:]
    assert judge("klaster-umumi-yigincaq-protokolu", raw) == {}
    assert MEMBERS.signatories(MEMBERS.validate(raw))[0].person_id == "kl-p02"
    raw["body"]["kind"] = "koordinasiya-qrupu"
    assert codes(judge("klaster-umumi-yigincaq-protokolu", raw)) == {"body.kind": "instrument.wrong_body"}


@pytest.mark.parametrize(("chairs_vote", "outcome"), [("for", "Qəbul edildi"), ("abstain", "Qəbul edilmədi")])
def test_a_tie_is_settled_by_the_presiding_members_own_vote(sample: Sample, chairs_vote: str, outcome: str) -> None:
    """As in 001 §5.9.4: on a tie the head's vote decides; an abstaining head decides nothing."""
    raw = sample("klaster-umumi-yigincaq-protokolu")
    votes = raw["items"][0]["votes"]
    for place, vote in enumerate(votes):
        vote["choice"] = "for" if place % 2 else "against"
    votes[0]["choice"] = chairs_vote
    if chairs_vote == "for":
        votes[1]["choice"] = "abstain"
    act = MEMBERS.context(MEMBERS.validate(raw))["items"][0]["act"]
    assert (act["in_favour"], act["against"], act["outcome"]) == (4, 4, outcome)
    assert ("həlledici" in act["casting"]) == (chairs_vote == "for")


def test_what_was_adopted_is_told_and_what_was_refused_is_not(sample: Sample) -> None:
    raw = sample("klaster-umumi-yigincaq-protokolu")
    for vote in raw["items"][1]["votes"]:
        vote["choice"] = "against"
    raw["items"][3] |= {"act_kind": None, "act_text": "", "votes": []}
    adopted = MEMBERS.adopted(raw)
    assert [t.topic for t in adopted] == [Topic.FUNCTIONAL_MAP, Topic.JOINT_PROJECTS, Topic.ADMISSION]
    assert adopted[2].organisation.voen == "1702329011"
