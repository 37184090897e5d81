"""The server's side of SMTP sessions, one thread each."""

from __future__ import annotations

import base64
import json
import os
import socket
import socketserver
import ssl
import tempfile
import threading
from pathlib import Path
from typing import Any, BinaryIO

_OPENING = ("EHLO", "HELO")


class _GoneError(Exception):
    """The session is over."""


def serve(directory: Path, port: int) -> None:
    """Until the process ends."""
    with _Server(("127.0.0.1", port), _Session) as server:
        server.directory = directory
        server.options = json.loads((directory / "options.json").read_text(encoding="utf-8"))
        server.numbering = threading.Lock()
        server.serve_forever()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    directory: Path
    options: dict[str, Any]
    numbering: threading.Lock


class _Session(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        self._stream: BinaryIO = self.request.makefile("rb")
        self._tls, self._user, self._sender = False, "", ""
        self._recipients: list[str] = []
        try:
            self._converse()
        except (_GoneError, OSError):
            pass
        finally:
            self._stream.close()
            self.request.close()

    def _converse(self) -> None:
        if self.server.options["implicit"]:
            self._protect()
        if not self._fault("connect", ""):
            self._say("220 mail.example ESMTP")
        while True:
            self._step(self._line())

    def _step(self, line: str) -> None:
        verb = line[:8].upper() if line.upper().startswith("STARTTLS") else line[:4].upper()
        if self._fault("EHLO" if verb in _OPENING else verb, line):
            return
        steps = {
            "EHLO": self._ehlo, "HELO": self._ehlo, "STARTTLS": self._starttls, "AUTH": self._auth, "MAIL": self._mail,
            "RCPT": self._rcpt, "DATA": self._data, "RSET": self._rset, "NOOP": self._noop, "QUIT": self._quit,
        }  # fmt: skip
        steps.get(verb, self._unknown)(line)

    def _ehlo(self, line: str) -> None:
        offers = ["mail.example", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if self.server.options["certificate"] and not self._tls:
            offers.append("STARTTLS")
        if self.server.options["users"] and self._tls:
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        self._say(f"250 {offers[-1]}")

    def _starttls(self, line: str) -> None:
        self._say("220 2.0.0 go ahead")
        self._protect()

    def _auth(self, line: str) -> None:
        answer = line.split(" ")[2] if line.count(" ") == 2 else ""
        _, user, password = base64.b64decode(answer).decode().split("\0")
        if self.server.options["users"].get(user) != password:
            self._say("535 5.7.8 credentials are wrong")
            return
        self._user = user
        self._say("235 2.7.0 welcome")

    def _mail(self, line: str) -> None:
        if self.server.options["users"] and not self._user:
            self._say("530 5.7.0 authentication required")
            return
        self._sender, self._recipients = _address(line), []
        self._say("250 2.1.0 ok")

    def _rcpt(self, line: str) -> None:
        self._recipients.append(_address(line))
        self._say("250 2.1.5 ok")

    def _data(self, line: str) -> None:
        self._say("354 end with a dot")
        lines = []
        while (raw := self._raw()) != b".\r\n":
            lines.append(raw.removeprefix(b"."))
        if self._fault("content", ""):
            return
        self._keep(b"".join(lines))
        if not self._fault("kept", ""):
            self._say("250 2.0.0 kept")

    def _rset(self, line: str) -> None:
        self._sender, self._recipients = "", []
        self._say("250 2.0.0 ok")

    def _noop(self, line: str) -> None:
        self._say("250 2.0.0 ok")

    def _quit(self, line: str) -> None:
        self._say("221 2.0.0 bye")
        raise _GoneError

    def _unknown(self, line: str) -> None:
        self._say("502 5.5.1 not implemented")

    def _keep(self, data: bytes) -> None:
        kept = {
            "sender": self._sender, "recipients": self._recipients, "user": self._user, "tls": self._tls,
            "data": data.decode("latin-1"),
        }  # fmt: skip
        folder = self.server.directory / "mail"
        with self.server.numbering:
            number = 1 + max((int(p.stem) for p in folder.glob("*.json")), default=0)
            handle, part = tempfile.mkstemp(dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(kept, file)
            Path(part).replace(folder / f"{number:08d}.json")

    def _fault(self, at: str, command: str) -> bool:
        """Whether the step was answered by a fault."""
        faults = json.loads((self.server.directory / "faults.json").read_text(encoding="utf-8"))
        for fault in faults:
            if fault["at"] != at or fault["match"] not in command:
                continue
            if fault["reply"]:
                self._say(fault["reply"])
                return True
            if fault["hang"]:
                while self.request.recv(4096):
                    pass
            raise _GoneError
        return False

    def _protect(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.options["certificate"])
        self.request = context.wrap_socket(self.request, server_side=True)
        self._stream, self._tls, self._user = self.request.makefile("rb"), True, ""

    def _say(self, line: str) -> None:
        self.request.sendall(f"{line}\r\n".encode())

    def _raw(self) -> bytes:
        raw = self._stream.readline()
        if not raw:
            raise _GoneError
        return raw

    def _line(self) -> str:
        return self._raw().decode(errors="replace").rstrip("\r\n")


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
