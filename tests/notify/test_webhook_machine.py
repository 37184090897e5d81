"""Whatever happens between events and receiver, nothing is lost, doubled under another id, or signed wrongly."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from doc_service.domain.webhooks import DeliveryState, WebhookState
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from tests.notify.receiver import Receiver, genuine, status
from tests.notify.webhook_bench import WebhookBench

HOUR = timedelta(hours=1)
MANY = 200


class Webhooks(RuleBasedStateMachine):
    """One subscription; the receiver is well or not; time passes; persons switch, rotate and ask again."""

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        directory = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        engine = make_engine(f"sqlite:///{directory / 'main.db'}")
        self.stack.callback(engine.dispose)
        migrate(engine)
        self.bench = WebhookBench(engine)
        self.receiver = self.stack.enter_context(Receiver())
        added = self.bench.add(self.receiver.url())
        self.webhook, self.secret = added.webhook, added.secret
        self.expected = 0

    @property
    def state(self) -> WebhookState:
        return self.bench.webhook(self.webhook).state

    def answer(self, code: int) -> None:
        self.receiver.then.clear()
        self.receiver.then.extend([status(code)] * (MANY if code >= 300 else 0))

    def run(self, code: int) -> None:
        """Everything due, with a receiver that answers so; what arrives is signed with the newest secret."""
        self.answer(code)
        before = len(self.receiver.got)
        self.bench.run()
        assert all(genuine(got, self.secret, self.bench.now()) for got in self.receiver.got[before:])

    @rule(code=st.sampled_from([204, 200, 500, 302, 422]))
    def happen(self, code: int) -> None:
        self.expected += self.state is WebhookState.ENABLED
        self.bench.happen()
        self.run(code)

    @rule(code=st.sampled_from([204, 500]), hours=st.integers(1, 30))
    def wait(self, code: int, hours: int) -> None:
        self.bench.clock.move(hours * HOUR)
        self.run(code)

    @rule(at_once=st.booleans())
    def rotate(self, at_once: bool) -> None:
        self.secret = self.bench.rotate(self.webhook.id, "account:admin", at_once=at_once).secret

    @precondition(lambda self: self.state is not WebhookState.DISABLED)
    @rule()
    def disable(self) -> None:
        self.bench.disable(self.webhook)

    @precondition(lambda self: self.state is not WebhookState.ENABLED)
    @rule()
    def enable(self) -> None:
        self.bench.enable(self.webhook)

    @precondition(lambda self: self.state is WebhookState.ENABLED)
    @rule(data=st.data())
    def ask_again(self, data: st.DataObject) -> None:
        made = self.bench.list.deliveries(self.webhook.id)
        if made:
            self.bench.redeliver(self.webhook.id, data.draw(st.sampled_from(made)).id, "account:admin")

    @invariant()
    def every_event_has_one_delivery_and_one_body(self) -> None:
        if not hasattr(self, "bench"):
            return
        made = self.bench.list.deliveries(self.webhook.id)
        assert len(made) == self.expected
        assert [d.seq for d in made] == list(range(self.expected, 0, -1))
        bodies = {d.id: d.body.encode() for d in made}
        assert all(bodies[got.id] == got.body for got in self.receiver.got)

    def teardown(self) -> None:
        """In the end, with everything well and switched on, all of it has arrived."""
        if not hasattr(self, "bench"):
            return
        with self.stack:
            self.bench.enable(self.webhook)
            for delivery in self.bench.list.deliveries(self.webhook.id, state=DeliveryState.FAILED):
                self.bench.redeliver(self.webhook.id, delivery.id, "account:admin")
            while self.bench.pending():
                self.bench.clock.move(4 * HOUR)
                self.run(204)
            made = self.bench.list.deliveries(self.webhook.id)
            assert {d.state for d in made} <= {DeliveryState.DELIVERED}
            assert {d.id for d in made} <= {got.id for got in self.receiver.got}


TestWebhooks = pytest.mark.slow(Webhooks.TestCase)
TestWebhooks.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)
