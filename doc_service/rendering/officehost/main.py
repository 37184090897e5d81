"""One soffice process driven over UNO: read a DOCX frame, answer with a PDF frame, one at a time.

``python3-uno`` belongs to the distribution's Python, and LibreOffice hangs and crashes; so this runs as its own
process. It ends itself, soffice and whatever soffice started as soon as the service goes away.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import queue
import resource
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from doc_service.rendering.officehost import frames, landlock

_PR_SET_PDEATHSIG = 1
_RESTART = 81
Job = tuple[dict[str, Any], bytes]


def end_group(reason: str = "") -> NoReturn:
    """Kills the whole process group, this process included; ``reason`` goes to the host's log."""
    if reason:
        sys.stderr.write(reason + "\n")
        sys.stderr.flush()
    os.killpg(0, signal.SIGKILL)
    os._exit(1)


def read_exactly(fd: int, size: int, parent: int) -> bytes:
    """``size`` bytes; ends the group at end of file or when the service is no longer our parent."""
    chunks: list[bytes] = []
    while size:
        if not select.select([fd], [], [], 1.0)[0]:
            if os.getppid() != parent:
                end_group()
            continue
        chunk = os.read(fd, min(size, 1 << 20))
        if not chunk:
            end_group()
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def feed(fd: int, parent: int, jobs: queue.Queue[Job]) -> None:
    """Reads frames for ever, also while a conversion runs, so that a vanished service is always noticed."""
    while True:
        head, body = frames.lengths(read_exactly(fd, frames.PREFIX.size, parent))
        header = frames.decode_header(read_exactly(fd, head, parent))
        jobs.put((header, read_exactly(fd, body, parent)))


