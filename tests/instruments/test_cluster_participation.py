"""Rules of the agreement on participation, accession sheet, application, questionnaire and registry (003 Əlavə 4–6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc_service.domain.clusters.kinds import GROUP_TITLES, ParticipantKind
from doc_service.domain.clusters.registry import RegistryEntry, apply, difference, first_edition, next_edition
from doc_service.instruments.cluster.klaster_reyestr import klaster_reyestr
from doc_service.instruments.cluster.registry_data import RegistryData
from doc_service.instruments.cluster.registry_rows import CHUNK, printed_rows, tables
from doc_service.instruments.registry import Registry
from doc_service.instruments.samples.cluster import head
from doc_service.instruments.samples.registry import registry_row, registry_sample
from tests.instruments.conftest import Data, Judge

Sample = Callable[[str], Data]
AGREEMENT, SHEET = "klaster-istirak-sazisi", "klaster-qosulma-vereqesi"
APPLICATION, QUESTIONNAIRE, REGISTRY = "klaster-qosulma-erizesi", "klaster-anket", "klaster-reyestr"


def test_everybody_signs_and_seals_the_agreement_in_any_order(registry: Registry, sample: Sample) -> None:
    """003 Əlavə 4: specialised organisation and every participant, each with seal; 003 Əlavə 4 §4.2: in any order."""
    instrument = registry.get(AGREEMENT)
    data = instrument.validate(sample(AGREEMENT))
    signatories = instrument.signatories(data)
    assert [s.field for s in signatories[:4]] == ["sig_01", "seal_01", "sig_02", "seal_02"]
    assert len(signatories) == 2 * (1 + len(data.parties))
    assert {s.order for s in signatories} == {1}
    assert signatories[3].seal_voen == data.parties[0].organisation.voen
    assert instrument.may_lack(data) == {s.field for s in signatories[2:]}


def test_a_deputy_signs_by_power_of_attorney_and_the_head_keeps_the_seal(registry: Registry, sample: Sample) -> None:
    """003 Əlavə 4 §2.4: the first person, or a deputy with power of attorney, which is printed."""
    instrument = registry.get(AGREEMENT)
    data = instrument.validate(sample(AGREEMENT))
    by_field = {s.field: s for s in instrument.signatories(data)}
    assert by_field["sig_05"].basis
    assert by_field["sig_05"].person_id != by_field["seal_05"].person_id == head(4)["id"]
    row = instrument.context(data)["parties"][4]
    assert "etibarnamə" in row["basis"]
    assert row["field"] == "sig_05"


@pytest.mark.parametrize(
    ("place", "value", "field", "code"),
    [
        (("parties", 0, "organisation", "voen"), "123", "parties[0].organisation.voen", "organisation.bad_voen"),
        (("parties", 3, "representative", "authority", "number"), "", "parties[3].representative.authority",
         "authority.incomplete"),
        (("parties", 1, "organisation", "voen"), "1400512381", "parties[1].organisation.voen",
         "organisation.repeated"),
        (("parties", 1, "organisation", "voen"), "1401299871", "parties[1].organisation.voen",
         "organisation.repeated"),
        (("cluster", "name"), "Abşeron", "cluster.name", "cluster.name"),
    ],
)  # fmt: skip
def test_rules_of_the_agreement(
    judge: Judge, sample: Sample, place: tuple[str | int, ...], value: str, field: str, code: str
) -> None:
    """003 Əlavə 4 §2.4 and accession table: each party once, identified, by somebody with authority."""
    found = judge(AGREEMENT, put(sample(AGREEMENT), place, value))
    assert [(name, fault.code) for name, fault in found.items()] == [(field, code)]


@pytest.mark.parametrize(
    ("place", "value", "field", "code"),
    [
        (("previous",), None, "previous", "accession.sheet_gap"),
        (("sheet_number",), 1, "previous", "accession.sheet_gap"),
        (("sheet_number",), 4, "previous", "accession.sheet_gap"),
        (("decision", "held_on"), "2026-11-02", "decision.held_on", "accession.decision_before_application"),
        (("agreement", "registered_on"), "2026-11-19", "decision.held_on", "accession.before_agreement"),
        (("newcomer", "organisation", "voen"), "1401299871", "newcomer.organisation.voen", "organisation.repeated"),
    ],
)
def test_rules_of_the_accession_sheet(
    judge: Judge, sample: Sample, place: tuple[str | int, ...], value: Any, field: str, code: str
) -> None:
    """003 Əlavə 4 §3.5: by an application that the members' meeting approved; the chain of sheets has no gap."""
    found = judge(SHEET, put(sample(SHEET), place, value))
    assert found[field].code == code


