"""Twelve members sign one document at once by six ways, while the interface and the workers are killed."""

from __future__ import annotations

import pytest

from tools.swarm.devices import WAYS
from tools.swarm.run import Plan, archived, swarm
from tools.swarm.verdict import problems

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200), pytest.mark.xdist_group("swarm")]


def test_everybody_signs_once_whatever_is_killed() -> None:
    """``make swarm`` does the same with fifty members, and with two hundred documents."""
    with swarm(Plan(signers=12, kills=3.0, tabs=2, slow=1, patience=600)) as told:
        assert set(told.ways.values()) == set(WAYS)
        assert told.failures == []
        assert told.killed["api"] >= 1, told.killed
        archived(told)
        assert problems(told) == []
