"""Which tests stay in one process: those of a file, and of files that name the same ``xdist_group``.

A file's fixtures are then made once, and tests that go on from one another stay together. pytest-xdist's own grouping
rewrites ``_nodeid``, which pytest 9.2 no longer reads, so it groups nothing and says nothing.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

_GROUP = re.compile(r"xdist_group\(\"(\w+)\"\)")


class GroupedFiles(LoadScopeScheduling):
    """By file, or by the group that the file names."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.split("::")[0])


@functools.cache
def group_of(path: str) -> str:
    """The group that the file at ``path`` (from the root) names, or the path itself."""
    file = Path(__file__).resolve().parents[1] / path
    found = _GROUP.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return found[1] if found else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> GroupedFiles:
    return GroupedFiles(config, log)  # type: ignore[arg-type]
