"""``render`` warns when a text is shorter or longer than its form allows, and makes the document all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doc_service.instruments.samples.functional_map import functional_map_sample
from tests.cli.conftest import here

pytestmark = pytest.mark.xdist_group("cli")


def test_a_note_that_is_too_short_is_warned_of_and_printed(tmp_path: Path) -> None:
    """003 §5.3.3: 15 to 20 pages."""
    data, out = tmp_path / "map.json", tmp_path / "map.pdf"
    sample = functional_map_sample()
    data.write_text(json.dumps(sample | {"note": sample["note"][:1]}), encoding="utf-8")
    done = here("render", "klaster-funksional-xerite", data, "--out", out, "--json")
    assert done.code == 0
    assert "az: Diqqət: mətn" in done.stderr
    assert "en: Note: the text has" in done.stderr
    made = json.loads(done.stdout)
    assert made["warnings"] == ["document.page_limit"]
    assert 0 < made["text_pages"] < 15
    assert out.read_bytes().startswith(b"%PDF-")
