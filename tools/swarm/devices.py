"""The devices in the members' hands: each answers the prompts of its way to sign, once for every prompt."""

from __future__ import annotations

import base64
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from doc_service.domain.people import Person
from signing.api import SigningKey
from signing.keys.pkcs12 import Pkcs12Key
from tools.servers.provider import PIN, Provider
from tools.standins.asan_service import SECRET, USER_ID, AsanService, Phone
from tools.standins.csc_process import CLIENT_ID, CLIENT_SECRET, CscProcess
from tools.standins.sima_phone import SimaPhone
from tools.swarm.caller import Caller, Refused
from tools.swarm.der import raw_pair

WAYS = ("raw", "agent", "csc/imza", "sima", "web_eid", "asan")
BATCH = {"csc/imza": 50, "sima": 1, "web_eid": 1, "asan": 1}
"""How many documents one authorisation covers; the others take as many as there are."""
MASTER_KEY = "suru-sinaq-acari-0123456789abcdef"
RETURNS = "v1/signing-returns"


@dataclass
class Devices:
    """Stand-ins of the outside services, and everybody's keys. ``asked``: how often each person did something."""

    provider: Provider
    people: Mapping[str, Person]
    csc: CscProcess
    asan: AsanService
    numbers: Mapping[str, str]
    asked: Counter[str] = field(default_factory=Counter)
    _keys: dict[str, SigningKey] = field(default_factory=dict)

    def key(self, person_id: str) -> SigningKey:
        if person_id not in self._keys:
            path = self.provider.key_file(self.people[person_id].fin)
            self._keys[person_id] = Pkcs12Key.load(path.read_bytes(), PIN)
        return self._keys[person_id]

    def start(self, person_id: str, way: str) -> dict[str, Any]:
        """What the page gives when an operation begins."""
        if way in ("agent", "web_eid"):
            key = self.key(person_id)
            given: dict[str, Any] = {
                "certificate": base64.b64encode(key.certificate).decode(),
                "chain": [base64.b64encode(c).decode() for c in key.chain],
            }
            if way == "web_eid":
                given["parameters"] = {"supported_algorithms": "ECC/SHA-256/NONE"}
            return given
        return {"parameters": {"phone": self.numbers[person_id], "user_id": USER_ID}} if way == "asan" else {}

    def react(
        self, person_id: str, way: str, prompt: Mapping[str, Any], caller: Caller, field_name: str
    ) -> dict[str, Any] | None:
        """Plays the person; what the page answers, None when the device answers by itself."""
        kind = prompt["kind"]
        if kind == "sign":
            self.asked[person_id] += 1
            return {"signatures": {t["reference"]: self._signed(person_id, way, t) for t in prompt["tasks"]}}
        if kind == "redirect":
            self.asked[person_id] += 1
            _come_back(caller, self.csc.approve(prompt["url"], person_id))
        if kind == "open":
            self.asked[person_id] += 1
            self._on_phone(person_id, prompt["url"], caller, field_name)
        return None

    def _on_phone(self, person_id: str, url: str, caller: Caller, field_name: str) -> None:
        """The app signs once and calls until somebody answers."""
        with httpx.Client(timeout=60) as network:
            phone = SimaPhone(self.key(person_id), MASTER_KEY.encode(), network, field_name)
            content = phone.open(url)
            got = _answered(lambda: phone.fetch(url), caller.deadline)
            if got.status_code == httpx.codes.OK:
                result = phone.result(content, phone.show(got))
                _answered(lambda: phone.call_back(content, result), caller.deadline)

    def _signed(self, person_id: str, way: str, task: Mapping[str, Any]) -> str:
        made = self.key(person_id).sign(base64.b64decode(task["data"]), task["algorithm"])
        return base64.b64encode(raw_pair(made) if way == "web_eid" else made).decode()


def _come_back(caller: Caller, parameters: Mapping[str, str]) -> None:
    """The browser, which asks again when the answer was lost. The way back counts once, so it may be told then that
    there is nothing to come back to; the page goes on by itself."""
    try:
        caller.get(f"/{RETURNS}", **parameters)
    except Refused as refused:
        if refused.code != "signing_operation.not_found":
            raise


def _answered(ask: Callable[[], httpx.Response], deadline: float) -> httpx.Response:
    while True:
        try:
            answer = ask()
        except httpx.HTTPError:
            if time.monotonic() >= deadline:
                raise
        else:
            if answer.status_code < 500 or time.monotonic() >= deadline:
                return answer
        time.sleep(0.5)


def settings_for(place: Path, base: str, devices: Devices) -> dict[str, str]:
    """What the service must know of them."""
    csc, asan, secret = place / "csc.toml", place / "asan.toml", place / "asan-secret"
    csc.write_text(
        f'[[provider]]\nname = "imza"\nbase_url = "{devices.csc.base(2)}"\nclient_id = "{CLIENT_ID}"\n'
        f'client_secret = "{CLIENT_SECRET}"\n'
    )
    secret.write_text(SECRET)
    asan.write_text(f'base_url = "{devices.asan.url}"\nsecret_file = "asan-secret"\n')
    return {
        "DOC_SERVICE_CSC_PROVIDERS_FILE": str(csc),
        "DOC_SERVICE_ASAN_FILE": str(asan),
        "DOC_SERVICE_SIMA_CLIENT_ID": "1082",
        "DOC_SERVICE_SIMA_CLIENT_NAME": "KOBIA (sinaq)",
        "DOC_SERVICE_SIMA_MASTER_KEY": MASTER_KEY,
        "DOC_SERVICE_PUBLIC_URL": base,
    }


def open_devices(place: Path, base: str, provider: Provider, people: list[Person], stack: ExitStack) -> Devices:
    credentials = [
        {"id": f"cred-{p.id}", "user": p.id, "pkcs12": provider.key_file(p.fin), "password": PIN,
         "mode": "oauth2code", "scal": "2", "multisign": 50, "pin": "12345678"}
        for p in people
    ]  # fmt: skip
    csc = stack.enter_context(CscProcess(place, credentials, pushes=True, redirect_uris=[f"{base}/{RETURNS}"]))
    numbers = {p.id: f"+99450{2000000 + n}" for n, p in enumerate(people)}
    phones = [Phone(provider.key_file(p.fin).read_bytes(), PIN, phone=numbers[p.id]) for p in people]
    asan = stack.enter_context(AsanService(*phones))
    return Devices(provider, {p.id: p for p in people}, csc, asan, numbers)
