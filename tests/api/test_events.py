"""Event streams: in order, resumed, narrowed to who listens, and cheap for many."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from doc_service.api.app import create_app
from doc_service.api.tail import PATIENCE, Tail
from doc_service.bootstrap import Container
from doc_service.demo.scenario import build_scenario
from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.signing_queue import Waiter
from doc_service.ports_interface import FeedEvent
from tests.api.probe import People
from tests.api.streams import Stream, stream
from tests.pki_fixtures import Faults
from tests.services.conftest import Service

Run = Callable[[Callable[[FastAPI], Coroutine[Any, Any, None]]], None]


@pytest.fixture(scope="session")
def service(container: Container) -> Service:
    return Service(container, Faults(), build_scenario(container.protocol, datetime.now(UTC).date()))


@pytest.fixture(scope="session")
def document(service: Service) -> str:
    return service.drafted()


@pytest.fixture
def app(container: Container) -> FastAPI:
    settings = container.settings.model_copy(
        update={"event_tick": timedelta(milliseconds=50), "event_streams": 1200, "event_streams_per_account": 0}
    )
    return create_app(replace(container, settings=settings), authenticate=People())


REVISED = Action.DOCUMENT_REVISED


def record(service: Service, document: str, action: Action = REVISED, actor: str = "p1", **details: str) -> None:
    with service.container.work.uow() as uow:
        service.container.work.record(uow, actor, action, ("document", document), details)
        uow.commit()


def member(service: Service, document: str) -> str:
    """Somebody whom the document concerns."""
    with service.container.work.uow.reading() as uow:
        body = uow.bodies.get(uow.documents.get(document).body_id)
    return "member-" + body.members[0].person.id


class Members(People):
    """A person's id follows the role in the token."""

    def __call__(self, token: str) -> Any:
        return replace(super().__call__(token), person_id=token.partition("-")[2])


@pytest.fixture
def personal(container: Container) -> FastAPI:
    settings = container.settings.model_copy(update={"event_tick": timedelta(milliseconds=50)})
    return create_app(replace(container, settings=settings), authenticate=Members())


def test_what_happens_is_told_in_order_with_numbers(service: Service, app: FastAPI, document: str) -> None:
    """002 §2.1.6: as it happens."""

    async def run() -> None:
        async with stream(app, f"/v1/documents/{document}/events", "secretariat") as heard:
            (ready,) = await heard.until("ready")
            assert heard.headers["content-type"] == "text/event-stream"
            assert heard.headers["x-accel-buffering"] == "no"
            for number in range(5):
                await asyncio.to_thread(record, service, document, REVISED, "p1", number=str(number))
            told = await heard.until("recorded", 5)
        assert [t.data["details"]["number"] for t in told] == list("01234")
        places = [t.id for t in told]
        assert places == sorted(set(places))
        assert ready.id is not None
        assert places[0] is not None
        assert places[0] > ready.id

    asyncio.run(run())


def test_who_comes_back_gets_what_was_missed_once(service: Service, app: FastAPI, document: str) -> None:
    async def run() -> None:
        path = f"/v1/documents/{document}/events"
        async with stream(app, path, "secretariat") as first:
            (ready,) = await first.until("ready")
        for number in range(3):
            await asyncio.to_thread(record, service, document, REVISED, "p1", number=str(number))
        async with stream(app, path, "secretariat", last_event_id=str(ready.id)) as second:
            await second.until("ready")
            await asyncio.to_thread(record, service, document, REVISED, "p1", number="3")
            told = await second.until("recorded", 4)
            await asyncio.sleep(0.3)
            assert len(second.of("recorded")) == 4
        assert [t.data["details"]["number"] for t in told] == list("0123")

    asyncio.run(run())


