"""A stand-in for ASAN İmza: a real HTTP service in the shape that ``signing.remote.asan_http`` assumes.

It is no ASAN İmza. The operator's interface is not public; this one was made up after Mobile-ID so that the steps and
the checks could be tried. Keys lie in files, and nobody confirms anything: ``behave`` plays the person and the faults.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import pkcs12

PHONE, USER_ID, SECRET = "+994501234567", "123456", "Bearer sinaq-sirri"
_HASHES: dict[str, hashes.HashAlgorithm] = {"SHA256": hashes.SHA256(), "SHA384": hashes.SHA384()}


@dataclass
class Phone:
    """A SIM card with its key; ``package``: PKCS#12."""

    package: bytes
    password: str
    phone: str = PHONE
    user_id: str = USER_ID

    def __post_init__(self) -> None:
        loaded = pkcs12.load_pkcs12(self.package, self.password.encode())
        assert loaded.cert is not None
        self.key = loaded.key
        self.certificate = loaded.cert.certificate
        self.chain = [c.certificate for c in loaded.additional_certs]

    def sign(self, digest: bytes, algorithm: str) -> bytes:
        chosen = Prehashed(_HASHES[algorithm])
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(digest, ec.ECDSA(chosen))
        assert isinstance(self.key, rsa.RSAPrivateKey)
        return self.key.sign(digest, padding.PKCS1v15(), chosen)


@dataclass
class Behaviour:
    """``result``: what the person does ("OK" signs); ``polls``: how often the answer is awaited in vain. ``fault``:
    "start", "progress" or "certificate" end without an answer, ``status`` answers so instead. The others lie:
    another digest is signed, another certificate or code is named."""

    result: str = "OK"
    polls: int = 1
    fault: str = ""
    status: int = 0
    other_digest: bool = False
    other_certificate: bytes = b""
    code: str = ""
    names_code: bool = False
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass
class Transaction:
    number: str
    digest: bytes
    algorithm: str
    polls: int


class AsanService:
    """Listens on 127.0.0.1 while the block runs. ``log``: (path, request) of every call."""

    def __init__(self, *phones: Phone) -> None:
        self.phones = {phone.phone: phone for phone in phones}
        self.behave = Behaviour()
        self.log: list[tuple[str, dict[str, Any]]] = []
        self._transactions: dict[str, Transaction] = {}

    def __enter__(self) -> Self:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                service._serve(self, json.loads(raw or b"{}"))

            def do_GET(self) -> None:
                service._serve(self, {})

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def phone(self) -> Phone:
        """The only one."""
        (found,) = self.phones.values()
        return found

    @phone.setter
    def phone(self, phone: Phone) -> None:
        self.phones = {phone.phone: phone}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _serve(self, handler: BaseHTTPRequestHandler, content: dict[str, Any]) -> None:
        step, answer = self._step(handler.path)
        self.log.append((handler.path, content))
        if handler.headers.get("Authorization") != SECRET:
            self._send(handler, 401, {"error": "unauthorised"})
        elif self.behave.fault == step:
            if self.behave.status:
                self._send(handler, self.behave.status, {})
            else:
                handler.close_connection = True
                handler.connection.close()
        else:
            self._send(handler, *answer(content))

    def _step(self, path: str) -> tuple[str, Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]]:
        if path == "/certificate":
            return "certificate", self._certificate
        if path == "/signature":
            return "start", self._start
        name = path.rpartition("/")[2]
        if path.startswith("/cancel/"):
            return "cancel", lambda _: (200, {})
        return "progress", lambda _: self._progress(name)

    def _certificate(self, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        phone = self.phones.get(content.get("phoneNumber", ""))
        if phone is None or content.get("userId") != phone.user_id:
            return 404, {"error": "unknown subscriber"}
        chain = [_text(_der(c)) for c in phone.chain]
        return 200, {"cert": _text(_der(phone.certificate)), "chain": chain, **self.behave.raw}

    def _start(self, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        name = hashlib.sha256(content["reference"].encode()).hexdigest()[:12]
        digest = base64.b64decode(content["hash"])
        number = content["phoneNumber"]
        self._transactions[name] = Transaction(number, digest, content["hashType"], self.behave.polls)
        return 200, {"sessionID": name, **self._code(digest), **self.behave.raw}

    def _progress(self, name: str) -> tuple[int, dict[str, Any]]:
        transaction = self._transactions.get(name)
        if transaction is None:
            return 404, {"error": "unknown session"}
        if transaction.polls > 0:
            transaction.polls -= 1
            return 200, {"state": "RUNNING", **self._code(transaction.digest)}
        if self.behave.result != "OK":
            return 200, {"state": "COMPLETE", "result": self.behave.result}
        digest = hashlib.new(transaction.algorithm.lower(), b"other").digest()
        digest = digest if self.behave.other_digest else transaction.digest
        phone = self.phones[transaction.number]
        signature = phone.sign(digest, transaction.algorithm)
        certificate = self.behave.other_certificate or _der(phone.certificate)
        answer = {"state": "COMPLETE", "result": "OK", "signature": {"value": _text(signature)}}
        return 200, {**answer, "cert": _text(certificate), **self.behave.raw}

    def _code(self, digest: bytes) -> dict[str, str]:
        if self.behave.code:
            return {"verificationCode": self.behave.code}
        if not self.behave.names_code:
            return {}
        return {"verificationCode": f"{(digest[0] >> 2 << 7) | (digest[-1] & 127):04d}"}

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def _der(certificate: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    der: bytes = certificate.public_bytes(Encoding.DER)
    return der


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
