"""One member: logs in with the own certificate, reads, agrees, signs, and keeps trying until it is done."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

from doc_service.domain.people import Person
from tools.swarm.caller import Caller, Refused
from tools.swarm.devices import BATCH, Devices

_ENDED = frozenset({"failed", "expired", "cancelled"})
_LATE = 6.0
"""Seconds; the lease lasts five."""
_AGAIN = frozenset(
    {"lease.lost", "lease.busy", "signature.superseded", "signature.not_prepared", "state.stale", "operation.busy"}
)


@dataclass
class Member:
    """``way``: "raw" prepares and completes by itself, the others are ways of the service. ``late``: how often more
    time is taken between prepare and complete than the lease lasts."""

    person: Person
    way: str
    caller: Caller
    devices: Devices
    late: int = 0
    operations: int = 0
    refusals: list[str] = field(default_factory=list)

    def run(self) -> int:
        """Signs everything that is asked; how many."""
        self.log_in()
        signed = 0
        while wanted := self.waiting():
            for request in wanted:
                self.agree(request)
            if self.way == "raw":
                for request in wanted:
                    self.sign_raw(request["id"])
            else:
                size = BATCH.get(self.way, len(wanted))
                for start in range(0, len(wanted), size):
                    self.operate([r["id"] for r in wanted[start : start + size]])
            signed += len(wanted)
        return signed

    def log_in(self) -> None:
        while True:
            key = self.devices.key(self.person.id)
            challenge = self.caller.post("/v1/login/signature/challenge", {})
            proof = {
                "challenge": challenge["id"],
                "certificate": base64.b64encode(key.certificate).decode(),
                "chain": [base64.b64encode(c).decode() for c in key.chain],
                "signature": base64.b64encode(key.sign(challenge["text"].encode(), "sha256_ecdsa")).decode(),
                "algorithm": "sha256_ecdsa",
            }
            try:
                self.caller.token = self.caller.post("/v1/login/signature", proof)["token"]
                return
            except Refused as refused:
                if refused.code != "login.challenge_invalid":
                    raise

    def waiting(self) -> list[dict[str, Any]]:
        """Open requests; waits for its turn in the order of signing, and is done when nothing stands out."""
        while True:
            page = self.caller.get("/v1/signature-requests", limit=200)["items"]
            due = [r for r in page if r["state"]["code"] in ("open", "consented")]
            if due or (all(r["state"]["code"] == "signed" for r in page) and page):
                return due
            time.sleep(1.0)

    def agree(self, request: dict[str, Any]) -> None:
        if request["state"]["code"] == "consented":
            return
        shown = self.caller.get(f"/v1/signature-requests/{request['id']}/shown")
        pdf = self.caller.read(shown["content"])
        assert hashlib.sha256(pdf).hexdigest() == shown["sha256"], "other bytes than announced"
        self.caller.post(f"/v1/signature-requests/{request['id']}/consent", {"shown_sha256": shown["sha256"]})

    def sign_raw(self, request_id: str) -> None:
        path, key = f"/v1/signature-requests/{request_id}", self.devices.key(self.person.id)
        device = {
            "certificate": base64.b64encode(key.certificate).decode(),
            "chain": [base64.b64encode(c).decode() for c in key.chain],
        }
        while True:
            try:
                ready = self.caller.post(f"{path}/preparation", device)
                made = key.sign(base64.b64decode(ready["to_be_signed"]), ready["algorithm"])
                self._dawdle()
                body = {"signature": base64.b64encode(made).decode(), "prepared_sha256": ready["prepared_sha256"]}
                for _ in range(1 + self.caller.chance.randrange(2)):
                    self.caller.post(f"{path}/signature", body)
                return
            except Refused as refused:
                if refused.code in ("signature_request.signed", "signature.already_made"):
                    return
                if refused.code not in _AGAIN:
                    raise
                self.refusals.append(refused.code)
                self._queue(path)

    def _dawdle(self) -> None:
        if self.late:
            self.late -= 1
            time.sleep(_LATE)

    def _queue(self, path: str) -> None:
        while True:
            place = self.caller.get(f"{path}/queue")
            if not place["position"] or place["your_turn"]:
                return
            time.sleep(0.4 if place["position"] < 4 else 1.2)

    def operate(self, request_ids: list[str]) -> None:
        """Operations until none of the requests is left; each prompt is answered once, whatever is asked again."""
        left = request_ids
        while left:
            try:
                operation = self._operated(left)
            except Refused as refused:
                if refused.code not in ("signature_request.signed", "operation.in_progress", *_AGAIN):
                    raise
                self.refusals.append(refused.code)
                time.sleep(0.5)
            else:
                self.refusals += [i["code"] for i in operation["items"] if i["code"]]
                self.refusals += [operation["code"]] if operation["code"] else []
            left = [i for i in left if self._state(i) != "signed"]

    def _state(self, request_id: str) -> str:
        return str(self.caller.get(f"/v1/signature-requests/{request_id}")["state"]["code"])

    def _operated(self, request_ids: list[str]) -> dict[str, Any]:
        self.operations += 1
        given = {"requests": request_ids, "way": self.way, **self.devices.start(self.person.id, self.way)}
        operation = self.caller.post("/v1/signing-operations", given)
        path, answered = f"/v1/signing-operations/{operation['id']}", set()
        field_name = str(self.caller.get(f"/v1/signature-requests/{request_ids[0]}")["field"])
        while operation["state"] not in {"done", *_ENDED}:
            asked = json.dumps(operation["prompt"], sort_keys=True)
            if operation["prompt"] and asked not in answered:
                reply = self.devices.react(self.person.id, self.way, operation["prompt"], self.caller, field_name)
                if reply is not None:
                    operation = self._answered(path, reply)
                    answered.add(asked)
                    continue
                answered.add(asked)
            time.sleep(self.caller.chance.uniform(0.5, 1.0) * _pace(operation["prompt"]))
            operation = self.caller.post(f"{path}/poll", {})
        return dict(operation)

    def _answered(self, path: str, reply: dict[str, Any]) -> Any:
        while True:
            try:
                return self.caller.post(f"{path}/answer", reply)
            except Refused as refused:
                if refused.code not in ("operation.busy", "state.stale"):
                    raise
                time.sleep(0.2)


def _pace(prompt: dict[str, Any]) -> float:
    """Seconds. Who waits for the document asks as often as the service says, who waits for a device more often."""
    return float(prompt["poll_after"]) if prompt.get("reason") else 0.6
