"""The road map and the specialised organisation's plan of measures (003 §2, §4.5, Əlavə 1, Əlavə 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.instruments.base import StandIn
from doc_service.instruments.registry import default_registry

REGISTRY = default_registry()
ROAD_MAP, PLAN = REGISTRY.get("klaster-yol-xeritesi"), REGISTRY.get("klaster-tedbirler-plani")
Sample = Callable[[str], dict[str, Any]]


def codes(faults: Any) -> dict[str, str]:
    return {field: f.code for field, f in faults.items()}


def test_the_road_map_has_the_four_stages_of_the_form_with_the_model_terms(sample: Sample) -> None:
    """003 §2.4, Əlavə 1: four stages; model terms of 6, 6, 10 and 4 weeks."""
    data = ROAD_MAP.validate(sample("klaster-yol-xeritesi"))
    context = ROAD_MAP.context(data)
    assert [s["title"] for s in context["stages"]] == [
        "1. Sənaye klasterinin yaradılması haqqında qərarın qəbul edilməsi",
        "2. Sənaye klasterinin təşkilati strukturunun yaradılması",
        "3. Sənaye klasterinin inkişafını müəyyənləşdirən əsas sənədlərin təsdiq edilməsi",
        "4. Klasterin sənaye klasterlərinin reyestrinə daxil edilməsi üçün müraciətin hazırlanması",
    ]
    assert [s.weeks for s in data.stages] == [6, 6, 10, 4]
    assert data.spans()[0] == (date(2026, 2, 2), date(2026, 3, 15))
    assert data.spans()[3] == (date(2026, 7, 6), date(2026, 8, 2))
    assert context["stages"][2]["steps"][1]["no"] == "3.2"
    assert "3-cü mərhələ – 10 həftə (27.04.2026 – 05.07.2026)" in context["terms"]


def test_a_road_map_without_one_of_the_stages_is_refused(sample: Sample, judge: Any) -> None:
    """003 §2.4: the plan has four stages."""
    data = sample("klaster-yol-xeritesi")
    del data["stages"][3]
    assert codes(judge("klaster-yol-xeritesi", data)) == {"stages": "data.too_few"}


def test_a_measure_outside_its_stage_and_a_reversed_term_are_found(sample: Sample, judge: Any) -> None:
    """003 §2.1: every measure has its term, within its stage (003 §2.4)."""
    data = sample("klaster-yol-xeritesi")
    data["stages"][1]["steps"][0]["since"] = "2026-03-15"
    data["stages"][2]["steps"][0]["until"] = "2026-07-06"
    data["stages"][3]["steps"][1] |= {"since": "2026-07-31", "until": "2026-07-30"}
    assert codes(judge("klaster-yol-xeritesi", data)) == {
        "stages[1].steps[0].since": "roadmap.outside_stage",
        "stages[2].steps[0].since": "roadmap.outside_stage",
        "stages[3].steps[1].until": "plan.term_reversed",
    }


def test_head_of_the_working_group_signs_and_head_of_the_executive_body_approves(sample: Sample) -> None:
    """003 §2.2: both approve the plan."""
    data = ROAD_MAP.validate(sample("klaster-yol-xeritesi"))
    approver, signatory = ROAD_MAP.signatories(data)
    assert (approver.person_id, approver.order) == ("ih-p1", 2)
    assert approver.role_label == "Sumqayıt Şəhər İcra Hakimiyyətinin rəhbəri"
    assert (signatory.person_id, signatory.order) == ("kl-p01", 1)
    assert signatory.role_label == "Sənaye klasterinin yaradılması üzrə işçi (təşəbbüs) qrupunun rəhbəri"


def test_a_substitute_of_the_executive_head_is_printed_with_the_order(sample: Sample) -> None:
    """004 §7.7: the basis of a substitution stands in the signature block."""
    data = ROAD_MAP.validate(sample("klaster-yol-xeritesi"))
    stand_in = StandIn("Quliyeva Sara Emin qızı", "birinci müavin", "12 mart 2026-cı il tarixli 7 nömrəli əmr")
    row = ROAD_MAP.context(data, None, {"ih-p1": stand_in})["approver"]
    assert row["in_place_of"] == "Mirzəyev Elxan Cavad oğlunun əvəzinə"
    assert row["basis"] == "Əsas: 12 mart 2026-cı il tarixli 7 nömrəli əmr"


def test_the_clusters_name_and_the_numbers_of_tax_payers_are_checked(sample: Sample, judge: Any) -> None:
    """003 Əlavə 1: "… klasterinin"; a VÖEN has ten digits, the last 1 or 2."""
    data = sample("klaster-yol-xeritesi")
    data["cluster"]["name"] = "Abşeron polimer birliyi"
    data["executive"]["organisation"]["voen"] = "1400000133"
    assert codes(judge("klaster-yol-xeritesi", data)) == {
        "cluster.name": "cluster.name",
        "executive.organisation.voen": "organisation.bad_voen",
    }


def test_the_plan_groups_its_measures_as_the_form_does(sample: Sample) -> None:
    """003 Əlavə 3: Proses, Texnoloji, İnfrastruktur and other measures; "TƏSDİQ EDİLİB" with date and protocol."""
    raw = sample("klaster-tedbirler-plani")
    context = PLAN.context(PLAN.validate(raw))
    assert [g["title"] for g in context["groups"]] == [
        "1. Proses tədbirləri",
        "2. Texnoloji tədbirlər",
        "3. İnfrastruktur tədbirlər",
        "4. Klasterin inkişafına yönəldilmiş digər tədbirlər",
    ]
    assert context["approved"] == [
        "“Abşeron Polimer Klasteri” qeyri-kommersiya təşkilatı üzvlərinin ümumi yığıncağında",
        "«18» dekabr 2026-cı il",
        "Protokol № 2",
    ]
    assert context["period"] == "1 yanvar 2027-ci ildən 31 dekabr 2027-ci ilədək dövr üzrə"
    assert context["count"] == "Tədbirlər planı 5 (beş) tədbiri əhatə edir."
    raw["other"], raw["technology"] = [], []
    groups = PLAN.context(PLAN.validate(raw))["groups"]
    assert [len(g["measures"]) for g in groups] == [2, 0, 1]


def test_the_rules_of_the_plan(sample: Sample, judge: Any) -> None:
    """003 §4.5, Əlavə 3: measures within the period, approved before it ends."""
    data = sample("klaster-tedbirler-plani")
    data["approval"]["held_on"] = "2027-12-31"
    assert judge("klaster-tedbirler-plani", data) == {}
    data["approval"]["held_on"] = "2028-01-01"
    data["process"][1]["until"] = "2028-01-01"
    data["infrastructure"][0]["until"] = "2027-03-31"
    assert codes(judge("klaster-tedbirler-plani", data)) == {
        "approval.held_on": "plan.approved_late",
        "process[1].since": "plan.outside_period",
        "infrastructure[0].until": "plan.term_reversed",
    }
    for group in ("process", "technology", "infrastructure", "other"):
        data[group] = []
    data |= {"since": "2027-12-31", "until": "2027-01-01", "approval": {"held_on": "2026-12-18", "protocol": "2"}}
    assert codes(judge("klaster-tedbirler-plani", data)) == {"until": "plan.term_reversed", "process": "plan.empty"}


@pytest.mark.parametrize("has_seal", [True, False])
def test_the_head_signs_and_the_organisation_seals_where_it_has_a_seal(sample: Sample, has_seal: bool) -> None:
    """003 Əlavə 3: signature of the head, "MY"; 003 §2 stage 2 c): the seal, if there is one."""
    raw = sample("klaster-tedbirler-plani")
    raw["organisation"]["has_seal"] = has_seal
    data = PLAN.validate(raw)
    head, *seals = PLAN.signatories(data)
    assert (head.person_id, head.seal_voen) == ("kl-rehber", "")
    assert [(s.person_id, s.seal_voen, s.order) for s in seals] == [("kl-rehber", "1401299871", 2)] * has_seal
    context = PLAN.context(data)
    assert (context["seal"] is not None) == has_seal
    if has_seal:
        assert context["seal"]["name"] == "M.Y."


@given(weeks=st.lists(st.integers(1, 104), min_size=4, max_size=4), start=st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_stages_follow_one_another_without_a_gap(weeks: list[int], start: date) -> None:
    """003 §2.4: a stage begins on the day after the one before it."""
    raw = ROAD_MAP.sample() | {"starts_on": start.isoformat()}
    raw["stages"] = [stage | {"weeks": n} for stage, n in zip(raw["stages"], weeks, strict=True)]
    spans = ROAD_MAP.validate(raw).spans()
    assert spans[0][0] == start
    assert all(second[0] - first[1] == timedelta(days=1) for first, second in pairwise(spans))
    assert (spans[3][1] - start).days + 1 == sum(weeks) * 7
