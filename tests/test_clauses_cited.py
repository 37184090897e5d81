"""Every rule of the source texts has a test that cites its clause (``tests/clauses.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.clause_citations import cited_in, names_of_tests, spoken_of_tests

TESTS = Path(__file__).resolve().parent
_FILE = tomllib.loads((TESTS / "clauses.toml").read_text(encoding="utf-8"))
TABLE: dict[str, dict[str, str]] = _FILE["clauses"]
UNNUMBERED: dict[str, str] = _FILE["rules"]
RULES = {(document, place): rule for document, places in TABLE.items() for place, rule in places.items()}


@cache
def cited() -> dict[tuple[str, str], set[str]]:
    """What the tests cite, and in which modules. A part does not count for its whole, nor the whole for a part."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in TESTS.rglob("test_*.py"):
        if path == Path(__file__):
            continue
        for text in spoken_of_tests(path.read_text(encoding="utf-8")):
            for place in cited_in(text):
                found.setdefault(place, set()).add(str(path.relative_to(TESTS)))
    return found


@pytest.mark.parametrize(("document", "place"), RULES)
def test_a_test_cites_the_clause(document: str, place: str) -> None:
    if (document, place) not in cited():
        pytest.fail(f"no test cites {document} {place}: {RULES[document, place]}")


@pytest.mark.parametrize("rule", UNNUMBERED)
def test_a_rule_without_a_clause_has_its_test(rule: str) -> None:
    path, _, name = UNNUMBERED[rule].partition("::")
    assert name in names_of_tests((TESTS / path).read_text(encoding="utf-8"))


def test_what_tests_cite_is_a_rule_of_the_table() -> None:
    """A clause that is not there is a slip of the pen, or a rule that the table lacks."""
    wholes = {(document, f"{place} "[:n].strip()) for document, place in RULES for n in range(1, len(place) + 1)
              if f"{place} "[n] in " ."}  # fmt: skip
    assert {place: sorted(where) for place, where in cited().items() if place not in wholes} == {}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("as 001 §5.9.4, §5.10 say; 004 §5.1.9–5.1.10", ["001 §5.9.4", "001 §5.10", "004 §5.1.9", "004 §5.1.10"]),
        ("003\n  Əlavə 7–9, §4.2: all", ["003 Əlavə 7", "003 Əlavə 8", "003 Əlavə 9", "003 §4.2"]),
        ("003 §4.4 e), ə), §4.16; Əlavə 4", ["003 §4.4 e)", "003 §4.4 ə)", "003 §4.16", "003 Əlavə 4"]),
        ("003 §5.8 a)–ç)", ["003 §5.8 a)", "003 §5.8 b)", "003 §5.8 c)", "003 §5.8 ç)"]),
        ("003 Əlavə 13 §4 bullet 8, bullet 9, §7.1; Əlavə 12",
         ["003 Əlavə 13 §4 bullet 8", "003 Əlavə 13 §4 bullet 9", "003 Əlavə 13 §7.1", "003 Əlavə 12"]),
        ("003 Əlavə 4 annex 1 row 2, §4.2", ["003 Əlavə 4 annex 1 row 2", "003 §4.2"]),
        ("003 §2 stage 2 c), d)", ["003 §2 stage 2 c)", "003 §2 stage 2 d)"]),
        ("port 9001 §5 in 2004 and 003: §4", []),
    ],
)  # fmt: skip
def test_citations_are_read_as_people_write_them(text: str, places: list[str]) -> None:
    assert [" ".join(place) for place in cited_in(text)] == places


def test_only_what_speaks_of_a_test_counts() -> None:
    source = '''"""001 §1."""
RULES = 1  # 001 §2
def helper():
    """001 §3."""
@given(1)  # 001 §4
def test_it():
    """001 §5."""
    assert helper()  # 001 §6
    "001 §7"
class TestThem:
    """001 §8."""
    def helper(self):
        """001 §9."""
    def test_one(self):
        """001 §10."""
class Machine:
    @rule()
    def step(self):
        """001 §11."""
class Other:
    """001 §12."""
TestMachine = Machine.TestCase
'''
    places = {place for text in spoken_of_tests(source) for _, place in cited_in(text)}
    assert places == {f"§{n}" for n in (4, 5, 6, 8, 10, 11)}
