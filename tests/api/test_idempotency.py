"""A POST that is sent again is carried out once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from doc_service.api.idempotency import HELD
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.persistence.engine import make_engine
from doc_service.persistence.interface import KEPT, SqlIdempotencyKeys
from doc_service.persistence.migrate import migrate
from doc_service.persistence.tables_interface import idempotency_keys
from doc_service.ports_interface import KeptAnswer, RequestMark
from tests.api.probe import Inside
from tests.persistence.engines import ENGINES

MAKE = "/v1/probe/things"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MARK = RequestMark("a1", "k1", "POST", MAKE, "0" * 64)


def post(inside: Inside, key: str | None, name: str = "x", who: str = "secretariat", path: str = MAKE, **headers: str):  # type: ignore[no-untyped-def]
    given = headers if key is None else {"idempotency-key": key, **headers}
    return inside.ask("POST", path, who, json={"name": name}, headers=given)


def test_the_same_request_gets_the_same_answer(inside: Inside) -> None:
    first = post(inside, "same-1")
    again = post(inside, "same-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["location"] == first.headers["location"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert len(inside.things.made) == 1


def test_a_key_may_be_quoted_as_the_draft_has_it(inside: Inside) -> None:
    assert post(inside, "quoted").content == post(inside, '"quoted"').content
    assert len(inside.things.made) == 1


def test_a_key_stands_for_one_request_of_one_account(inside: Inside) -> None:
    post(inside, "one-1")
    for other in (
        post(inside, "one-1", name="y"),
        inside.ask("POST", f"{MAKE}?a=1", json={"name": "x"}, headers={"idempotency-key": "one-1"}),
        post(inside, "one-1", path="/v1/probe/secrets"),
        post(inside, "one-1", **{"if-match": '"7"'}),
    ):
        assert (other.status_code, other.json()["code"]) == (422, "idempotency.reused")
    assert post(inside, "one-1", who="member").status_code == 201
    assert len(inside.things.made) == 2


@pytest.mark.parametrize(
    ("key", "code"), [(None, "missing"), ("", "bad_key"), ("a b", "bad_key"), ("x" * 201, "bad_key")]
)
def test_a_key_is_needed(inside: Inside, key: str | None, code: str) -> None:
    answer = post(inside, key)
    assert (answer.status_code, answer.json()["code"]) == (400, f"idempotency.{code}")
    assert inside.things.made == []


def test_what_changes_nothing_needs_no_key(inside: Inside) -> None:
    assert inside.ask("POST", "/v1/probe/harmless").status_code == 200


def test_a_refusal_frees_the_key_and_ids_stay_the_same(inside: Inside) -> None:
    """As after a process that died between its commit and its answer."""
    inside.things.fail += [RuntimeError("killed"), ConflictError("lease.busy")]
    assert post(inside, "freed-1").status_code == 409
    assert post(inside, "freed-1").status_code == 500
    assert post(inside, "freed-1").status_code == 201
    assert len({thing.id for thing in inside.things.made}) == 1
    assert len(inside.things.made) == 3
    assert post(inside, "freed-2").json()["id"] != inside.things.made[0].id


def test_while_the_first_is_worked_on_others_wait(inside: Inside) -> None:
    inside.things.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, inside, "slow-1")
        assert inside.things.entered.wait(20)
        meanwhile = post(inside, "slow-1")
        inside.things.gate.set()
        assert first.result(20).status_code == 201
    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "idempotency.in_progress")
    assert meanwhile.headers["retry-after"] == "1"
    assert len(inside.things.made) == 1


def test_a_slow_request_keeps_its_key(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    held = timedelta(seconds=0.6)
    monkeypatch.setattr("doc_service.api.idempotency.HELD", held)
    inside.things.entered.clear()
    inside.things.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, inside, "slow-2")
        assert inside.things.entered.wait(20)
        time.sleep(3 * held.total_seconds())
        meanwhile = post(inside, "slow-2")
        inside.things.gate.set()
        assert first.result(20).status_code == 201
    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "idempotency.in_progress")
    assert len(inside.things.made) == 1


def test_a_secret_is_shown_once_and_never_kept(inside: Inside) -> None:
    first = post(inside, "secret-1", path="/v1/probe/secrets")
    again = post(inside, "secret-1", path="/v1/probe/secrets")
    assert (first.status_code, first.json()) == (201, {"secret": "tok-abcdef"})
    assert (again.status_code, again.json()["code"]) == (409, "idempotency.secret_not_repeated")
    assert len(inside.things.made) == 1
    with inside.container.database.connect() as connection:
        rows = connection.execute(select(idempotency_keys)).all()
    assert rows
    assert "tok-abcdef" not in str(rows)


@pytest.fixture(params=sorted(ENGINES))
def database(request: pytest.FixtureRequest, tmp_path) -> Iterator[Engine]:  # type: ignore[no-untyped-def]
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield engine
    engine.dispose()


def test_of_many_at_once_one_carries_it_out(database: Engine) -> None:
    """Eight processes, as far as the database can tell."""
    keys, start, outcomes = SqlIdempotencyKeys(database), threading.Barrier(8), []

    def attempt(number: int) -> None:
        start.wait()
        try:
            outcomes.append(keys.begin(MARK, f"t{number}", NOW, NOW + HELD))
        except ConflictError as error:
            outcomes.append(error.code)

    with ThreadPoolExecutor(8) as pool:
        for _ in range(12):
            outcomes.clear()
            list(pool.map(attempt, range(8)))
            assert sorted(map(str, outcomes)) == ["None", *["idempotency.in_progress"] * 7]
            keys.sweep(NOW + timedelta(seconds=1))


def test_a_dead_process_loses_the_request_and_cannot_answer_it_any_more(database: Engine) -> None:
    keys = SqlIdempotencyKeys(database)
    assert keys.begin(MARK, "dead", NOW, NOW + HELD) is None
    with pytest.raises(ConflictError, match="in_progress"):
        keys.begin(MARK, "next", NOW + HELD - timedelta(microseconds=1), NOW + 2 * HELD)
    assert keys.begin(MARK, "next", NOW + HELD, NOW + 2 * HELD) is None
    assert not keys.finish(MARK, "dead", KeptAnswer(201, {}, b"dead"))
    keys.release(MARK, "dead")
    assert keys.finish(MARK, "next", KeptAnswer(201, {"location": "/x"}, b"next"))
    assert keys.begin(MARK, "third", NOW + HELD, NOW + 2 * HELD) == KeptAnswer(201, {"location": "/x"}, b"next")


def test_a_living_process_keeps_the_request(database: Engine) -> None:
    keys = SqlIdempotencyKeys(database)
    assert not keys.renew(MARK, "first", NOW + HELD)
    assert keys.begin(MARK, "first", NOW, NOW + HELD) is None
    assert keys.renew(MARK, "first", NOW + 2 * HELD)
    assert not keys.renew(MARK, "next", NOW + 9 * HELD)
    with pytest.raises(ConflictError, match="in_progress"):
        keys.begin(MARK, "next", NOW + HELD, NOW + 2 * HELD)
    assert keys.begin(MARK, "next", NOW + 2 * HELD, NOW + 3 * HELD) is None
    assert not keys.renew(MARK, "first", NOW + 9 * HELD)
    assert keys.finish(MARK, "next", KeptAnswer(200, {}, b"{}"))
    assert not keys.renew(MARK, "next", NOW + 9 * HELD)


def test_one_of_many_takes_over_from_a_dead_process(database: Engine) -> None:
    keys, start, outcomes = SqlIdempotencyKeys(database), threading.Barrier(8), []

    def attempt(number: int) -> None:
        start.wait()
        try:
            outcomes.append(keys.begin(MARK, f"t{number}", NOW + HELD, NOW + 2 * HELD))
        except ConflictError as error:
            outcomes.append(error.code)

    with ThreadPoolExecutor(8) as pool:
        for _ in range(12):
            outcomes.clear()
            keys.begin(MARK, "dead", NOW, NOW + HELD)
            list(pool.map(attempt, range(8)))
            assert sorted(map(str, outcomes)) == ["None", *["idempotency.in_progress"] * 7]
            keys.sweep(NOW + 2 * HELD)


def test_keys_are_kept_for_a_day(database: Engine) -> None:
    keys = SqlIdempotencyKeys(database)
    keys.begin(MARK, "t", NOW, NOW + HELD)
    keys.finish(MARK, "t", KeptAnswer(200, {}, b"{}"))
    other = RequestMark("a1", "k1", "POST", MAKE, "1" * 64)
    with pytest.raises(DomainError, match="reused"):
        keys.begin(other, "u", NOW + KEPT - timedelta(seconds=1), NOW + KEPT)
    assert keys.begin(other, "u", NOW + KEPT, NOW + KEPT + HELD) is None
    assert keys.sweep(NOW + KEPT) == 0
    assert keys.sweep(NOW + 2 * KEPT) == 1


def test_what_is_old_goes_with_the_next_request(database: Engine) -> None:
    keys = SqlIdempotencyKeys(database)
    for number in range(130):
        keys.begin(RequestMark("a1", f"old-{number}", "POST", MAKE, "0" * 64), "t", NOW, NOW + HELD)
    later = NOW + KEPT + timedelta(seconds=1)
    for number, left in ((1, 31), (2, 2)):
        keys.begin(RequestMark("a1", f"new-{number}", "POST", MAKE, "0" * 64), "t", later, later + HELD)
        with database.connect() as connection:
            assert len(connection.execute(select(idempotency_keys)).all()) == left
