"""``doc-service agent serve`` as a person starts it: in a terminal, with a key on a real token (SoftHSM2)."""

from __future__ import annotations

import base64
import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from signing.devpki import KeyType, Profile
from signing.keys.algorithms import verifies
from tests.agent.conftest import ORIGIN, Person, RunningAgent, b64, document, to_sign
from tests.pki_fixtures import HOLDER, PIN, RunningPki

PROGRAM = Path(sys.executable).with_name("doc-service")
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN, TOKEN_PIN = "Üzvün nişanı", "73519"


@dataclass
class Terminal:
    """The agent on a pseudo-terminal: what it wrote, and the person's keyboard."""

    process: subprocess.Popen[bytes]
    master: int
    written: str = ""
    seen: int = field(default=0)

    def expect(self, pattern: str, seconds: float = 20) -> re.Match[str]:
        """Waits until the screen shows ``pattern`` after what was expected before."""
        ends = time.monotonic() + seconds
        while not (found := re.compile(pattern).search(self.written, self.seen)):
            assert time.monotonic() < ends, f"{pattern!r} not in {self.written[self.seen :]!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                self.written += os.read(self.master, 65536).decode(errors="replace")
        self.seen = found.end()
        return found

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, session_pki: RunningPki) -> dict[str, str]:
    """A token with an RSA and an EC key; its own SoftHSM, which only the agents' processes load."""
    folder = tmp_path_factory.mktemp("agent-token")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    environment = os.environ | {"SOFTHSM2_CONF": str(configuration)}

    def run(*command: str) -> None:
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)

    run("softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", TOKEN_PIN, "--so-pin", "11223344")
    for number, (label, kind) in enumerate({"ec": KeyType.P256, "rsa": KeyType.RSA2048}.items(), 1):
        issued = session_pki.issue(HOLDER, Profile(f"agent-{label}", key_type=kind))
        key, _, _ = pkcs12.load_key_and_certificates(issued.pkcs12, PIN.encode())
        assert key is not None
        (folder / "key").write_bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        (folder / "cert").write_bytes(issued.certificate)
        for file, what in (("key", "privkey"), ("cert", "cert")):
            run(
                "pkcs11-tool", "--module", str(MODULE), "--token-label", TOKEN, "--login", "--pin", TOKEN_PIN,
                "--write-object", str(folder / file), "--type", what, "--label", label, "--id", f"0{number}",
            )  # fmt: skip
        (folder / "key").unlink()
    return environment


def started(environment: dict[str, str], *arguments: str) -> Iterator[tuple[Terminal, RunningAgent]]:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, "agent", "serve", "--service", ORIGIN, *arguments],
        stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(slave)
    terminal = Terminal(process, master)
    try:
        port = int(terminal.expect(r"en: The agent listens on 127\.0\.0\.1, port (\d+)")[1])
        yield terminal, RunningAgent(port, Person())
    finally:
        process.terminate()
        process.wait(20)
        os.close(master)


@pytest.fixture(params=["ec", "rsa"])
def running(request: pytest.FixtureRequest, token: dict[str, str]) -> Iterator[tuple[Terminal, RunningAgent]]:
    yield from started(token, "--pkcs11", str(MODULE), "--label", TOKEN, "--key", request.param)


def asking(agent: RunningAgent, method: str, path: str, body: object = None) -> Asking:
    """A request that waits for the person, meanwhile in a thread."""
    return Asking(agent, method, path, body)


class Asking:
    def __init__(self, agent: RunningAgent, method: str, path: str, body: object) -> None:

        self.answer = None
        self._thread = threading.Thread(target=self._ask, args=(agent, method, path, body), daemon=True)
        self._thread.start()

    def _ask(self, agent: RunningAgent, method: str, path: str, body: object) -> None:
        self.answer = agent.send(method, path, body)

    def done(self):  # type: ignore[no-untyped-def]
        self._thread.join(20)
        assert self.answer is not None
        return self.answer


