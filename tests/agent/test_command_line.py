"""``doc-service agent sign`` against the real service over HTTP."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from doc_service.agent.after_check import require_same_document
from doc_service.agent.attributes import SignatureAttributes, read_attributes
from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import AccountRole, Means
from doc_service.domain.signatures import RequestState
from doc_service.services.access.change_account import AccountChanges
from tests.agent.service import Served, served
from tests.api.world import b64

PROGRAM = Path(sys.executable).with_name("doc-service")
pytestmark = pytest.mark.xdist_group("api")


@pytest.fixture(scope="module")
def shared_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from served(tmp_path_factory.mktemp("agent") / "data")


@pytest.fixture
def place(shared_place: Served) -> Served:
    shared_place.lossy.lose.clear()
    shared_place.lossy.count.clear()
    return shared_place


@pytest.fixture(scope="module")
def waiting(shared_place: Served) -> str:
    """A document that is never signed."""
    return shared_place.world.service.signing()


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.stdout)["documents"]
        return found


def start(place: Served, request: Any, *more: str, pin: str = "1234", url: str = "") -> subprocess.Popen[str]:
    """The installed program, as the signer of ``request``."""
    command = [PROGRAM, "agent", "sign", "--service", url or place.url, "--json", "--token-env", "SESSION"]
    command += ["--pkcs12", str(place.key_file(request.signer)), "--pin-env", "PIN", *more]
    return subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"SESSION": place.token(request), "PIN": pin},
    )  # fmt: skip


def finish(process: subprocess.Popen[str], typed: str = "") -> Done:
    out, err = process.communicate(typed, timeout=120)
    assert "Traceback" not in err, err
    return Done(process.returncode, out, err)


def sign(place: Served, request: Any, *more: str, typed: str = "", **how: str) -> Done:
    return finish(start(place, request, *more, **how), typed)


def states(place: Served, *documents: str) -> list[RequestState]:
    """Of the first signer's requests."""
    return [place.world.service.requests(d)[0].state for d in documents]


def test_two_documents_with_one_pin(place: Served, tmp_path: Path) -> None:
    first, second = place.world.service.signing(), place.world.service.signing()
    request = place.asked(first)
    digests = [f"--yes={place.head(d)}" for d in (first, second)]
    done = sign(place, request, "--all", f"--save={tmp_path}", *digests)
    assert done.code == 0, done
    assert [(d["signed"], d["tries"], d["error"]) for d in done.documents] == [(True, 1, None)] * 2
    assert {d["document"] for d in done.documents} == {first, second}
    for told in done.documents:
        assert Path(told["path"]).parent == tmp_path
        assert Path(told["path"]).read_bytes().startswith(b"%PDF-")
    assert states(place, first, second) == [RequestState.SIGNED] * 2
    again = sign(place, request, "--all", *digests)
    assert (again.code, again.documents) == (0, [])


def test_reading_and_agreeing_one_by_one(place: Served) -> None:
    first, second = place.world.service.signing(), place.world.service.signing()
    done = sign(place, place.asked(first), f"--document={first}", f"--document={second}", typed="bəli\nn\n")
    assert done.code == 1, done
    signed = {d["document"]: (d["signed"], d["error"]) for d in done.documents}
    assert sorted(signed.values(), key=str) == [(False, "agent.declined"), (True, None)]
    for told in done.documents:
        assert f"SHA-256 {told['sha256']}" in done.stderr
        assert told["path"] in done.stderr
    assert done.stderr.count("en: Read the document:") == 2


def test_secretary_who_signs_too(place: Served, waiting: str) -> None:
    """Sees everybody's requests, and tries none but the own."""
    document = place.world.service.signing()
    request = place.asked(document)
    access, name = place.world.service.container.access, place.world.signer(request)
    account = place.world.accounts[name].id
    access.change_account(account, AccountChanges(roles=frozenset({AccountRole.SECRETARIAT})), "system")
    token = access.start_session(account, Means.PASSWORD_TOTP).secret
    before, place.world.secrets[name] = place.world.secrets[name], token
    try:
        done = sign(place, request, "--all", f"--yes={place.head(document)}")
    finally:
        place.world.secrets[name] = before
        access.change_account(account, AccountChanges(roles=frozenset({AccountRole.MEMBER})), "system")
        place.world.secrets[name] = access.start_session(account, Means.PASSWORD_TOTP).secret
    mine = {r.id for d in (document, waiting) for r in place.world.service.requests(d) if r.signer == request.signer}
    assert {d["request"] for d in done.documents} >= mine
    own = {d["request"]: place.world.service.document(d["document"]) for d in done.documents}
    signers = {r.signer.id for d in own.values() for r in place.world.service.requests(d.id) if r.id in own}
    assert signers == {request.signer.id}
    assert "signature.refused" not in place.world.service.actions(waiting)


