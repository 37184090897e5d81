"""The certification centre, the time-stamping authority or the remote signing service is gone in the middle.

Real processes that are killed and started again while members sign over HTTP: nobody is asked twice, nothing is lost,
the state says what is missing, and the level is completed when they are back.
"""

from __future__ import annotations

import hashlib
import os
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from doc_service.demo.scenario import build_scenario
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.people import Person
from doc_service.domain.principals import AccountRole, Means
from doc_service.instruments.kq_protokol import kq_protokol
from doc_service.services.access.open_account import NewAccount
from signing.keys.pkcs12 import Pkcs12Key
from tests.api.conftest import PROGRAM, free_port
from tests.api.serving import UNLIMITED
from tests.api.world import b64
from tests.services.conftest import Service, running_service
from tools.production import subject
from tools.servers.process import Process, listens
from tools.servers.provider import PIN, Provider
from tools.standins.csc_process import CLIENT_ID, CLIENT_SECRET, CscProcess

pytestmark = [pytest.mark.xdist_group("api"), pytest.mark.slow]
DOCUMENTS = 4
Between = Callable[[], None]


@dataclass
class Town:
    """The service, two centres (``ca``: certificates, OCSP and CRL; ``tsa``: time stamps) and a signing service."""

    base: str
    ca: Provider
    tsa: Provider
    csc: CscProcess
    people: list[Person]
    secrets: dict[str, str]
    free: list[str]
    asked: Counter[str] = field(default_factory=Counter)

    def bearer(self, who: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.secrets[who]}"}

    def ask(self, method: str, path: str, who: str, body: Any = None) -> Any:
        headers = self.bearer(who)
        if method == "POST":
            headers["idempotency-key"] = os.urandom(8).hex()
        answer = httpx.request(method, self.base + path, headers=headers, json=body, timeout=60)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.headers["content-type"].startswith("application/json") else answer.content

    def open_requests(self, document: str) -> list[dict[str, Any]]:
        found = self.ask("GET", f"/v1/documents/{document}/signature-requests", "clerk")["items"]
        return [r for r in found if r["state"]["code"] in ("open", "consented")]

    def sign(self, request: dict[str, Any], between: Between = lambda: None) -> dict[str, Any]:
        """By every step; ``between`` prepare and complete something happens. What the person did is counted."""
        who, place = request["signer"]["id"], f"/v1/signature-requests/{request['id']}"
        self.agree(request)
        key = self.key(who)
        device = {"certificate": b64(key.certificate), "chain": [b64(c) for c in key.chain]}
        ready = self.ask("POST", f"{place}/preparation", who, device)
        between()
        self.asked[f"{who} signs {request['id']}"] += 1
        made = key.sign(b64decode(ready["to_be_signed"]), ready["algorithm"])
        body = {"signature": b64(made), "prepared_sha256": ready["prepared_sha256"]}
        signed: dict[str, Any] = self.ask("POST", f"{place}/signature", who, body)
        return signed

    def agree(self, request: dict[str, Any]) -> None:
        who, place = request["signer"]["id"], f"/v1/signature-requests/{request['id']}"
        shown = self.ask("GET", f"{place}/shown", who)
        assert hashlib.sha256(self.ask("GET", shown["content"], who)).hexdigest() == shown["sha256"]
        self.asked[f"{who} agrees to {request['id']}"] += 1
        self.ask("POST", f"{place}/consent", who, {"shown_sha256": shown["sha256"]})

    def key(self, person_id: str) -> Pkcs12Key:
        fin = next(p.fin for p in self.people if p.id == person_id)
        return Pkcs12Key.load(self.ca.key_file(fin).read_bytes(), PIN)

    def state(self, document: str) -> dict[str, Any]:
        told: dict[str, Any] = self.ask("GET", f"/v1/documents/{document}/state", "clerk")
        return told

    def events(self, document: str, action: str) -> list[dict[str, Any]]:
        page = self.ask("GET", f"/v1/documents/{document}/history?limit=200", "clerk")["items"]
        return [event for event in page if event["action"] == action]

    def still_signed(self, document: str) -> None:
        """While they are gone: signed, not final, and it says which level is missing."""
        time.sleep(3)
        told = self.state(document)
        assert (told["state"]["code"], told["final"], told["pending"]) == ("signed", False, ["B-LTA"])

    def caught_up(self, document: str) -> None:
        deadline = time.monotonic() + 120
        while (told := self.state(document))["state"]["code"] != "archived":
            assert time.monotonic() < deadline, told
            time.sleep(0.5)
        assert told["pending"] == []
        pdf = self.ask("GET", f"/v1/documents/{document}/content", "clerk")
        report = httpx.post(f"{self.base}/verify", content=pdf, timeout=60).json()
        assert report["valid"], report
        assert report["level"] == "B-LTA"
        requests = self.ask("GET", f"/v1/documents/{document}/signature-requests", "clerk")["items"]
        for action in ("signature.consented", "signature.prepared", "signature.completed"):
            assert Counter(e["details"]["request"] for e in self.events(document, action)) == {
                r["id"]: 1 for r in requests
            }
        assert set(self.asked.values()) == {1}, "somebody was asked twice"


