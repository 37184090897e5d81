"""Which font files a PDF was set with: a part of its provenance, since another version of a font moves every line."""

from __future__ import annotations

import hashlib
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Name, Pdf

from doc_service.domain.errors import DomainError

_SUBSET = re.compile(r"^[A-Z]{6}\+")


class FontCatalogue:
    """The fonts of this machine by PostScript name, read once from fontconfig; files are hashed when first asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[str, tuple[Path, str]] = {}
        self._hashes: dict[Path, str] = {}

    def describe(self, names: tuple[str, ...]) -> list[dict[str, str]]:
        """For each PostScript name: ``name``, and ``version`` and ``sha256`` of its file where it is known. Raises
        ``DomainError`` "render.failed" when fontconfig cannot be asked."""
        with self._lock:
            if not self._files:
                self._files = _installed()
            return [self._entry(name) for name in names]

    def _entry(self, name: str) -> dict[str, str]:
        if name not in self._files:
            return {"name": name}
        path, version = self._files[name]
        if path not in self._hashes:
            self._hashes[path] = hashlib.sha256(path.read_bytes()).hexdigest()
        return {"name": name, "version": version, "sha256": self._hashes[path]}


def _installed() -> dict[str, tuple[Path, str]]:
    try:
        done = subprocess.run(
            ["fc-list", "--format", "%{postscriptname}\t%{fontversion}\t%{file}\n"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise DomainError("render.failed", reason=f"fontconfig does not answer: {error}") from error
    found: dict[str, tuple[Path, str]] = {}
    for line in sorted(done.stdout.splitlines()):
        name, version, file = line.split("\t")
        if name and version.isdigit():
            found.setdefault(name, (Path(file), f"{int(version) / 65536:.3f}"))
    return found


def font_names(pdf: Pdf) -> tuple[str, ...]:
    """PostScript names of all fonts of the pages, without subset prefixes, in order."""
    return tuple(sorted({_SUBSET.sub("", name) for page in pdf.pages for name in _of_page(page)}))


def _of_page(page: pikepdf.Page) -> Iterator[str]:
    resources = page.obj.get(Name.Resources, pikepdf.Dictionary())
    for font in resources.get(Name.Font, pikepdf.Dictionary()).values():
        yield str(font.get(Name.BaseFont, "/unknown"))[1:]