def test_pairing_pin_and_agreement_in_the_terminal(running: tuple[Terminal, RunningAgent]) -> None:
    terminal, agent = running
    assert agent.send("POST", "/v1/pair", {}).status_code == 200
    code = terminal.expect(r"type the code (\d{4} \d{4})")[1]
    agent.token = agent.send("POST", "/v1/pair", {"code": code}).json()["token"]
    terminal.expect(f"{ORIGIN} is paired")

    certificates = asking(agent, "GET", "/v1/certificates")
    terminal.expect(rf"PIN \({TOKEN} / (ec|rsa)\): ")
    terminal.type(TOKEN_PIN + "\n")
    certificate = certificates.done().json()["certificates"][0]
    assert TOKEN_PIN not in terminal.written

    shown = [document("a", "r1"), document("b", "r2")]
    approval = asking(agent, "POST", "/v1/approvals", {"certificate": certificate["id"], "documents": shown})
    for one in shown:
        terminal.expect(one["name"])
        terminal.expect(f"SHA-256 {one['sha256']}")
    terminal.expect(r"\[y/N\]: ")
    terminal.type("y\n")
    agreed = approval.done().json()["approval"]

    der = base64.b64decode(certificate["certificate"])
    for one in shown:
        data, algorithm = to_sign(der, one["request"].encode())
        body = {
            "approval": agreed, "certificate": certificate["id"], "request": one["request"], "sha256": one["sha256"],
            "to_be_signed": b64(data), "algorithm": algorithm,
        }  # fmt: skip
        answer = agent.send("POST", "/v1/sign", body)
        assert answer.status_code == 200, answer.text
        signature = base64.b64decode(answer.json()["signature"])
        assert verifies(x509.load_der_x509_certificate(der).public_key(), signature, data, algorithm)
        terminal.expect("en: Signed: " + one["name"])
    assert terminal.written.count("PIN (") == 1


def test_what_was_typed_before_the_question_agrees_to_nothing(running: tuple[Terminal, RunningAgent]) -> None:
    terminal, agent = running
    agent.send("POST", "/v1/pair", {})
    code = terminal.expect(r"type the code (\d{4} \d{4})")[1]
    agent.token = agent.send("POST", "/v1/pair", {"code": code}).json()["token"]
    certificates = asking(agent, "GET", "/v1/certificates")
    terminal.expect("PIN ")
    terminal.type(TOKEN_PIN + "\n")
    certificate = certificates.done().json()["certificates"][0]["id"]
    terminal.type("y\ny\n")
    time.sleep(0.3)
    approval = asking(agent, "POST", "/v1/approvals", {"certificate": certificate, "documents": [document()]})
    terminal.expect(r"\[y/N\]: ")
    time.sleep(0.3)
    assert approval.answer is None
    terminal.type("\n")
    assert approval.done().json()["code"] == "agent.declined"


def test_token_that_is_not_there(token: dict[str, str]) -> None:
    for terminal, agent in started(token, "--pkcs11", str(MODULE), "--label", "yoxdur"):
        agent.send("POST", "/v1/pair", {})
        code = terminal.expect(r"type the code (\d{4} \d{4})")[1]
        agent.token = agent.send("POST", "/v1/pair", {"code": code}).json()["token"]
        certificates = asking(agent, "GET", "/v1/certificates")
        terminal.expect("PIN ")
        terminal.type("1\n")
        assert certificates.done().json()["code"] == "signing.token_not_found"


@pytest.mark.parametrize("pending", [False, True])
def test_the_agent_ends_in_order(token: dict[str, str], pending: bool) -> None:
    """Also while a question waits for the person."""
    for terminal, agent in started(token, "--pkcs11", str(MODULE), "--label", TOKEN, "--key", "ec"):
        if pending:
            agent.send("POST", "/v1/pair", {})
            code = terminal.expect(r"type the code (\d{4} \d{4})")[1]
            agent.token = agent.send("POST", "/v1/pair", {"code": code}).json()["token"]
            asking(agent, "GET", "/v1/certificates")
            terminal.expect("PIN ")
            assert not termios.tcgetattr(terminal.master)[3] & termios.ECHO
        terminal.process.terminate()
        assert terminal.process.wait(20) == 0
        assert termios.tcgetattr(terminal.master)[3] & termios.ECHO
        assert "Traceback" not in terminal.written
