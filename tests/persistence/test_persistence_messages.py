"""Every code that persistence and jobs raise has a text in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from doc_service.messages.catalog import LANGUAGES, Catalog
from doc_service.persistence.dialect.postgresql import BY_CLASS, BY_STATE

SOURCES = [
    path
    for package in ("persistence", "jobs")
    for path in (Path(__file__).parents[2] / "doc_service" / package).rglob("*.py")
]
RAISED = re.compile(r'(?:Domain|Conflict|NotFound)Error\(\s*"([a-z_]+\.[a-z_]+)",\s*"[a-z]*"')


def raised_codes() -> set[str]:
    codes = {match[1] for path in SOURCES for match in RAISED.finditer(path.read_text(encoding="utf-8"))}
    codes |= {*BY_STATE.values(), *BY_CLASS.values()}
    return codes | {f"{aggregate}.not_found" for aggregate in ("meeting", "document", "signature_request")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_text(language: str) -> None:
    codes = raised_codes()
    assert len(codes) > 20
    assert codes - Catalog(language).codes == set()
