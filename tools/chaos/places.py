"""Workers in a place of their own: a small disk, a network that can be cut, a clock that can be set."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tools.chaos.network import Cut, own_network
from tools.chaos.stage import Stage

_DISK = "96m"
_FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
JUMPS = ("+2h", "-2h", "+2d")


def small_disk(stage: Stage) -> None:
    """The first worker keeps its data and its temporary files on a file system of 96 MB."""
    disk = stage.parts.place / "small-disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(disk)], check=True)
    stage.cleanup.callback(subprocess.run, ["umount", "-l", str(disk)], check=False)
    (disk / "tmp").mkdir()
    stage.environment[1] = {"DOC_SERVICE_DATA_DIR": str(disk / "data"), "TMPDIR": str(disk / "tmp")}


def fill_disk(stage: Stage) -> None:
    """Not a byte is left for 20 s, three times; then there is room again."""
    filler = stage.parts.place / "small-disk" / "filler"
    for _ in range(3):
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(1 << 16))
        with filler.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"0")
        stage.did("disk of a worker full for 20 s")
        time.sleep(20)
        filler.unlink()
        if not stage.rest(6):
            break


def apart(stage: Stage) -> None:
    """The first worker reaches the archive by a link of its own."""
    assert stage.parts.minio is not None
    cut = stage.cleanup.enter_context(own_network(stage.parts))
    stage.found["cut"] = cut
    stage.prefix[1] = cut.prefix
    stage.environment[1] = {"DOC_SERVICE_ARCHIVE_URL": cut.archive_url}


def cut_network(stage: Stage) -> None:
    """The link goes down in the middle of whatever it carries: no answer, no refusal."""
    cut = stage.found.pop("cut")
    assert isinstance(cut, Cut)
    for seconds in (75, 5, 5, 20):
        cut.down()
        stage.did(f"link between worker and MinIO down {seconds} s")
        time.sleep(seconds)
        cut.up()
        if not stage.rest(6):
            break


def own_clock(stage: Stage) -> None:
    """The first worker's clock can be set; time goes on by it, and monotonic time is nobody's to set."""
    if not _FAKETIME.exists():
        raise FileNotFoundError(f"{_FAKETIME}: the Debian package libfaketime is missing")
    _clock(stage).write_text("+0", encoding="ascii")
    stage.environment[1] = {
        "LD_PRELOAD": str(_FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(_clock(stage)), "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1",
    }  # fmt: skip


def jump(stage: Stage) -> None:
    """Two hours on, two hours back, two days on, and killed there; then right again."""
    for place, by in enumerate((*JUMPS, *JUMPS)):
        _set(stage, by)
        stage.did(f"clock of a worker jumps {by} s".replace(" s", ""))
        time.sleep(8)
        if place >= len(JUMPS):
            stage.workers[0].kill()
            stage.did("kill -9 worker with the wrong clock")
            time.sleep(5)
        _set(stage, "+0")
        if not stage.rest(3):
            break


def _set(stage: Stage, by: str) -> None:
    fresh = _clock(stage).with_suffix(".new")
    fresh.write_text(by, encoding="ascii")
    fresh.replace(_clock(stage))


def _clock(stage: Stage) -> Path:
    return stage.parts.place / "clock"