def test_each_listener_sees_what_it_may(service: Service, personal: FastAPI, document: str) -> None:
    async def run() -> None:
        path, who = f"/v1/documents/{document}/events", member(service, document)
        own = who.partition("-")[2]
        async with stream(personal, path, "auditor-a") as auditor, stream(personal, path, who) as mine:
            await asyncio.gather(auditor.until("ready"), mine.until("ready"))
            steps = [
                (Action.SIGNATURE_REFUSED, "somebody"), (Action.SIGNATURE_COMPLETED, "somebody"),
                (Action.SIGNATURE_CONSENTED, own), (Action.ACCESS_REFUSED, "somebody"),
            ]  # fmt: skip
            for action, actor in steps:
                await asyncio.to_thread(record, service, document, action, actor, request="r-secret", reason="why")
            await auditor.until("recorded", 4)
            told = await mine.until("recorded", 2)
            await asyncio.sleep(0.2)
        assert [t.data["action"] for t in told] == ["signature.completed", "signature.consented"]
        assert "somebody" not in mine.text
        assert "why" not in mine.text
        assert set(told[0].data) == {"id", "at", "action", "document_id"}
        assert told[1].data["request_id"] == "r-secret"

    asyncio.run(run())


@pytest.mark.parametrize("who", ["member-stranger", "external-other", "administrator-x"])
def test_who_is_not_concerned_hears_nothing(personal: FastAPI, document: str, who: str) -> None:
    async def run() -> None:
        async with stream(personal, f"/v1/documents/{document}/events", who) as refused:
            await refused.ended.wait()
        assert (refused.status, "document.not_found" in refused.text) == (404, True)

    asyncio.run(run())


def test_a_stream_ends_with_its_session(service: Service, app: FastAPI, document: str) -> None:
    async def run() -> None:
        path = f"/v1/documents/{document}/events"
        async with stream(app, path, "secretariat-1") as one, stream(app, path, "secretariat-2") as two:
            await asyncio.gather(one.until("ready"), two.until("ready"))
            await asyncio.to_thread(end_session, service, "secretariat-1")
            await asyncio.wait_for(one.ended.wait(), 20)
            assert not two.ended.is_set()

    asyncio.run(run())


def end_session(service: Service, account: str) -> None:
    with service.container.work.uow() as uow:
        service.container.work.record(uow, "p", Action.SESSION_ENDED, ("account", account))
        uow.commit()


def test_places_in_the_queue(service: Service, app: FastAPI) -> None:
    """Waiting persons without the rest of the signing."""
    document = service.drafted()

    async def run() -> None:
        async with stream(app, f"/v1/documents/{document}/events", "secretariat") as heard:
            (empty,) = await heard.until("queue")
            now = service.container.work.clock.now()
            await asyncio.to_thread(wait_in_line, service, document, now)
            _, told = await heard.until("queue", 2)
        assert (empty.data["waiting"], empty.data["places"]) == (0, [])
        assert [(p["position"]) for p in told.data["places"]] == [1, 2]
        assert (told.data["held"], told.data["held_by_request"]) == (False, None)

    asyncio.run(run())


def wait_in_line(service: Service, document: str, now: datetime) -> None:
    from doc_service.domain.signatures import SignatureRequest

    with service.container.work.uow() as uow:
        people = uow.bodies.get(uow.documents.get(document).body_id).members
        for number, seat in enumerate(people[:2]):
            request = SignatureRequest(f"{document}-r{number}", document, 1, f"f{number}", "üzv", seat.person)
            uow.signatures.add(request)
            joined = now + timedelta(microseconds=number)
            uow.signing.put_place(Waiter(document, request.id, joined, now))
        uow.commit()


def test_a_job_is_watched_to_its_end(service: Service, app: FastAPI, document: str) -> None:
    container = service.container
    job_id = container.work.ids.new()

    async def run() -> None:
        now = container.work.clock.now()
        await asyncio.to_thread(
            enqueue, service, Job(job_id, JobKind.EXTEND, job_id, now + timedelta(days=1), {"document_id": document})
        )
        async with stream(app, f"/v1/jobs/{job_id}/events", "secretariat") as heard:
            (first,) = await heard.until("job")
            later = now + timedelta(days=1)
            await asyncio.to_thread(work_on, service, job_id, later)
            await asyncio.wait_for(heard.ended.wait(), 20)
        states = [t.data["state"] for t in heard.of("job")]
        assert first.data["state"] == "waiting"
        assert states[-1] == "failed"
        assert heard.of("job")[-1].data["error"]["code"] == "signing.tsa_refused"
        assert "10.0.0.7" not in heard.text

    asyncio.run(run())


