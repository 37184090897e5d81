"""The one table from codes to status covers every code that a request can meet."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from doc_service.api.problem_table import AREAS, EXACT, NOT_HTTP, RETRY_AFTER, listed
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
CLASSES = {"NotFoundError": 404, "ConflictError": 409}
CODES = sorted(c for c in Catalog("az").codes if c.partition(".")[0] not in NOT_HTTP)
VIEWS = frozenset({"request.reference"})
"""Texts that are parts of others."""


def raised() -> Iterator[tuple[str, str]]:
    """(class, code) of every error in the source whose class alone would decide."""
    for package in ("doc_service", "signing", "storage"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in CLASSES
                    and node.args
                ):
                    code = node.args[0]
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        yield node.func.id, code.value


BY_CLASS = {code: CLASSES[name] for name, code in raised()}


@pytest.mark.parametrize("code", [c for c in CODES if c not in VIEWS])
def test_every_code_of_the_catalogue_has_a_status(code: str) -> None:
    status = listed(code) or BY_CLASS.get(code)
    assert status is not None, f"{code}: name it, or its area, in doc_service/api/problem_table.py"
    assert 400 <= HTTPStatus(status) <= 599


@pytest.mark.parametrize("code", sorted(c for c in BY_CLASS if c.partition(".")[0] not in NOT_HTTP))
def test_the_table_departs_from_an_error_class_only_by_name(code: str) -> None:
    """An area's status must not hide that something is missing or has changed."""
    assert code in EXACT or listed(code) in (None, BY_CLASS[code]), code


def test_the_table_names_no_code_that_does_not_exist() -> None:
    codes = Catalog("en").codes
    areas = {code.partition(".")[0] for code in codes}
    assert set(EXACT) - codes == set()
    assert set(AREAS) - areas == set()
    assert set(RETRY_AFTER) - codes == set()


def test_the_scan_sees_codes() -> None:
    assert (BY_CLASS["body.not_found"], BY_CLASS["state.stale"]) == (404, 409)
    assert {NotFoundError.__name__, ConflictError.__name__} == set(CLASSES)