@pytest.fixture(scope="module")
def shared_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    place = tmp_path_factory.mktemp("town")
    scenario = build_scenario(kq_protokol(BODY_KINDS), datetime.now().astimezone().date())
    people = [m.person for m in scenario.body.members[:3]]
    with ExitStack() as stack:
        ca = Provider(place / "ca", [subject(p) for p in people]).start()
        tsa = Provider(place / "tsa", [], "Sınaq Vaxt Göstəricisi Mərkəzi").start()
        stack.callback(ca.stop)
        stack.callback(tsa.stop)
        credentials = [
            {"id": f"cred-{p.id}", "user": p.id, "pkcs12": ca.key_file(p.fin), "password": PIN, "mode": "oauth2code",
             "scal": "2", "multisign": 50, "pin": "12345678"}
            for p in people
        ]  # fmt: skip
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        csc = stack.enter_context(CscProcess(place, credentials, redirect_uris=[f"{base}/v1/signing-returns"]))
        settings = _settings(place, base, ca, tsa, csc)
        opened = running_service(place / "data", **settings)
        service = next(opened)
        documents = [service.signing() for _ in range(DOCUMENTS)]
        secrets = _accounts(service, people)
        next(opened, None)
        environment = {f"DOC_SERVICE_{name.upper()}": str(value) for name, value in settings.items()}
        environment |= {**UNLIMITED, "DOC_SERVICE_PORT": str(port), "DOC_SERVICE_DATA_DIR": str(place / "data")}
        process = Process(
            "up", [str(PROGRAM), "up"], lambda: listens(port), log=place / "up.log", environment=environment
        )
        stack.enter_context(process)
        yield Town(base, ca, tsa, csc, people, secrets, documents)


def _settings(place: Path, base: str, ca: Provider, tsa: Provider, csc: CscProcess) -> dict[str, Any]:
    """Trust in both centres, each known by its own file."""
    trust, data, remote = place / "trust", place / "data", place / "csc.toml"
    trust.mkdir()
    data.mkdir()
    text = ""
    for name, centre in (("ca", ca), ("tsa", tsa)):
        for file in ("root", "issuing"):
            (trust / f"{name}-{file}.pem").write_bytes((centre.trust_dir / f"{file}.pem").read_bytes())
        text += (
            f'[[anchor]]\nlabel = "{name}"\nfile = "{name}-root.pem"\n[[intermediate]]\nfile = "{name}-issuing.pem"\n'
        )
    (trust / "trust.toml").write_text(text)
    remote.write_text(
        f'[[provider]]\nname = "imza"\nbase_url = "{csc.base(2)}"\nclient_id = "{CLIENT_ID}"\n'
        f'client_secret = "{CLIENT_SECRET}"\ntimeout_seconds = 2\n'
    )
    return {
        "pki": "trusted", "trust_dir": trust, "tsa_url": tsa.tsa_url, "revocation_timeout": "PT2S",
        "tsa_timeout": "PT2S", "csc_providers_file": remote, "public_url": base,
    }  # fmt: skip


def _accounts(service: Service, people: list[Person]) -> dict[str, str]:
    access, secrets = service.container.access, {}
    given = [NewAccount("clerk", "clerk", frozenset({AccountRole.SECRETARIAT}))]
    given += [NewAccount(p.id, p.id, frozenset({AccountRole.MEMBER}), person_id=p.id, fin=p.fin) for p in people]
    for new in given:
        account = access.open_account(new, "system")
        secrets[new.login] = access.start_session(account.id, Means.PASSWORD_TOTP).secret
    return secrets


