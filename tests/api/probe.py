"""Routes to try the foundation on, and callers whose tokens are their names. Both stand in for what the areas bring."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field

from doc_service.api.app import create_app
from doc_service.api.context import TheApi
from doc_service.api.etags import Expected, etag, shown
from doc_service.api.idempotency import NewId, Repeat, repeated
from doc_service.api.paging import PageAsked, PageView
from doc_service.api.principal import Caller
from doc_service.api.ranges import Download, Stored
from doc_service.api.routing import guarded_router
from doc_service.bootstrap import Container
from doc_service.domain.errors import ConflictError, DomainError, Fault, NotFoundError
from doc_service.domain.principals import AccountRole, Means, Principal
from doc_service.ports_queries import Page, Slice
from signing.api import SigningError
from storage.api import StorageError

probe = guarded_router("/v1/probe", "probe", ("state.stale",))


class People:
    """``Authenticate``: the token is the account's name, which is its role, too."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, token: str) -> Principal:
        self.asked += 1
        name = token.partition("-")[0]
        if name not in set(AccountRole):
            raise DomainError("access.unauthenticated")
        at = datetime(2026, 11, 20, tzinfo=UTC)
        role = AccountRole(name)
        return Principal(token, f"session-{token}", frozenset({role}), Means.PASSWORD_TOTP, at, person_id=token)


class ThingAsked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=20)
    count: int = Field(default=1, ge=1, le=5)


class Thing(BaseModel):
    id: str
    name: str
    version: int = 1


@dataclass
class Things:
    made: list[Thing] = field(default_factory=list)
    stored: Stored = field(default_factory=lambda: Stored("", "", 0, "", ""))
    fail: list[Exception] = field(default_factory=list)
    entered: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event = field(default_factory=threading.Event)


THINGS = Things()
NAMES = tuple(f"thing {n:02}" for n in range(25))


@probe.post("/things", status_code=201)
def make(asked: ThingAsked, request: Request, new_id: NewId, response: Response) -> Thing:
    THINGS.entered.set()
    assert THINGS.gate.wait(20)
    thing = Thing(id=new_id(), name=asked.name)
    THINGS.made.append(thing)
    if THINGS.fail:
        raise THINGS.fail.pop()
    response.headers["location"] = f"/v1/probe/things/{thing.id}"
    return thing


@probe.post("/secrets", status_code=201)
@repeated(Repeat.SECRET)
def secret(new_id: NewId) -> dict[str, str]:
    THINGS.made.append(Thing(id=new_id(), name="secret"))
    return {"secret": "tok-abcdef"}


@probe.post("/harmless")
@repeated(Repeat.FREE)
def harmless() -> dict[str, str]:
    return {}


@probe.get("/things/one")
def one(request: Request) -> Response:
    return shown(request, Thing(id="one", name="x", version=3), etag(3))


@probe.put("/things/one")
def change(expected: Expected) -> dict[str, int]:
    expected.require(etag(3))
    return {"version": 4}


@probe.get("/things")
def listed(page: PageAsked, response: Response, prefix: str = "") -> PageView[Thing]:
    rows = _rows(page.slice, prefix)
    return page.view(rows, lambda name: Thing(id=name, name=name), response)


def _rows(asked: Slice, prefix: str) -> Page[str]:
    names = [n for n in NAMES if n.startswith(prefix)]
    later = [n for n in names if asked.after is None or n > str(asked.after[0])]
    shown_rows = tuple(later[: asked.limit])
    return Page(shown_rows, (shown_rows[-1],) if len(later) > asked.limit else None)


@probe.get("/who")
def who(caller: Caller) -> dict[str, str]:
    return {"actor": caller.actor}


@probe.api_route("/file", methods=["GET", "HEAD"])
def file(request: Request, api: TheApi) -> Response:
    return Download(request, api.service.store, THINGS.stored, {"x-copy": "final"})


ERRORS: dict[str, Exception] = {
    "several": DomainError.of([Fault("agenda.empty", "agenda"), Fault("person.bad_fin", "members[0].fin")]),
    "one": DomainError("agenda.empty", "agenda"),
    "missing": NotFoundError("body.not_found"),
    "conflict": ConflictError("state.stale"),
    "unlisted": ConflictError("verify.unlisted"),
    "busy": ConflictError("lease.busy"),
    "tsa": SigningError("signing.tsa_unavailable", retryable=True, reason="http://10.0.0.7/tsa refused"),
    "signer": SigningError("signing.wrong_person"),
    "archive": StorageError("storage.unavailable", reason="/var/lib/secret: EIO"),
    "database": DomainError("persistence.unavailable", "", reason="password authentication failed for u1"),
    "unknown": RuntimeError("SELECT * FROM accounts"),
}


@probe.get("/errors/{name}")
def failing(name: str) -> None:
    raise ERRORS[name]


@dataclass
class Inside:
    """``http`` asks in this process; ``things`` is what the probe's routes made."""

    app: FastAPI
    http: TestClient
    people: People
    container: Container
    things: Things

    def ask(self, method: str, path: str, who: str = "secretariat", **options: Any) -> Any:
        headers = {"authorization": f"Bearer {who}", **options.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **options)


def opened(container: Container, people: People, **options: Any) -> Iterator[Inside]:
    THINGS.made.clear()
    THINGS.fail.clear()
    THINGS.gate.set()
    THINGS.entered.clear()
    app = create_app(container, authenticate=people, **options)
    app.include_router(probe)
    with TestClient(app, base_url="https://service.test", raise_server_exceptions=False) as http:
        yield Inside(app, http, people, container, THINGS)
