"""Webhooks from the event to the receiver: signed, at least once, under one id, and given up with a record."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.jobs import JobKind
from doc_service.domain.webhooks import DeliveryState, WebhookAction, WebhookState
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.ports_notify import WebhookAnswer
from doc_service.services.announce import Announce
from tests.notify.receiver import Answer, Receiver, genuine, hang_up, status
from tests.notify.webhook_bench import DAY, WebhookBench
from tests.persistence.engines import ENGINES

SECONDS = [10, 20, 40, 80]


@pytest.fixture(params=sorted(ENGINES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WebhookBench]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield WebhookBench(engine)
    engine.dispose()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


# From the event to the receiver


def test_an_event_is_told_once_signed_and_without_content(bench: WebhookBench, receiver: Receiver) -> None:
    added = bench.add(receiver.url("/hook?x=1"))
    bench.happen(request="r1")
    bench.run()
    (got,) = receiver.got
    assert got.path == "/hook?x=1"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["content-type"] == "application/json"
    assert genuine(got, added.secret, bench.now())
    assert set(got.content) == {"type", "timestamp", "data"}
    assert got.content["type"] == "document.in_force"
    assert set(got.content["data"]) == {"event", "document", "request", "state"}
    assert (got.content["data"]["document"], got.content["data"]["request"]) == ("d1", "r1")
    assert b"Protokol" not in got.body
    assert bench.delivery(added.webhook).state is DeliveryState.DELIVERED
    assert not bench.pending()


def test_an_event_that_was_not_committed_is_told_to_nobody(bench: WebhookBench, receiver: Receiver) -> None:
    bench.add(receiver.url())
    bench.happen(commit=False)
    bench.run()
    assert not receiver.got


def test_only_what_was_subscribed_to(bench: WebhookBench, receiver: Receiver) -> None:
    bench.add(receiver.url("/a"), ["document.in_force"])
    bench.add(receiver.url("/b"), ["signature.completed", "document.in_force"])
    bench.happen(Action.SIGNATURE_COMPLETED)
    bench.happen(Action.DOCUMENT_IN_FORCE)
    bench.happen(Action.SIGNATURE_PREPARED)
    bench.run()
    told = sorted((got.path, got.content["type"]) for got in receiver.got)
    assert told == [("/a", "document.in_force"), ("/b", "document.in_force"), ("/b", "signature.completed")]


def test_ids_sort_as_the_events_came(bench: WebhookBench, receiver: Receiver) -> None:
    added = bench.add(receiver.url())
    for _ in range(12):
        bench.happen()
    bench.run()
    made = [d.id for d in bench.list.deliveries(added.webhook.id)]
    assert made == sorted(made, reverse=True)
    assert len(set(made)) == 12
    assert {got.id for got in receiver.got} == set(made)
    assert all("." not in name and name.isascii() for name in made)


def test_announcing_twice_tells_once(bench: WebhookBench, receiver: Receiver) -> None:
    added = bench.add(receiver.url())
    bench.happen()
    (job,) = bench.pending()
    announce = Announce(bench.work, frozenset())
    announce(job)
    announce(job)
    bench.run()
    assert len(receiver.got) == len(bench.list.deliveries(added.webhook.id)) == 1


# Trying again


def test_waits_grow_and_the_id_stays(bench: WebhookBench, receiver: Receiver) -> None:
    added = bench.add(receiver.url())
    receiver.then.extend(status(500) for _ in SECONDS)
    bench.happen()
    bench.run()
    for seconds in SECONDS:
        assert bench.next_try() == timedelta(seconds=seconds)
        bench.clock.move(timedelta(seconds=seconds))
        bench.run()
    assert len(receiver.got) == 5
    assert len({(got.id, got.body) for got in receiver.got}) == 1
    assert len({got.headers["webhook-timestamp"] for got in receiver.got}) == 5
    assert genuine(receiver.got[-1], added.secret, bench.now())
    assert not genuine(receiver.got[0], added.secret, bench.now() + 300)
    kept = bench.delivery(added.webhook)
    assert (kept.attempts, kept.last_status, kept.state) == (5, 204, DeliveryState.DELIVERED)
    assert bench.webhook(added.webhook).failing_since is None


@pytest.mark.parametrize("code", [199, 301, 302, 307, 400, 404, 429, 503])
def test_anything_but_success_is_tried_again(bench: WebhookBench, receiver: Receiver, code: int) -> None:
    """Redirects among them: they are not followed, wherever they lead."""
    code = 300 if code == 199 else code
    added = bench.add(receiver.url())
    receiver.then.append(status(code, Location=receiver.url("/elsewhere")))
    bench.happen()
    bench.run()
    assert [got.path for got in receiver.got] == ["/hook"]
    kept = bench.delivery(added.webhook)
    assert (kept.state, kept.last_status, kept.last_error) == (DeliveryState.PENDING, code, f"status {code}")
    bench.clock.move(timedelta(seconds=10))
    bench.run()
    assert bench.delivery(added.webhook).state is DeliveryState.DELIVERED


class DiesAfter:
    """A process that is gone once the receiver has answered."""

    def __init__(self, bench: WebhookBench) -> None:
        self._inner = bench.sender

    def check(self, url: str) -> None:
        self._inner.check(url)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        self._inner.post(url, headers, body)
        raise RuntimeError("killed")


def test_a_process_that_dies_before_the_record_tells_again_under_the_same_id(
    bench: WebhookBench, receiver: Receiver
) -> None:
    added = bench.add(receiver.url())
    bench.happen()
    bench.run(DiesAfter(bench))
    bench.clock.move(timedelta(minutes=1))
    bench.run()
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert bench.delivery(added.webhook).state is DeliveryState.DELIVERED


# Giving up


def fail_for(bench: WebhookBench, receiver: Receiver, span: timedelta) -> None:
    end = bench.clock.now() + span
    while bench.pending() and bench.clock.now() < end:
        receiver.then.append(status(500))
        bench.clock.move(max(bench.next_try(), timedelta()))
        bench.run()


def test_long_failure_suspends_with_a_record_and_nothing_is_lost(bench: WebhookBench, receiver: Receiver) -> None:
    added = bench.add(receiver.url())
    receiver.then.append(status(500))
    bench.happen()
    bench.run()
    fail_for(bench, receiver, 4 * DAY)
    assert bench.webhook(added.webhook).state is WebhookState.SUSPENDED
    assert bench.events(added.webhook) == ["webhook.added", "webhook.suspended"]
    assert not bench.pending()
    tried = len(receiver.got)
    bench.happen()
    bench.run()
    assert len(receiver.got) == tried, "a suspended webhook is told nothing new"
    receiver.then.clear()
    assert bench.enable(added.webhook).state is WebhookState.ENABLED
    bench.redeliver(added.webhook.id, bench.delivery(added.webhook).id, "account:admin")
    bench.run()
    assert receiver.got[-1].id == receiver.got[0].id
    assert bench.delivery(added.webhook).state is DeliveryState.DELIVERED


def test_one_delivery_that_is_never_accepted_does_not_suspend_the_others(
    bench: WebhookBench, receiver: Receiver
) -> None:
    added = bench.add(receiver.url())
    receiver.then.append(status(422))
    bench.happen()
    bench.run()
    for _ in range(5):
        bench.clock.move(DAY)
        receiver.then.append(status(422))
        bench.run()
        receiver.then.clear()
        bench.happen()
        bench.run()
    states = [d.state for d in bench.list.deliveries(added.webhook.id)]
    assert states == [DeliveryState.DELIVERED] * 5 + [DeliveryState.FAILED]
    assert bench.webhook(added.webhook).state is WebhookState.ENABLED


def test_a_receiver_that_is_gone_is_suspended_at_once(bench: WebhookBench, receiver: Receiver) -> None:
    added = bench.add(receiver.url())
    receiver.then.append(status(410))
    bench.happen()
    bench.run()
    assert bench.webhook(added.webhook).state is WebhookState.SUSPENDED
    assert not bench.pending()


# What persons do


def test_the_secret_is_shown_once_and_sealed_at_rest(bench: WebhookBench, receiver: Receiver) -> None:
    added = bench.add(receiver.url())
    assert added.secret not in repr(added)
    assert [w.secret for w in bench.list()] == [""]
    plain = base64.b64decode(added.secret.removeprefix("whsec_"))
    assert len(plain) == 32
    with bench.engine.connect() as connection:
        body = connection.execute(text("SELECT body FROM webhooks")).scalar_one()
        events = b"".join(connection.execute(text("SELECT canonical FROM audit_events")).scalars())
    for hidden in (added.secret.removeprefix("whsec_"), plain.hex()):
        assert hidden not in body
        assert hidden.encode() not in events


def test_a_sealed_secret_opens_for_its_own_webhook_only(bench: WebhookBench, receiver: Receiver) -> None:
    from dataclasses import replace

    first, second = bench.add(receiver.url()), bench.add(receiver.url())
    moved = replace(second.webhook, secret=first.webhook.secret)
    with pytest.raises(DomainError, match=r"sealed\.unreadable"):
        bench.secrets.signing(moved, bench.clock.now())


def test_rotation_signs_with_both_for_a_while(bench: WebhookBench, receiver: Receiver) -> None:
    old = bench.add(receiver.url())
    new = bench.rotate(old.webhook.id, "account:admin")
    assert new.secret != old.secret
    bench.happen()
    bench.run()
    bench.clock.move(DAY)
    bench.happen()
    bench.run()
    during, after = receiver.got
    start = bench.now() - DAY.total_seconds()
    assert genuine(during, old.secret, start)
    assert genuine(during, new.secret, start)
    assert not genuine(after, old.secret, bench.now())
    assert genuine(after, new.secret, bench.now())
    assert during.headers["webhook-signature"].count("v1,") == 2


def test_a_leaked_secret_ends_at_once(bench: WebhookBench, receiver: Receiver) -> None:
    old = bench.add(receiver.url())
    bench.rotate(old.webhook.id, "account:admin", at_once=True)
    bench.happen()
    bench.run()
    assert not genuine(receiver.got[0], old.secret, bench.now())


def test_switched_off_nothing_goes_out_and_on_again_what_waited_does(bench: WebhookBench, receiver: Receiver) -> None:
    added = bench.add(receiver.url())
    receiver.then.append(status(503))
    bench.happen()
    bench.run()
    assert bench.disable(added.webhook) == bench.disable(added.webhook)
    bench.clock.move(DAY)
    bench.happen()
    bench.run()
    assert len(receiver.got) == 1
    bench.enable(added.webhook)
    bench.run()
    assert [got.id for got in receiver.got] == [bench.delivery(added.webhook).id] * 2
    assert bench.events(added.webhook) == ["webhook.added", "webhook.disabled", "webhook.enabled"]


def test_a_removed_webhook_is_gone_with_its_secrets(bench: WebhookBench, receiver: Receiver) -> None:
    added = bench.add(receiver.url())
    bench.change(added.webhook.id, WebhookAction.REMOVE, "account:admin")
    assert bench.list() == []
    with bench.units.reading() as unit:
        assert unit.webhooks.get(added.webhook.id).secret == ""
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        bench.enable(added.webhook)
    with pytest.raises(NotFoundError):
        bench.rotate(added.webhook.id, "account:admin")
    bench.happen()
    bench.run()
    assert not receiver.got


def test_redelivery_is_of_ones_own_and_needs_an_enabled_webhook(bench: WebhookBench, receiver: Receiver) -> None:
    first, second = bench.add(receiver.url()), bench.add(receiver.url(), ["document.archived"])
    bench.happen()
    bench.run()
    name = bench.delivery(first.webhook).id
    with pytest.raises(NotFoundError, match=r"webhook\.delivery_not_found"):
        bench.redeliver(second.webhook.id, name, "account:admin")
    bench.redeliver(first.webhook.id, name, "account:admin")
    bench.run()
    assert [got.id for got in receiver.got] == [name, name]
    bench.disable(first.webhook)
    with pytest.raises(ConflictError, match=r"webhook\.not_enabled"):
        bench.redeliver(first.webhook.id, name, "account:admin")


WRONG = {
    "webhook.bad_url": [
        "", "x", "ftp://a.example/", "https://", "https://u:p@a.example/", "https://a.example/#f",
        "https://a b.example/",
        "https://a.example:99999/", "https://ə.example/", "https://a.example/\n", "https://a.example/" + "x" * 2000,
    ],
    "webhook.not_https": ["http://a.example/", "http://10.0.0.1/", "http://127.0.0.1.example/"],
}  # fmt: skip


@pytest.mark.parametrize(("code", "url"), [(code, url) for code, urls in WRONG.items() for url in urls])
def test_wrong_addresses(bench: WebhookBench, code: str, url: str) -> None:
    with pytest.raises(DomainError) as caught:
        bench.add(url)
    assert caught.value.code == code


def test_wrong_events_are_all_named(bench: WebhookBench) -> None:
    with pytest.raises(DomainError) as caught:
        bench.add("https://", ["b.y", "a.x", "document.in_force"])
    assert [(f.code, dict(f.params)) for f in caught.value.faults] == [
        ("webhook.bad_url", {}),
        ("webhook.unknown_event", {"event": "a.x"}),
        ("webhook.unknown_event", {"event": "b.y"}),
    ]
    with pytest.raises(DomainError, match=r"webhook\.no_events"):
        bench.add("https://a.example/", [])


def test_jobs_of_webhooks_hold_ids_only(bench: WebhookBench, receiver: Receiver) -> None:
    bench.add(receiver.url())
    receiver.then.append(status(500))
    bench.happen()
    bench.run()
    (job,) = bench.pending()
    assert job.kind is JobKind.WEBHOOK
    assert set(job.payload) == {"delivery_id"}


@pytest.mark.parametrize(("answer", "reason"), [(status(503), "status 503"), (hang_up, "webhook.no_answer Remote")])
def test_a_refused_attempt_is_one_line_with_the_reason(
    bench: WebhookBench, receiver: Receiver, caplog: pytest.LogCaptureFixture, answer: Answer, reason: str
) -> None:
    receiver.then.append(answer)
    added = bench.add(receiver.url())
    bench.happen()
    bench.run()
    (line,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert reason in line.getMessage()
    assert line.exc_info is None
    assert "\n" not in line.getMessage()
    assert bench.delivery(added.webhook).last_error.startswith(reason)
