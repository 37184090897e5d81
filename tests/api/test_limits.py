"""Rate limits and sizes of bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.api.limits import MIB, Buckets, Rate, network_of
from doc_service.bootstrap import Container
from tests.api.probe import Inside, People, opened

ONE = "/v1/probe/things/one"


class Hand:
    """A clock moved by hand, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def tight(container: Container, people: People, hand: Hand) -> Iterator[Inside]:
    settings = container.settings.model_copy(update={"rate_per_account": 3, "rate_per_address": 8})
    yield from opened(replace(container, settings=settings), people, monotonic=hand)


def test_an_account_has_its_own_bucket(tight: Inside, hand: Hand) -> None:
    answers = [tight.ask("GET", ONE, "member-a") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"account";q=3;w=60'
    assert [a.headers["ratelimit"] for a in answers[:2]] == ['"account";r=2;t=20', '"account";r=1;t=40']
    assert (answers[3].json()["code"], answers[3].headers["retry-after"]) == ("request.too_many", "20")
    assert tight.ask("GET", ONE, "member-b").status_code == 200
    hand.now += 20
    assert [tight.ask("GET", ONE, "member-a").status_code for _ in range(2)] == [200, 429]


def test_an_address_too_and_health_is_left_alone(tight: Inside) -> None:
    statuses = [tight.http.get("/instruments").status_code for _ in range(9)]
    assert statuses == [200] * 8 + [429]
    assert tight.http.get("/health/live").status_code == 200


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 20))
def test_never_more_than_a_full_bucket_and_its_refill(gaps: list[float], quota: int) -> None:
    hand = Hand()
    buckets, granted = Buckets(Rate("x", quota, 60), hand), []
    for gap in gaps:
        hand.now += gap
        if buckets.take("k").granted:
            granted.append(hand.now)
    for first in granted:
        within = [at for at in granted if first <= at < first + 60]
        assert len(within) <= 2 * quota


def test_who_was_away_for_long_has_one_full_bucket(hand: Hand) -> None:
    buckets = Buckets(Rate("x", 3, 60), hand)
    buckets.take("k")
    hand.now += 3600
    assert [buckets.take("k").granted for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_networks(address: str, network: str) -> None:
    assert network_of(address) == network


def test_bodies_are_bounded_by_length_and_by_stream(inside: Inside) -> None:
    headers = {"idempotency-key": "big", "content-type": "application/json"}
    by_length = inside.ask("POST", "/v1/probe/things", content=b" " * (MIB + 1), headers=headers)
    by_stream = inside.ask("POST", "/v1/probe/things", content=iter([b" " * MIB, b" "]), headers=headers)
    for answer in (by_length, by_stream):
        assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")
        assert str(MIB) in answer.json()["detail"]
    assert inside.things.made == []
