"""A full disk: told as one, no half-written file, and with room again everything goes on from where it was."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PLAIN, PROGRAM, Done, Waiting, here

pytestmark = pytest.mark.xdist_group("cli")
Changed = Callable[[Callable[[dict[str, Any]], object]], Path]
NAMESPACE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]


def command(*arguments: str | Path) -> str:
    return shlex.join([str(PROGRAM), *map(str, arguments)])


def shell(script: str, *prefix: str) -> Done:
    done = subprocess.run(
        [*prefix, "sh", "-c", script], capture_output=True, text=True, timeout=200, check=False, env=PLAIN,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def small_disks(tmp_path_factory: pytest.TempPathFactory) -> bool:
    """Whether this machine lets us mount a small file system for one process (not in every container)."""
    place = tmp_path_factory.mktemp("probe")
    return shell(f"mount -t tmpfs -o size=64k tmpfs {place}", *NAMESPACE).code == 0


def on_small_disk(place: Path, size: str, script: str) -> Done:
    """Runs ``script`` with a file system of ``size`` at ``place``, which nobody else sees."""
    place.mkdir(exist_ok=True)
    return shell(f"mount -t tmpfs -o size={size} tmpfs {place} && {{ {script}\n}}", *NAMESPACE)


def full(small_disks: bool) -> tuple[str, ...]:
    """Codes that tell of it. A file-size limit is no full disk to SQLite, which calls it an input/output error."""
    return ("no_space",) if small_disks else ("no_space", "persistence.unavailable")


def test_output_that_does_not_fit(waiting: Waiting, data_file: Changed, tmp_path: Path, small_disks: bool) -> None:
    data, out = data_file(lambda data: None), tmp_path / "disk" / "out.pdf"
    if small_disks:
        render = command("render", "kq-protokol", data, "--out", out)
        done = on_small_disk(out.parent, "64k", f"{render}; code=$?; ls -A {out.parent}; exit $code")
        done.refused("cli.no_space")
    get = command("archive", "get", waiting.documents[0], "--out", out, "--data", waiting.data)
    before = waiting.state()
    shell(f"ulimit -f 100; {get}").refused("cli.no_space")
    assert not list(out.parent.iterdir()), "a part of the file is left"
    assert waiting.state() == before


def test_signing_on_a_full_disk(waiting: Waiting, tmp_path: Path, small_disks: bool) -> None:
    person, disk, after = waiting.people[0], tmp_path / "disk", tmp_path / "after"
    key = waiting.key(person)
    sign = ("sign", waiting.documents[0], "--as", person.id, "--p12", key, "--pin-env", "PIN", "--data")
    before = waiting.state()
    if small_disks:
        used = sum(-(-p.stat().st_size // 4096) + 1 for p in waiting.data.rglob("*")) * 4
        script = f"cp -a {waiting.data}/. {disk}; {command(*sign, disk)}; code=$?; cp -a {disk}/. {after}; exit $code"
        after.mkdir()
        done = on_small_disk(disk, f"{used + 120}k", script)
    else:
        after = waiting.copy(after).data
        done = shell(f"ulimit -f 400; {command(*sign, after)}")
    assert done.code == 2, done
    assert "Traceback" not in done.stderr, done.stderr
    assert any(f"{code}\n" in done.stderr for code in full(small_disks)), done.stderr
    left = Waiting(after, waiting.documents, waiting.people)
    found = left.state()
    assert {t: found[t] for t in found if t != "archive"} == {t: before[t] for t in before if t != "archive"}
    assert "signature.completed" not in left.events()
    done = here(*sign, after, "--json")
    assert done.code == 0, done.stderr
    assert json.loads(done.stdout)["revision"] == 1
    assert here("audit", "verify", "--data", after).code == 0


@pytest.mark.slow
def test_demonstration_on_a_full_disk_goes_on_with_room(tmp_path: Path, small_disks: bool) -> None:
    out = tmp_path / "disk"
    demo = command("demo", "--out", out, "--json")
    if small_disks:
        script = f"{demo} >{tmp_path}/first; echo $? >{tmp_path}/code; mount -o remount,size=200m {out}; exec {demo}"
        done = on_small_disk(out, "1500k", script)
    else:
        done = shell(f"(ulimit -f 700; {demo} >{tmp_path}/first; echo $? >{tmp_path}/code); exec {demo}")
    assert (tmp_path / "code").read_text() == "2\n", done.stderr
    errors = json.loads((tmp_path / "first").read_text())["errors"]
    named = [e["message"]["en"] if e["code"] == "cli.job_failed" else e["code"] for e in errors]
    assert all(any(code in text for code in full(small_disks)) for text in named), errors
    assert "Traceback" not in done.stderr, done.stderr
    assert done.code == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["state"], summary["signatures"]["count"]) == ("archived", 12)
    assert summary["verification"]["valid"]
    assert summary["audit"]["valid"]