def test_a_sheet_that_names_the_agreement_as_the_sheet_before_is_refused(judge: Judge, sample: Sample) -> None:
    """003 Əlavə 4 §3.5: sheets are bound by the digest of the sheet before, which is not the agreement's."""
    data = sample(SHEET)
    data["previous"]["sha256"] = data["agreement"]["sha256"]
    assert judge(SHEET, data)["previous.sha256"].code == "accession.same_digest"


def test_the_first_sheet_hangs_on_the_agreement_alone(registry: Registry, judge: Judge, sample: Sample) -> None:
    """003 Əlavə 4 §3.5: both sides sign and seal; the newcomer first."""
    data = sample(SHEET) | {"sheet_number": 1, "previous": None}
    assert judge(SHEET, data) == {}
    instrument = registry.get(SHEET)
    signatories = instrument.signatories(instrument.validate(data))
    assert {s.field: s.order for s in signatories} == {"sig_01": 2, "seal_01": 2, "sig_02": 1, "seal_02": 1}


@pytest.mark.parametrize(
    ("place", "value", "field", "code"),
    [
        (("enclosures", 2, "file"), None, "enclosures[2].file", "application.enclosure_missing"),
        (("enclosures", 0, "file"), None, "enclosures[0].file", "application.enclosure_missing"),
        (("enclosures", 5, "details"), "", "enclosures[5].details", "application.enclosure_details"),
        (("enclosures", 1, "number"), 1, "enclosures[1].number", "application.enclosure_repeated"),
        (("entrusted", "email"), "leyla", "entrusted.email", "person.bad_email"),
    ],
)
def test_rules_of_the_application(
    judge: Judge, sample: Sample, place: tuple[str | int, ...], value: Any, field: str, code: str
) -> None:
    """003 Əlavə 4 annex 1: seven enclosures, each with its details and its file."""
    found = judge(APPLICATION, put(sample(APPLICATION), place, value))
    assert [(name, fault.code) for name, fault in found.items()] == [(field, code)]


def test_one_file_is_no_two_enclosures(judge: Judge, sample: Sample) -> None:
    """003 Əlavə 4 annex 1: the digests on the form are those of seven files."""
    data = sample(APPLICATION)
    data["enclosures"][4]["file"] = data["enclosures"][3]["file"]
    (fault,) = judge(APPLICATION, data).values()
    assert (fault.code, fault.params["number"], fault.params["other"]) == ("application.same_file", 5, 4)


def test_a_natural_person_needs_no_charter(judge: Judge, sample: Sample) -> None:
    """003 Əlavə 4 annex 1, its first row: "ərizəçi hüquqi şəxs olduqda"; the VÖEN of a natural person ends in 2."""
    data = sample(APPLICATION)
    data["enclosures"][0] = {"number": 1, "details": "", "file": None}
    assert set(judge(APPLICATION, data)) == {"enclosures[0].details", "enclosures[0].file"}
    data["applicant"]["organisation"]["voen"] = "1400961232"
    assert judge(APPLICATION, data) == {}


@pytest.mark.parametrize(
    ("indicator", "year", "value", "code"),
    [
        (2, 0, "18.5", "questionnaire.part_exceeds"),
        (3, 1, "20.2", "questionnaire.part_exceeds"),
        (6, 2, "183", "questionnaire.part_exceeds"),
        (9, 3, "3.2", "questionnaire.part_exceeds"),
        (12, 5, "14.7", "questionnaire.part_exceeds"),
        (13, 4, "2.5", "questionnaire.not_whole"),
        (4, 0, None, "questionnaire.value_missing"),
    ],
)
def test_figures_of_the_questionnaire(
    judge: Judge, sample: Sample, indicator: int, year: int, value: str | None, code: str
) -> None:
    """003 Əlavə 5: "o cümlədən" is a part of its whole; counts are whole; a participant gives every one."""
    data = put(sample(QUESTIONNAIRE), ("statistics", "values", indicator - 1, year), value)
    found = judge(QUESTIONNAIRE, data)
    assert {(name, fault.code) for name, fault in found.items()} == {
        (f"statistics.values[{indicator - 1}][{year}]", code)
    }


