"""Each matter that the members' general meeting decides, one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from doc_service.instruments.registry import Registry
from tests.instruments.conftest import Data, Judge

NAME = "klaster-umumi-yigincaq-protokolu"
Sample = Callable[[str], Data]

MATTERS = [
    ("organs", "4.4-cü bəndinin a)"),  # 003 §4.4 a)
    ("functional_map", "4.4-cü bəndinin b)"),  # 003 §4.4 b)
    ("programme", "4.4-cü bəndinin c)"),  # 003 §4.4 c)
    ("joint_projects", "4.4-cü bəndinin ç)"),  # 003 §4.4 ç)
    ("measures", "4.4-cü bəndinin d)"),  # 003 §4.4 d)
    ("admission", "4.4-cü bəndinin e)"),  # 003 §4.4 e)
    ("exclusion", "4.4-cü bəndinin ə)"),  # 003 §4.4 ə)
]


def about(sample: Sample, topic: str) -> Data:
    """The sample's first item on ``topic``, with what that topic needs."""
    data = sample(NAME)
    one = data["topics"][4]["organisation"] | {"voen": "1702329991"}
    data["topics"][0] |= {
        "topic": topic,
        "organisation": one if topic in ("admission", "exclusion") else None,
        "agreed_on": "2026-12-02" if topic in ("functional_map", "programme") else None,
    }
    return data


@pytest.mark.parametrize(("topic", "clause"), MATTERS)
def test_the_meeting_decides_the_matter_by_its_letter(
    registry: Registry, sample: Sample, judge: Judge, topic: str, clause: str
) -> None:
    """003 §4.4 a)–ə): adopted by more votes for than against, printed with its letter; refused, it decides nothing."""
    instrument: Any = registry.get(NAME)
    data = about(sample, topic)
    assert judge(NAME, data) == {}
    assert clause in instrument.context(instrument.validate(data))["items"][0]["clause"]
    assert next(str(t.topic) for t in instrument.adopted(data)) == topic
    for vote in data["items"][0]["votes"]:
        vote["choice"] = "against"
    assert 1 not in [t.number for t in instrument.adopted(data)]


@pytest.mark.parametrize("topic", ["admission", "exclusion"])
def test_who_comes_and_who_goes_is_named(sample: Sample, judge: Judge, topic: str) -> None:
    """003 §4.4 e), ə)."""
    data = about(sample, topic)
    data["topics"][0]["organisation"] = None
    assert judge(NAME, data)["topics[0].organisation"].code == "members.topic_organisation"


def test_a_matter_that_the_methodology_does_not_know_is_none(sample: Sample, judge: Judge) -> None:
    data = about(sample, "budget")
    assert set(judge(NAME, data)) == {"topics[0].topic"}
