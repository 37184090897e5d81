"""The localhost service as the page of the paired service uses it."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from doc_service.agent import approvals
from doc_service.agent.keys import Pkcs12Source
from signing.keys.algorithms import verifies
from tests.agent.conftest import ORIGIN, Person, RunningAgent, b64, document, running_agent, to_sign


def sign_body(agent: RunningAgent, certificate: dict[str, Any], shown: dict[str, str], approval: str) -> dict[str, str]:
    data, algorithm = to_sign(base64.b64decode(certificate["certificate"]))
    return {
        "approval": approval,
        "certificate": certificate["id"],
        "request": shown["request"],
        "sha256": shown["sha256"],
        "to_be_signed": b64(data),
        "algorithm": algorithm,
    }


def test_two_documents_with_one_pin_and_one_question(paired: RunningAgent) -> None:
    certificate = paired.certificate()
    assert hashlib.sha256(base64.b64decode(certificate["certificate"])).hexdigest() == certificate["id"]
    shown = [document("a", "r1"), document("b", "r2")]
    approval = paired.approve(certificate["id"], *shown).json()["approval"]
    public = x509.load_der_x509_certificate(base64.b64decode(certificate["certificate"])).public_key()
    for one in shown:
        body = sign_body(paired, certificate, one, approval)
        answer = paired.send("POST", "/v1/sign", body)
        assert answer.status_code == 200, answer.text
        signature = base64.b64decode(answer.json()["signature"])
        assert verifies(public, signature, base64.b64decode(body["to_be_signed"]), body["algorithm"])
    assert paired.person.pins == 1
    assert len(paired.person.asked) == 1
    origin, documents = paired.person.asked[0]
    assert origin == ORIGIN
    assert [(d.request, d.sha256) for d in documents] == [(s["request"], s["sha256"]) for s in shown]
    assert paired.person.told.count("agent.signed") == 2


def test_person_who_says_no(paired: RunningAgent) -> None:
    certificate = paired.certificate()
    paired.person.says = False
    answer = paired.approve(certificate["id"], document())
    assert (answer.status_code, answer.json()["code"]) == (409, "agent.declined")
    assert set(answer.json()["messages"]) == {"az", "en"}


def test_nothing_is_signed_that_was_not_agreed_to(paired: RunningAgent) -> None:
    certificate = paired.certificate()
    agreed = document("a", "r1")
    approval = paired.approve(certificate["id"], agreed).json()["approval"]
    for body in (
        sign_body(paired, certificate, document("b", "r1"), approval),
        sign_body(paired, certificate, document("a", "r2"), approval),
        sign_body(paired, certificate, agreed, "made-up"),
        sign_body(paired, certificate, agreed, approval[:-1]),
    ):
        answer = paired.send("POST", "/v1/sign", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "agent.not_agreed")
    assert "agent.signed" not in paired.person.told


def test_agreement_ends(paired: RunningAgent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "APPROVAL_LIFE", 0.05)
    certificate = paired.certificate()
    shown = document()
    approval = paired.approve(certificate["id"], shown).json()["approval"]
    time.sleep(0.1)
    answer = paired.send("POST", "/v1/sign", sign_body(paired, certificate, shown, approval))
    assert answer.json()["code"] == "agent.not_agreed"


def test_agreement_that_comes_late_counts_for_nothing(paired: RunningAgent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "ANSWER_WITHIN", 0.05)
    paired.person.delay = 0.1
    answer = paired.approve(paired.certificate()["id"], document())
    assert (answer.status_code, answer.json()["code"]) == (409, "agent.too_late")


def test_document_is_signed_anew_without_a_question_but_not_for_ever(paired: RunningAgent) -> None:
    certificate = paired.certificate()
    shown = document()
    approval = paired.approve(certificate["id"], shown).json()["approval"]
    body = sign_body(paired, certificate, shown, approval)
    codes = [paired.send("POST", "/v1/sign", body).status_code for _ in range(approvals.TRIES + 1)]
    assert codes == [200] * approvals.TRIES + [409]
    assert len(paired.person.asked) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"doc-service: log-in\nhttps://senedler.example.az\n2026-01-01T00:00:00Z\nid\nnonce\n",
        b"I owe you 1000 manat",
        hashlib.sha256(b"x").digest(),
        b"0\x82\x01\x0a",
        b"",
    ],
)
def test_the_key_signs_attributes_of_documents_alone(paired: RunningAgent, data: bytes) -> None:
    certificate = paired.certificate()
    shown = document()
    approval = paired.approve(certificate["id"], shown).json()["approval"]
    body = sign_body(paired, certificate, shown, approval) | {"to_be_signed": b64(data)}
    answer = paired.send("POST", "/v1/sign", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "agent.not_a_signature")


def test_log_in_text_of_this_page(paired: RunningAgent) -> None:
    certificate = paired.certificate()
    text = f"doc-service: log-in\n{ORIGIN}\n2026-11-21T10:00:00.000Z\nch-1\nbm9uY2U\n".encode()
    answer = paired.send("POST", "/v1/log-in", {"certificate": certificate["id"], "text": b64(text)})
    assert answer.status_code == 200, answer.text
    public = x509.load_der_x509_certificate(base64.b64decode(certificate["certificate"])).public_key()
    signature, algorithm = base64.b64decode(answer.json()["signature"]), answer.json()["algorithm"]
    assert verifies(public, signature, text, algorithm)
    assert paired.person.log_ins == [ORIGIN]


def test_log_in_at_another_service_is_never_signed(paired: RunningAgent) -> None:
    certificate = paired.certificate()
    other = b"doc-service: log-in\nhttps://bank.example.az\n2026-11-21T10:00:00.000Z\nch-1\nbm9uY2U\n"
    attributes, _ = to_sign(base64.b64decode(certificate["certificate"]))
    for text in (other, attributes, b"", other + b"more\n"):
        answer = paired.send("POST", "/v1/log-in", {"certificate": certificate["id"], "text": b64(text)})
        assert (answer.status_code, answer.json()["code"]) == (403, "agent.not_a_log_in")
    assert paired.person.log_ins == []


def test_wrong_pin_never_locks_the_token(agent: RunningAgent) -> None:
    agent.token = agent.pair()
    agent.person.pin_given = "0000"
    codes = [agent.send("GET", "/v1/certificates").json()["code"] for _ in range(5)]
    assert codes == ["signing.wrong_pin"] * 2 + ["agent.pin_stopped"] * 3
    assert agent.person.pins == 2


def test_no_pin_given(agent: RunningAgent) -> None:
    agent.token = agent.pair()
    agent.person.pin_given = None
    assert agent.send("GET", "/v1/certificates").json()["code"] == "agent.declined"


def test_the_key_closes_when_its_time_is_over(key_file: Path) -> None:
    with running_agent(Pkcs12Source(key_file), Person(), pin_seconds=0.4) as agent:
        agent.token = agent.pair()
        certificate = agent.certificate()
        agent.certificate()
        assert agent.person.pins == 1
        time.sleep(0.6)
        answer = agent.approve(certificate["id"], document())
        assert (answer.status_code, answer.json()["code"]) == (409, "agent.locked")
        agent.certificate()
        assert agent.person.pins == 2


def test_one_question_at_a_time(paired: RunningAgent) -> None:
    certificate = paired.certificate()
    paired.person.delay = 0.5
    first: list[int] = []
    asking = threading.Thread(target=lambda: first.append(paired.approve(certificate["id"], document("a")).status_code))
    asking.start()
    while not paired.person.asked:
        time.sleep(0.01)
    answer = paired.approve(certificate["id"], document("b"))
    asking.join()
    assert (answer.status_code, answer.json()["code"]) == (409, "agent.busy")
    assert first == [200]


def test_names_cannot_forge_the_screen(paired: RunningAgent) -> None:
    shown = document() | {"name": "Ərizə\n  2. Başqa\x1b[2J\u202efdp"}
    paired.approve(paired.certificate()["id"], shown)
    name = paired.person.asked[0][1][0].name
    assert name == "Ərizə�  2. Başqa�[2J�fdp"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"certificate": "x", "documents": []},
        {"certificate": "0" * 64, "documents": []},
        {"certificate": "0" * 64, "documents": [{"request": "r", "name": "n", "sha256": "g" * 64}]},
        {"certificate": "0" * 64, "documents": [{"request": "r", "name": "n", "sha256": "0" * 64, "more": 1}]},
        [],
        b"not json",
        b"",
    ],
)
def test_malformed_bodies(paired: RunningAgent, body: Any) -> None:
    paired.certificate()
    answer = paired.send("POST", "/v1/approvals", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "agent.bad_request")


def test_certificate_that_the_agent_has_not(paired: RunningAgent) -> None:
    paired.certificate()
    answer = paired.approve("0" * 64, document())
    assert (answer.status_code, answer.json()["code"]) == (422, "agent.no_such_certificate")
