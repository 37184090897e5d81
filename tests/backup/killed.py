"""Runs a backup or a restore, killed (SIGKILL) at one step after another and begun again until one lives to the end.

    python -m tests.backup.killed backup|restore DATA PLACE

A step is anything that opens, makes, renames, links or removes something under the place or the data directory; the
interpreter's own audit hooks (PEP 578) count them. After each kill it is checked that nothing half-done can be taken
for done. Each start is a forked process of one without threads; forking only spares the imports. Prints the number of
kills.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from doc_service.backup.check import check_backup
from doc_service.domain.errors import DomainError
from tests.backup.conftest import Place, quiet

_STEPS = frozenset({"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.truncate", "sqlite3.connect"})
_MOST = 5000


def arm(limit: int, places: tuple[str, ...]) -> None:
    """Dies at the ``limit``-th step."""
    seen = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event not in _STEPS or not any(place in str(a) for a in arguments for place in places):
            return
        seen += 1
        if seen == limit:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def run(what: str, data: Path, place: Path, step: int) -> None:
    arm(step, (str(place.parent), str(data)))
    if what == "backup":
        Place(data).backup(place, objects=True)
    else:
        Place(data).restore(place)


def forked(what: str, data: Path, place: Path, step: int) -> int:
    """Exit code of a run in a process of its own; negative: killed by that signal."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            run(what, data, place, step)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def done(what: str, data: Path, place: Path) -> bool:
    """Whether the name is there, which must mean that everything is; ``AssertionError`` otherwise."""
    if what == "restore":
        if not (data / "doc-service.db").exists():
            return False
        assert Place(data).rows("SELECT action FROM audit_events ORDER BY rowno DESC LIMIT 1") == [("backup.restored",)]
        return True
    if place.exists():
        assert check_backup(place, quiet).valid
        return True
    try:
        check_backup(place.with_name(f"{place.name}.partial"), quiet)
    except DomainError as error:
        if error.code != "backup.incomplete":
            raise
    return False


def main() -> int:
    what, data, place = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    kills, step = 0, 1
    while step < _MOST:
        code = forked(what, data, place, step)
        if code != -signal.SIGKILL:
            print(kills)
            return code
        kills += 1
        step += 1 + step // 10
        if done(what, data, place):
            print(kills)
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
