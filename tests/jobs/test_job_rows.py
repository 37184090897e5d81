"""Jobs as rows: the contract, and a state machine that compares it with a model."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, text

from doc_service.domain.errors import NotFoundError
from doc_service.domain.jobs import Job, JobKind, JobState
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence.engines import ENGINES
from tests.persistence.samples import NOW, job

MINUTE = timedelta(minutes=1)


def test_the_same_key_again_is_a_no_op(engine: Engine) -> None:
    with SqlUnitOfWorkFactory(engine)() as unit:
        assert unit.jobs.enqueue(job("a"))
        assert not unit.jobs.enqueue(replace(job("b"), key="key:a"))
        assert not unit.jobs.enqueue(replace(job("a"), key="key:b"))
        assert unit.jobs.get("a") == unit.jobs.find("key:a") == job("a")
        assert unit.jobs.find("key:b") is None
        with pytest.raises(NotFoundError, match=r"job\.not_found"):
            unit.jobs.get("b")


def test_a_done_job_is_not_enqueued_again(engine: Engine) -> None:
    with SqlUnitOfWorkFactory(engine)() as unit:
        unit.jobs.enqueue(job())
        unit.jobs.claim(NOW, NOW + MINUTE, "t")
        assert unit.jobs.finish("j1", "t")
        assert not unit.jobs.enqueue(job())
        assert unit.jobs.get("j1").state is JobState.DONE
        assert unit.jobs.pending() == []


def test_oldest_first_and_only_what_is_due(engine: Engine) -> None:
    with SqlUnitOfWorkFactory(engine)() as unit:
        for name, minutes in (("late", 2), ("b", 0), ("a", 0), ("first", -1)):
            unit.jobs.enqueue(job(name, run_after=NOW + minutes * MINUTE))
        assert [j.id for j in unit.jobs.pending()] == ["first", "b", "a", "late"]
        assert [j.id for j in unit.jobs.claim(NOW, NOW + MINUTE, "t", limit=2)] == ["first", "b"]
        assert [j.id for j in unit.jobs.claim(NOW, NOW + MINUTE, "t", limit=9)] == ["a"]
        assert unit.jobs.claim(NOW, NOW + MINUTE, "t", limit=9) == []


def test_a_claimed_job_comes_as_it_is_stored(engine: Engine) -> None:
    with SqlUnitOfWorkFactory(engine)() as unit:
        unit.jobs.enqueue(job())
        claimed = unit.jobs.claim(NOW, NOW + MINUTE, "t")
        assert claimed == [replace(job(), lease_token="t", lease_until=NOW + MINUTE)]
        assert unit.jobs.get("j1") == claimed[0]


def test_a_kind_of_a_later_program_is_left_to_it(engine: Engine) -> None:
    units = SqlUnitOfWorkFactory(engine)
    with units() as unit:
        unit.jobs.enqueue(job())
        unit.commit()
    with engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET kind = 'print'"))
    with units() as unit:
        assert unit.jobs.claim(NOW, NOW + MINUTE, "t") == []
        assert unit.jobs.pending() == []


names = st.sampled_from(["a", "b", "c"])
tokens = st.sampled_from(["t1", "t2", "t3"])
spans = st.integers(0, 5).map(lambda n: n * MINUTE)


class JobRows(RuleBasedStateMachine):
    """Every sequence of enqueue, claim, renew, finish, fail and waiting agrees with a model in memory."""

    @initialize()
    def open(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.engine = make_engine(ENGINES["sqlite"](Path(self.directory.name)))
        migrate(self.engine)
        self.units = SqlUnitOfWorkFactory(self.engine)
        self.now = NOW
        self.model: dict[str, Job] = {}

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.directory.cleanup()

    def held(self, name: str, token: str) -> bool:
        known = self.model.get(name)
        return known is not None and known.state is JobState.READY and known.lease_token == token

    @rule(name=names, wait=spans)
    def enqueue(self, name: str, wait: timedelta) -> None:
        new = job(name, run_after=self.now + wait, kind=JobKind.EXTEND)
        with self.units() as unit:
            assert unit.jobs.enqueue(new) is (name not in self.model)
            unit.commit()
        self.model.setdefault(name, new)

    @rule(span=spans)
    def wait(self, span: timedelta) -> None:
        self.now += span

    @rule(token=tokens, lease=spans, limit=st.integers(1, 3))
    def claim(self, token: str, lease: timedelta, limit: int) -> None:
        until = self.now + lease
        with self.units() as unit:
            claimed = unit.jobs.claim(self.now, until, token, limit=limit)
            unit.commit()
        free = [
            known
            for known in self.model.values()
            if known.state is JobState.READY
            and known.run_after <= self.now
            and (known.lease_until is None or known.lease_until <= self.now)
        ]
        assert len(claimed) == min(limit, len(free))
        assert {c.id for c in claimed} <= {f.id for f in free}
        assert [c.run_after for c in claimed] == sorted(f.run_after for f in free)[:limit]
        for taken in claimed:
            known = self.model[taken.id]
            lost = known.lease_token is not None
            self.model[taken.id] = replace(known, lease_token=token, lease_until=until, attempts=known.attempts + lost)

    @rule(name=names, token=tokens, lease=spans)
    def renew(self, name: str, token: str, lease: timedelta) -> None:
        held = self.held(name, token)
        with self.units() as unit:
            assert unit.job_leases.renew(name, token, self.now + lease) is held
            unit.commit()
        if held:
            self.model[name] = replace(self.model[name], lease_until=self.now + lease)

    @rule(name=names, token=tokens)
    def finish(self, name: str, token: str) -> None:
        held = self.held(name, token)
        with self.units() as unit:
            assert unit.jobs.finish(name, token) is held
            unit.commit()
        if held:
            self.model[name] = replace(self.model[name], state=JobState.DONE, lease_token=None, lease_until=None)

    @rule(name=names, token=tokens, wait=st.none() | spans)
    def fail(self, name: str, token: str, wait: timedelta | None) -> None:
        held = self.held(name, token)
        run_after = None if wait is None else self.now + wait
        with self.units() as unit:
            assert unit.jobs.fail(name, token, error="xəta", run_after=run_after) is held
            unit.commit()
        if held:
            known = self.model[name]
            self.model[name] = replace(
                known,
                state=JobState.DEAD if run_after is None else JobState.READY,
                run_after=run_after or known.run_after,
                attempts=known.attempts + 1,
                last_error="xəta",
                lease_token=None,
                lease_until=None,
            )

    @rule(name=names, token=tokens)
    def crash(self, name: str, token: str) -> None:
        with self.units() as unit:
            unit.jobs.finish(name, token)
            unit.jobs.claim(self.now, self.now + MINUTE, token, limit=3)

    @invariant()
    def rows_agree_with_the_model(self) -> None:
        if not hasattr(self, "engine"):
            return
        with self.units() as unit:
            assert {name: unit.jobs.get(name) for name in self.model} == self.model
            ready = {known.id for known in self.model.values() if known.state is JobState.READY}
            assert {j.id for j in unit.jobs.pending()} == ready


JobRows.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestJobRows = JobRows.TestCase
