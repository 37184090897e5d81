"""The extract and the public text of a signed protocol (004 §5.1.3; 001 §5.6.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc_service.domain.copies import CopyForm
from doc_service.domain.documents import Registration
from doc_service.domain.errors import DomainError
from doc_service.domain.people import Person, PersonName
from doc_service.instruments.group.kq_cixaris import SealOwner, SignedBy
from doc_service.instruments.registry import Registry, default_registry

Sample = Callable[[str], dict[str, Any]]
EXTRACT, SUMMARY = "kq-cixaris", "kq-derc"
REGISTRY = default_registry()
DIGEST = "0123456789abcdef" * 4
KEEPER = Person("kq-katib", PersonName("Əliyeva", "Aynurə", "Natiq qızı"), "", "Agentlik", "baş məsləhətçi")
SEAL = SealOwner("Nümunə Agentliyi", "1404567891")


def codes(faults: Any) -> dict[str, str]:
    return {field: f.code for field, f in faults.items()}


def extract_of(protocol: dict[str, Any], registration: Registration, *items: int, **more: Any) -> dict[str, Any]:
    made = REGISTRY.get(EXTRACT)
    return dict(
        made.from_protocol(protocol, registration, DIGEST, items, certifier=KEEPER, seal=SEAL, **more)  # type: ignore[attr-defined]
    )


def test_an_extract_has_the_chosen_items_with_the_figures_of_the_protocol(
    registration: Registration, sample: Sample, judge: Any
) -> None:
    """004 §5.1.3: number, date and digest of the source; the votes as counted in the protocol (001 §5.9.4)."""
    signed = SignedBy("Həsənov Elçin", "rəhbər", datetime(2026, 11, 23, 6, tzinfo=UTC), "Başqa Şəxs")
    data = extract_of(sample("kq-protokol"), registration, 3, 2, signatures=[signed], address="https://x.example/1")
    assert judge(EXTRACT, data) == {}
    assert data["protocol"] == {"number": registration.number, "registered_on": "2026-11-20", "sha256": DIGEST}
    assert [i["number"] for i in data["items"]] == [2, 3]
    assert data["items"][0]["act"]["votes"] == {"in_favour": 9, "against": 1, "abstained": 2, "not_voting": 0}
    assert "həlledici" in data["items"][1]["act"]["casting"]
    extract = REGISTRY.get(EXTRACT)
    context = extract.context(extract.validate(data))
    assert context["certified"]["words"] == "Əsli ilə düzdür"
    assert context["signatory"]["name"] == "M.Y."
    assert context["signatures"][0]["at"] == "23.11.2026, 10:00:00"
    assert context["signatures"][0]["in_place_of"] == "(Başqa Şəxs əvəzinə)"


def test_the_seal_certifies_and_its_keeper_answers(registration: Registration, sample: Sample, judge: Any) -> None:
    """004 §5.1.3: certified by the seal."""
    data = extract_of(sample("kq-protokol"), registration, 1)
    extract = REGISTRY.get(EXTRACT)
    (seal,) = extract.signatories(extract.validate(data))
    assert (seal.seal_voen, seal.person_id, seal.field) == ("1404567891", "kq-katib", "sig_01")
    data["seal"]["voen"] = "1404567893"
    assert codes(judge(EXTRACT, data)) == {"seal.voen": "organisation.bad_voen"}


def test_restricted_items_are_only_for_those_who_may_have_them(registration: Registration, sample: Sample) -> None:
    """001 §5.6.3."""
    protocol = sample("kq-protokol")
    protocol["agenda"][1]["restricted"] = True
    with pytest.raises(DomainError) as refused:
        extract_of(protocol, registration, 1, 2)
    assert (refused.value.code, refused.value.faults[0].params) == ("extract.restricted", {"numbers": "2"})
    allowed = extract_of(protocol, registration, 1, 2, restricted=True)
    assert [i["restricted"] for i in allowed["items"]] == [False, True]


@pytest.mark.parametrize(("items", "code"), [((), "extract.no_items"), ((5,), "act.no_such_item")])
def test_there_must_be_something_to_extract(
    registration: Registration, sample: Sample, items: tuple[int, ...], code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        extract_of(sample("kq-protokol"), registration, *items)
    assert refused.value.code == code


def test_an_extract_on_paper_is_signed_by_hand_and_can_be_checked(
    registration: Registration, sample: Sample, judge: Any
) -> None:
    """004 §5.1.3: no electronic signature is claimed on paper, so the code of the check has to be there."""
    code = "7K3Q-9M2Z-1BCD-GH4J-K5MN"
    paper = {"form": CopyForm.PAPER, "address": f"https://x.example/yoxla/{code}"}
    data = extract_of(sample("kq-protokol"), registration, 2, code=code, **paper)
    assert judge(EXTRACT, data) == {}
    extract = REGISTRY.get(EXTRACT)
    model = extract.validate(data)
    assert extract.signatories(model) == ()
    context = extract.context(model)
    assert (context["signatory"], context["certified"]["by_hand"]) == (None, True)
    unchecked = extract_of(sample("kq-protokol"), registration, 2, **paper)
    assert codes(judge(EXTRACT, unchecked)) == {"verification": "extract.paper_unchecked"}
    assert codes(judge(EXTRACT, {**data, "verification": None})) == {"verification": "extract.paper_unchecked"}
    assert judge(EXTRACT, {**unchecked, "form": "electronic"}) == {}


def test_figures_that_contradict_each_other_are_refused(sample: Sample, judge: Any) -> None:
    """001 §5.9.4: the votes are of those who attended and give the outcome."""
    data = sample(EXTRACT)
    act = data["items"][0]["act"]
    tie = act | {"votes": act["votes"] | {"in_favour": 5, "against": 5}, "outcome": "adopted"}
    data["items"] = [
        data["items"][0] | {"act": act | {"votes": act["votes"] | {"abstained": 3}}},
        data["items"][0] | {"act": act | {"outcome": "not_adopted"}, "number": 3},
        data["items"][0] | {"act": tie},
    ]
    data["protocol"]["registered_on"] = "2026-11-19"
    data["meeting"]["members"] = 11
    assert codes(judge(EXTRACT, data)) == {
        "items[0].act.votes": "extract.votes_do_not_add_up",
        "items[1].act.outcome": "extract.outcome_differs",
        "items[2].act.casting": "extract.casting_missing",
        "items[2].number": "extract.item_repeated",
        "meeting.attending": "extract.attending",
        "protocol.registered_on": "act.protocol_before_meeting",
    }


@settings(max_examples=15, deadline=None)
@given(hidden=st.sets(st.integers(1, 4)))
def test_nothing_restricted_is_in_the_public_text(hidden: set[int]) -> None:
    """001 §5.6.3: neither the title nor a word of what was said or decided."""
    protocol = REGISTRY.get("kq-protokol").sample()
    for point in protocol["agenda"]:
        point["restricted"] = point["number"] in hidden
    summary = REGISTRY.get(SUMMARY)
    registration = Registration("KQ-P", "3-21-5/KQ-P-12/2026", REGISTRY.get("kq-qerar").validate(
        REGISTRY.get("kq-qerar").sample()
    ).protocol.registered_on)  # fmt: skip
    data = summary.from_protocol(protocol, registration, DIGEST)  # type: ignore[attr-defined]
    model = summary.validate(data)
    assert summary.check(model) == ()
    assert data["left_out"] is bool(hidden)
    printed = f"{data} {summary.context(model)}"
    for point, item in zip(protocol["agenda"], protocol["items"], strict=True):
        told = point["title"] in printed
        assert told is (point["number"] not in hidden)
        assert (item["act_text"].splitlines()[0] in printed) is told
        assert (item["discussion"].splitlines()[0] in printed) is told
    assert [row["no"] for row in summary.context(model)["items"]] == list(range(1, 5 - len(hidden)))


def test_the_public_text_names_nobody_but_the_chair_and_is_signed_by_nobody(
    registry: Registry, registration: Registration, sample: Sample
) -> None:
    protocol = sample("kq-protokol")
    summary = registry.get(SUMMARY)
    data = summary.from_protocol(protocol, registration, DIGEST)  # type: ignore[attr-defined]
    model = summary.validate(data)
    assert summary.signatories(model) == ()
    for guest in protocol["invited"]:
        assert guest["name"]["surname"] not in str(data)
    for item in protocol["items"]:
        assert "responsible" not in data["items"][0]
        assert item["responsible"] == "" or f"Məsul icraçı: {item['responsible']}" not in str(summary.context(model))


def test_a_text_without_items_must_have_left_some_out(sample: Sample, judge: Any) -> None:
    data = sample(SUMMARY) | {"items": [], "left_out": False}
    assert codes(judge(SUMMARY, data)) == {"items": "summary.empty"}
    assert judge(SUMMARY, data | {"left_out": True}) == {}
