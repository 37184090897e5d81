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
from xdist.workermanage import WorkerController

_GROUP = re.compile(r"xdist_group\(\"(\w+)\"\)")


LONG = (
    "tests/backup/test_restore_drill.py",
    "tests/faults/test_kill_at_every_write.py",
    "tests/production/test_faults.py",
    "tests/instruments/test_whole_catalogue.py",
    "tests/e2e/test_application_package.py",
    "tests/deploy/test_image.py",
)
"""Minutes each, with few tests: pytest-xdist, which begins with the most numerous, would leave them to the end, when
the other processes have nothing left to do."""


class GroupedFiles(LoadScopeScheduling):
    """By file, or by the group that the file names; the long ones first."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        for path in reversed(LONG):
            if group_of(path) in self.workqueue:
                self.workqueue.move_to_end(group_of(path), last=False)
        super()._assign_work_unit(node)

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
