"""Templates on disk: ``<name>.docx`` with its manifest ``<name>.toml``."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

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

    def packaged(self, name: str) -> tuple[bytes, str]:
        """DOCX and manifest ("" without one); ``NotFoundError`` "template.not_found"."""
        path = self._directory / f"{name}.docx"
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NotFoundError("template.not_found", name=name)
        manifest = path.with_name(f"{name}.toml")
        return path.read_bytes(), manifest.read_text(encoding="utf-8") if manifest.is_file() else ""

    def _box(self, name: str) -> BoxSize | None:
        path = self._directory / f"{name}.toml"
        if not path.is_file():
            return None
        try:
            return signature_box(path.read_text(encoding="utf-8"), path.name)
        except UnicodeDecodeError as error:
            raise DomainError("template.broken", reason=f"{path.name}: {error}") from error


Uploaded: TypeAlias = Callable[[str], tuple[bytes, str] | None]
"""DOCX and manifest of an uploaded version by name."""


class LayeredTemplates(TemplateStore):
    """The packaged templates, and beside them those that the secretariat has uploaded. A packaged name is never covered
    by an uploaded one."""

    def __init__(self, directory: Path, uploaded: Uploaded) -> None:
        super().__init__(directory)
        self._uploaded = uploaded

    def get(self, name: str) -> StoredTemplate:
        """As ``TemplateStore.get``."""
        try:
            return super().get(name)
        except NotFoundError:
            found = self._uploaded(name) if _NAME.fullmatch(name) else None
            if found is None:
                raise
        content, manifest = found
        return StoredTemplate(name, content, hashlib.sha256(content).hexdigest(), signature_box(manifest, name))


def signature_box(manifest: str, name: str) -> BoxSize | None:
    """The size of its signature fields; None: it has none. Raises ``DomainError`` "template.broken"."""
    try:
        signature: dict[str, Any] | None = tomllib.loads(manifest).get("signature")
        return None if signature is None else BoxSize(float(signature["width"]), float(signature["height"]))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise DomainError("template.broken", reason=f"{name}: {error}") from error