class Office:
    """soffice with its own profile; ``options`` come from the service as JSON (see ``OfficeSettings``)."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self.confined = bool(options["confine"]) and landlock.abi() > 0
        self._rules = landlock.office_rules(options["program"], options["work"], options["readable"])
        self._libc = ctypes.CDLL(None)
        self._process = self._start()
        self._context: Any = None

    def _limits(self) -> None:
        """Runs in the new process before soffice does: dies with the host, bounded, confined."""
        self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        size = self._options["address_space"]
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        files = self._options["file_size"]
        resource.setrlimit(resource.RLIMIT_FSIZE, (files, files))
        if self.confined:
            landlock.restrict(self._rules)

    def _start(self) -> subprocess.Popen[bytes]:
        work = self._options["work"]
        command = [
            f"{self._options['program']}/soffice.bin",
            f"-env:UserInstallation=file://{work}/profile",
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nolockcheck",
            f"--accept=pipe,name={self._options['pipe']};urp;",
        ]
        environment = {
            "HOME": work,
            "TMPDIR": f"{work}/tmp",  # noqa: S108
            "XDG_CACHE_HOME": f"{work}/cache",
            "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "TZ": "UTC",
            "SAL_USE_VCLPLUGIN": "svp",
            # A fifth of soffice's time goes into malloc. tcmalloc saves an eighth of all; without it (the loader says
            # so in host.log and goes on) one arena with long thread caches saves a twentieth.
            "LD_PRELOAD": "libtcmalloc_minimal.so.4",
            "MALLOC_ARENA_MAX": "1",
            "GLIBC_TUNABLES": "glibc.malloc.tcache_count=2000",
        }
        return subprocess.Popen(
            command,
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            stderr=sys.stderr,
            preexec_fn=self._limits,
        )

    def connect(self) -> None:
        """Waits until soffice answers; a fresh profile makes it end once with 81 to be started again."""
        import uno  # type: ignore[import-not-found]

        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        url = f"uno:pipe,name={self._options['pipe']};urp;StarOffice.ComponentContext"
        restarts = 0
        while True:
            try:
                self._context = resolver.resolve(url)
                return
            except uno.getClass("com.sun.star.connection.NoConnectException"):
                time.sleep(0.02)
            code = self._process.poll()
            if code == _RESTART and restarts < 2:
                restarts += 1
                self._process = self._start()
            elif code is not None:
                end_group(f"soffice ended with {code} while starting")

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def rss(self) -> int:
        """Resident memory of soffice in bytes (0 when it cannot be read)."""
        with contextlib.suppress(OSError, IndexError):
            statm = Path(f"/proc/{self._process.pid}/statm").read_text()
            return int(statm.split()[1]) * resource.getpagesize()
        return 0

    def convert(self, document: bytes, export: dict[str, Any]) -> bytes:
        """The PDF. Raises ``ValueError`` when LibreOffice does not take the document; UNO exceptions pass."""
        import uno

        manager = self._context.ServiceManager
        desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", self._context)
        source = manager.createInstanceWithContext("com.sun.star.io.SequenceInputStream", self._context)
        source.initialize((uno.ByteSequence(document),))
        opened = desktop.loadComponentFromURL(
            "private:stream",
            "_blank",
            0,
            properties(
                InputStream=source,
                FilterName="MS Word 2007 XML",
                Hidden=True,
                ReadOnly=True,
                MacroExecutionMode=0,
                UpdateDocMode=0,
                Referer="http://untrusted.invalid/",
            ),
        )
        if opened is None:
            raise ValueError("loadComponentFromURL returned nothing")
        try:
            update_indexes(opened)
            sink = make_sink()
            data = uno.Any("[]com.sun.star.beans.PropertyValue", properties(**export))
            opened.storeToURL(
                "private:stream", properties(FilterName="writer_pdf_Export", OutputStream=sink, FilterData=data)
            )
            return bytes(sink.content)
        finally:
            opened.close(True)


def update_indexes(opened: Any) -> None:
    """Fills tables of contents, twice: the first time moves the pages that they name."""
    indexes = opened.getDocumentIndexes()
    for _ in range(2):
        for place in range(indexes.getCount()):
            indexes.getByIndex(place).update()


def properties(**values: Any) -> tuple[Any, ...]:
    """UNO property values."""
    from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def make_sink() -> Any:
    """An XOutputStream that keeps what is written in ``content``."""
    import unohelper  # type: ignore[import-not-found]
    from com.sun.star.io import XOutputStream  # type: ignore[import-not-found]

    class Sink(unohelper.Base, XOutputStream):  # type: ignore[misc]
        def __init__(self) -> None:
            self.content = bytearray()

        def writeBytes(self, data: Any) -> None:  # noqa: N802
            self.content += data.value

        def flush(self) -> None:
            return

        def closeOutput(self) -> None:  # noqa: N802
            return

    return Sink()


def answer(office: Office, body: bytes, header: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """One conversion as an answer frame; ends the group when soffice is gone, so that the service sees a crash."""
    import uno

    try:
        pdf = office.convert(body, header["export"])
    except ValueError as error:
        return {"status": "failed", "reason": str(error), "rss": office.rss()}, b""
    except uno.getClass("com.sun.star.uno.Exception") as error:
        time.sleep(0.05)
        gone = uno.getClass("com.sun.star.lang.DisposedException")
        if isinstance(error, gone) or not office.alive:
            end_group(f"soffice went away while converting: {error}")
        return {"status": "failed", "reason": f"{type(error).__name__}: {error}"[:500], "rss": office.rss()}, b""
    return {"status": "done", "rss": office.rss()}, pdf


def main() -> NoReturn:
    """Starts soffice, says "ready", then answers frames until the service goes away."""
    options: dict[str, Any] = json.loads(sys.argv[1])
    parent = os.getppid()
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    jobs: queue.Queue[Job] = queue.Queue()
    try:
        office = Office(options)
        threading.Thread(target=feed, args=(0, parent, jobs), daemon=True).start()
        office.connect()
        ready = {"status": "ready", "confined": office.confined, "rss": office.rss()}
        output.write(frames.encode(ready))
        output.flush()
        while True:
            header, body = jobs.get()
            output.write(frames.encode(*answer(office, body, header)))
            output.flush()
    finally:
        end_group(traceback.format_exc())