def test_agreement_beforehand_is_to_a_digest(place: Served, waiting: str) -> None:
    done = sign(place, place.asked(waiting), f"--document={waiting}", f"--yes={'0' * 64}")
    assert (done.code, done.documents[0]["signed"]) == (1, False)
    assert states(place, waiting) == [RequestState.OPEN]


def test_members_at_the_same_time(place: Served) -> None:
    """All of one document: each is prepared again as often as needed, nobody is asked twice, none is lost."""
    document = place.world.service.signing()
    requests = [r for r in place.world.service.requests(document) if r.state is RequestState.OPEN]
    head = place.head(document)
    running = [start(place, r, f"--document={document}", f"--yes={head}") for r in requests]
    ended = [finish(process) for process in running]
    assert [done.code for done in ended] == [0] * len(requests), ended
    after = place.world.service.requests(document)
    assert [r.state for r in after if r.id in {x.id for x in requests}] == [RequestState.SIGNED] * len(requests)
    assert len({r.revision for r in after if r.revision is not None}) >= len(requests)


@pytest.mark.parametrize("lost", ["consent", "preparation", "signature"])
def test_lost_answers_do_nothing_twice(place: Served, lost: str) -> None:
    document = place.world.service.signing()
    request = place.asked(document)
    place.lossy.lose.add(lost)
    done = sign(place, request, f"--document={document}", f"--yes={place.head(document)}")
    assert (done.code, done.documents[0]["signed"], done.documents[0]["tries"]) == (0, True, 1), done
    assert place.lossy.count[f"POST {lost}"] == 2
    actions = place.world.service.actions(document)
    assert actions.count("signature.consented") == actions.count("signature.completed") == 1


def test_wrong_person(place: Served) -> None:
    """The session of one, the key of another."""
    document = place.world.service.signing()
    request = place.asked(document)
    other = next(r for r in place.world.service.requests(document) if r.signer.id != request.signer.id)
    key = place.key_file(other.signer)
    done = sign(place, request, f"--document={document}", f"--yes={place.head(document)}", f"--pkcs12={key}")
    assert (done.code, done.documents[0]["error"]) == (1, "signing.wrong_person")
    assert states(place, document)[0] is RequestState.CONSENTED


def test_wrong_pin(place: Served, waiting: str) -> None:
    yes = f"--yes={place.head(waiting)}"
    done = sign(place, place.asked(waiting), f"--document={waiting}", yes, pin="0000")
    assert done.code == 2
    assert json.loads(done.stdout)["errors"][0]["code"] == "signing.wrong_pin"
    assert states(place, waiting) == [RequestState.OPEN]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--document=nothing"], "agent.nothing_waits"),
        ([], "agent.which_documents"),
        (["--all", "--document=x"], "agent.which_documents"),
        (["--all", "--pkcs11=/x.so"], "agent.one_key"),
        (["--all", "--service=http://senedler.example.az"], "agent.insecure_service"),
        (["--all", "--service=ftp://senedler.example.az"], "agent.bad_service"),
        (["--all", "--ca=/nowhere.pem"], "agent.bad_ca"),
    ],
)
def test_input_that_cannot_be_used(place: Served, waiting: str, arguments: Sequence[str], code: str) -> None:
    done = sign(place, place.asked(waiting), *arguments)
    assert (done.code, json.loads(done.stdout)["errors"][0]["code"]) == (2, code)


def test_nobody_answers(place: Served, waiting: str) -> None:
    done = sign(place, place.asked(waiting), "--all", url="http://127.0.0.1:1")
    assert (done.code, json.loads(done.stdout)["errors"][0]["code"]) == (3, "agent.unreachable")


def test_session_that_is_over(place: Served, waiting: str) -> None:
    request = place.asked(waiting)
    name = place.world.signer(request)
    secret = place.world.secrets[name]
    place.world.secrets[name] = secret[:-4] + "AAAA"
    try:
        done = sign(place, request, "--all")
    finally:
        place.world.secrets[name] = secret
    assert (done.code, json.loads(done.stdout)["errors"][0]["code"]) == (1, "agent.refused")


