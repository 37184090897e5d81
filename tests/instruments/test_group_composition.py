"""Who makes up the Coordination Group, as its papers check it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PAPERS = ("kq-gundelik", "kq-protokol")


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("key", ["organisation", "post"])
def test_a_member_is_there_by_body_and_post(sample: Callable[[str], Any], judge: Any, name: str, key: str) -> None:
    """001 §5.1: members are there by their body and post; without one of them nobody is a member."""
    data = sample(name)
    data["members"][4]["person"][key] = " "
    assert judge(name, data)[f"members[4].person.{key}"].code == "data.line"


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize(
    ("role", "code"), [("head", "protocol.several_heads"), ("deputy_head", "protocol.several_deputies")]
)
def test_the_group_has_one_head_and_one_deputy(
    sample: Callable[[str], Any], judge: Any, name: str, role: str, code: str
) -> None:
    """001 §5.2: a deputy minister is the head, the chair of the Agency's board is the deputy head: one of each."""
    data = sample(name)
    assert judge(name, data) == {}
    data["members"][4]["role"] = role
    assert judge(name, data)["members"].code == code


def test_a_members_meeting_elects_as_many_deputies_as_it_wants(sample: Callable[[str], Any], judge: Any) -> None:
    data = sample("klaster-umumi-yigincaq-protokolu")
    data["members"][4]["role"] = "deputy_head"
    assert judge("klaster-umumi-yigincaq-protokolu", data) == {}
