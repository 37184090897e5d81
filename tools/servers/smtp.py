"""A mail server that keeps what it is given, with faults on demand (RFC 5321, 3207, 4954). Loopback only.

A process of its own (``python -m tools.servers.smtp DIRECTORY PORT``), driven through files in its directory: each
accepted mail is ``mail/<number>.json``; ``faults.json`` is read anew at every step of every session.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.servers.process import Process, kept_ports, listens, scratch
from tools.servers.server import Server


@dataclass(frozen=True)
class Fault:
    """At the step ``at`` ("connect", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "content" before the mail is
    kept, "kept" after it), when the command holds ``match``: answers ``reply``; without one it hangs up, or with
    ``hang`` says nothing any more."""

    at: str
    match: str = ""
    reply: str = ""
    hang: bool = False


@dataclass(frozen=True)
class Received:
    """One accepted mail with its envelope. ``user``: who logged in; ``tls``: whether the session was protected."""

    sender: str
    recipients: tuple[str, ...]
    user: str
    tls: bool
    data: bytes


class SmtpServer(Server):
    """``certificate`` (PEM chain and key in one file) offers STARTTLS, or with ``implicit`` TLS from the first byte.
    ``users``: names and passwords, asked for when there are any."""

    def __init__(
        self,
        directory: Path | None = None,
        *,
        certificate: Path | None = None,
        implicit: bool = False,
        users: Mapping[str, str] | None = None,
    ) -> None:
        self.directory = directory or scratch("smtp")
        (self.directory / "mail").mkdir(parents=True, exist_ok=True)
        (self.port,) = kept_ports(self.directory, 1)
        self.host = "127.0.0.1"
        options = {"certificate": str(certificate or ""), "implicit": implicit, "users": dict(users or {})}
        (self.directory / "options.json").write_text(json.dumps(options), encoding="utf-8")
        self.faults()
        command = [sys.executable, "-m", "tools.servers.smtp", str(self.directory), str(self.port)]
        root = str(Path(__file__).resolve().parents[2])
        self.process = Process(
            "smtp", command, lambda: listens(self.port), log=self.directory / "smtp.log",
            environment={"PYTHONPATH": root},
        )  # fmt: skip

    def faults(self, *faults: Fault) -> None:
        """From now on these and no others."""
        part = self.directory / "faults.part"
        part.write_text(json.dumps([asdict(f) for f in faults]), encoding="utf-8")
        part.replace(self.directory / "faults.json")

    def received(self) -> Sequence[Received]:
        """In the order of acceptance."""
        return [_read(path) for path in sorted((self.directory / "mail").glob("*.json"))]

    def forget(self) -> None:
        """Empties the mailbox and ends all faults."""
        self.faults()
        for path in (self.directory / "mail").glob("*.json"):
            path.unlink()


def _read(path: Path) -> Received:
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    data = str(kept["data"]).encode("latin-1")
    return Received(kept["sender"], tuple(kept["recipients"]), kept["user"], kept["tls"], data)


if __name__ == "__main__":
    from tools.servers.smtp_session import serve

    serve(Path(sys.argv[1]), int(sys.argv[2]))
