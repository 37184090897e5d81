"""Every rule of the source texts has a test that cites its clause (``tests/clauses.toml``)."""

from __future__ import annotations

import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
TABLE: dict[str, dict[str, str]] = tomllib.loads((TESTS / "clauses.toml").read_text(encoding="utf-8"))["clauses"]
_PLACE = r"§ ?\d+(?:\.\d+)*(?:–\d+(?:\.\d+)*)?|Əlavə \d+(?:–\d+)?"
_CITED = re.compile(rf"\b(00[0-4]),? ((?:(?:{_PLACE})[^0-9§Ə\n\"]{{0,12}})+)")


def cited_in(text: str) -> Iterator[tuple[str, str]]:
    """Document and place of every citation: "001 §5.9.4, §5.10", "003 §4.4 e)", "003 Əlavə 7–10"."""
    for document, places in _CITED.findall(" ".join(text.split())):
        for place in re.findall(_PLACE, places):
            yield from ((document, p) for p in _each(place.replace("§ ", "§")))


def _each(place: str) -> Iterator[str]:
    """The places of a range: Əlavə 7–10, §5.4–5.7; one place otherwise."""
    first, _, last = place.partition("–")
    stem, number = re.fullmatch(r"(.*?)(\d+)", first).groups()  # type: ignore[union-attr]
    end = int(last.rpartition(".")[2]) if last else int(number)
    yield from (f"{stem}{n}" for n in range(int(number), end + 1))


def explanations(source: str) -> str:
    """Docstrings and comments of a module."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    kept = [t.string for t in tokens if t.type == tokenize.COMMENT or t.string.startswith(('"""', 'r"""', "'''"))]
    return "\n\n".join(kept)


@cache
def cited() -> frozenset[tuple[str, str]]:
    """What the tests cite; a part (§5.6.1) counts for its whole (§5.6) too."""
    found = set()
    for path in TESTS.rglob("test_*.py"):
        for document, place in cited_in(explanations(path.read_text(encoding="utf-8"))):
            parts = place.split(".")
            found |= {(document, ".".join(parts[:n])) for n in range(1, len(parts) + 1)}
    return frozenset(found)


@pytest.mark.parametrize(("document", "place"), [(d, p) for d, places in TABLE.items() for p in places])
def test_a_test_cites_the_clause(document: str, place: str) -> None:
    assert (document, place) in cited(), TABLE[document][place]


def test_citations_are_read_as_people_write_them() -> None:
    assert set(cited_in("as 001 §5.9.4, §5.10 and 003\n  Əlavə 7–9 say; 004 §5.1.9–5.1.10")) == {
        ("001", "§5.9.4"), ("001", "§5.10"), ("003", "Əlavə 7"), ("003", "Əlavə 8"), ("003", "Əlavə 9"),
        ("004", "§5.1.9"), ("004", "§5.1.10"),
    }  # fmt: skip
    assert not set(cited_in("port 9001 §5 in 2004"))
