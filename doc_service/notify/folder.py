"""Mail as files: the embedded default, which has no mail server."""

from __future__ import annotations

import os
import tempfile
from email.headerregistry import Address
from pathlib import Path

from doc_service.domain.errors import DomainError
from doc_service.notify.message import compose
from doc_service.ports import Mail


class FolderMailer:
    """``doc_service.ports.Mailer`` into ``<directory>/<id>.eml``, readable by the service's account alone, since it
    holds addresses. A mail that is there already is left as it is."""

    def __init__(self, directory: Path, origin: Address) -> None:
        self._directory = directory
        self._origin = origin

    def send(self, mail: Mail) -> None:
        """Durable when it returns. Raises ``DomainError`` "notify.unavailable", "person.bad_email"."""
        content = compose(mail, self._origin).as_bytes()
        try:
            put_file(self._directory / f"{mail.id}.eml", content)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise DomainError("notify.unavailable", "", reason=reason) from error


def put_file(place: Path, content: bytes) -> None:
    """Whole or not at all, whatever ends the process meanwhile; a file that is there already is left as it is. Raises
    ``OSError``."""
    directory = place.parent
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=directory, prefix=".", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not place.exists():
            part.replace(place)
            _sync(directory)
    finally:
        part.unlink(missing_ok=True)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
