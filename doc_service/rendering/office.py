"""A pool of persistent LibreOffice processes (DESIGN 15): seven times faster than starting one for each document,
and a crash or a hang costs one process, never a document."""

from __future__ import annotations

import contextlib
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from doc_service.domain.errors import DomainError
from doc_service.rendering.office_worker import (
    OfficeCrashError,
    OfficeRefusedError,
    OfficeSettings,
    OfficeTimeoutError,
    OfficeWorker,
    sweep,
)

PDF_A_3B: Mapping[str, Any] = {
    "SelectPdfVersion": 3,
    "UseTaggedPDF": True,
    "ExportBookmarks": True,
    "ExportBookmarksToPDFDestination": True,
    "ExportFormFields": False,
    "ExportNotes": False,
    "UseLosslessCompression": True,
    "ReduceImageResolution": False,
    "InitialView": 0,
}
"""Export to PDF/A-3b (ISO 19005-3), tagged; bookmarks become named destinations, which carry the anchors."""


@dataclass(slots=True)
class _Slot:
    worker: OfficeWorker | None = None


class OfficePool:
    """``size`` hosts, started when first needed. ``clock`` gives monotonic seconds. Use as a context manager."""

    def __init__(self, size: int, settings: OfficeSettings, clock: Callable[[], float]) -> None:
        if size < 1:
            raise ValueError("a pool needs at least one host")
        self._settings, self._clock = settings, clock
        self._slots = [_Slot() for _ in range(size)]
        self._idle: queue.LifoQueue[_Slot] = queue.LifoQueue()
        for slot in self._slots:
            self._idle.put(slot)
        self._closed = threading.Event()
        sweep(settings.work_root)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kills every host, also one that is converting; later conversions raise "render.failed"."""
        self._closed.set()
        for worker in [slot.worker for slot in self._slots]:
            if worker is not None:
                worker.interrupt()
        with contextlib.ExitStack() as stack:
            for _ in self._slots:
                stack.enter_context(self._borrow())

    @property
    def hosts(self) -> tuple[int, ...]:
        """Process group ids of the hosts that run now."""
        return tuple(worker.pid for slot in self._slots if (worker := slot.worker) is not None)

    def warm(self) -> None:
        """Starts every idle host, so that the first document does not wait for it. Raises ``DomainError``
        "render.failed" when LibreOffice cannot be started."""
        with contextlib.ExitStack() as stack:
            slots = [stack.enter_context(self._borrow()) for _ in self._slots]
            try:
                for slot in slots:
                    self._ready(slot)
            except (OfficeCrashError, OfficeTimeoutError) as error:
                raise self._failed(f"LibreOffice does not start. {error}") from error

    def convert(self, document: bytes, export: Mapping[str, Any] = PDF_A_3B) -> bytes:
        """The PDF of a DOCX. Raises ``DomainError`` "render.failed" (refused, or two crashes in a row),
        "render.no_space" (either, while the disk is full) or "render.timeout"."""
        reason = ""
        for _ in range(2):
            with self._borrow() as slot:
                try:
                    return self._ready(slot).convert(document, export)
                except OfficeCrashError as error:
                    reason = str(error)
                except OfficeRefusedError as error:
                    raise self._failed(str(error)) from error
                except OfficeTimeoutError as error:
                    raise DomainError("render.timeout", seconds=int(self._settings.timeout)) from error
        raise self._failed(f"LibreOffice ended twice while converting. {reason}")

    def _failed(self, reason: str) -> DomainError:
        """On a full disk LibreOffice fails with whatever it was at, also with nothing to say: so the disk is asked."""
        with contextlib.suppress(FileNotFoundError):
            free = shutil.disk_usage(self._settings.work_root).free
            if free < self._settings.room:
                return DomainError("render.no_space", reason=reason, free=free >> 20)
        return DomainError("render.failed", reason=reason)

    def _ready(self, slot: _Slot) -> OfficeWorker:
        if self._closed.is_set():
            raise OfficeRefusedError("the pool is closed")
        if slot.worker is not None and not slot.worker.usable:
            slot.worker.kill()
            slot.worker = None
        if slot.worker is None:
            slot.worker = OfficeWorker(self._settings, self._clock)
        return slot.worker

    @contextlib.contextmanager
    def _borrow(self) -> Iterator[_Slot]:
        """A slot for this thread alone. Whatever goes wrong inside, a host in doubt is killed and replaced."""
        slot = self._idle.get()
        try:
            yield slot
        finally:
            worker = slot.worker
            if worker is not None and (self._closed.is_set() or worker.worn or not worker.usable):
                slot.worker = None
                worker.kill()
            self._idle.put(slot)


def converter_version(program: Path) -> str:
    """What ``soffice --version`` prints; raises ``DomainError`` "render.failed" when it does not run."""
    try:
        command = [str(program / "soffice.bin"), "--version"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise DomainError("render.failed", reason=f"LibreOffice does not run: {error}") from error
    return done.stdout.strip()
