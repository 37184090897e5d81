"""The description of the interface (OpenAPI): complete, with examples, and true to what routes refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from doc_service.api.app import create_app
from doc_service.api.openapi import TAGS
from doc_service.api.problem_table import by_name
from doc_service.bootstrap import Container

METHODS = ("get", "post", "put", "patch", "delete")
Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def told(container: Container) -> dict[str, Any]:
    app: FastAPI = create_app(container)
    return app.openapi()


@pytest.fixture(scope="module")
def operations(told: dict[str, Any]) -> list[Operation]:
    return list(_operations(told))


def _operations(told: dict[str, Any]) -> Iterator[Operation]:
    for path, item in told["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def test_operations_have_names_tags_and_summaries(operations: list[Operation]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(ids) == len(set(ids))
    assert len(ids) > 80
    wrong = [
        f"{method} {path}"
        for method, path, operation in operations
        if set(operation.get("tags", ())) - set(TAGS) or not operation.get("tags") or not operation.get("summary")
    ]
    assert wrong == []


def test_what_needs_an_account_says_so(operations: list[Operation]) -> None:
    wrong = []
    for method, path, operation in operations:
        guarded = [{"bearer": []}, {"session": []}]
        known = operation.get("security") == guarded
        opened = path.startswith(
            ("/v1/login", "/v1/enrolment", "/v1/verification", "/v1/signing-returns", "/v1/checks")
        )
        if path.startswith("/v1/") and not known and not opened:
            wrong.append(f"{method} {path}")
    assert wrong == []


def test_every_refusal_is_a_problem_with_an_example(operations: list[Operation]) -> None:
    wrong = []
    for method, path, operation in operations:
        if path.startswith("/health"):
            continue
        for status, response in operation["responses"].items():
            problem = response.get("content", {}).get("application/problem+json")
            if int(status) >= 400 and (problem is None or not problem["examples"]):
                wrong.append(f"{method} {path} {status}")
    assert wrong == []


def test_the_common_refusals_stand_everywhere(operations: list[Operation]) -> None:
    wrong = []
    for method, path, operation in operations:
        if not path.startswith("/v1/"):
            continue
        wanted = {"422", "429", "500", "503"}
        if "security" in operation:
            wanted |= {"401", "403"}
        if missing := wanted - set(operation["responses"]):
            wrong.append(f"{method} {path} {sorted(missing)}")
    assert wrong == []


def test_examples_of_problems_have_the_status_of_the_table(operations: list[Operation]) -> None:
    for _, _, operation in operations:
        for status, response in operation["responses"].items():
            for code in response.get("content", {}).get("application/problem+json", {}).get("examples", {}):
                assert by_name(code) in (None, int(status)), code


def test_changes_carry_their_headers(operations: list[Operation]) -> None:
    """A POST that changes something asks for Idempotency-Key, as required."""
    keyed = [
        f"{method} {path}"
        for method, path, operation in operations
        for parameter in operation.get("parameters", ())
        if parameter["name"].lower() == "idempotency-key" and parameter["required"]
    ]
    assert len(keyed) == len(set(keyed)) > 20
    assert all(line.startswith("POST ") for line in keyed)
    assert "POST /v1/documents" in keyed
    assert "POST /v1/login" not in keyed


def test_bodies_have_examples(told: dict[str, Any], operations: list[Operation]) -> None:
    """Of the whole, or of at least one of their fields."""
    wrong = []
    for method, path, operation in operations:
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        schema = told["components"]["schemas"].get(name, content["schema"])
        fields = schema.get("properties", {}).values()
        if not (schema.get("examples") or "example" in schema or any(_shown(told, field) for field in fields)):
            wrong.append(f"{method} {path} {name}")
    assert wrong == [], "\n".join(wrong)


def _shown(told: dict[str, Any], field: dict[str, Any]) -> bool:
    """A field whose values are told by an example, a list of values, or another schema that has them."""
    if any(name in field for name in ("examples", "enum", "const", "$ref", "format")):
        return True
    return any(
        _shown(told, part) for part in (*field.get("anyOf", ()), *([field["items"]] if "items" in field else []))
    )