def test_what_was_signed_is_what_was_read(place: Served) -> None:
    """The check that finds out a service that has something else signed."""
    world = place.world
    read, attributes = [], []
    for _ in range(2):
        request = place.asked(world.service.signing())
        who, path = world.signer(request), f"/v1/signature-requests/{request.id}"
        read.append((path, who, world.ask("GET", f"{path}/content", who).content))
        sha256 = world.ask("GET", f"{path}/shown", who).json()["sha256"]
        assert world.ask("POST", f"{path}/consent", who, json={"shown_sha256": sha256}).status_code == 200
        key = world.service.key(request.signer)
        device = {"certificate": b64(key.certificate), "chain": [b64(c) for c in key.chain]}
        prepared = world.ask("POST", f"{path}/preparation", who, json=device).json()
        data = base64.b64decode(prepared["to_be_signed"])
        attributes.append(read_attributes(data, prepared["algorithm"], key.certificate))
        made = {"signature": b64(key.sign(data, prepared["algorithm"])), "prepared_sha256": prepared["prepared_sha256"]}
        assert world.ask("POST", f"{path}/signature", who, json=made).status_code == 200
    path, who, first = read[0]
    signed = world.ask("GET", f"{path}/content", who).content
    assert len(signed) > len(first)
    require_same_document(first, signed, attributes[0])
    other = bytes([first[100] ^ 1]) + first[101:]
    for wrong in (
        (first, signed, attributes[1]),
        (read[1][2], signed, attributes[0]),
        (first[:100] + other, signed, attributes[0]),
        (first, first, attributes[0]),
        (signed, signed, attributes[0]),
        (first, signed[:-2000], attributes[0]),
        (first, first[:100] + other + signed[len(first) :], attributes[0]),
        (first, signed, SignatureAttributes("sha384_ecdsa", attributes[0].document_digest)),
    ):
        with pytest.raises(DomainError) as caught:
            require_same_document(*wrong)
        assert caught.value.code == "agent.other_document_signed"


def test_finished_document_is_whole(place: Served) -> None:
    """Every member by the agent; then the service's own verdict."""
    document = place.world.service.signing()
    while waiting := [r for r in place.world.service.requests(document) if r.state is RequestState.OPEN]:
        done = sign(place, waiting[0], f"--document={document}", f"--yes={place.head(document)}")
        assert done.code == 0, done
    place.world.service.container.runner.run_until_idle(timedelta(seconds=60))
    finished = place.world.service.document(document)
    assert finished.state in (DocumentState.IN_FORCE, DocumentState.ARCHIVED)
    assert finished.head is not None
    report = place.world.service.container.verify(place.world.service.container.store.read(finished.head.key))
    assert report.report.valid


def test_log_in_by_the_key(place: Served) -> None:
    """No session beforehand: the PIN opens the key, the key logs in and signs."""
    document = place.world.service.signing()
    request = place.asked(document)
    signer = request.signer
    access = place.world.service.container.access
    if not place.world.accounts.get(signer.id):
        place.world.account(signer.id, AccountRole.MEMBER, person_id=signer.id)
    account = access.change_account(place.world.accounts[signer.id].id, AccountChanges(fin=signer.fin), "system")
    place.world.accounts[signer.id] = account
    command = [PROGRAM, "agent", "sign", "--service", place.url, "--json", f"--document={document}"]
    command += ["--pkcs12", str(place.key_file(signer)), "--pin-env", "PIN", f"--yes={place.head(document)}"]
    process = subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PIN": "1234"},
    )  # fmt: skip
    done = finish(process)
    assert (done.code, [d["signed"] for d in done.documents]) == (0, [True]), done
    assert place.lossy.count["POST challenge"] == 1
    assert place.lossy.count["DELETE session"] == 1
    assert [s for s in access.list_sessions(account.id) if s.device.startswith("doc-service-agent")] == []


def test_log_in_by_a_key_without_an_account(place: Served) -> None:
    stranger = replace(place.asked(place.world.service.signing()).signer, fin="9ZZ8Y7X")
    command = [PROGRAM, "agent", "sign", "--service", place.url, "--json", "--all"]
    command += ["--pkcs12", str(place.key_file(stranger)), "--pin-env", "PIN"]
    process = subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PIN": "1234"},
    )  # fmt: skip
    done = finish(process)
    assert done.code == 1, done
    assert "login.no_account" in done.stdout
