"""Puts the exact bytes before the person: saved under a name that says what they are, and opened for reading."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from doc_service.agent.service_client import Asked, Shown
from doc_service.domain.errors import DomainError


@dataclass(frozen=True, slots=True)
class Read:
    """A document as it was shown; ``path`` holds its bytes."""

    asked: Asked
    shown: Shown
    path: Path


@dataclass(frozen=True, slots=True)
class Reader:
    """Saves into ``folder``; ``opens``: also in the person's viewer."""

    folder: Path
    opens: bool

    def __call__(self, asked: Asked, shown: Shown) -> Read:
        """Raises ``DomainError`` "agent.cannot_save" (path, reason)."""
        path = self.folder / f"{_safe(asked.document_id)}-{shown.sha256[:16]}.pdf"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(shown.pdf)
        except OSError as error:
            raise DomainError("agent.cannot_save", "save", path=str(path), reason=error.strerror or "") from None
        if self.opens:
            _open(path)
        return Read(asked, shown, path)


def _safe(text: str) -> str:
    """A file name made of an id of the service, which might be anything."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in text)[:60] or "document"


def _open(path: Path) -> None:
    """The system's viewer; where there is none, the person has the path."""
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606
        else:
            command = "open" if sys.platform == "darwin" else "xdg-open"
            subprocess.Popen([command, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError:
        return
