"""Writes a template, its manifest and its sample, the same bytes each time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from template_kit.blocks import SIGNATURE_HEIGHT, SIGNATURE_WIDTH
from template_kit.page import LANGUAGE, SANS, SERIF, PageProfile

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Template:
    """A template with what its manifest says. ``reconstructed``: parts that no source text gives."""

    name: str
    title: str
    sources: Sequence[str]
    variables: Sequence[str]
    profile: PageProfile
    document: Any
    reconstructed: Sequence[str]
    signatures: bool = True


def write(template: Template, sample: Mapping[str, Any], folder: Path) -> None:
    """``<name>.docx``, ``<name>.toml`` and ``<name>.sample.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{template.name}.docx").write_bytes(_docx(template.document))
    (folder / f"{template.name}.toml").write_text(_manifest(template), encoding="utf-8")
    text = json.dumps(sample, ensure_ascii=False, indent=2) + "\n"
    (folder / f"{template.name}.sample.json").write_text(text, encoding="utf-8")


def _docx(document: Any) -> bytes:
    core = document.core_properties
    core.author, core.comments, core.title, core.language = "", "", "", LANGUAGE
    core.created = core.modified = datetime(2026, 1, 1, tzinfo=UTC)
    core.last_modified_by, core.keywords, core.revision = "", "", 1
    buffer = io.BytesIO()
    document.save(buffer)
    return _same_bytes(buffer.getvalue())


def _same_bytes(archive: bytes) -> bytes:
    """The archive with fixed dates and order: [Content_Types].xml first, the rest by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, source.read(name), compresslevel=9)
    return out.getvalue()


def _manifest(template: Template) -> str:
    profile = template.profile
    lines = [
        f"title = {_text(template.title)}",
        f"language = {_text(LANGUAGE)}",
        f"sources = {_list(template.sources)}",
        f"variables = {_list(template.variables)}",
        f"fonts = {_list((SERIF, SANS))}",
        f"sample = {_text(template.name + '.sample.json')}",
        f"reconstructed = {_list(template.reconstructed)}",
        "",
        "[page]",
        f"size = {_text(profile.paper)}",
        *(["landscape = true"] if profile.landscape else []),
        *([f"line_spacing = {profile.spacing}"] if profile.spacing != 1.0 else []),
        "# millimetres",
        f"margin_left = {profile.left}",
        f"margin_right = {profile.right}",
        f"margin_top = {profile.top}",
        f"margin_bottom = {profile.bottom}",
        "# points",
        f"text = {profile.text}",
        f"table = {profile.table}",
    ]
    if template.signatures:
        lines += ["", "[signature]", "# points", f"width = {SIGNATURE_WIDTH}", f"height = {SIGNATURE_HEIGHT}"]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(_text(v) for v in values) + "]"