def enqueue(service: Service, job: Job) -> None:
    with service.container.work.uow() as uow:
        uow.jobs.enqueue(job)
        uow.commit()


def work_on(service: Service, job_id: str, now: datetime) -> None:
    with service.container.work.uow() as uow:
        assert uow.jobs.claim_job(job_id, now, now + timedelta(minutes=1), "t")
        uow.commit()
    time.sleep(0.2)
    with service.container.work.uow() as uow:
        assert uow.jobs.fail(job_id, "t", error="signing.tsa_refused why=http://10.0.0.7/", run_after=None, at=now)
        uow.commit()


def test_a_thousand_listeners_cost_what_one_does(service: Service, app: FastAPI, document: str) -> None:
    """Counted at the database while everybody listens and 10 things happen."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    async def run() -> None:
        async with AsyncExitStack() as stack:
            path = f"/v1/documents/{document}/events"
            streams: list[Stream] = []
            for number in range(1000):
                streams.append(await stack.enter_async_context(stream(app, path, f"auditor-{number}")))
            await asyncio.gather(*(s.until("ready", seconds=120) for s in streams))
            event.listen(service.container.database, "before_cursor_execute", note)
            try:
                began = time.monotonic()
                for number in range(10):
                    await asyncio.to_thread(record, service, document, REVISED, "p1", number=str(number))
                await asyncio.gather(*(s.until("recorded", 10, 60) for s in streams))
                ticks = (time.monotonic() - began) / 0.05
            finally:
                event.remove(service.container.database, "before_cursor_execute", note)
            polled = [a for a in asked if "audit_events" in a and "rowno >" in a]
            assert 1 <= len(polled) <= ticks + 2
            assert len([a for a in asked if "signing_queue" in a]) <= ticks + 2

    asyncio.run(run())


def test_too_many_streams_are_refused(container: Container, document: str) -> None:
    settings = container.settings.model_copy(update={"event_streams_per_account": 1})
    app = create_app(replace(container, settings=settings), authenticate=People())

    async def run() -> None:
        path = f"/v1/documents/{document}/events"
        async with stream(app, path, "auditor-a") as one, stream(app, path, "auditor-b") as other:
            await asyncio.gather(one.until("ready"), other.until("ready"))
            async with stream(app, path, "auditor-a") as second:
                await second.ended.wait()
            assert (second.status, "events.too_many" in second.text) == (503, True)
        async with stream(app, path, "auditor-a") as again:
            await again.until("ready")
        assert app.state.api.hub.listeners == 0

    asyncio.run(run())


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 30])
def test_numbers_that_are_none(app: FastAPI, document: str, last: str) -> None:
    async def run() -> None:
        async with stream(app, f"/v1/documents/{document}/events", "auditor", last_event_id=last) as refused:
            await refused.ended.wait()
        assert (refused.status, "events.bad_id" in refused.text) == (422, True)

    asyncio.run(run())


def row(place: int) -> FeedEvent:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return FeedEvent(place, AuditEvent(str(place), at, "p", Action.DOCUMENT_REVISED, "document", "d"))


@given(st.permutations(range(1, 13)), st.data())
def test_no_event_is_lost_or_doubled_in_whatever_order_transactions_commit(
    order: list[int], data: st.DataObject
) -> None:
    tail, visible, told = Tail(0, lambda: 0.0), set[int](), list[int]()

    def fetch(place: int, missing: Any, limit: int) -> list[FeedEvent]:
        return [row(n) for n in sorted(visible) if n > place or n in missing][:limit]

    while order:
        count = data.draw(st.integers(1, len(order)))
        visible |= set(order[:count])
        order = order[count:]
        told += [found.place for found in tail.next(fetch)]
    assert sorted(told) == list(range(1, 13))
    assert tail.next(fetch) == []


def test_a_number_that_never_comes_is_not_asked_for_for_ever() -> None:
    now, asked = [0.0], []
    tail = Tail(0, lambda: now[0])

    def fetch(place: int, missing: Any, limit: int) -> list[FeedEvent]:
        asked.append(tuple(missing))
        return [row(5)] if place < 5 else []

    tail.next(fetch)
    tail.next(fetch)
    now[0] = PATIENCE
    tail.next(fetch)
    assert asked == [(), (1, 2, 3, 4), ()]
