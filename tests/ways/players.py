"""One player for each way to sign: what the person's page or device does. The contract suite runs on every one.

A new way adds a class here and its name to ``PLAYERS``; what it needs outside (a stand-in) it gets in ``open`` from the
directory and the people, before the service is opened with its ``settings``.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from doc_service.domain.people import Person
from doc_service.domain.signing_operations import SigningOperation
from doc_service.services.ways.start_operation import StartInput
from signing.devpki import DevelopmentPki, Holder
from signing.keys.pkcs12 import Pkcs12Key
from signing.remote.api import Answer, ClientSigned, Entered, Returned
from tools.standins.asan_service import SECRET, USER_ID, AsanService, Phone
from tools.standins.csc_process import CLIENT_ID, CLIENT_SECRET, RETURN_URL, CscProcess

PIN = "1234"


class Keys:
    """The people's keys in the development PKI that the service will trust."""

    def __init__(self, directory: Path, pki: DevelopmentPki) -> None:
        self.directory = directory
        self.pki = pki

    def issued(self, person: Person) -> Any:
        name = person.name
        holder = Holder(person.fin, name.surname, name.given, name.patronymic, person.organisation)
        return self.pki.issue(holder, PIN)

    def key(self, person: Person) -> Pkcs12Key:
        return Pkcs12Key.load(self.issued(person).pkcs12, PIN)


class Player(Protocol):
    """``bound``: an authorisation is good for the hashes it was asked for alone. ``batch``: documents with one."""

    means: str
    provider: str
    bound: bool
    batch: int

    def open(self, directory: Path, keys: Keys, people: Sequence[Person], stack: ExitStack) -> Mapping[str, Any]:
        """Settings of the service."""
        ...

    def given(self, person: Person) -> StartInput:
        """What the page gives at the start."""
        ...

    def answer(self, operation: SigningOperation, person: Person) -> Answer | None:
        """What the person does about ``operation.prompt``; None: waits."""
        ...

    def impostor(self, person: Person, other: Person) -> StartInput:
        """``person`` starts, and the device is ``other``'s."""
        ...


class _PagePlayer:
    """A page that has the certificate and signs hashes."""

    means = ""
    provider = ""
    bound = False
    batch = 200

    def open(self, directory: Path, keys: Keys, people: Sequence[Person], stack: ExitStack) -> Mapping[str, Any]:
        self._keys = keys
        self._acting: dict[str, Person] = {}
        return {}

    def given(self, person: Person) -> StartInput:
        self._acting.pop(person.id, None)
        return self._input(person)

    def impostor(self, person: Person, other: Person) -> StartInput:
        self._acting[person.id] = other
        return self._input(other)

    def _input(self, person: Person) -> StartInput:
        key = self._keys.key(person)
        return StartInput(certificate=key.certificate, chain=key.chain)

    def answer(self, operation: SigningOperation, person: Person) -> Answer | None:
        if operation.prompt.get("kind") != "sign":
            return None
        key = self._keys.key(self._acting.get(person.id, person))
        tasks = operation.prompt["tasks"]
        return ClientSigned({t["reference"]: self.raw(key, t) for t in tasks})

    def raw(self, key: Pkcs12Key, task: Mapping[str, str]) -> bytes:
        return key.sign(b64decode(task["data"]), task["algorithm"])


class AgentPlayer(_PagePlayer):
    means = "agent"


