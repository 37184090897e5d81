"""The page scripts in a real browser: agent.js with a running agent, web_eid.js with the stand-in of the extension."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from doc_service.agent.keys import Pkcs12Source
from signing.keys.algorithms import verifies
from tests.agent.browser import RefusalError, Site, site, visit
from tests.agent.conftest import Person, RunningAgent, b64, document, running_agent, to_sign
from tests.pki_fixtures import PIN, RunningPki
from tools.standins.web_eid_extension import CardKey, Extension

ROOT = Path(__file__).resolve().parents[2]
AGENT_JS = ROOT / "doc_service/agent/page/agent.js"
WEB_EID_JS = ROOT / "signing/remote/web_eid.js"


@dataclass
class Service:
    """What the page finds at its own service: preparations by attempt, and the signatures that it hands in."""

    busy: list[str] = field(default_factory=list)
    prepared: list[tuple[str, bytes, str, bytes]] = field(default_factory=list)
    signatures: dict[str, bytes] = field(default_factory=dict)
    places: int = 0

    def prepare(self, asked: dict[str, Any]) -> dict[str, str]:
        certificate = base64.b64decode(asked["certificate"])
        data, algorithm = to_sign(certificate, f"{asked['request']} {len(self.prepared)}".encode())
        self.prepared.append((asked["request"], data, algorithm, certificate))
        return {"to_be_signed": b64(data), "algorithm": algorithm}

    def complete(self, asked: dict[str, Any]) -> dict[str, str]:
        if self.busy:
            raise RefusalError(self.busy.pop(0))
        request, data, algorithm, certificate = self.prepared[-1]
        signature = base64.b64decode(asked["signature"])
        assert request == asked["request"]
        assert asked["prepared"]["to_be_signed"] == b64(data)
        assert verifies(x509.load_der_x509_certificate(certificate).public_key(), signature, data, algorithm)
        self.signatures[request] = signature
        return {"state": "signed"}

    def place(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.places += 1
        return {"position": 1, "your_turn": self.places > 1}


@dataclass
class Stage:
    """A page of a service, another of somebody else, and the agent that was started for the first."""

    own: Site
    foreign: Site
    agent: RunningAgent
    service: Service


@pytest.fixture
def stage(key_file: Path, person: Person) -> Iterator[Stage]:
    service = Service()
    acts: dict[str, Callable[[dict[str, Any]], Any]] = {
        "code": lambda _: person.codes[-1][1],
        "prepare": service.prepare,
        "complete": service.complete,
        "place": service.place,
    }
    with ExitStack() as stack:
        own = stack.enter_context(site({"agent.js": AGENT_JS}, acts))
        foreign = stack.enter_context(site({"agent.js": AGENT_JS}, acts))
        agent = stack.enter_context(running_agent(Pkcs12Source(key_file), person, origins=[own.origin]))
        yield Stage(own, foreign, agent, service)


SIGN = """
  const {SigningAgent, signDocuments} = await import("/agent.js");
  const agent = await SigningAgent.find({ports: [%d]});
  if (!agent) return "no agent";
  const before = agent.paired;
  await agent.showCode();
  await agent.pair(await act("code"));
  const again = await SigningAgent.find({ports: [%d]});
  const [certificate] = await again.certificates();
  const service = {
    prepare: (request, certificate, chain) => act("prepare", {request, certificate, chain}),
    complete: (request, signature, prepared) => act("complete", {request, signature, prepared}),
    place: (request) => act("place", {request}),
  };
  const outcomes = await signDocuments(again, certificate, %s, service, {pause: 0.05});
  return {before, after: again.paired, subject: certificate.subject, outcomes};
"""


def test_page_pairs_and_signs(stage: Stage, tmp_path: Path) -> None:
    stage.service.busy = ["lease.lost", "lease.busy"]
    shown = f"[{document('a', 'r1')}, {document('b', 'r2')}]"
    port = stage.agent.port
    reported = visit(stage.own, tmp_path, SIGN % (port, port, shown))
    assert "error" not in reported, reported
    value = reported["value"]
    assert (value["before"], value["after"]) == (False, True)
    assert value["subject"].startswith("QULİYEVA NƏRMİN")
    assert [(o["request"], o["result"]) for o in value["outcomes"]] == [
        ("r1", {"state": "signed"}),
        ("r2", {"state": "signed"}),
    ]
    person = stage.agent.person
    assert (person.pins, len(person.asked), len(stage.service.prepared)) == (1, 1, 4)
    assert stage.service.places == 2


def test_page_of_somebody_else_finds_no_agent(stage: Stage, tmp_path: Path) -> None:
    port = stage.agent.port
    assert visit(stage.foreign, tmp_path, SIGN % (port, port, "[]")) == {"value": "no agent"}


OPERATION = """
  const {SigningAgent, answerPrompt, permission} = await import("/agent.js");
  const agent = await SigningAgent.find({ports: [%d]});
  if (!agent) return {permission: await permission(), secure: isSecureContext};
  await agent.showCode();
  await agent.pair(await act("code"));
  const [certificate] = await agent.certificates();
  const documents = %s;
  const approval = await agent.approve(certificate, documents);
  const tasks = [];
  for (const {request} of documents) {
    const made = await act("prepare", {request, certificate: certificate.certificate});
    tasks.push({reference: request, data: made.to_be_signed, algorithm: made.algorithm});
  }
  const refused = await answerPrompt(agent, approval, certificate, [], tasks).catch((error) => error.message);
  return {refused, signatures: await answerPrompt(agent, approval, certificate, documents, tasks)};
