"""The real service over HTTP on a loopback port, whose answers can be lost on the way."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from doc_service.domain.people import Person
from doc_service.domain.signatures import RequestState, SignatureRequest
from tests.api.world import World, opened_world


@dataclass
class Lossy:
    """ASGI middleware: the answer to a path that ends with one of ``lose`` is begun and never finished, once each.
    ``count``: what was asked."""

    app: Any
    lose: set[str] = field(default_factory=set)
    count: Counter[str] = field(default_factory=Counter)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        last = scope["path"].rpartition("/")[2]
        self.count[f"{scope['method']} {last}"] += 1
        if last not in self.lose:
            await self.app(scope, receive, send)
            return
        self.lose.discard(last)

        async def nowhere(message: MutableMapping[str, Any]) -> None:
            return

        await self.app(scope, receive, nowhere)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
        await asyncio.sleep(0)
        raise ConnectionAbortedError("the answer is lost on purpose")


@dataclass
class Served:
    """``world`` behind ``url``."""

    world: World
    url: str
    lossy: Lossy
    data: Path

    def asked(self, document_id: str) -> SignatureRequest:
        """The first open request of a document."""
        return next(r for r in self.world.service.requests(document_id) if r.state is RequestState.OPEN)

    def token(self, request: SignatureRequest) -> str:
        """A session of the signer."""
        return self.world.secrets[self.world.signer(request)]

    def key_file(self, person: Person) -> Path:
        """The person's PKCS#12."""
        self.world.service.key(person)
        return next(self.data.rglob(f"{person.fin}.p12"))

    def head(self, document_id: str) -> str:
        head = self.world.service.document(document_id).head
        assert head is not None
        return head.sha256


def served(data: Path) -> Iterator[Served]:
    """The service knows its own address, as log-in by the key demands."""
    with socket.socket() as listener, pytest.MonkeyPatch.context() as environment:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environment.setenv("DOC_SERVICE_PUBLIC_URL", url)
        for world in opened_world(data):
            lossy = Lossy(world.app)
            server = uvicorn.Server(uvicorn.Config(lossy, log_config=None, access_log=False, lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.01)
            yield Served(world, url, lossy, data)
            server.should_exit = True
            thread.join(10)
