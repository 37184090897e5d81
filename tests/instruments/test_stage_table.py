"""The stage table of the methodology, letter by letter: what the application package must carry, and in which form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from doc_service.domain.clusters.stages import Stage, stage_item
from tests.instruments.conftest import Data, Judge

Sample = Callable[[str], Data]
ORIGINAL, COPY, FILE = "original", "copy", "file"


@pytest.mark.parametrize(
    ("item", "stage", "letter", "form"),
    [
        ("tesis-protokolu", 1, "a", COPY),  # 003 §2 stage 1 a): the protocol
        ("tesiscilerin-senedleri", 1, "a", FILE),  # 003 §2 stage 1 a): its enclosures
        ("dovlet-reyestrinden-cixaris", 2, "a", FILE),  # 003 §2 stage 2 a)
        ("nizamname", 2, "b", COPY),  # 003 §2 stage 2 b)
        ("imza-numuneleri", 2, "c", FILE),  # 003 §2 stage 2 c)
        ("istirak-sazisi", 2, "", COPY),  # 003 §2 stage 2
        ("reyestr", 2, "ç", COPY),  # 003 §2 stage 2 ç)
        ("istismar-aktlari", 2, "d", FILE),  # 003 §2 stage 2 d): commissioning
        ("funksional-xerite", 3, "a", ORIGINAL),  # 003 §2 stage 3 a)
        ("inkisaf-proqrami", 3, "b", COPY),  # 003 §2 stage 3 b)
        ("mehsuldarliq-materiallari", 3, "c", FILE),  # 003 §2 stage 3 c)
        ("it-fealiyyeti", 3, "ç", ORIGINAL),  # 003 §2 stage 3 ç)
        ("umumi-yigincaq-protokolu", 3, "", COPY),  # 003 §2 stage 3
        ("yaradilma-sazisi", 3, "d", COPY),  # 003 §2 stage 3 d)
        ("uygunluq-erizesi", 4, "a", ORIGINAL),  # 003 §2 stage 4 a); 003 §6.3
        ("icra-orqani-mektubu", 4, "b", ORIGINAL),  # 003 §2 stage 4 b); 003 §6.3
        ("portal-materiallari", 4, "c", ORIGINAL),  # 003 §2 stage 4 c); 003 §6.3
    ],
)
def test_a_package_without_the_paper_is_refused_by_its_letter(
    judge: Judge, sample: Sample, item: str, stage: int, letter: str, form: str
) -> None:
    """The gap is named with the stage and the letter that ask for the paper; where a copy is asked for, no original."""
    data = sample("erize-paketi")
    (entry,) = [e for e in data["entries"] if e["item"] == item]
    assert entry["form"] == form
    if form == COPY:
        entry["form"] = ORIGINAL
        assert [f.code for f in judge("erize-paketi", data).values()] == ["package.copy_needed"]
    data["entries"] = [e for e in data["entries"] if e["item"] != item]
    (fault,) = judge("erize-paketi", data).values()
    place = f"003 §2, mərhələ {stage}" + (f", {letter})" if letter else "")
    clause = str(fault.params["clause"])
    assert (fault.code, clause.split(";")[0]) == ("package.missing", place)
    assert (stage_item(item).stage, stage_item(item).uploaded) == (Stage(stage), form == FILE)


def test_every_participant_s_description_is_there(judge: Judge, sample: Sample) -> None:
    """003 §2 stage 2 d); 003 §4.17: a questionnaire of each participant, filled in on entering."""
    data = sample("erize-paketi")
    owners = [e["owner"] for e in data["entries"] if e["item"] == "anketler"]
    for owner in owners:
        lacking = data | {"entries": [e for e in data["entries"] if (e["item"], e["owner"]) != ("anketler", owner)]}
        (fault,) = judge("erize-paketi", lacking).values()
        assert (fault.code, fault.params["there"]) == ("package.members_missing", len(owners) - 1)


def test_who_enters_encloses_the_questionnaire(judge: Judge, sample: Sample) -> None:
    """003 §4.17; 003 Əlavə 4 annex 1, enclosure 7."""
    data = sample("klaster-qosulma-erizesi")
    assert [e["number"] for e in data["enclosures"]] == list(range(1, 8))
    data["enclosures"][6]["file"] = None
    (fault,) = judge("klaster-qosulma-erizesi", data).values()
    assert (fault.code, fault.field) == ("application.enclosure_missing", "enclosures[6].file")
