"""``doc-service backup`` and ``restore`` as an operator calls them: results, exit codes, messages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from doc_service.bootstrap import open_container
from tests.backup.conftest import Place, enter, finish, sign
from tests.cli.conftest import here

pytestmark = pytest.mark.xdist_group("backup")


def test_the_way_of_an_operator(place: Place, tmp_path: Path, target: Place) -> None:
    out = tmp_path / "b"
    done = here("backup", "--out", out, "--objects", "--json", "--data", place.data)
    assert done.code == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["faults"], made["copied"]) == ([], made["objects"])
    assert "objects" in done.stderr
    checked = here("backup", "verify", out, "--json")
    assert checked.code == 0
    assert json.loads(checked.stdout)["manifest_sha256"] == made["manifest_sha256"]
    drilled = here("backup", "drill", out, "--json", "--data", place.data)
    assert drilled.code == 0, drilled.stdout
    assert json.loads(drilled.stdout)["documents"] == 6
    restored = here("restore", out, "--json", "--data", target.data)
    assert restored.code == 0, restored.stdout
    assert json.loads(restored.stdout)["archive"] == "empty"
    assert here("audit", "verify", "--data", target.data).code == 0
    assert here("archive", "verify", "--data", target.data).code == 0


def test_refusals_have_texts_in_both_languages(place: Place, tmp_path: Path, target: Place) -> None:
    (tmp_path / "b").mkdir()
    here("backup", "--out", tmp_path / "b", "--data", place.data).refused("backup.exists")
    here("restore", tmp_path / "b", "--data", target.data).refused("backup.incomplete")
    here("backup", "verify", tmp_path / "b").refused("backup.incomplete")
    here("backup", "--out", tmp_path / "c", "--data", tmp_path / "nowhere").refused("cli.no_service")
    assert here("backup").code == 2
    assert not (tmp_path / "nowhere").exists()


def test_an_archive_ahead_is_exit_code_1_with_the_list(place: Place, tmp_path: Path, target: Place) -> None:
    assert here("backup", "--out", tmp_path / "b", "--data", place.data).code == 0
    with open_container(place.settings) as service:
        (document,) = enter(service, 6, 1)
        finish(service)
        sign(service, document)
        with service.work.uow.reading() as uow:
            registration = uow.documents.get(document).registration
    assert registration is not None
    shutil.copytree(place.data / "archive", target.data / "archive", dirs_exist_ok=True)
    done = here("restore", tmp_path / "b", "--data", target.data)
    assert done.code == 1
    assert "backup.archive_ahead" in done.stderr
    assert done.stdout.count(registration.number) == 2
    assert registration.number in done.stderr


def test_damaged_copies_are_exit_code_1(backup: Path) -> None:
    next(p for p in (backup / "objects").rglob("*") if p.is_file()).unlink()
    done = here("backup", "verify", backup)
    assert done.code == 1
    assert "backup.copy_missing" in done.stderr
