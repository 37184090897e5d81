"""Rules of the cluster's passport, development programme, joint projects and functional map (003 §5, §6.4)."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.instruments.base import PageLimit
from doc_service.instruments.cluster import dot
from doc_service.instruments.cluster.klaster_funksional_xerite import map_sheets
from doc_service.instruments.cluster.map_cooperation import PER_STAGE, sheets
from doc_service.instruments.registry import Registry, default_registry
from doc_service.instruments.samples.functional_map import crowded_map_sample

MAP = default_registry().get("klaster-funksional-xerite")
Sample = Callable[[str], Any]


def add(amount: str, more: str = "1") -> str:
    return str(Decimal(amount) + Decimal(more))


# Birgə layihənin pasportu


def test_the_description_has_at_most_1500_characters(sample: Sample, judge: Any) -> None:
    """003 Əlavə 11, row 2: "1500 simvoldan çox olmuyaraq"; letters of the alphabet count once."""
    data = sample("birge-layihe-pasportu")
    data["project"]["description"] = "ə" * 1500
    assert judge("birge-layihe-pasportu", data) == {}
    data["project"]["description"] += "ş"
    fault = judge("birge-layihe-pasportu", data)["project.description"]
    assert (fault.code, fault.params) == ("project.description_long", {"length": 1501, "limit": 1500})


@pytest.mark.parametrize(
    ("path", "line", "field"),
    [
        (("off_budget", None), "1", "off_budget.total"),
        (("initiators", 1), "1.2", "initiators[1].total"),
        (("others", None), "1.3", "others.total"),
        (("regional", None), "2", "regional.total"),
        (("local", None), "3", "local.total"),
    ],
)
def test_each_wrong_total_is_named_by_its_line(
    sample: Sample, judge: Any, path: tuple[str, int | None], line: str, field: str
) -> None:
    """003 Əlavə 11: "Birgə layihənin ehtiyat təminatı": the sum over the years, line by line."""
    data = sample("birge-layihe-pasportu")
    name, place = path
    row = data["project"]["financing"][name]
    row = row if place is None else row[place]
    row["total"] = add(row["total"], "0.001")
    fault = judge("birge-layihe-pasportu", data)[f"project.financing.{field}"]
    assert (fault.code, fault.params["line"], fault.params["year"]) == ("financing.wrong_total", line, "cəmi")


def test_the_sums_of_a_year_are_named_with_the_year(sample: Sample, judge: Any) -> None:
    """003 Əlavə 11: lines 1 and 4 add up lines 1.1 …, and 1 to 3, in every year; all wrong totals come at once."""
    data = sample("birge-layihe-pasportu")
    own = data["project"]["financing"]["initiators"][0]
    own["amounts"][1], own["total"] = add(own["amounts"][1]), add(own["total"])
    data["project"]["financing"]["all_sources"]["amounts"][2] = "0"
    faults = judge("birge-layihe-pasportu", data)
    wrong = {field: f.params for field, f in faults.items() if f.code == "financing.wrong_total"}
    assert {f: (p["line"], p["year"]) for f, p in wrong.items()} == {
        "project.financing.off_budget.amounts[1]": ("1", "2028"),
        "project.financing.all_sources.amounts[2]": ("4", "2029"),
        "project.financing.all_sources.total": ("4", "cəmi"),
    }
    assert faults["project.own_funds"].code == "project.row_differs"


def test_sources_have_the_same_years(sample: Sample, judge: Any) -> None:
    data = sample("birge-layihe-pasportu")
    data["project"]["financing"]["local"]["amounts"].pop()
    fault = judge("birge-layihe-pasportu", data)["project.financing.local.amounts"]
    assert (fault.code, fault.params) == ("financing.years", {"years": 4, "found": 3})


@pytest.mark.parametrize(("name", "row"), [("total_cost", "6"), ("own_funds", "7")])
def test_rows_of_the_form_agree_with_its_table(sample: Sample, judge: Any, name: str, row: str) -> None:
    """003 Əlavə 11, row 6, row 7: the project's cost is all sources, own funds are the initiators' lines."""
    data = sample("birge-layihe-pasportu")
    data["project"][name] = add(data["project"][name])
    fault = judge("birge-layihe-pasportu", data)[f"project.{name}"]
    assert (fault.code, fault.params["row"]) == ("project.row_differs", row)


def test_stages_add_up_to_the_cost(sample: Sample, judge: Any) -> None:
    """003 Əlavə 11, row 10: "maliyyələşdirilmə mərhələləri"."""
    data = sample("birge-layihe-pasportu")
    data["project"]["stages"].pop()
    assert judge("birge-layihe-pasportu", data)["project.stages"].code == "project.row_differs"


def test_initiators_are_those_whose_funds_are_listed(sample: Sample, judge: Any) -> None:
    """003 Əlavə 11, row 3: an initiator is who bears expenses."""
    data = sample("birge-layihe-pasportu")
    data["project"]["initiators"].reverse()
    fault = judge("birge-layihe-pasportu", data)["project.financing.initiators"]
    assert fault.code == "project.initiators_differ"


def test_people_and_jobs_are_counted_whole(sample: Sample, judge: Any) -> None:
    """003 Əlavə 11, indicators 1 and 2: "Ədəd"."""
    data = sample("birge-layihe-pasportu")
    data["project"]["targets"]["workers"]["end"] = "300.5"
    data["project"]["targets"]["added_value"]["end"] = "11200.5"
    assert {f: x.code for f, x in judge("birge-layihe-pasportu", data).items()} == {
        "project.targets.workers.end": "project.not_counted"
    }


@pytest.mark.parametrize("amount", ["-1", "1,5", "1.2345", "01", "", "1e3", "٣"])
def test_amounts_are_plain_decimals(sample: Sample, judge: Any, amount: str) -> None:
    data = sample("birge-layihe-pasportu")
    data["project"]["credit_expected"] = amount
    assert judge("birge-layihe-pasportu", data)["project.credit_expected"].code == "data.amount"


def test_the_13_rows_of_the_form_and_the_ticks(registry: Registry, sample: Sample) -> None:
    """003 Əlavə 11: 13 rows in the form's order; what is not chosen stays on the paper, unticked."""
    instrument = registry.get("birge-layihe-pasportu")
    printed = instrument.context(instrument.validate(sample("birge-layihe-pasportu")))["project"]
    assert [row["no"] for row in printed["rows"]] == [f"{n}." for n in range(1, 14)]
    assert printed["rows"][8]["lines"] == [
        "[×] İnvestisiya krediti/kredit xətti", "[  ] Zəmanətin təqdim edilməsi", "[×] Lizinq", "[  ] Digər:",
    ]  # fmt: skip
    assert printed["years"] == ["2027-ci il", "2028-ci il", "2029-cu il", "2030-cu il", ""]
    assert printed["all_years"] == "2027–2030-cu illər, cəmi"
    assert [line["no"] for line in printed["financing"]] == ["1.", "1.1.", "1.2.", "1.3.", "2.", "3.", "4."]
    assert len(printed["targets"]) == 6