@pytest.fixture
def town(shared_town: Town) -> Iterator[Town]:
    """Everybody is there at the beginning and again at the end."""
    shared_town.asked.clear()
    yield shared_town
    shared_town.ca.start()
    shared_town.tsa.start()


def test_the_time_stamping_authority_is_gone_between_prepare_and_complete(town: Town) -> None:
    document = town.free.pop()
    (first,) = town.open_requests(document)[:1]
    assert town.sign(first)["level"] == "B-T"
    levels = []
    while waiting := town.open_requests(document):
        levels.append(town.sign(waiting[0], town.tsa.kill)["level"])
    assert levels == ["B-B", "B-B"], "signed all the same, and said to lack the stamp"
    pending = [e["details"]["pending"] for e in town.events(document, "signature.completed")]
    assert sorted(pending) == [[], ["signing.tsa_unavailable"], ["signing.tsa_unavailable"]]
    town.still_signed(document)
    town.tsa.start()
    town.caught_up(document)


def test_the_certification_centre_is_gone_while_members_sign(town: Town) -> None:
    document = town.free.pop()
    known = {}
    while waiting := town.open_requests(document):
        request = waiting[0]
        assert town.sign(request, town.ca.kill)["level"] == "B-T"
        proof = town.ask("GET", f"/v1/signature-requests/{request['id']}/identity-proof", request["signer"]["id"])
        known[request["id"]] = proof["revocation"]
    assert sorted(known.values()) == ["good", "unknown", "unknown"], "the proof says what could not be found out"
    town.still_signed(document)
    town.ca.start()
    town.caught_up(document)


def test_everything_is_gone_and_comes_back_one_by_one(town: Town) -> None:
    document = town.free.pop()

    def all_gone() -> None:
        town.ca.kill()
        town.tsa.kill()

    while waiting := town.open_requests(document):
        assert town.sign(waiting[0], all_gone)["level"] == "B-B"
    town.still_signed(document)
    town.tsa.start()
    town.still_signed(document)
    town.ca.start()
    town.caught_up(document)


def test_the_remote_signing_service_is_gone_after_the_person_agreed_there(town: Town) -> None:
    """What the person did at the service is done once; the rest is ours to repeat. (When an answer is lost after the
    service may have signed, the operation ends and says so: docs/signing/csc.md.)"""
    document = town.free.pop()
    request = town.open_requests(document)[0]
    who = request["signer"]["id"]
    town.agree(request)
    town.csc.fail("signatures/signHash", "503", times=3)
    operation = town.ask("POST", "/v1/signing-operations", who, {"requests": [request["id"]], "way": "csc/imza"})
    seen, gone, deadline = set(), set(), time.monotonic() + 90

    def told(answer: httpx.Response) -> None:
        assert answer.is_success or answer.status_code == 503, answer.text
        if answer.status_code == 503:
            gone.add(answer.json()["code"])

    while operation["state"] not in ("done", "failed", "expired"):
        assert time.monotonic() < deadline, operation
        seen.add(operation["state"])
        if operation["prompt"].get("kind") == "redirect":
            url = httpx.URL(operation["prompt"]["url"])
            town.asked[f"{who} agrees at the service: {url.params['scope']}"] += 1
            back = town.csc.approve(str(url), who)
            told(httpx.get(f"{town.base}/v1/signing-returns", params=back, timeout=60))
        time.sleep(0.3)
        path = f"/v1/signing-operations/{operation['id']}"
        headers = {**town.bearer(who), "idempotency-key": os.urandom(8).hex()}
        told(httpx.post(f"{town.base}{path}/poll", json={}, headers=headers, timeout=60))
        operation = town.ask("GET", path, who)
    assert operation["state"] == "done", operation
    assert gone == {"signing.remote_unavailable"}, "those who ask meanwhile are told to come again"
    assert len(town.csc.log("signatures/signHash")) == 4
    assert "authorised" in seen, "while the service is gone the person is needed no more, and it says so"
    while waiting := town.open_requests(document):
        town.sign(waiting[0])
    town.caught_up(document)
