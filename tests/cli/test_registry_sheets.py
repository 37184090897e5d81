"""``doc-service registry``: export and import of a registry's rows, offline."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from doc_service.cli.app import app
from doc_service.instruments.samples.registry import registry_sample


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "reyestr.json"
    path.write_text(json.dumps(registry_sample(12)), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["registry", *map(str, arguments)])
    return done.exit_code, done.stdout


def test_there_and_back(data: Path, tmp_path: Path) -> None:
    sheet, back = tmp_path / "r.xlsx", tmp_path / "back.json"
    assert run("export", data, "--out", sheet, "--json") == (
        0,
        json.dumps({"file": str(sheet), "rows": 12}, indent=2) + "\n",
    )
    assert run("import", sheet, "--data", data, "--out", back)[0] == 0
    before, after = json.loads(data.read_text()), json.loads(back.read_text())
    assert sorted(after["rows"], key=lambda r: r["voen"]) == sorted(before["rows"], key=lambda r: r["voen"])
    assert after["changes"] == before["changes"]
    assert run("export", data, "--out", tmp_path / "r.csv")[0] == 0
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_faults_are_told_by_cell_and_nothing_is_written(data: Path, tmp_path: Path) -> None:
    sheet, out = tmp_path / "r.xlsx", tmp_path / "out.json"
    run("export", data, "--out", sheet)
    book = load_workbook(io.BytesIO(sheet.read_bytes()))
    book.worksheets[0]["D4"], book.worksheets[0]["B7"] = "12", None
    book.save(sheet)
    code, told = run("import", sheet, "--data", data, "--out", out, "--json")
    errors = json.loads(told)["errors"]
    assert code == 2
    assert [(error["field"], error["code"]) for error in errors] == [
        ("D4", "organisation.bad_voen"),
        ("B7", "data.missing"),
    ]
    assert not out.exists()


def test_another_ending_is_refused(data: Path, tmp_path: Path) -> None:
    code, told = run("export", data, "--out", tmp_path / "r.ods", "--json")
    assert code == 2
    assert json.loads(told)["errors"][0]["code"] == "cli.sheet_ending"