@pytest.mark.parametrize(
    "name", ["birge-layihe-pasportu", "klaster-pasport", "klaster-inkisaf-proqrami", "klaster-funksional-xerite"]
)
def test_the_head_signs_and_the_seal_is_the_organisations(registry: Registry, sample: Sample, name: str) -> None:
    """003 §5.2, Əlavə 11: head of the specialised organisation, then "MY"; an organisation without seal has none."""
    instrument, data = registry.get(name), sample(name)
    head, seal = instrument.signatories(instrument.validate(data))
    assert (head.person_id, head.seal_voen, head.order) == ("kl-rehber", "", 1)
    assert (seal.seal_voen, seal.order) == (data["organisation"]["organisation"]["voen"], 2)
    assert head.role_label == "Abşeron polimer sənaye klasterinin ixtisaslaşdırılmış təşkilatının rəhbəri"
    data["organisation"]["has_seal"] = False
    model = instrument.validate(data)
    assert len(instrument.signatories(model)) == 1
    assert instrument.context(model)["seal"] is None


@pytest.mark.parametrize(
    "name", ["birge-layihe-pasportu", "klaster-pasport", "klaster-inkisaf-proqrami", "klaster-funksional-xerite"]
)
def test_voen_and_the_clusters_name_are_checked(sample: Sample, judge: Any, name: str) -> None:
    data = sample(name)
    data["organisation"]["organisation"]["voen"] = "140129987"
    data["cluster"]["name"] = "Abşeron polimer birliyi"
    assert {"organisation.organisation.voen", "cluster.name"} <= set(judge(name, data))


