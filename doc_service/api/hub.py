"""One poller a process for every event stream: its cost is of the tick, not of the listeners.

It runs while somebody listens. Each tick asks for what was recorded since the last one, for the queues of the documents
and the states of the jobs that somebody watches, and hands each signal to the listeners of its topic alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from starlette.concurrency import run_in_threadpool

from doc_service.api.problems import ApiError
from doc_service.api.tail import Tail
from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job
from doc_service.ports_interface import Feed, FeedEvent, QueueState

_log = logging.getLogger(__name__)

_BUFFER = 256
_PATIENCE = 10.0
"""Seconds that a new listener waits for the database."""
_ENDING = frozenset(
    {Action.SESSION_ENDED, Action.ACCOUNT_CLOSED, Action.ACCOUNT_CHANGED, Action.TOKEN_REVOKED,
     Action.ACCOUNT_PASSWORD_SET}
)  # fmt: skip
"""After these of its account a stream ends; who comes back is asked anew who they are and what they may."""


@dataclass(frozen=True, slots=True)
class Topic:
    """``kind``: "event" of a subject (``key`` is "type:id"), "queue" of a document, or "job"."""

    kind: str
    key: str

    @classmethod
    def subject(cls, kind: str, subject_id: str) -> Topic:
        return cls("event", f"{kind}:{subject_id}")


Signal = FeedEvent | QueueState | Job


@dataclass(eq=False)
class Listener:
    """``signals`` is read by one stream; None ends it."""

    topics: tuple[Topic, ...]
    account_id: str
    signals: asyncio.Queue[Signal | None] = field(default_factory=lambda: asyncio.Queue(_BUFFER))
    ended: bool = False

    def offer(self, signal: Signal) -> None:
        """A listener that does not keep up is let go: it comes back with the number of the last event it got."""
        if self.ended:
            return
        if self.signals.full():
            self.end()
            return
        self.signals.put_nowait(signal)

    def end(self) -> None:
        if not self.ended:
            self.ended = True
            if self.signals.full():
                self.signals.get_nowait()
            self.signals.put_nowait(None)


def essence(job: Job) -> Job:
    """Without what changes while it runs: the lease is renewed every few seconds."""
    return replace(job, lease_token="held" if job.lease_token else None, lease_until=None)


class Hub:
    """``tick``: seconds between polls. ``most`` and ``most_per_account``: open streams, 0 for any number."""

    def __init__(
        self, feed: Feed, monotonic: Callable[[], float], *, tick: float, most: int, most_per_account: int
    ) -> None:
        self.feed = feed
        self._monotonic = monotonic
        self._tick = tick
        self._most, self._most_per_account = most, most_per_account
        self._topics: dict[Topic, set[Listener]] = defaultdict(set)
        self._accounts: dict[str, set[Listener]] = defaultdict(set)
        self._count = 0
        self._known: dict[Topic, QueueState | Job] = {}
        self._poller: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._stopping: Callable[[], bool] = lambda: False

    def stop_when(self, stopping: Callable[[], bool]) -> None:
        """Every stream ends within a tick of ``stopping`` turning true: a server waits for open connections."""
        self._stopping = stopping

    @property
    def listeners(self) -> int:
        return self._count

    async def join(self, topics: Iterable[Topic], account_id: str) -> Listener:
        """From when this returns, nothing is missed. Raises ``ApiError`` "events.too_many"."""
        of_account = len(self._accounts.get(account_id, ()))
        if 0 < self._most <= self._count or 0 < self._most_per_account <= of_account:
            raise ApiError("events.too_many")
        listener = Listener(tuple(topics), account_id)
        for topic in listener.topics:
            self._topics[topic].add(listener)
            if (known := self._known.get(topic)) is not None:
                listener.offer(known)
        self._accounts[account_id].add(listener)
        self._count += 1
        if self._poller is None or self._poller.done():
            self._ready = asyncio.Event()
            self._poller = asyncio.create_task(self._poll())
        try:
            await asyncio.wait_for(self._ready.wait(), _PATIENCE)
        except BaseException as error:
            self.leave(listener)
            if isinstance(error, TimeoutError):
                raise DomainError("persistence.unavailable", "", reason="no answer") from None
            raise
        return listener

    def leave(self, listener: Listener) -> None:
        for topic in listener.topics:
            self._topics[topic].discard(listener)
            if not self._topics[topic]:
                del self._topics[topic]
                self._known.pop(topic, None)
        self._accounts[listener.account_id].discard(listener)
        if not self._accounts[listener.account_id]:
            del self._accounts[listener.account_id]
        self._count -= 1

    async def _poll(self) -> None:
        """Ends when nobody listens any more. A database out of reach is asked again."""
        tail: Tail | None = None
        while self._count and not self._stopping():
            try:
                if tail is None:
                    tail = Tail(await run_in_threadpool(self.feed.newest), self._monotonic)
                    self._ready.set()
                await self._once(tail)
            except DomainError as error:
                _log.warning("event streams wait, the database cannot be used: %s", error.code)
            await asyncio.sleep(self._tick)
        self._ready.set()
        self._known.clear()
        for listener in [one for group in self._accounts.values() for one in group]:
            listener.end()

    async def _once(self, tail: Tail) -> None:
        documents = [topic.key for topic in self._topics if topic.kind == "queue"]
        watched = [topic.key for topic in self._topics if topic.kind == "job"]
        for found in await run_in_threadpool(tail.next, self.feed.after):
            self._announce(found)
        if documents:
            for document_id, state in (await run_in_threadpool(self.feed.queues, documents)).items():
                self._changed(Topic("queue", document_id), state)
        if watched:
            for job_id, job in (await run_in_threadpool(self.feed.jobs, watched)).items():
                self._changed(Topic("job", job_id), essence(job))

    def _announce(self, found: FeedEvent) -> None:
        event = found.event
        for listener in tuple(self._topics.get(Topic.subject(event.subject_type, event.subject_id), ())):
            listener.offer(found)
        if event.subject_type == "account" and event.action in _ENDING:
            for listener in tuple(self._accounts.get(event.subject_id, ())):
                listener.end()

    def _changed(self, topic: Topic, state: QueueState | Job) -> None:
        listeners: Sequence[Listener] = tuple(self._topics.get(topic, ()))
        if listeners and self._known.get(topic) != state:
            self._known[topic] = state
            for listener in listeners:
                listener.offer(state)
