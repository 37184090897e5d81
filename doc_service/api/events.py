"""Server-sent events (WHATWG HTML §9.2): what happens to a document, a place in a signing queue, a job.

An event has the number of its recording as ``id``; whoever comes back with ``Last-Event-ID`` gets what was missed. A
stream shows each listener what that listener may see, and ends after ``LONGEST`` (or when the session ends), so that
rights are looked at again; browsers come back by themselves.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import anyio
from fastapi import Depends, Header, Response
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from doc_service.api.hub import Hub, Listener, Signal, Topic
from doc_service.api.problems import ApiError
from doc_service.ports_interface import FeedEvent

HEARTBEAT = 15.0
LONGEST = 600.0
"""Seconds."""
_MOST_MISSED = 1000
_RETRY_MS = 2000
HEADERS = {"content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no"}


@dataclass(frozen=True, slots=True)
class Message:
    """``event`` names the kind; ``data`` is sent as JSON; ``place`` becomes the id (None: nothing to come back to).
    After a ``final`` one the stream ends."""

    event: str
    data: Mapping[str, Any]
    place: int | None = None
    final: bool = False

    def encoded(self) -> bytes:
        text = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return format_sse_event(data_str=text, event=self.event, id=None if self.place is None else str(self.place))


View = Callable[[Signal], Message | None]
"""What one listener is shown of a signal; None: nothing."""


@dataclass(frozen=True, slots=True)
class Watched:
    """``subject``: whose recorded events are sent, with what was missed (None: of nobody). ``topics``: what else."""

    account_id: str
    view: View
    subject: tuple[str, str] | None = None
    topics: tuple[Topic, ...] = ()


class EventStream(Response):
    """Streams what is watched. Begins with "ready", whose id is the present end of the record; when more was missed
    than is sent again, "reset" says that the resource is to be read anew."""

    def __init__(self, hub: Hub, watched: Watched, last: int | None, *, longest: float = LONGEST) -> None:
        self._hub, self._watched, self._last, self._longest = hub, watched, last, longest
        self.background = None
        self.status_code = 200
        self.init_headers(HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watched = self._watched
        topics = (*watched.topics, *((Topic.subject(*watched.subject),) if watched.subject else ()))
        listener = await self._hub.join(topics, watched.account_id)
        try:
            missed, sent, end = await self._missed()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_until_gone, receive, tasks.cancel_scope)
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                first = format_sse_event(retry=_RETRY_MS) + b"".join(m.encoded() for m in missed)
                first += Message("ready", {}, end).encoded()
                await send({"type": "http.response.body", "body": first, "more_body": True})
                with anyio.move_on_after(self._longest):
                    await self._stream(listener, sent, send)
                await send({"type": "http.response.body", "body": b""})
                tasks.cancel_scope.cancel()
        finally:
            self._hub.leave(listener)

    async def _stream(self, listener: Listener, sent: frozenset[int], send: Send) -> None:
        last = self._last or 0
        while True:
            try:
                signal = await asyncio.wait_for(listener.signals.get(), HEARTBEAT)
            except TimeoutError:
                await send({"type": "http.response.body", "body": KEEPALIVE_COMMENT, "more_body": True})
                continue
            if signal is None:
                return
            if isinstance(signal, FeedEvent) and (signal.place <= last or signal.place in sent):
                continue
            message = self._watched.view(signal)
            if message is not None:
                await send({"type": "http.response.body", "body": message.encoded(), "more_body": True})
                if message.final:
                    return

    async def _missed(self) -> tuple[list[Message], frozenset[int], int | None]:
        """What is sent first, the numbers that are then known, and the number to come back with."""
        subject, last = self._watched.subject, self._last
        if subject is None:
            return [], frozenset(), None
        if last is None:
            return [], frozenset(), await run_in_threadpool(self._hub.feed.newest_of, subject)
        found = await run_in_threadpool(self._hub.feed.of_subject, subject, last, _MOST_MISSED + 1)
        if len(found) > _MOST_MISSED:
            end = await run_in_threadpool(self._hub.feed.newest_of, subject)
            return [Message("reset", {}, end)], frozenset(f.place for f in found), end
        shown = [message for f in found if (message := self._watched.view(f)) is not None]
        return shown, frozenset(f.place for f in found), found[-1].place if found else last


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _last_event(
    last_event_id: Annotated[
        str | None, Header(description="The id of the last event seen; browsers send it by themselves", max_length=100)
    ] = None,
) -> int | None:
    if not last_event_id:
        return None
    if not (last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) < 19):
        raise ApiError("events.bad_id", "header.last-event-id")
    return int(last_event_id)


LastEvent = Annotated[int | None, Depends(_last_event)]
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events: ready, reset, and those of the stream",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
"""For ``responses=`` of a route that streams."""
