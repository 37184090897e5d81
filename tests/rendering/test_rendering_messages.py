"""Every code that rendering can raise has a text in both languages that uses the code's own parameters."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import doc_service

ROOT = Path(doc_service.__file__).parent
RAISED = re.compile(r'DomainError\(\s*"([a-z_.]+)"|NotFoundError\(\s*"([a-z_.]+)"')


def texts(language: str) -> dict[str, str]:
    loaded = tomllib.loads((ROOT / "messages" / language / "rendering.toml").read_text(encoding="utf-8"))
    return {code: text for code, text in loaded.items() if not code.startswith("label.")}


def raised() -> set[str]:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "rendering").rglob("*.py"))
    return {next(filter(None, match)) for source in sources for match in RAISED.findall(source)}


@pytest.mark.parametrize("language", ["az", "en"])
def test_each_code_has_its_text(language: str) -> None:
    assert set(texts(language)) == raised()


def test_both_languages_name_the_same_parameters() -> None:
    def parameters(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    az, en = texts("az"), texts("en")
    assert {code: parameters(text) for code, text in az.items()} == {code: parameters(en[code]) for code in az}
