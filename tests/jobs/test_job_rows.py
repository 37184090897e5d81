"""Jobs as rows: the contract, and a state machine that compares it with a model."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, select, text

from doc_service.domain.errors import NotFoundError
from doc_service.domain.jobs import Backlog, Job, JobKind, JobState
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.tables import jobs
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
        assert unit.jobs.finish("j1", "t", NOW)
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


def test_a_job_asked_for_by_its_id_is_claimed_only_when_it_is_to_be_run(engine: Engine) -> None:
    with SqlUnitOfWorkFactory(engine)() as unit:
        for name in ("free", "leased", "done", "dead"):
            unit.jobs.enqueue(job(name))
        unit.jobs.enqueue(job("later", run_after=NOW + MINUTE))
        for name in ("leased", "done", "dead"):
            assert unit.jobs.claim_job(name, NOW, NOW + MINUTE, "first")
        unit.jobs.finish("done", "first", NOW)
        unit.jobs.fail("dead", "first", error="x", run_after=None, at=NOW)
        for name in ("leased", "done", "dead", "later", "unknown"):
            assert unit.jobs.claim_job(name, NOW, NOW + MINUTE, "second") is None, name
        free = replace(job("free"), lease_token="second", lease_until=NOW + MINUTE)
        assert unit.jobs.claim_job("free", NOW, NOW + MINUTE, "second") == free
        assert unit.jobs.claim_job("free", NOW, NOW + MINUTE, "second") is None
        after = unit.jobs.claim_job("leased", NOW + MINUTE, NOW + 2 * MINUTE, "second")
        assert after is not None
        assert after.attempts == 1


def times(engine: Engine, name: str) -> tuple[str | None, ...]:
    """(created_at, queued_until, finished_at) as they are stored."""
    query = select(jobs.c.created_at, jobs.c.queued_until, jobs.c.finished_at).where(jobs.c.id == name)
    with engine.connect() as connection:
        return tuple(connection.execute(query).one())


def test_a_row_tells_when_it_was_asked_for_and_when_it_ended(engine: Engine) -> None:
    units = SqlUnitOfWorkFactory(engine)
    with units() as unit:
        unit.jobs.enqueue(job("now"))
        unit.jobs.enqueue(replace(job("later", run_after=NOW + MINUTE), created_at=NOW))
        unit.commit()
        assert unit.jobs.get("later").created_at == NOW
        assert not unit.jobs.get("later").due_at_once
    assert times(engine, "now") == times(engine, "later") == (NOW, None, None)
    for name in ("now", "later"):
        with units() as unit:
            assert unit.jobs.claim_job(name, NOW + MINUTE, NOW + 2 * MINUTE, "t")
            unit.commit()
    with units() as unit:
        assert unit.jobs.finish("now", "t", NOW + MINUTE)
        assert unit.jobs.fail("later", "t", error="x", run_after=None, at=NOW + MINUTE)
        unit.commit()
    assert times(engine, "now") == times(engine, "later") == (NOW, None, NOW + MINUTE)
    with units() as unit:
        assert unit.jobs.revive("later", NOW + MINUTE)
        unit.commit()
    assert times(engine, "later") == (NOW, None, None)


def test_jobs_that_whoever_enqueues_hands_to_a_broker_are_marked(engine: Engine) -> None:
    told: list[list[str]] = []
    units = SqlUnitOfWorkFactory(
        engine, on_enqueue=lambda jobs: told.append([j.id for j in jobs]), queued_for=15 * MINUTE
    )
    with units() as unit:
        unit.jobs.enqueue(job("now"))
        unit.jobs.enqueue(replace(job("later", run_after=NOW + MINUTE), created_at=NOW))
        unit.jobs.enqueue(job("now"))
        unit.commit()
    assert told == [["now"]]
    assert times(engine, "now")[1] == NOW + 15 * MINUTE
    with units() as unit:
        handed = unit.jobs.hand_over([*JobKind], NOW + MINUTE, NOW + 16 * MINUTE, lost=None, limit=9)
        assert [j.id for j in handed] == ["later"]
        unit.jobs.claim_job("now", NOW, NOW + MINUTE, "t")
        unit.jobs.fail("now", "t", error="x", run_after=None, at=NOW)
        assert unit.jobs.revive("now", NOW)
        unit.commit()
    assert told == [["now"], ["now"]]


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
        self.marks: dict[str, datetime] = {}

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
        free = self.free()
        assert len(claimed) == min(limit, len(free))
        assert {c.id for c in claimed} <= {f.id for f in free}
        assert [c.run_after for c in claimed] == sorted(f.run_after for f in free)[:limit]
        for taken in claimed:
            self.taken(taken.id, token, until)

    @rule(name=names, token=tokens, lease=spans)
    def claim_one(self, name: str, token: str, lease: timedelta) -> None:
        free = name in {f.id for f in self.free()}
        with self.units() as unit:
            claimed = unit.jobs.claim_job(name, self.now, self.now + lease, token)
            unit.commit()
        assert (claimed is not None) is free
        if free:
            self.taken(name, token, self.now + lease)
            assert claimed == self.model[name]

    @rule(lost=st.none() | spans, limit=st.integers(0, 3), kinds=st.sampled_from([[JobKind.EXTEND], [JobKind.RENDER]]))
    def hand_over(self, lost: timedelta | None, limit: int, kinds: list[JobKind]) -> None:
        until = self.now + 3 * MINUTE
        before = None if lost is None else self.now + lost
        wanted = [
            f.id
            for f in self.free()
            if f.kind in kinds and (f.id not in self.marks or (before is not None and self.marks[f.id] <= before))
        ]
        with self.units() as unit:
            handed = unit.jobs.hand_over(kinds, self.now, until, lost=before, limit=limit)
            unit.commit()
        assert len(handed) == min(limit, len(wanted))
        assert {h.id for h in handed} <= set(wanted)
        self.marks |= {h.id: until for h in handed}

    @rule(name=names, span=spans)
    def take_back(self, name: str, span: timedelta) -> None:
        until = self.now + span
        with self.units() as unit:
            unit.jobs.take_back([name], until)
            unit.commit()
        if self.marks.get(name) == until:
            del self.marks[name]

    @rule(name=names)
    def revive(self, name: str) -> None:
        dead = name in self.model and self.model[name].state is JobState.DEAD
        with self.units() as unit:
            assert unit.jobs.revive(name, self.now) is dead
            unit.commit()
        if dead:
            self.marks.pop(name, None)
            self.model[name] = replace(self.model[name], state=JobState.READY, attempts=0, run_after=self.now)

    def free(self) -> list[Job]:
        return [
            known
            for known in self.model.values()
            if known.state is JobState.READY
            and known.run_after <= self.now
            and (known.lease_until is None or known.lease_until <= self.now)
        ]

    def taken(self, name: str, token: str, until: datetime) -> None:
        known = self.model[name]
        lost = known.lease_token is not None
        self.model[name] = replace(known, lease_token=token, lease_until=until, attempts=known.attempts + lost)
        self.marks.pop(name, None)

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
            assert unit.jobs.finish(name, token, self.now) is held
            unit.commit()
        if held:
            self.model[name] = replace(self.model[name], state=JobState.DONE, lease_token=None, lease_until=None)

    @rule(name=names, token=tokens, wait=st.none() | spans)
    def fail(self, name: str, token: str, wait: timedelta | None) -> None:
        held = self.held(name, token)
        run_after = None if wait is None else self.now + wait
        with self.units() as unit:
            assert unit.jobs.fail(name, token, error="xəta", run_after=run_after, at=self.now) is held
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
            unit.jobs.finish(name, token, self.now)
            unit.jobs.claim(self.now, self.now + MINUTE, token, limit=3)

    @invariant()
    def rows_agree_with_the_model(self) -> None:
        if not hasattr(self, "engine"):
            return
        with self.units() as unit:
            assert {name: unit.jobs.get(name) for name in self.model} == self.model
            ready = {known.id for known in self.model.values() if known.state is JobState.READY}
            assert {j.id for j in unit.jobs.pending()} == ready
            backlog = unit.jobs.backlog(self.now)[JobKind.EXTEND]
            assert unit.jobs.next_due() == min(
                (max(k.run_after, k.lease_until or k.run_after) for k in self.model.values() if k.id in ready),
                default=None,
            )
        due = self.free()
        assert backlog == Backlog(
            ready=len(ready),
            due=len(due),
            leased=sum(1 for n in ready if (self.model[n].lease_until or self.now) > self.now),
            dead=sum(1 for k in self.model.values() if k.state is JobState.DEAD),
            oldest_due=min((k.run_after for k in due), default=None),
        )


JobRows.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestJobRows = JobRows.TestCase
