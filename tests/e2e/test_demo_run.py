"""The demonstration's results, judged by tools that we did not write."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from tests.e2e.conftest import Demo, run

if TYPE_CHECKING:
    from tests.conftest import VeraPdf

pytestmark = pytest.mark.xdist_group("demo")
ROOT = Path(__file__).resolve().parents[2]


def test_summary_tells_the_whole_path(demo: Demo) -> None:
    summary = demo.summary
    assert summary["instrument"] == "kq-protokol"
    assert summary["number"].startswith("3-21-5/KQ-P-1/")
    assert summary["state"] == "archived"
    assert summary["signatures"] == {"count": 12, "level": "B-LTA"}
    assert summary["verification"]["valid"] is True
    assert summary["audit"]["valid"] is True
    assert len(summary["revisions"]) == 14
    assert set(summary["stage_seconds"]) >= {"render", "sign", "extend", "archive", "audit"}
    assert all(Path(p).is_file() for p in [*summary["pages"], *summary["revisions"], summary["final_pdf"]])


def test_terminal_shows_stages_and_times(demo: Demo) -> None:
    assert "İmzalama" in demo.stderr
    assert "Cəmi / total" in demo.stderr


def test_pdfsig_finds_every_signature_valid(demo: Demo) -> None:
    done = subprocess.run(["pdfsig", "-nocert", demo.final], capture_output=True, text=True, check=False)
    assert done.stdout.count("Signature Validation: Signature is Valid.") == 12
    assert "Invalid" not in done.stdout


def test_qpdf_is_clean(demo: Demo) -> None:
    done = subprocess.run(["qpdf", "--check", demo.final], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "No syntax or stream encoding errors" in done.stdout


def test_verapdf_accepts_every_revision(demo: Demo, verapdf: VeraPdf) -> None:
    revisions = [Path(p) for p in demo.summary["revisions"]]
    verdicts = verapdf([*revisions, demo.final])
    assert {p.name: why for p, why in verdicts.items() if why} == {}


def test_each_revision_is_the_beginning_of_the_next(demo: Demo) -> None:
    stages = [Path(p).read_bytes() for p in demo.summary["revisions"]]
    for earlier, later in itertools.pairwise(stages):
        assert later.startswith(earlier)
    assert stages[-1] == demo.final.read_bytes()


def test_text_of_the_page_is_the_data(demo: Demo) -> None:
    data = json.loads((demo.evidence / "embedded" / "data.json").read_text())
    done = subprocess.run(["pdftotext", "-layout", demo.final, "-"], capture_output=True, text=True, check=True)
    words = " ".join(done.stdout.split())
    for member in data["members"]:
        assert member["person"]["name"]["surname"] in words
    assert demo.summary["number"] in words
    assert "SINAQ İMZASI" in words


def test_fonts_are_embedded(demo: Demo) -> None:
    done = subprocess.run(["pdffonts", demo.final], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()[2:]]
    assert rows
    assert all(row[-5] == "yes" for row in rows), done.stdout


def test_verify_command_gives_the_documented_json(demo: Demo) -> None:
    done = run("verify", demo.final, "--trust", demo.anchors, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads((ROOT / "docs/schemas/verify.schema.json").read_text()))
    kinds = Counter(s["kind"] for s in report["signatures"])
    assert kinds == {"signature": 12, "timestamp": 1}
    assert all(s["fin_masked"].endswith("****") for s in report["signatures"] if s["kind"] == "signature")
    assert {s["level"] for s in report["signatures"] if s["kind"] == "signature"} == {"B-LTA"}
    assert report["pdfa_claim"] == "3B"


@pytest.mark.parametrize(("language", "word"), [("az", "ETİBARLIDIR"), ("en", "VALID")])
def test_verify_command_speaks_both_languages(demo: Demo, language: str, word: str) -> None:
    done = run("verify", demo.final, "--trust", demo.anchors, "--lang", language)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == word


def test_evidence_checks_without_the_service(demo: Demo) -> None:
    sums = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=demo.evidence,
        capture_output=True,
        text=True,
        check=False,
    )
    assert sums.returncode == 0, sums.stdout
    audit = subprocess.run(
        ["/usr/bin/python3", demo.evidence / "audit/verify_audit.py", demo.evidence / "audit", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert audit.returncode == 0, audit.stdout
    report = json.loads(audit.stdout)
    assert report["subject"] == "document demo-protokol"
    assert report["proven"] == len(json.loads((demo.evidence / "audit/proof.json").read_text())["events"]) > 12
    assert report["checkpoints"][0]["proven_time"]
    assert not (demo.evidence / "audit/events.jsonl").exists()


def test_running_again_changes_nothing(demo: Demo) -> None:
    done = run("demo", "--out", demo.out, "--json")
    assert done.returncode == 0, done.stderr
    again = json.loads(done.stdout)
    assert again["sha256"] == demo.summary["sha256"]
    assert again["audit"]["size"] == demo.summary["audit"]["size"]


def test_archive_commands_find_and_give_the_original(demo: Demo, tmp_path: Path) -> None:
    data = demo.out / "data"
    found = run("archive", "search", demo.summary["number"], "--json", "--data", data)
    assert [row["id"] for row in json.loads(found.stdout)] == ["demo-protokol"]
    got = run("archive", "get", demo.summary["number"], "--out", tmp_path / "original.pdf", "--data", data)
    assert got.returncode == 0, got.stderr
    assert (tmp_path / "original.pdf").read_bytes() == demo.final.read_bytes()


def test_the_documented_schema_is_the_program_s_own() -> None:
    from doc_service.services.verification_view import VerificationView

    schema = {**VerificationView.model_json_schema(mode="serialization")}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    assert json.loads((ROOT / "docs/schemas/verify.schema.json").read_text()) == schema


def test_nothing_is_left_in_the_outbox(demo: Demo) -> None:
    data = demo.out / "data"
    retried = run("jobs", "retry", "--wait", "10", "--data", data)
    assert (retried.returncode, retried.stderr.strip()) == (0, "0 / 0")
    listed = run("jobs", "list", "--json", "--data", data)
    assert (listed.returncode, json.loads(listed.stdout)) == (0, [])
