"""Conditions on versions (RFC 9110 §13) and lists page by page."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.api.paging import _cursor, _position
from doc_service.api.problems import ApiError
from tests.api.probe import NAMES, Inside

ONE, LIST = "/v1/probe/things/one", "/v1/probe/things"


def test_a_resource_has_a_strong_tag_and_is_not_sent_twice(inside: Inside) -> None:
    first = inside.ask("GET", ONE)
    assert (first.status_code, first.headers["etag"]) == (200, '"3"')
    for known in ('"3"', 'W/"3"', '"1", "3"', "*"):
        again = inside.ask("GET", ONE, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", '"3"'), known
    assert inside.ask("GET", ONE, headers={"if-none-match": '"2"'}).status_code == 200


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (None, 428, "precondition.required"),
        ('"2"', 412, "precondition.failed"),
        ('W/"3"', 412, "precondition.failed"),
        ("3", 412, "precondition.failed"),
        ('"3"', 200, None),
        ('"2", "3"', 200, None),
        ("*", 200, None),
    ],
)
def test_a_change_needs_the_version_that_was_read(
    inside: Inside, header: str | None, status: int, code: str | None
) -> None:
    answer = inside.ask("PUT", ONE, headers={} if header is None else {"if-match": header})
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    if status == 412:
        assert answer.headers["etag"] == '"3"'


def test_pages_follow_each_other_without_gap_or_repeat(inside: Inside) -> None:
    seen, path, pages = [], f"{LIST}?limit=10", 0
    while path:
        answer = inside.ask("GET", path)
        seen += [item["name"] for item in answer.json()["items"]]
        pages += 1
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""
        assert bool(link) == (answer.json()["next"] is not None)
    assert (seen, pages) == (list(NAMES), 3)


def test_a_cursor_is_of_one_list_with_its_filters(inside: Inside) -> None:
    following = inside.ask("GET", f"{LIST}?limit=10&prefix=thing").json()["next"]
    same = inside.ask("GET", f"{LIST}?limit=5&prefix=thing&cursor={following}")
    assert [i["name"] for i in same.json()["items"]] == list(NAMES[10:15])
    other = inside.ask("GET", f"{LIST}?limit=10&cursor={following}")
    assert (other.status_code, other.json()["code"]) == (422, "paging.bad_cursor")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1e3"])
def test_limits_of_a_page(inside: Inside, limit: str) -> None:
    assert inside.ask("GET", f"{LIST}?limit={limit}").status_code == 422


@given(st.text(max_size=60))
def test_no_text_passes_for_a_cursor(text: str) -> None:
    with pytest.raises(ApiError):
        _position(text, "0123456789abcdef")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda c: st.lists(c, max_size=3)))
def test_no_json_passes_for_a_cursor_of_another_list(value: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    with pytest.raises(ApiError):
        _position(cursor, "0123456789abcdef")


@given(st.lists(st.integers() | st.text(), min_size=1, max_size=3).map(tuple))
def test_a_position_comes_back(position: tuple[str | int, ...]) -> None:
    assert _position(_cursor(position, "list"), "list") == position
