"""Listens to event streams of an application in this process, as an ASGI server would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI


@dataclass
class Told:
    event: str
    data: dict[str, Any]
    id: int | None


@dataclass
class Stream:
    """One open stream; ``status`` and ``problem`` when it was refused."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def told(self) -> list[Told]:
        return [parsed(block) for block in self.text.split("\n\n") if "event: " in block]

    def of(self, event: str) -> list[Told]:
        return [t for t in self.told if t.event == event]

    async def until(self, event: str, count: int = 1, seconds: float = 20) -> list[Told]:
        async with asyncio.timeout(seconds):
            while len(self.of(event)) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.of(event)


def parsed(block: str) -> Told:
    fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
    return Told(fields["event"], json.loads(fields["data"]), int(fields["id"]) if "id" in fields else None)


@asynccontextmanager
async def stream(app: FastAPI, path: str, who: str, **headers: str) -> AsyncIterator[Stream]:
    """Open until the block ends; then the client is gone."""
    result = Stream()
    sent = {"authorization": f"Bearer {who}", "host": "service.test", **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "https",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("192.0.2.1", 1),
        "server": ("service.test", 443), "state": {},
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in sent.items()],
    }  # fmt: skip
    first = True

    async def receive() -> dict[str, Any]:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await result.gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            result.status = message["status"]
            result.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            result.text += message.get("body", b"").decode()
        result.arrived.set()

    async def run() -> None:
        try:
            await app(scope, receive, send)
        finally:
            result.ended.set()
            result.arrived.set()

    task = asyncio.create_task(run())
    try:
        yield result
    finally:
        result.gone.set()
        await asyncio.wait_for(task, 20)