# Klasterin pasportu


def test_a_kind_stands_once_and_parts_do_not_exceed_their_whole(sample: Sample, judge: Any) -> None:
    """003 Əlavə 13 §7.1; Əlavə 5: what is a part of something else cannot be more."""
    data = sample("klaster-pasport")
    data["kinds"].append({"kind": "small", "count": 1})
    data["participation_agreements"], data["organ"]["participant_seats"] = 14, 10
    data["organ"]["participants_sitting"], data["efficiency"]["above"] = 10, 10
    data["figures"]["export"][1] = "140"
    found = judge("klaster-pasport", data)
    assert found.pop("kinds[7].kind").code == "passport.kind_repeated"
    assert {f.code for f in found.values()} == {"passport.part_exceeds"}
    assert set(found) == {
        "participation_agreements", "organ.participant_seats", "organ.participants_sitting", "efficiency.above",
        "figures.export[1]",
    }  # fmt: skip


def test_every_figure_has_every_year(sample: Sample, judge: Any) -> None:
    data = sample("klaster-pasport")
    data["figures"]["taxes"].pop()
    assert judge("klaster-pasport", data)["figures.taxes"].code == "financing.years"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda d: d.update(participation_agreements=7), 3),
        (lambda d: d.update(state_agreements=[]), 4),
        (lambda d: d.update(projects=[]), 5),
        (lambda d: d["figures"]["export"].__setitem__(-1, "43.5"), 6),
        (lambda d: d.update(kinds=d["kinds"][:4], participation_agreements=8), 7),
        (lambda d: d["efficiency"].update(above=3), 8),
        (lambda d: d["organ"].update(participant_seats=4), 9),
        (lambda d: d["organ"].update(participants_sitting=3), 9),
    ],
)
def test_a_requirement_that_is_not_met_is_said_and_does_not_stop_the_passport(
    registry: Registry, sample: Sample, judge: Any, change: Callable[[Any], None], line: int
) -> None:
    """003 Əlavə 13 §4 bullet 5–9, §7.1: a project, agreements, 30 % on external markets, 10 members, 50 % efficiency.

    The form of 003 Əlavə 14 is lost."""
    instrument, data = registry.get("klaster-pasport"), sample("klaster-pasport")
    verdicts = [r["verdict"] for r in instrument.context(instrument.validate(data))["requirements"]]
    assert verdicts == ["uyğundur"] * 10
    change(data)
    assert judge("klaster-pasport", data) == {}
    verdicts = [r["verdict"] for r in instrument.context(instrument.validate(data))["requirements"]]
    assert verdicts[line] == "uyğun deyil"


# İnkişaf proqramı


def test_the_programme_covers_one_to_five_years(sample: Sample, judge: Any) -> None:
    data = sample("klaster-inkisaf-proqrami")
    data["last_year"] = 2026
    assert judge("klaster-inkisaf-proqrami", data)["last_year"].code == "programme.period"


def test_annexes_have_a_value_for_every_year_of_the_programme(sample: Sample, judge: Any) -> None:
    """003 §5.7.6, §5.7.7: "illər üzrə"."""
    data = sample("klaster-inkisaf-proqrami")
    data["last_year"] = 2030
    faults = judge("klaster-inkisaf-proqrami", data)
    assert faults["financing.off_budget.amounts"].code == "financing.years"
    assert faults["indicators[0].values"].code == "programme.indicator_years"


