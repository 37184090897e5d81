"""Who makes up the Coordination Group (001 §5.1, §5.2), as its papers check it."""

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
def test_the_group_has_one_head(sample: Callable[[str], Any], judge: Any, name: str) -> None:
    """001 §5.2: the deputy minister is the head; the chair of the Agency's board is the deputy head."""
    data = sample(name)
    roles = [m["role"] for m in data["members"]]
    assert (roles.count("head"), roles.count("deputy_head")) == (1, 1)
    data["members"][4]["role"] = "head"
    assert judge(name, data)["members"].code == "protocol.several_heads"