def test_the_kind_fits_the_number_of_jobs(judge: Judge, sample: Sample) -> None:
    """003 Əlavə 5, field 3: 182 jobs at the end of the last actual year make a medium producer."""
    found = judge(QUESTIONNAIRE, sample(QUESTIONNAIRE) | {"kind": "small"})
    assert {fault.code for fault in found.values()} == {"cluster.wrong_size"}


def test_research_spending_is_asked_of_participants_only(judge: Judge, sample: Sample) -> None:
    """003 Əlavə 5, note 1: infrastructure leaves indicator 10 out, and may leave out others."""
    data = sample(QUESTIONNAIRE) | {"kind": "university"}
    assert {f.code for f in judge(QUESTIONNAIRE, data).values()} == {"questionnaire.participants_only"}
    data["statistics"]["values"][9] = [None] * 6
    data["statistics"]["values"][2] = [None] * 6
    assert judge(QUESTIONNAIRE, data) == {}


def test_one_of_thirteen_kinds_is_ticked(registry: Registry, sample: Sample) -> None:
    """003 Əlavə 5, field 3."""
    instrument = registry.get(QUESTIONNAIRE)
    kinds = instrument.context(instrument.validate(sample(QUESTIONNAIRE)))["kinds"]
    assert len(kinds) == 13
    assert [k["title"] for k in kinds if k["mark"] == "[×]"] == [
        "Orta istehsal müəssisəsi (İşçilərin sayı 101-dən 250-ə qədər)"
    ]


@pytest.mark.parametrize(
    ("place", "value", "field", "code"),
    [
        (("rows", 0, "voen"), "1400512383", "rows[0].voen", "organisation.bad_voen"),
        (("rows", 5, "voen"), "1400512381", "rows[5].voen", "registry.repeated_voen"),
        (("rows", 0, "agreement_date"), None, "rows[0].agreement_date", "registry.agreement_incomplete"),
        (("rows", 0, "agreement_number"), "", "rows[0].agreement_number", "registry.no_agreement"),
        (("rows", 9, "final_producer"), True, "rows[9].final_producer", "registry.final_producer"),
        (("rows", 2, "email"), "x@", "rows[2].email", "person.bad_email"),
        (("previous",), None, "previous", "registry.edition_gap"),
        (("edition",), 3, "previous", "registry.edition_gap"),
        (("made_on",), "2026-04-05", "made_on", "registry.earlier_day"),
        (("basis",), "", "basis", "registry.basis_missing"),
        (("changes", "added", 0), "1400000001", "changes.added[0]", "registry.change_wrong"),
        (("changes", "removed", 0, "voen"), "1400512381", "changes.removed[0].voen", "registry.change_wrong"),
        (("changes", "changed", 0, "legal_address"),
         "AZ0100, Abşeron rayonu, Xırdalan şəhəri, Zavod küçəsi 3", "changes.changed[0].voen",
         "registry.change_wrong"),
    ],
)  # fmt: skip
def test_rules_of_the_registry(
    judge: Judge, sample: Sample, place: tuple[str | int, ...], value: Any, field: str, code: str
) -> None:
    """003 §4.15, §4.16, Əlavə 6: agreements, editions, marks."""
    assert judge(REGISTRY, put(sample(REGISTRY), place, value))[field].code == code


def test_two_organisations_are_not_both_the_specialised_one(judge: Judge, sample: Sample) -> None:
    """003 Əlavə 6, footnote: İT is one organisation."""
    data = sample(REGISTRY)
    data["rows"][1]["specialised"] = data["rows"][8]["specialised"] = True
    assert judge(REGISTRY, data)["rows[8].specialised"].code == "registry.two_specialised"


def entries(rows: int) -> list[RegistryEntry]:
    model = klaster_reyestr().validate(registry_sample(rows))
    assert isinstance(model, RegistryData)
    return [row.to_domain() for row in model.rows]


