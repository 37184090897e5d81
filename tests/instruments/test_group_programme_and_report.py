"""Programme, report and nomenclature of a year (001 §5.3.1, §5.6.10, §5.7; 004 §5.1.11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from doc_service.domain.retention import DEFAULT_NOMENCLATURE
from doc_service.instruments.group.isler_nomenklaturu import summary_rows
from doc_service.instruments.registry import Registry
from tests.instruments.test_acts_and_notices import convened

Sample = Callable[[str], dict[str, Any]]
PROGRAMME, REPORT, NOMENCLATURE = "kq-fealiyyet-proqrami", "kq-illik-hesabat", "isler-nomenklaturu"


def codes(faults: Any) -> dict[str, str]:
    return {field: f.code for field, f in faults.items()}


def test_no_half_year_is_planned_without_a_meeting(sample: Sample, judge: Any) -> None:
    """001 §5.9.2."""
    data = sample(PROGRAMME)
    data["meetings"] = ["2027-07-01", "2027-12-31"]
    found = judge(PROGRAMME, data)
    assert codes(found) == {"meetings": "programme.no_meeting_planned"}
    assert found["meetings"].params == {"first": "2027-01-01", "last": "2027-06-30", "clause": "001 §5.9.2"}
    data["meetings"] = ["2027-06-30", "2027-07-01"]
    assert judge(PROGRAMME, data) == {}


def test_terms_lie_in_the_year_and_run_forward(sample: Sample, judge: Any) -> None:
    """001 §5.3.1: hər təqvim ili üçün."""
    data = sample(PROGRAMME)
    first = data["directions"][0]["measures"]
    first[0] |= {"starts_on": "2026-12-31"}
    first[1] |= {"starts_on": "2027-06-01", "due_on": "2027-05-31"}
    data["meetings"] += ["2028-01-01", data["meetings"][0]]
    assert codes(judge(PROGRAMME, data)) == {
        "directions[0].measures[0].starts_on": "programme.outside_year",
        "directions[0].measures[1].due_on": "programme.term_reversed",
        "meetings[4]": "programme.outside_year",
        "meetings[5]": "programme.meeting_repeated",
    }


def test_measures_are_numbered_through_and_terms_named(registry: Registry, sample: Sample) -> None:
    programme = registry.get(PROGRAMME)
    context = programme.context(programme.validate(sample(PROGRAMME)))
    rows = [row for group in context["directions"] for row in group["rows"]]
    assert [row["no"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["term"] for row in rows] == [
        "I rüb", "il ərzində", "II rüb", "1 iyul 2027-ci il – 15 oktyabr 2027-ci il", "il ərzində",
        "1 dekabr 2027-ci il – 20 dekabr 2027-ci il",
    ]  # fmt: skip
    (approver,) = programme.signatories(programme.validate(sample(PROGRAMME)))
    assert approver.person_id == "kq-01"


def test_the_secretary_signs_the_report_before_the_head(registry: Registry, sample: Sample) -> None:
    """001 §5.6.10: the secretariat prepares it and gives it to the head."""
    report = registry.get(REPORT)
    signers = report.signatories(report.validate(sample(REPORT)))
    assert [(s.person_id, s.order) for s in signers] == [("kq-katib", 1), ("kq-01", 2)]


def test_totals_and_sentences_are_counted_from_the_rows(registry: Registry, sample: Sample) -> None:
    """001 §5.6.10, §5.9.2."""
    report = registry.get(REPORT)
    context = report.context(report.validate(sample(REPORT)))
    assert context["acts"][-1] == {
        "kind": "Cəmi", "put_to_vote": 9, "adopted": 8, "not_adopted": 1, "issued": 8
    }  # fmt: skip
    assert context["items_line"].startswith("İclaslarda 11 (on bir) məsələyə baxılmışdır; onlardan 9 (doqquz)")
    assert context["meetings_line"].endswith("orta hesabla 82 faiz təşkil etmişdir.")
    assert "1 (bir) tövsiyəyə əməl olunmamış" in context["recommendations_line"]
    assert "1 (bir) müraciət ünvanlanmışdır" in context["recommendations_line"]
    assert context["periods"] == [
        "I yarımil: 1 (bir) iclas keçirilmişdir, tələbə əməl olunmuşdur.",
        "II yarımil: 2 (iki) iclas keçirilmişdir, tələbə əməl olunmuşdur.",
    ]


def test_a_year_without_meetings_says_that_the_rule_was_broken(registry: Registry, sample: Sample, judge: Any) -> None:
    """001 §5.9.2: the report states it; it is no fault of the report."""
    data = sample(REPORT) | {"meetings": [], "members": [], "acts": [], "heard_only": 0, "recommendations": []}
    assert judge(REPORT, data) == {}
    report = registry.get(REPORT)
    context = report.context(report.validate(data))
    assert all(line.endswith("tələbə əməl olunmamışdır.") for line in context["periods"])
    assert context["meetings_line"] == "Hesabat ilində Koordinasiya Qrupunun iclası keçirilməmişdir."


def test_rows_that_contradict_each_other_are_refused(sample: Sample, judge: Any) -> None:
    """001 §5.6.10: figures of the report are those of the records."""
    data = sample(REPORT)
    data["meetings"][0] |= {"held_on": "2025-12-31", "attending": 16}
    data["members"][0]["absent"] = 1
    data["acts"][1]["adopted"] = 1
    data["acts"].pop(0)
    data["recommendations"].append(data["recommendations"][0])
    assert codes(judge(REPORT, data)) == {
        "meetings[0].held_on": "report.outside_year",
        "meetings[0].attending": "extract.attending",
        "members[0].meetings": "report.attendance_does_not_add_up",
        "members": "report.attendance_differs",
        "acts[0].put_to_vote": "report.acts_do_not_add_up",
        "heard_only": "report.items_do_not_add_up",
        "recommendations[0].number": "report.recommendation_repeated",
        "recommendations[3].number": "report.recommendation_repeated",
    }
    data = sample(REPORT)
    data["acts"][1]["kind"] = "decision"
    assert codes(judge(REPORT, data)) == {
        "acts[0].kind": "report.act_repeated",
        "acts[1].kind": "report.act_repeated",
    }


def test_the_nomenclature_is_proposed_from_the_model_list(registry: Registry, sample: Sample) -> None:
    """004 §5.1.11: index, title, period, legal basis of every case."""
    nomenclature = registry.get(NOMENCLATURE)
    body, _ = convened()
    data = nomenclature.validate(nomenclature.from_default(body, 2027, date(2027, 1, 11)))
    assert nomenclature.check(data) == ()
    assert data.cases() == dict(DEFAULT_NOMENCLATURE)
    assert sum(row["count"] for row in summary_rows(data)) == len(DEFAULT_NOMENCLATURE)
    assert [row["period"] for row in summary_rows(data)] == ["Daimi", "10 il", "5 il", "3 il"]


def test_an_index_names_one_case(sample: Sample, judge: Any) -> None:
    data = sample(NOMENCLATURE)
    data["sections"][1]["cases"][0]["index"] = "KQ-01"
    data["signatory"]["role"] = "member"
    assert codes(judge(NOMENCLATURE, data)) == {
        "sections[1].cases[0].index": "nomenclature.index_repeated",
        "signatory.role": "head.signatory_role",
    }
    data["sections"][0]["cases"][0]["years"] = 0
    assert codes(judge(NOMENCLATURE, data)) == {"sections[0].cases[0].years": "data.out_of_range"}


@pytest.mark.parametrize("name", [PROGRAMME, REPORT])
def test_other_bodies_have_other_papers(sample: Sample, judge: Any, name: str) -> None:
    data = sample(name)
    data["body"]["kind"] = "klaster-kollegial-orqani"
    assert codes(judge(name, data)) == {"body.kind": "instrument.wrong_body"}
