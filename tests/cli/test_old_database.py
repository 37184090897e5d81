"""Over the database of an older backup nothing is served: its numbers were given before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from doc_service.bootstrap import open_container
from doc_service.demo.scenario import build_scenario
from doc_service.domain.civil_time import baku_date
from doc_service.settings import Settings
from tests.cli.conftest import program


@pytest.mark.xdist_group("cli")
def test_up_refuses_an_older_database(tmp_path: Path) -> None:
    data = tmp_path / "data"
    older = tmp_path / "older.db"
    with open_container(Settings(data_dir=data), services=False) as service:
        scenario = build_scenario(service.protocol, baku_date(service.work.clock.now()))
        service.use_cases.register_body(scenario.body, "test")
        service.audit.checkpoint()
        service.require_whole_log()
    shutil.copyfile(data / "doc-service.db", older)
    with open_container(Settings(data_dir=data), services=False) as service:
        service.use_cases.open_journal(scenario.journal, "test")
        service.audit.checkpoint()
    for file in data.glob("doc-service.db*"):
        file.unlink()
    shutil.copyfile(older, data / "doc-service.db")
    done = program("up", "--data", data, DOC_SERVICE_PORT="0")
    done.refused("audit.behind_archive")