"""


def test_page_answers_an_operation(stage: Stage, tmp_path: Path) -> None:
    shown = f"[{document('a', 'r1')}, {document('b', 'r2')}]"
    value = visit(stage.own, tmp_path, OPERATION % (stage.agent.port, shown))["value"]
    assert value["refused"] == "nobody agreed to r1"
    for request, data, algorithm, certificate in stage.service.prepared:
        public = x509.load_der_x509_certificate(certificate).public_key()
        assert verifies(public, base64.b64decode(value["signatures"][request]), data, algorithm)


def test_page_from_the_internet_needs_the_persons_leave(stage: Stage, tmp_path: Path) -> None:
    """Local Network Access: Chromium takes the site for a public one here, and nobody is there to allow it."""
    override = f"--ip-address-space-overrides=127.0.0.1:{stage.own.port}=public"
    value = visit(stage.own, tmp_path, OPERATION % (stage.agent.port, "[]"), override)["value"]
    assert value == {"permission": "denied", "secure": True}


ATTACK = """
  const url = "http://%s:%d/v1/";
  const tried = {};
  const attempt = async (name, work) => {
    try { const answer = await work(); tried[name] = answer.type + " " + answer.status; }
    catch (error) { tried[name] = error.name; }
  };
  await attempt("cors", () => fetch(url + "status"));
  await attempt("opaque", () => fetch(url + "pair", {method: "POST", mode: "no-cors", body: "{}"}));
  await attempt("json", () => fetch(url + "pair", {method: "POST", headers: {"content-type": "application/json"},
                                                  body: "{}"}));
  await attempt("credentials", () => fetch(url + "status", {credentials: "include"}));
  return tried;
"""


def test_foreign_page_gets_neither_answer_nor_effect(stage: Stage, tmp_path: Path) -> None:
    tried = visit(stage.foreign, tmp_path, ATTACK % ("127.0.0.1", stage.agent.port))["value"]
    assert tried == {"cors": "TypeError", "opaque": "opaque 0", "json": "TypeError", "credentials": "TypeError"}
    assert stage.agent.person.codes == []


def test_rebound_name_gets_neither_answer_nor_effect(stage: Stage, tmp_path: Path) -> None:
    """The page and the agent under one name of the attacker's, which leads to 127.0.0.1."""
    tried = visit(
        stage.foreign,
        tmp_path,
        ATTACK % ("rebound.example", stage.agent.port),
        "--host-resolver-rules=MAP rebound.example 127.0.0.1",
        host="rebound.example",
    )["value"]
    assert tried == {"cors": "TypeError", "opaque": "opaque 0", "json": "TypeError", "credentials": "TypeError"}
    assert stage.agent.person.codes == []


WEB_EID = """
  const {authenticationToken, cardOperation, cardSignatures} = await import("/web_eid.js");
  const webeid = {
    authenticate: (nonce, options) => act("authenticate", {nonce, options}),
    getSigningCertificate: (options) => act("certificate", {options}),
    sign: (certificate, hash, hashFunction, options) => act("sign", {certificate, hash, hashFunction, options}),
  };
  const token = await authenticationToken(webeid, "%s", "en");
  const begun = await cardOperation(webeid, "en");
  const tasks = [{reference: "r1", digest: "%s", digest_algorithm: "sha256"}];
  return {token, begun, signatures: await cardSignatures(webeid, begun.certificate, tasks, "en")};
"""


def test_web_eid_in_the_page(session_pki: RunningPki, tmp_path: Path) -> None:
    key = CardKey.from_pkcs12(session_pki.issue().pkcs12, PIN)
    extension = Extension("https://senedler.example.az", key, key)
    acts: dict[str, Callable[[dict[str, Any]], Any]] = {
        "authenticate": lambda v: extension.authenticate(v["nonce"]),
        "certificate": lambda _: extension.get_signing_certificate(),
        "sign": lambda v: extension.sign(v["certificate"], v["hash"], v["hashFunction"]),
    }
    nonce, digest = b64(b"n" * 32), b64(b"d" * 32)
    with site({"web_eid.js": WEB_EID_JS}, acts) as made:
        reported = visit(made, tmp_path, WEB_EID % (nonce, digest))
    value = reported["value"]
    assert value["token"]["format"] == "web-eid:1.0"
    assert value["begun"]["certificate"] == b64(key.der)
    assert value["begun"]["parameters"]["supported_algorithms"] == "ECC/SHA-256/NONE ECC/SHA-384/NONE ECC/SHA-512/NONE"
    assert len(base64.b64decode(value["signatures"]["r1"])) == 64
    assert extension.pins_asked == 2
