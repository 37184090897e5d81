"""A template that is damaged, uses what it must not, or names what is not there: told by name, nothing written."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doc_service.settings import Settings
from tests.cli.conftest import Done, here, program

pytestmark = pytest.mark.xdist_group("cli")
Changed = Callable[[Callable[[dict[str, Any]], object]], Path]
NAME = "kq-protokol.v1.docx"


def with_expression(expression: str) -> Callable[[Path], None]:
    """Adds a paragraph with ``expression`` to the end of the template's text."""

    def change(template: Path) -> None:
        with zipfile.ZipFile(template) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        body = parts["word/document.xml"].decode()
        before, mark, after = body.rpartition("<w:sectPr")
        assert mark
        paragraph = f"<w:p><w:r><w:t>{expression}</w:t></w:r></w:p>"
        parts["word/document.xml"] = f"{before}{paragraph}{mark}{after}".encode()
        with zipfile.ZipFile(template, "w", zipfile.ZIP_DEFLATED) as changed:
            for name, content in parts.items():
                changed.writestr(name, content)

    return change


def cut(template: Path) -> None:
    template.write_bytes(template.read_bytes()[:2000])


def no_zip(template: Path) -> None:
    template.write_bytes(b"Salam")


def absent(template: Path) -> None:
    template.unlink()


def bad_manifest(template: Path) -> None:
    template.with_suffix(".toml").write_text("[signature\nwidth = ", encoding="utf-8")


def rendered(tmp_path: Path, data: Path, change: Callable[[Path], None], run: Callable[..., Done]) -> Done:
    templates = tmp_path / "templates"
    shutil.copytree(Settings().templates_dir, templates)
    change(templates / NAME)
    done = run("render", "kq-protokol", data, "--out", tmp_path / "out.pdf", DOC_SERVICE_TEMPLATES_DIR=str(templates))
    assert {p.name for p in tmp_path.iterdir()} == {"templates", "data.json"}
    return done


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        (cut, "template.broken", ""),
        (no_zip, "template.broken", ""),
        (absent, "template.not_found", "kq-protokol.v1"),
        (bad_manifest, "template.broken", "kq-protokol.v1.toml"),
        (with_expression("{{ ''.__class__.__mro__ }}"), "template.forbidden", "__class__"),
        (with_expression("{{ meeting.__class__ }}"), "template.forbidden", "__class__"),
        (with_expression("{{ meeting['__class__'] }}"), "template.forbidden", "__class__"),
        (with_expression("{{ no_such_variable }}"), "template.unknown_variable", "no_such_variable"),
        (with_expression("{% if %}"), "template.syntax", ""),
    ],
    ids=["cut", "no zip", "absent", "manifest", "class", "attribute", "item", "unknown", "syntax"],
)
def test_bad_template(tmp_path: Path, data_file: Changed, change: Any, code: str, named: str) -> None:
    done = rendered(tmp_path, data_file(lambda data: None), change, here)
    done.refused(code)
    assert named in done.stderr


def test_bad_template_by_the_installed_program(tmp_path: Path, data_file: Changed) -> None:
    data = data_file(lambda data: None)
    done = rendered(tmp_path, data, with_expression("{{ meeting.__class__ }}"), program)
    done.refused("template.forbidden")
