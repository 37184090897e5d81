"""How tests cite the source texts, and where such a citation counts.

A citation begins with its document and goes on through a list: "001 §5.9.4, §5.10"; "003 §4.4 e), ə)"; "003 §4.6
a)–h)"; "003 §2 stage 2 c)"; "003 Əlavə 11 row 2"; "003 Əlavə 7–10"; "003 Əlavə 13 §4 bullet 8, §7.1". A ``§`` that
follows an annex without a comma is a clause of that annex, and so are those that follow it in the list. It counts only
where it speaks of one test: in the test function's own docstring or comments, or its test class's, never a module's.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

_ALPHABET = "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"
_NUMBER = r"\d+(?:\.\d+)*"
_TOKEN = re.compile(
    rf"(?P<clause>(?:§ ?(?:{_NUMBER})(?:–§?(?:{_NUMBER}))?))"
    r"|(?P<annex>Əlavə \d+(?:–\d+)?)"
    r"|(?P<part>(?:stage|row|field|bullet|section|annex|note) \d+(?:–\d+)?)"
    rf"|(?P<letter>[{_ALPHABET}]\)(?:–[{_ALPHABET}]\))?)"
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BETWEEN = re.compile(r"(?:[,;] (?:and )?| and | )?")


def cited_in(text: str) -> Iterator[tuple[str, str]]:
    """Document and place of every citation in ``text``, each item of a list and of a range by itself."""
    line = " ".join(text.split())
    for start in re.finditer(r"\b(00[0-4]),? (?=§|Əlavə)", line):
        for place in _places(line, start.end()):
            yield start[1], place


@dataclass(frozen=True)
class _Token:
    """``close``: it follows the one before without a comma."""

    kind: str
    text: str
    close: bool

    def narrows(self, one: _Token) -> bool:
        """A clause of an annex, a part of either, a letter of anything, a row of an annex's annex."""
        if self.kind == "clause":
            return self.close and one.kind == "annex"
        if self.kind == "part" and one.kind == "part":
            return self.close and self.text.split()[0] != one.text.split()[0]
        return self.kind in ("part", "letter") and one.kind != "letter"


def _places(line: str, at: int) -> Iterator[str]:
    """A place that what follows makes narrower is not cited itself. ``bases``: what each kind is added to."""
    tokens = list(_tokens(line, at))
    annex = clause = last = ""
    for before, token, following in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.kind == "annex" or (token.kind == "clause" and before and token.narrows(before)):
            annex = "" if token.kind == "annex" else clause
        narrower = before is not None and before.kind == token.kind == "part" and token.narrows(before)
        base = {"annex": "", "clause": annex, "part": last if narrower else clause, "letter": last}[token.kind]
        each = [f"{base} {one}".strip() for one in _each(token.text)]
        clause = each[-1] if token.kind in ("annex", "clause") else clause
        last = last if token.kind == "letter" else each[-1]
        if following is None or not following.narrows(token):
            yield from each


def _tokens(line: str, at: int) -> Iterator[_Token]:
    close = True
    while token := _TOKEN.match(line, at):
        yield _Token(str(token.lastgroup), token[0].replace("§ ", "§"), close)
        between = _BETWEEN.match(line, token.end())
        separator = between[0] if between else ""
        close, at = separator == " ", token.end() + len(separator)


def _each(stem: str) -> Iterator[str]:
    """The places of a range: Əlavə 7–10, §5.4–5.7, a)–ə); one place otherwise."""
    first, _, last = stem.partition("–")
    if first.endswith(")"):
        start, end = _ALPHABET.index(first[0]), _ALPHABET.index((last or first)[0])
        yield from (f"{letter})" for letter in _ALPHABET[start : end + 1])
        return
    found = re.fullmatch(r"(.*?)(\d+)", first)
    assert found is not None
    end = int(last.rpartition(".")[2].removeprefix("§")) if last else int(found[2])
    yield from (f"{found[1]}{n}" for n in range(int(found[2]), end + 1))


def spoken_of_tests(source: str) -> Iterator[str]:
    """The docstrings and comments of each test of a module: of the function with its decorators, and of its class."""
    tree = ast.parse(source)
    comments = _comments(source)
    machines = {n.value.id for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "TestCase"
                and isinstance(n.value, ast.Name)}  # fmt: skip
    for node in tree.body:
        if isinstance(node, _FUNCTIONS) and node.name.startswith("test_"):
            yield from _own(node, comments)
        elif isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or node.name in machines):
            yield ast.get_docstring(node) or ""
            for child in node.body:
                if isinstance(child, _FUNCTIONS) and (child.name.startswith("test_") or node.name in machines):
                    yield from _own(child, comments)


def names_of_tests(source: str) -> frozenset[str]:
    """The test functions of a module, and ``TestClass::test``."""
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, _FUNCTIONS):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{child.name}" for child in node.body if isinstance(child, _FUNCTIONS)}
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))


def _own(node: ast.FunctionDef | ast.AsyncFunctionDef, comments: dict[int, str]) -> Iterator[str]:
    yield ast.get_docstring(node) or ""
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    yield from (text for line, text in comments.items() if first <= line <= (node.end_lineno or node.lineno))


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
