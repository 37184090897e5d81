"""The founding path (003 §2): four stages, their terms and papers."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc_service.domain.clusters.road_map import ItemState, Paper, road_map
from doc_service.domain.clusters.stages import STAGE_TABLE, STAGE_TERMS, STAGE_TITLES, Form, Stage, stage_item
from doc_service.domain.errors import NotFoundError

DAY = date(2026, 1, 5)
MEMBERS = ("t1", "t2", "t3")


def paper(day: date = DAY, done: bool = True, organisation_id: str = "") -> Paper:
    return Paper("document", "d", "KL-1", day, done, organisation_id)


def complete(stage: Stage, day: date) -> dict[str, list[Paper]]:
    return {
        i.id: [paper(day, organisation_id=m) for m in MEMBERS] if i.each_member else [paper(day)]
        for i in STAGE_TABLE
        if i.stage is stage
    }


def test_model_terms() -> None:
    """003 §2.4: 6, 6, 10 and 4 weeks."""
    assert [STAGE_TERMS[s].days // 7 for s in Stage] == [6, 6, 10, 4]
    assert set(STAGE_TITLES) == set(Stage)


def test_the_table_names_each_paper_with_its_clause() -> None:
    """The stage table: a protocol; five papers of the organisation; the basic documents; the application's papers."""
    assert len({i.id for i in STAGE_TABLE}) == len(STAGE_TABLE)
    assert all(i.clause.startswith("003 §") for i in STAGE_TABLE)
    by_stage = {s: {i.id for i in STAGE_TABLE if i.stage is s} for s in Stage}
    assert by_stage[Stage.DECISION] == {"yol-xeritesi", "tesis-protokolu", "tesiscilerin-senedleri"}
    assert {"dovlet-reyestrinden-cixaris", "nizamname", "imza-numuneleri", "istirak-sazisi", "reyestr",
            "istismar-aktlari", "anketler"} == by_stage[Stage.ORGANISATION]  # fmt: skip
    assert {"funksional-xerite", "inkisaf-proqrami", "yaradilma-sazisi"} < by_stage[Stage.DOCUMENTS]
    assert {"uygunluq-erizesi", "icra-orqani-mektubu", "portal-materiallari"} < by_stage[Stage.APPLICATION]
    assert stage_item("nizamname").form is Form.COPY
    with pytest.raises(NotFoundError, match=r"cluster\.unknown_item"):
        stage_item("yox")


def test_nothing_is_there_yet() -> None:
    """Every needed paper is missing, and each stage is planned after the one before."""
    stages = road_map(DAY, {}, MEMBERS)
    assert [s.due - DAY for s in stages] == [timedelta(weeks=w) for w in (6, 12, 22, 26)]
    assert all(i.state is ItemState.MISSING for s in stages for i in s.items)
    assert sum(len(s.missing) for s in stages) == len(STAGE_TABLE)
    assert stages[0].overdue(DAY + timedelta(weeks=6, days=1))
    assert not stages[0].overdue(DAY + timedelta(weeks=6))


def test_the_next_stage_begins_when_one_is_complete() -> None:
    stages = road_map(DAY, complete(Stage.DECISION, date(2026, 2, 2)), MEMBERS)
    assert (stages[0].completed_on, stages[0].missing) == (date(2026, 2, 2), ())
    assert stages[1].begins == date(2026, 2, 2)
    assert stages[1].due == date(2026, 2, 2) + timedelta(weeks=6)
    assert not stages[0].overdue(date(2027, 1, 1))


def test_a_paper_in_signing_is_not_there_yet_and_every_participant_needs_its_own() -> None:
    """003 §2 stage 2 d): a questionnaire of every participant."""
    papers = complete(Stage.ORGANISATION, DAY)
    papers["nizamname"] = [paper(done=False)]
    papers["anketler"] = [paper(organisation_id="t1"), paper(done=False, organisation_id="t2")]
    organisation = road_map(DAY, papers, MEMBERS)[1]
    found = {i.item.id: (i.state, i.lacking) for i in organisation.missing}
    assert found == {
        "nizamname": (ItemState.IN_PROGRESS, ()),
        "anketler": (ItemState.IN_PROGRESS, ("t2", "t3")),
    }
    assert organisation.completed_on is None
    assert road_map(DAY, {"anketler": []}, ())[1].items[-1].state is ItemState.MISSING


@settings(max_examples=50)
@given(st.lists(st.integers(0, 300), min_size=4, max_size=4))
def test_stages_never_overlap(days: list[int]) -> None:
    """Whatever the order of the papers, a stage begins when the one before ends."""
    papers: dict[str, list[Paper]] = {}
    for stage, day in zip(Stage, days, strict=True):
        papers |= complete(stage, DAY + timedelta(days=day))
    stages = road_map(DAY, papers, MEMBERS)
    for one, following in pairwise(stages):
        assert one.completed_on is not None
        assert following.begins == one.completed_on >= one.begins