def test_wrong_totals_of_the_programme_are_named(sample: Sample, judge: Any) -> None:
    """003 §5.7.6, Əlavə 12."""
    data = sample("klaster-inkisaf-proqrami")
    data["financing"]["state"]["amounts"][0] = "901"
    data["financing"]["projects"][1]["total"] = "1"
    faults = judge("klaster-inkisaf-proqrami", data)
    assert {f: (x.params["line"], x.params["year"]) for f, x in faults.items()} == {
        "financing.budget.amounts[0]": ("2", "2027"),
        "financing.state.total": ("2.1", "cəmi"),
        "financing.projects[1].total": ("4.2", "cəmi"),
    }


def test_projects_are_a_part_of_the_programme(sample: Sample, judge: Any) -> None:
    """003 §5.7.5, §5.7.6: passports are checked in place, and together they cost no more than the programme."""
    data = sample("klaster-inkisaf-proqrami")
    data["projects"] = [copy.deepcopy(p) for p in data["projects"] * 3]
    data["projects"][0]["passport"]["total_cost"] = "1"
    faults = judge("klaster-inkisaf-proqrami", data)
    assert faults["financing.all_sources.total"].code == "programme.projects_exceed"
    assert faults["projects[0].passport.total_cost"].code == "project.row_differs"


def test_no_more_is_used_than_is_made(sample: Sample, judge: Any) -> None:
    """003 §5.7.2: volumes of each participant and what others use of them."""
    data = sample("klaster-inkisaf-proqrami")
    data["present"]["product_table"][0]["used_by_final"] = "62"
    fault = judge("klaster-inkisaf-proqrami", data)["present.product_table[0].volume"]
    assert fault.code == "programme.used_exceeds"


def test_tables_are_numbered_through(registry: Registry, sample: Sample) -> None:
    instrument = registry.get("klaster-inkisaf-proqrami")
    context = instrument.context(instrument.validate(sample("klaster-inkisaf-proqrami")))
    captions = [
        context["present"]["product_caption"], context["present"]["organ_caption"], context["goals"]["swot"],
        context["prospects"]["product_caption"], context["prospects"]["organ_caption"],
        *(p[f"{name}_caption"] for p in context["projects"] for name in ("rows", "financing", "targets")),
    ]  # fmt: skip
    assert [c.split(".")[0] for c in captions] == [f"Cədvəl {n}" for n in range(1, len(captions) + 1)]


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("klaster-inkisaf-proqrami", PageLimit(50, 70, "003 §5.5")),
        ("klaster-funksional-xerite", PageLimit(15, 20, "003 §5.3.3")),
        ("klaster-pasport", None),
    ],
)
def test_the_length_of_the_text_is_known(registry: Registry, name: str, limit: PageLimit | None) -> None:
    """003 §5.5: 50 to 70 pages; 003 §5.3.3: 15 to 20."""
    assert registry.get(name).page_limit() == limit


def test_a_text_outside_its_length_is_warned_of() -> None:
    limit = PageLimit(50, 70, "003 §5.5")
    assert [limit.warning(n) is None for n in (49, 50, 70, 71)] == [False, True, True, False]


# Funksional xəritə


def test_what_a_scheme_names_is_among_the_data(sample: Sample, judge: Any) -> None:
    """003 §5.3.2–5.3.5: every arrow has two ends."""
    data = sample("klaster-funksional-xerite")
    data["relations"][0]["target"], data["deliveries"][0]["buyer_id"] = "government", "kl-t09"
    data["outside"][0]["organisation_id"], data["projects"][0]["initiators"][0] = "yox", "kl-it"
    data["projects"][0]["support"][0]["organisation_id"] = "x"
    data["projects"][0]["effects"][0]["organisation_id"] = "kl-t12"
    faults = judge("klaster-funksional-xerite", data)
    assert {f for f, x in faults.items() if x.code == "map.unknown"} == {
        "relations[0].target", "deliveries[0].buyer_id", "outside[0].organisation_id", "projects[0].initiators[0]",
        "projects[0].support[0].organisation_id", "projects[0].effects[0].organisation_id",
    }  # fmt: skip


