"""A server process of our own: started in its own process group, ready when ``start`` returns, ended with us."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class ServerError(Exception):
    """A server did not start; the message holds the end of its log."""


class Process:
    """``command`` is started when asked; ``ready`` is asked until it says True. ``user``: account for programs that
    refuse to be root (used only when we are)."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        ready: Callable[[], bool],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        user: str = "",
        patience: float = 60.0,
    ) -> None:
        self.name = name
        self._command = [*_as_user(user), *command]
        self._ready = ready
        self._log = log
        self._environment = {**os.environ, **(environment or {})}
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} is not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> Path:
        return self._log

    @property
    def exit_code(self) -> int | None:
        """None: it runs, or was never started. Killed by a signal: the signal's number, negative."""
        return None if self._process is None else self._process.poll()

    def start(self) -> Self:
        """Raises ``ServerError`` when it ends or is not ready in time. Starting a started one does nothing."""
        if self.running:
            return self
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self._environment, start_new_session=True, preexec_fn=_die_with_parent,
            )  # fmt: skip
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            if not self.running:
                break
            with suppress(OSError, subprocess.SubprocessError):
                if self._ready():
                    return self
            time.sleep(0.05)
        self.kill()
        raise ServerError(f"{self.name} did not start: {' '.join(self._command)}\n{self.log_tail()}")

    def log_tail(self, size: int = 4000) -> str:
        return self._log.read_bytes()[-size:].decode(errors="replace") if self._log.exists() else ""

    def send(self, number: int) -> None:
        """To the whole group."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """SIGKILL to the whole group."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(30)

    def stop(self, number: int = signal.SIGTERM, patience: float = 20.0) -> None:
        """In order; killed when it takes longer than ``patience`` seconds."""
        if not self.running or self._process is None:
            return
        self.send(number)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
        self.send(signal.SIGKILL)

    def freeze(self) -> None:
        """SIGSTOP: the server is there and does not answer."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.send(signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kept_ports(directory: Path, count: int) -> list[int]:
    """Free ports, the same ones again for a server on the same data."""
    kept = directory / "ports.json"
    if not kept.exists():
        kept.write_text(json.dumps([free_port() for _ in range(count)]), encoding="utf-8")
    ports: list[int] = json.loads(kept.read_text(encoding="utf-8"))
    return ports


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def scratch(name: str) -> Path:
    """A fresh directory that other accounts can traverse (servers that are not root must reach their data)."""
    path = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    path.chmod(0o755)
    return path


def hand_over(path: Path, user: str) -> None:
    """Gives ``path`` to ``user`` when we are root."""
    if os.getuid() == 0:
        shutil.chown(path, user)


def _as_user(user: str) -> list[str]:
    if not user or os.getuid() != 0:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--pdeathsig=TERM"]


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
