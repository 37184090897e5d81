"""Killed at every stage, on a full disk, and while others write: a backup is whole or has no name, a restore is done
or can be begun again."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from doc_service.backup.check import check_backup
from doc_service.bootstrap import open_container
from doc_service.domain.errors import DomainError
from doc_service.persistence.dump import SqliteDump
from doc_service.services.base import SYSTEM
from tests.backup.conftest import Place, enter, finish, quiet, sign
from tests.cli.test_full_disk import command, on_small_disk, shell, small_disks

pytestmark = pytest.mark.xdist_group("backup")
__all__ = ["small_disks"]


def killed(what: str, data: Path, place: Path) -> int:
    """How many kills it took until one run lived to the end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.backup.killed", what, data, place],
        capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.slow
def test_a_backup_killed_at_any_step_has_no_name_and_is_simply_made_again(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "out" / "b"
    assert killed("backup", place.data, out) >= 20
    assert check_backup(out, quiet).valid
    assert [p.name for p in out.parent.iterdir()] == ["b"]
    target = place.empty(tmp_path / "target")
    target.restore(out)
    assert target.drill(out).valid


@pytest.mark.slow
def test_a_restore_killed_at_any_step_leaves_no_database_and_is_simply_begun_again(made: Path, target: Place) -> None:
    assert killed("restore", target.data, made) >= 20
    report = target.drill(made)
    assert report.valid, report.faults
    assert target.rows("SELECT count(*) FROM audit_events WHERE action = 'backup.restored'") == [(1,)]
    assert not list(target.data.glob("*.restoring*"))
    with open_container(target.settings) as service:
        finish(service)
        assert service.audit.checkpoint()["size"]
        assert service.audit.verify()["valid"]


def test_a_backup_on_a_full_disk_has_no_name(place: Place, tmp_path: Path, small_disks: bool) -> None:
    disk = tmp_path / "disk"
    backup = command("backup", "--objects", "--out", disk / "b", "--data", place.data)
    if small_disks:
        script = f"{backup}; code=$?; ls -A {disk}; mount -o remount,size=60m {disk}; {backup} || exit 9; "
        done = on_small_disk(disk, "900k", f"{script} {command('backup', 'verify', disk / 'b')} || exit 9; exit $code")
        assert done.stdout.split() == ["b.partial"]
    else:
        disk.mkdir()
        done = shell(f"ulimit -f 200; {backup}")
        assert [p.name for p in disk.iterdir()] == ["b.partial"]
    assert done.code == 2, done
    assert "no_space" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_restore_on_a_full_disk_goes_on_with_room(
    made: Path, target: Place, tmp_path: Path, small_disks: bool
) -> None:
    if not small_disks:
        done = shell(f"ulimit -f 100; {command('restore', made, '--data', target.data)}")
        assert done.code == 2, done
        assert not (target.data / "doc-service.db").exists()
        target.restore(made)
        return
    disk = tmp_path / "disk"
    restore = command("restore", made, "--data", disk)
    script = f"cp -a {target.data}/. {disk}; {restore}; code=$?; test -e {disk}/doc-service.db && exit 8; "
    script += f"mount -o remount,size=60m {disk}; {restore} || exit 9; "
    script += f"{command('audit', 'verify', '--data', disk)} || exit 9; exit $code"
    done = on_small_disk(disk, "1500k", script)
    assert done.code == 2, done
    assert "no_space" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_backups_made_while_others_register_and_sign_are_consistent(place: Place, tmp_path: Path) -> None:
    """Two threads take documents all the way while five backups are made; each restores to a state that holds."""
    stop = threading.Event()
    failures: list[BaseException] = []
    with open_container(place.settings) as service:
        runner = service.runner
        runner.start()

        def write(first: int) -> None:
            number = first
            try:
                while not stop.is_set():
                    (document,) = enter(service, number, 1)
                    while not stop.is_set() and _open(service, document) == 0:
                        stop.wait(0.02)
                    with suppress(DomainError):
                        sign(service, document)
                    number += 1
            except BaseException as error:
                failures.append(error)

        writers = [threading.Thread(target=write, args=(first,)) for first in (100, 500)]
        for writer in writers:
            writer.start()
        try:
            for number in range(5):
                _backup_beside(service, place, tmp_path / f"b{number}", tmp_path)
                stop.wait(0.5)
        finally:
            stop.set()
            for writer in writers:
                writer.join(60)
    assert failures == []
    sizes = []
    for number in range(5):
        backup, target = tmp_path / f"b{number}", place.empty(tmp_path / f"t{number}")
        assert check_backup(backup, quiet).valid
        done = target.restore(backup)
        report = target.drill(backup)
        assert report.faults == ()
        sizes.append((report.documents, done.description.log_size))
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0], "nobody wrote meanwhile"


def _open(service: Any, document: str) -> int:
    with service.work.uow.reading() as uow:
        return len(uow.signatures.of_document(document))


def _backup_beside(service: Any, place: Place, out: Path, tmp_path: Path) -> None:
    """By the running service's own parts, as a second process would."""
    from doc_service.backup.description import About
    from doc_service.backup.make import MakeBackup
    from doc_service.bootstrap.backup import _about

    about: About = _about(place.settings, service.parts.anchors_pem)
    make = MakeBackup(service.work, service.audit, service.store, SqliteDump(place.settings.database), about)
    report = make(out, SYSTEM, quiet, objects=True)
    assert report.faults == ()