def test_the_chain_ends_in_a_final_product_by_known_stages(sample: Sample, judge: Any) -> None:
    """003 §5.3.3: stages of the chain, and who makes the final product."""
    data = sample("klaster-funksional-xerite")
    for producer in data["producers"]:
        producer["final"] = False
    data["producers"][0]["stage"] = 4
    data["deliveries"][0]["buyer_id"] = data["deliveries"][0]["supplier_id"]
    data["organs"][0]["id"] = "kl-t01"
    codes = {f: x.code for f, x in judge("klaster-funksional-xerite", data).items()}
    assert codes["producers"] == "map.no_final"
    assert codes["producers[0].stage"] == "map.stage"
    assert codes["deliveries[0].buyer_id"] == "map.self_delivery"
    assert codes["organisations"] == "map.repeated"


def test_no_scheme_shows_a_part_larger_than_its_whole(sample: Sample, judge: Any) -> None:
    """003 §5.3.3, Əlavə 5, Əlavə 10: also after the project, with its new links."""
    data = sample("klaster-funksional-xerite")
    data["producers"][0]["figures"]["imports"] = "32"
    data["projects"][0]["new_links"][1]["value"] = "2.5"
    faults = judge("klaster-funksional-xerite", data)
    assert {f: x.params["part"] for f, x in faults.items()} == {
        "producers[0].figures.imports": "imports",
        "projects[0].effects[0].after.used": "delivered",
        "projects[0].effects[3].after.purchases": "bought",
    }


def test_the_sheets_of_the_map_stand_in_the_order_of_the_annexes(registry: Registry, sample: Sample) -> None:
    """003 §5.3.2–5.3.5, Əlavə 7–10: four schemes, each with the legend of its annex."""
    instrument = registry.get("klaster-funksional-xerite")
    found = map_sheets(instrument.validate(sample("klaster-funksional-xerite")))
    assert [re.sub(r":.*", "", s.title) for s in found] == [
        "Sənaye klasterinin təşkilati-funksional sxemi",
        "Sənaye klasterinin istehsal-texnoloji kooperasiyasının sxemi",
        "Birgə layihənin idarəedilməsi sxemi",
        "Birgə layihənin sənaye klasterinin istehsal-texnoloji kooperasiyasına təsiri sxemi",
    ]
    assert all(s.legend for s in found)
    marks = [mark for mark, _ in found[1].legend]
    assert [m for m in marks if len(m) == 2 or m == "Kkoop"] == ["Ox", "A.", "B.", "Kkoop", "C.", "Ç.", "D.", "E."]


@pytest.mark.parametrize("count", [0, 3, 20, 60])
def test_every_enterprise_stands_on_one_sheet_and_no_sheet_is_crowded(count: int) -> None:
    model = MAP.validate(crowded_map_sample(count))
    found = sheets(model)
    ids = [p.organisation_id for part in found for p in part]
    assert sorted(ids) == sorted(p.organisation_id for p in model.producers)
    for part in found:
        for stage in (1, 2, 3):
            assert sum(p.stage == stage for p in part) <= PER_STAGE + (len(found) == 1)


@given(st.text(max_size=60))
def test_no_text_leaves_its_label(text: str) -> None:
    """Labels are escaped: nothing in the data opens a tag, an entity, an escape or the end of a label."""
    made = dot.lines(text, 20)
    bare = made.replace("<BR/>", "")
    assert not re.search(r"[<>\"'\\]", bare)
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#39;|#92;)", bare)
    assert made.isprintable() or "\u00a0" in made


def test_equal_data_give_equal_descriptions() -> None:
    one, two = (MAP.pictures(MAP.validate(crowded_map_sample(20))) for _ in range(2))
    assert one == two
    assert len({p.name for p in one}) == len(one)
