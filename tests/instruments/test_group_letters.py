"""The letter and the appeal to the Cabinet of Ministers (001 §5.3.2, §3.1.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from doc_service.instruments.group.kq_mektub import CABINET, closed, is_cabinet
from doc_service.instruments.registry import Registry

Sample = Callable[[str], dict[str, Any]]
NAME = "kq-mektub"


def ordinary(sample: Sample) -> dict[str, Any]:
    data = sample(NAME)
    data |= {"kind": "ordinary", "recommendation": None, "addressee": {"organisation": "Nümunə Agentliyi"}}
    return data


def codes(faults: Any) -> dict[str, str]:
    return {field: f.code for field, f in faults.items()}


def test_the_head_signs_and_the_deputy_only_for_a_named_head(registry: Registry, sample: Sample, judge: Any) -> None:
    """001 §5.3.2, §5.4."""
    letter, data = registry.get(NAME), sample(NAME)
    (head,) = letter.signatories(letter.validate(data))
    assert (head.person_id, head.role_label, head.in_place_of) == ("kq-01", "Koordinasiya Qrupunun rəhbəri", "")
    data["signatory"]["role"] = "deputy_head"
    assert codes(judge(NAME, data)) == {"absent_head": "head.absent_head"}
    data["absent_head"] = {"surname": "Həsənov", "given": "Elçin", "patronymic": "Rauf oğlu"}
    assert judge(NAME, data) == {}
    (deputy,) = letter.signatories(letter.validate(data))
    assert (deputy.in_place_of, deputy.basis) == ("Həsənov Elçin Rauf oğlu", "Əsasnamənin 5.4-cü bəndi")
    data["signatory"]["role"] = "member"
    assert codes(judge(NAME, data)) == {"signatory.role": "head.signatory_role", "absent_head": "head.absent_head"}


def test_an_appeal_names_the_recommendation_by_number_date_and_digest(registry: Registry, sample: Sample) -> None:
    """001 §3.1.1."""
    letter, data = registry.get(NAME), sample(NAME)
    context = letter.context(letter.validate(data))
    cited = data["recommendation"]
    shown = context["recommendation"]
    assert (shown["number"], shown["sha256"]) == (cited["number"], cited["sha256"])
    assert shown["date"] == "24 noyabr 2026-cı il"
    assert shown["answer"] == "3 fevral 2027-ci il, № 12-04/318"
    assert "3.1.1-ci yarımbəndini" in context["opening"]
    silent = data | {"recommendation": cited | {"answer": None}}
    assert letter.context(letter.validate(silent))["recommendation"]["answer"] == "Cavab daxil olmamışdır"


@pytest.mark.parametrize(
    ("state", "recorded_on", "code"),
    [
        ("heeded", "2027-02-08", "appeal.heeded"),
        ("open", "2027-02-01", "appeal.in_term"),
        ("open", "2027-02-02", "appeal.not_recorded"),
    ],
)
def test_no_appeal_while_the_recommendation_is_heeded_or_open(
    sample: Sample, judge: Any, state: str, recorded_on: str, code: str
) -> None:
    """001 §3.1.1: only when the body did not follow it."""
    data = sample(NAME)
    data["recommendation"] |= {"state": state, "recorded_on": recorded_on, "answer": None}
    assert codes(judge(NAME, data)) == {"recommendation.state": code}


def test_an_appeal_goes_to_the_cabinet_and_needs_its_recommendation(sample: Sample, judge: Any) -> None:
    """001 §3.1.1: Azərbaycan Respublikasının Nazirlər Kabinetinə."""
    data = sample(NAME)
    data["addressee"]["organisation"] = "Nümunə Nazirliyi"
    data["recommendation"] = None
    found = judge(NAME, data)
    assert codes(found) == {
        "addressee.organisation": "appeal.addressee",
        "recommendation": "letter.recommendation_missing",
    }
    assert found["addressee.organisation"].params == {"expected": CABINET}
    assert is_cabinet("AZƏRBAYCAN RESPUBLİKASININ  NAZİRLƏR KABİNETİ")
    assert not is_cabinet("Nazirlər Kabineti yanında Nümunə")


def test_only_an_appeal_names_a_recommendation(sample: Sample, judge: Any) -> None:
    data = ordinary(sample)
    assert judge(NAME, data) == {}
    data["recommendation"] = sample(NAME)["recommendation"]
    assert codes(judge(NAME, data)) == {"recommendation": "letter.recommendation_unexpected"}


def test_days_follow_each_other(sample: Sample, judge: Any) -> None:
    data = sample(NAME)
    data["recommendation"] |= {"recorded_on": "2026-11-23", "answer": {"number": "1", "dated": "2026-11-24"}}
    assert codes(judge(NAME, data)) == {
        "recommendation.recorded_on": "appeal.recorded_too_early",
        "recommendation.answer.dated": "appeal.answer_after_record",
    }


def test_the_letter_of_another_kind_of_body_is_refused(sample: Sample, judge: Any) -> None:
    data = sample(NAME)
    data["body"]["kind"] = "klaster-umumi-yigincaq"
    assert codes(judge(NAME, data)) == {"body.kind": "instrument.wrong_body"}


def test_the_last_paragraph_stays_with_the_signature_unless_it_is_long() -> None:
    assert closed(["a", "b"]) == (["a"], "b")
    assert closed(["a", "b" * 601]) == (["a", "b" * 601], "")
    assert closed([]) == ([], "")