class WebEidPlayer(_PagePlayer):
    means = "web_eid"
    bound = True
    batch = 1

    def _input(self, person: Person) -> StartInput:
        plain = super()._input(person)
        return StartInput({"supported_algorithms": "ECC/SHA-256/NONE"}, plain.certificate, plain.chain)

    def raw(self, key: Pkcs12Key, task: Mapping[str, str]) -> bytes:
        r, s = decode_dss_signature(super().raw(key, task))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class CscPlayer:
    """A person with a key at the stand-in service. ``credential``: its mode, SCAL, factors; ``options``: of the
    provider's table; ``switches``: of the stand-in."""

    means = "csc"

    def __init__(self, version: str, credential: Mapping[str, Any], **options: Any) -> None:
        self.provider = "sinaq"
        self.bound = credential["scal"] == "2"
        self.batch = 200
        self._version = version
        self._credential = dict(credential)
        self._switches = options.pop("switches", {})
        self._options = options
        self.process: CscProcess

    def open(self, directory: Path, keys: Keys, people: Sequence[Person], stack: ExitStack) -> Mapping[str, Any]:
        self._acting: dict[str, str] = {}
        place = directory / "csc"
        place.mkdir()
        credentials = [
            {"id": f"K-{p.id}", "user": p.id, "pkcs12": keys.issued(p).path, "password": PIN, **self._credential}
            for p in people
        ]
        self.process = stack.enter_context(CscProcess(place, credentials, **self._switches))
        major = self._version[0]
        lines = {
            "name": self.provider,
            "title": "Sınaq imza xidməti",
            "base_url": f"{self.process.url}/csc/v{major}",
            "version": self._version,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "timeout_seconds": 3,
            "total_seconds": 5,
            **self._options,
        }
        file = place / "providers.toml"
        table = "\n".join(f"{name} = {json.dumps(value)}" for name, value in lines.items())
        file.write_text(f"[[provider]]\n{table}\n", encoding="utf-8")
        return {"csc_providers_file": file}

    def given(self, person: Person) -> StartInput:
        self._acting.pop(person.id, None)
        return StartInput(return_url=RETURN_URL)

    def impostor(self, person: Person, other: Person) -> StartInput:
        """Somebody else logs in at the service, with the only key there is."""
        self._acting[person.id] = other.id
        return StartInput(return_url=RETURN_URL)

    def answer(self, operation: SigningOperation, person: Person) -> Answer | None:
        kind = operation.prompt.get("kind")
        if kind == "redirect":
            return Returned(self.process.approve(operation.prompt["url"], self._acting.get(person.id, person.id)))
        return Entered({"PIN": "12345678", "OTP": "947012"}) if kind == "enter" else None


class AsanPlayer:
    """A person with a telephone at the stand-in for ASAN İmza, who compares the codes and confirms."""

    means = "asan"
    provider = ""
    bound = True
    batch = 1

    def open(self, directory: Path, keys: Keys, people: Sequence[Person], stack: ExitStack) -> Mapping[str, Any]:
        self._numbers = {person.id: f"+9945012345{n:02d}" for n, person in enumerate(people)}
        phones = [Phone(keys.issued(p).pkcs12, PIN, phone=self._numbers[p.id]) for p in people]
        service = stack.enter_context(AsanService(*phones))
        (directory / "asan-secret").write_text(SECRET, encoding="utf-8")
        file = directory / "asan.toml"
        file.write_text(f'base_url = "{service.url}"\nsecret_file = "asan-secret"\n', encoding="utf-8")
        return {"asan_file": file}

    def given(self, person: Person) -> StartInput:
        return StartInput({"phone": self._numbers[person.id], "user_id": USER_ID})

    def impostor(self, person: Person, other: Person) -> StartInput:
        return self.given(other)

    def answer(self, operation: SigningOperation, person: Person) -> Answer | None:
        assert operation.prompt["kind"] != "compare" or len(operation.prompt["code"]) == 4
        return None


_CODE2 = {"mode": "oauth2code", "scal": "2"}
_PIN1 = {"mode": "explicit", "scal": "1"}
PLAYERS: Mapping[str, Callable[[], Player]] = {
    "agent": AgentPlayer,
    "asan": AsanPlayer,
    "web_eid": WebEidPlayer,
    "csc-2-code-bound": lambda: CscPlayer("2", _CODE2, switches={"pushes": True}),
    "csc-2-pin-session": lambda: CscPlayer("2", _PIN1),
    "csc-2-later": lambda: CscPlayer("2", _CODE2, asynchronous=True, switches={"asynchronous": True, "pushes": True}),
    "csc-1.0.4": lambda: CscPlayer("1.0.4", _CODE2),
}