def test_parts_groups_and_marks_stand_in_the_order_of_the_form() -> None:
    """003 Əlavə 6: two parts, thirteen groups, also the empty ones; rows by the alphabet, numbered through."""
    rows = printed_rows(entries(24), "", [], [], [])
    titles = [row["title"] for row in rows if row["title"]]
    assert len(titles) == 2 + 13
    assert titles[0] == "Sənaye klasterinin iştirakçıları"
    assert titles[4] == "Sənaye klasterinin infrastrukturu"
    assert titles[1:4] == [GROUP_TITLES[kind] for kind in list(ParticipantKind)[:3]]
    numbers = [row["no"] for row in rows if not row["title"] and row["no"]]
    assert numbers == [str(n) for n in range(1, 25)]
    assert [row["c8"] for row in rows if row.get("c8") == "MSB"]
    assert {row["c4"] for row in rows if row.get("c3", "–") != "–"} >= {"hüquqi ünvanla eynidir"}
    alone = printed_rows(entries(1), "", [], [], [])
    assert sum(not row["title"] and not row["no"] for row in alone) == 12


@given(st.integers(1, 3 * CHUNK), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_every_row_is_printed_once_and_no_table_ends_with_a_heading(rows: int, left: int) -> None:
    """003 Əlavə 6: however many rows, in whatever groups."""
    listed = printed_rows(entries(rows), "Fərqlər" if left else "", entries(left) if left else [], [], [])
    first, middle, last = tables(listed)
    printed = [*first, *(row for table in middle for row in table), *last]
    assert [{**row, "whole": ""} for row in printed] == [{**row, "whole": ""} for row in listed]
    assert [row["whole"] for row in listed if not row["title"]].count("0") == 0
    assert {table[0]["whole"] for table in (first, *middle)} == {"0"}
    assert last
    for table in (first, *middle):
        assert not table[-1]["title"]
        assert len(table) <= CHUNK + 3


def test_an_edition_of_the_cluster_becomes_the_instrument_with_its_difference(registry: Registry) -> None:
    """003 §4.16: a new edition supersedes the last; added, left and changed organisations are part of the record."""
    rows = entries(14)
    old = first_edition("abseron-polimer", date(2026, 4, 6), rows[:13])
    moved = replace(rows[0], legal_address="AZ5000, Sumqayıt şəhəri, Sülh küçəsi 1")
    new = next_edition(old, date(2026, 11, 20), [moved, *rows[2:]], "yeni təşkilatın qoşulması")
    change = difference(old, new)
    assert apply(old, change) == new
    sample = registry_sample()
    instrument = klaster_reyestr()
    data = instrument.from_edition(
        new, change, cluster=sample["cluster"], specialised=sample["specialised"], previous=sample["previous"]
    )
    model = instrument.validate(data)
    assert instrument.check(model) == ()
    context = instrument.context(model)
    printed = [*context["first"], *(row for table in context["tables"] for row in table), *context["last"]]
    titles = [row["title"] for row in printed if row["title"]][-4:]
    assert titles == [
        "Əvvəlki nəşrdən fərqlər: 2026-cı il 6 aprel tarixli KL-RY-1/2026 nömrəli reyestr (nəşr № 1)",
        "Daxil edilənlər (1)",
        "Xaric edilənlər (1)",
        "Məlumatları dəyişənlər (1): əvvəlki nəşrdə və bu nəşrdə",
    ]
    assert printed[-1]["c3"] == f"əvvəl: {rows[0].legal_address}; indi: AZ5000, Sumqayıt şəhəri, Sülh küçəsi 1"
    assert printed[-1]["c5"] == ""


def test_invented_registries_have_valid_and_different_identifiers() -> None:
    """A VÖEN is of ten digits, its last 1 for a legal person."""
    voens = {registry_row(place)["voen"] for place in range(1, 5_001)}
    assert len(voens) == 5_000
    assert all(len(voen) == 10 and voen.isdigit() and voen[-1] == "1" for voen in voens)


def put(data: Data, place: tuple[str | int, ...], value: Any) -> Data:
    spot: Any = data
    for key in place[:-1]:
        spot = spot[key]
    spot[place[-1]] = value
    return data
