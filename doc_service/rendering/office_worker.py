"""One office host seen from the service: start, exchange frames under a deadline, end the whole process group."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import doc_service
from doc_service.rendering.office_profile import write_profile
from doc_service.rendering.officehost import frames

_BOOT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from doc_service.rendering.officehost.main import main; main()"
)
_CHUNK = 1 << 20
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
"""Nothing of the service's own environment, which may hold secrets."""


class OfficeCrashError(Exception):
    """The host or its soffice ended; the document may be converted again on a fresh one."""


class OfficeTimeoutError(Exception):
    """The deadline passed; the host has been killed."""


class OfficeRefusedError(Exception):
    """LibreOffice is well but does not take this document."""


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """How hosts are run. Times in seconds, sizes in bytes.

    ``program``: LibreOffice's program directory; ``python``: an interpreter that has ``uno``; ``work_root``: parent
    of the private working directories; ``prefix``: command in front of the host (see ``isolation.network_prefix``);
    ``readable``: further paths that soffice may read; ``confine``: use Landlock where the kernel has it; ``room``: with
    less free space in ``work_root`` a failure is the disk's, not the document's.
    """

    program: Path = Path("/usr/lib/libreoffice/program")
    python: Path = Path("/usr/bin/python3")
    work_root: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))
    prefix: tuple[str, ...] = ()
    readable: tuple[str, ...] = ("/usr/share/fonts", "/usr/local/share/fonts")
    confine: bool = True
    timeout: float = 90.0
    start_timeout: float = 60.0
    max_documents: int = 200
    max_rss: int = 900 << 20
    max_growth: int = 300 << 20
    room: int = 16 << 20
    address_space: int = 6 << 30
    file_size: int = 1 << 30


class OfficeWorker:
    """A started host. Not safe for two threads at once; the pool sees to that."""

    def __init__(self, settings: OfficeSettings, clock: Callable[[], float]) -> None:
        self._settings, self._clock = settings, clock
        try:
            self._work = Path(tempfile.mkdtemp(prefix="doc-service-office-", dir=settings.work_root))
        except OSError as error:
            raise OfficeCrashError(f"no working directory: {error}") from error
        self._documents = 0
        self._first_rss = self._rss = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._busy = False
        try:
            self._lock = _hold(self._work / "lock")
            self._process = self._spawn()
            ready, _ = self._receive(self._clock() + settings.start_timeout)
        except OSError as error:
            self.kill()
            raise OfficeCrashError(f"the office host cannot start: {error}") from error
        except BaseException:
            self.kill()
            raise
        self.confined = bool(ready.get("confined"))
        self._first_rss = self._rss = int(ready["rss"])

    def _spawn(self) -> subprocess.Popen[bytes]:
        for name in ("tmp", "cache"):
            (self._work / name).mkdir()
        write_profile(self._work / "profile")
        options = {
            "program": str(self._settings.program),
            "work": str(self._work),
            "pipe": _pipe_name(self._work),
            "readable": list(self._settings.readable),
            "confine": self._settings.confine,
            "address_space": self._settings.address_space,
            "file_size": self._settings.file_size,
        }
        source = str(Path(doc_service.__file__).parent.parent)
        command = [*self._settings.prefix, str(self._settings.python), "-I", "-B", "-c", _BOOT, source]
        with (self._work / "host.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, json.dumps(options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self._work,
                env=_ENVIRONMENT,
                start_new_session=True,
            )
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
        return process

    @property
    def pid(self) -> int:
        """Process id of the host, which is also its process group."""
        return self._process.pid if self._process else 0

    @property
    def usable(self) -> bool:
        """The host lives and is not in the middle of an exchange that was broken off."""
        if self._busy or self._process is None:
            return False
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    @property
    def worn(self) -> bool:
        """Due for replacement: enough documents, or memory beyond its limit or growth."""
        limits = self._settings
        grown = self._rss - self._first_rss
        return self._documents >= limits.max_documents or self._rss > limits.max_rss or grown > limits.max_growth

    def convert(self, document: bytes, export: Mapping[str, Any]) -> bytes:
        """The PDF of a DOCX. Raises ``OfficeCrashError`` or ``OfficeTimeoutError`` (the host is no longer usable
        then), or ``OfficeRefusedError``."""
        deadline = self._clock() + self._settings.timeout
        self._busy = True
        self._send(frames.encode({"export": dict(export)}, document), deadline)
        answer, pdf = self._receive(deadline)
        self._busy = False
        self._documents += 1
        self._rss = int(answer["rss"])
        if answer["status"] != "done" or not pdf.startswith(b"%PDF-"):
            raise OfficeRefusedError(str(answer.get("reason", "no PDF came out")))
        return pdf

    def _send(self, data: bytes, deadline: float) -> None:
        stream = self._process.stdin if self._process else None
        if stream is None:
            raise OfficeCrashError("not running")
        view = memoryview(data)
        while view:
            _, ready, _ = select.select([], [stream], [], max(0.0, deadline - self._clock()))
            if not ready:
                raise OfficeTimeoutError
            try:
                view = view[os.write(stream.fileno(), view[:_CHUNK]) :]
            except BrokenPipeError as error:
                raise OfficeCrashError("the office host closed its input") from error

    def _receive(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        try:
            head, body = frames.lengths(self._read(frames.PREFIX.size, deadline))
            header = frames.decode_header(self._read(head, deadline))
            return header, self._read(body, deadline)
        except frames.FrameError as error:
            raise OfficeCrashError(str(error)) from error

    def _read(self, size: int, deadline: float) -> bytes:
        stream = self._process.stdout if self._process else None
        if stream is None:
            raise OfficeCrashError("not running")
        content = bytearray()
        while len(content) < size:
            ready, _, _ = select.select([stream], [], [], max(0.0, deadline - self._clock()))
            if not ready:
                raise OfficeTimeoutError
            chunk = os.read(stream.fileno(), min(size - len(content), _CHUNK))
            if not chunk:
                raise OfficeCrashError(f"the office host ended: {self._log()}")
            content += chunk
        return bytes(content)

    def _log(self) -> str:
        with contextlib.suppress(OSError):
            return (self._work / "host.log").read_text(errors="replace")[-400:].strip()
        return ""

    def interrupt(self) -> None:
        """Ends the process group at once, from any thread; the thread that converts sees a crash."""
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Ends the process group and removes the working directory; may be called again."""
        process = self._process
        if process is not None and process.returncode is None:
            self.interrupt()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
        _discard(self._work)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _hold(path: Path) -> int:
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _pipe_name(work: Path) -> str:
    return work.name.replace("-", "")


def _discard(work: Path) -> None:
    """Removes a working directory, and the two sockets that a killed soffice leaves outside it: that of ``--accept``,
    and that of its single-instance check, named by the MD5 of the profile's address (UTF-16, digits unpadded)."""
    address = f"file://{work}/profile".encode("utf-16-le")
    instance = "".join(f"{byte:x}" for byte in hashlib.md5(address, usedforsecurity=False).digest())
    for base in (Path("/tmp"), Path("/var/tmp")):  # noqa: S108
        for name in (_pipe_name(work), f"SingleOfficeIPC_{instance}"):
            for socket in base.glob(f"OSL_PIPE_*_{name}"):
                socket.unlink(missing_ok=True)
    shutil.rmtree(work, ignore_errors=True)


def sweep(work_root: Path) -> int:
    """Removes working directories whose owner is dead (it held a lock); returns how many."""
    removed = 0
    for work in work_root.glob("doc-service-office-*"):
        try:
            handle = os.open(work / "lock", os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _discard(work)
            removed += 1
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
    return removed
