"""The real application in this process with real accounts: people of every role, and documents in every state."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

from doc_service.api.app import create_app
from doc_service.domain.accounts import Account
from doc_service.domain.people import Person
from doc_service.domain.principals import AccountRole, Means, Scope
from doc_service.domain.signatures import SignatureRequest
from doc_service.services.access.open_account import NewAccount
from tests.services.conftest import Service, running_service

LEGAL = "Hüquq şöbəsi"


@dataclass
class World:
    """``ask`` as somebody by name; whoever is not named is nobody."""

    service: Service
    app: FastAPI
    http: TestClient
    secrets: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def account(self, name: str, role: AccountRole, **more: Any) -> Account:
        """An account with a session, known as ``name``."""
        access = self.service.container.access
        account = access.open_account(NewAccount(name, name, frozenset({role}), **more), "system")
        self.accounts[name] = account
        self.secrets[name] = access.start_session(account.id, Means.PASSWORD_TOTP).secret
        return account

    def renew(self) -> None:
        """A new session for every account."""
        for name, account in self.accounts.items():
            start = self.service.container.access.start_session
            self.secrets[name] = start(account.id, Means.PASSWORD_TOTP).secret

    def token(self, name: str, owner: str, *scopes: Scope) -> None:
        """A service token of ``owner``'s account, known as ``name``."""
        access = self.service.container.access
        principal = access.authenticate(self.secrets[owner])
        self.secrets[name] = access.issue_token(principal, name, frozenset(scopes), timedelta(days=1)).secret

    def ask(
        self, method: str, path: str, who: str = "", *, headers: Mapping[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        told = dict(headers or {})
        if who:
            told["authorization"] = f"Bearer {self.secrets[who]}"
        if method == "POST":
            told.setdefault("idempotency-key", uuid.uuid4().hex)
        return self.http.request(method, path, headers=told, **options)

    def begun(self, path: str, who: str = "") -> int:
        """The status of an answer that does not end; it is broken off at its beginning."""
        headers = [(b"host", b"service.test")]
        if who:
            headers.append((b"authorization", f"Bearer {self.secrets[who]}".encode()))
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "https", "path": path,
            "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("service.test", 443), "state": {},
        }  # fmt: skip
        statuses: list[int] = []

        async def asking() -> None:
            async with anyio.create_task_group() as group:

                async def send(message: MutableMapping[str, Any]) -> None:
                    if message["type"] == "http.response.start":
                        statuses.append(message["status"])
                        group.cancel_scope.cancel()

                async def receive() -> MutableMapping[str, Any]:
                    if statuses:
                        await anyio.sleep_forever()
                    return {"type": "http.request", "body": b"", "more_body": False}

                group.start_soon(self.app, scope, receive, send)

        assert self.http.portal is not None
        self.http.portal.call(asking)
        return statuses[0]

    def changed(self, method: str, path: str, who: str, read: str, **options: Any) -> httpx.Response:
        """A change of the version that is read at ``read`` just before."""
        tag = self.ask("GET", read, who).headers["etag"]
        return self.ask(method, path, who, headers={"if-match": tag}, **options)

    def signer(self, request: SignatureRequest) -> str:
        """The name of the account of the request's signer, which is opened when there is none."""
        if request.signer.id not in self.secrets:
            self.account(request.signer.id, AccountRole.MEMBER, person_id=request.signer.id)
        return request.signer.id

    def sign(self, request: SignatureRequest) -> httpx.Response:
        """By every step that a person takes."""
        who, place = self.signer(request), f"/v1/signature-requests/{request.id}"
        shown = self.ask("GET", f"{place}/shown", who).json()
        agreed = self.ask("POST", f"{place}/consent", who, json={"shown_sha256": shown["sha256"]})
        assert agreed.status_code == 200, agreed.text
        return self.finish(request, who, place)

    def finish(self, request: SignatureRequest, who: str, place: str) -> httpx.Response:
        key = self.service.key(request.signer)
        device = {"certificate": b64(key.certificate), "chain": [b64(c) for c in key.chain]}
        prepared = self.ask("POST", f"{place}/preparation", who, json=device)
        assert prepared.status_code == 201, prepared.text
        told = prepared.json()
        raw = key.sign(base64.b64decode(told["to_be_signed"]), told["algorithm"])
        made = {"signature": b64(raw), "prepared_sha256": told["prepared_sha256"]}
        return self.ask("POST", f"{place}/signature", who, json=made)

    def work(self) -> None:
        self.service.container.runner.run_until_idle(timedelta(seconds=60))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def opened_world(data: Path) -> Iterator[World]:
    """Without limits, which are another test's."""
    limits = ("rate_per_address", "rate_per_account", "rate_logins", "rate_verifications", "rate_checks")
    unlimited = dict.fromkeys(limits, 0)
    opened = running_service(data, **unlimited)
    service = next(opened)
    app = create_app(service.container)
    with TestClient(app, base_url="https://service.test", raise_server_exceptions=False) as http:
        yield World(service, app, http)
    next(opened, None)


def person_input(person: Person) -> dict[str, Any]:
    name = person.name
    return {
        "id": person.id,
        "name": {"surname": name.surname, "given": name.given, "patronymic": name.patronymic},
        "fin": person.fin,
        "organisation": person.organisation,
        "post": person.post,
        "email": person.email,
    }
