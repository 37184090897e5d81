"""Templates on disk: ``<name>.docx`` with its manifest ``<name>.toml``."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.rendering.anchors import BoxSize

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.v[0-9]+")


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """A template's bytes with their SHA-256 (hex). ``box``: size of its signature fields, None when it has none."""

    name: str
    content: bytes
    sha256: str
    box: BoxSize | None


class TemplateStore:
    """Reads templates of one directory. The bytes are read and hashed each time, so that what is recorded is what
    was used."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, name: str) -> StoredTemplate:
        """Raises ``NotFoundError`` "template.not_found", ``DomainError`` "template.broken" for a bad manifest."""
        path = self._directory / f"{name}.docx"
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NotFoundError("template.not_found", name=name)
        content = path.read_bytes()
        return StoredTemplate(name, content, hashlib.sha256(content).hexdigest(), self._box(name))

    def _box(self, name: str) -> BoxSize | None:
        path = self._directory / f"{name}.toml"
        if not path.is_file():
            return None
        try:
            manifest: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
            signature = manifest.get("signature")
            return None if signature is None else BoxSize(float(signature["width"]), float(signature["height"]))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
            raise DomainError("template.broken", reason=f"{path.name}: {error}") from error
