"""From login to a signed document, over the REST API v1: what a person's own program does.

    SIGN_PASSWORD=… SIGN_PIN=… python sign_document.py --url http://127.0.0.1:8000 --login anar --key anar.p12

The private key never leaves this machine: the service gets a certificate and one raw signature over the bytes that it
prepared. What is signed is what was shown: the person agrees to the SHA-256 of the bytes that this program fetched.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

PATIENCE = 300
"""Seconds to wait for a turn at a document that others are signing, and for the document to be finished."""


class RefusedError(Exception):
    """A refusal of the service: RFC 9457, with a stable code."""

    def __init__(self, answer: httpx.Response) -> None:
        told = answer.json()
        self.code = told["code"]
        super().__init__(f"{answer.status_code} {self.code}: {told['messages']['en']}")


class Api:
    """The service as one person uses it."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=60, headers={"accept-language": "en"})

    def log_in(self, login: str, password: str) -> None:
        entered = self.post("/v1/login", {"login": login, "password": password})
        if entered["state"] == "second_step":
            code = input("Code of your device: ")
            entered = self.post("/v1/login/second-step", {"ticket": entered["ticket"], "code": code})
        self.http.headers["authorization"] = f"Bearer {entered['token']}"

    def get(self, path: str) -> httpx.Response:
        return checked(self.http.get(path))

    def post(self, path: str, content: dict[str, Any]) -> Any:
        """A key of its own for each step: sent again after a lost answer, the step is not done twice."""
        headers = {"idempotency-key": uuid.uuid4().hex}
        for attempt in range(3):
            try:
                return checked(self.http.post(path, json=content, headers=headers)).json()
            except httpx.TransportError:
                if attempt == 2:
                    raise
                time.sleep(1 + attempt)
        return None


def checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        raise RefusedError(answer)
    return answer


class Key:
    """A PKCS#12 file; a token or a card would do the same."""

    def __init__(self, path: Path, pin: str) -> None:
        self._key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), pin.encode())
        assert certificate is not None
        self.certificate = certificate.public_bytes(Encoding.DER)
        self.chain = [issuer.public_bytes(Encoding.DER) for issuer in others]

    def sign(self, data: bytes, algorithm: str) -> bytes:
        """``algorithm`` such as "sha256_ecdsa" or "sha256_rsa"; ECDSA in DER."""
        digest = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}[algorithm.partition("_")[0]]
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(digest))
        assert isinstance(self._key, rsa.RSAPrivateKey)
        return self._key.sign(data, padding.PKCS1v15(), digest)


def sign(api: Api, place: str, key: Key) -> None:
    """Read, agree, prepare, complete. ``place``: the signature request's address."""
    shown = api.get(f"{place}/shown").json()
    pdf = api.get(shown["content"]).content
    sha256 = hashlib.sha256(pdf).hexdigest()
    if sha256 != shown["sha256"]:
        raise SystemExit("the bytes received are not those that are to be signed")
    say(shown["consent_text"]["en"])
    api.post(f"{place}/consent", {"shown_sha256": sha256})
    prepared = in_turn(api, place, key)
    signature = key.sign(base64.b64decode(prepared["to_be_signed"]), prepared["algorithm"])
    made = {"signature": b64(signature), "prepared_sha256": prepared["prepared_sha256"]}
    done = api.post(f"{place}/signature", made)
    say(f"signed: level {done['level']}, certificate {done['certificate_serial']}")


def in_turn(api: Api, place: str, key: Key) -> Any:
    """Prepares as soon as nobody else is between preparing and completing; the person is not asked again."""
    device = {"certificate": b64(key.certificate), "chain": [b64(issuer) for issuer in key.chain]}
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return api.post(f"{place}/preparation", device)
        except RefusedError as refusal:
            if refusal.code != "lease.busy" or time.monotonic() > end:
                raise
        queue = api.get(f"{place}/queue").json()
        say(f"place {queue['position']} of {queue['waiting']}")
        time.sleep(2)


def finished(api: Api, document: str, save: Path) -> None:
    """Waits for the other signers and for the archive, then keeps the document as it is in force."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        state = api.get(f"/v1/documents/{document}/state").json()
        say(f"{state['state']['en']}: {state['signed']} of {state['signatures']} signatures")
        if state["final"]:
            save.write_bytes(api.get(f"/v1/documents/{document}/content").content)
            say(str(save))
            return
        time.sleep(2)
    say("the document waits for others; fetch it later")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def say(text: str) -> None:
    print(text, file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--login", required=True)
    parser.add_argument("--key", type=Path, required=True, help="PKCS#12 file")
    parser.add_argument("--save", type=Path, help="where the finished document goes")
    asked = parser.parse_args()
    api = Api(asked.url)
    api.log_in(asked.login, os.environ["SIGN_PASSWORD"])
    key = Key(asked.key, os.environ["SIGN_PIN"])
    waiting = api.get("/v1/signature-requests?state=open&state=consented").json()["items"]
    for request in waiting:
        document = request["document"]
        say(f"{document['title']} № {document['number']}, as {request['role_label']}")
        sign(api, f"/v1/signature-requests/{request['id']}", key)
        if asked.save:
            finished(api, document["id"], asked.save)
    print(len(waiting))


if __name__ == "__main__":
    try:
        main()
    except RefusedError as refusal:
        raise SystemExit(str(refusal)) from None
