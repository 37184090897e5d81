"""What can be said of an uploaded template before it is used: its package, variables, fonts, page, and its PDF/A."""

from __future__ import annotations

import io
import json
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pikepdf
from docxtpl import DocxTemplate
from jinja2 import meta
from jinja2.exceptions import TemplateSyntaxError
from lxml import etree

from doc_service.domain.errors import DomainError
from doc_service.domain.templates import CheckedPart, TemplateCheck
from doc_service.ports_templates import Candidate
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.fonts import font_names
from doc_service.rendering.package import DOCUMENT, Parts, parse_xml, read_package
from doc_service.rendering.sandbox import TemplateSandbox
from doc_service.rendering.sandbox_filters import METER

FONTS: Final = frozenset({"Noto Serif", "Noto Sans"})
"""Those that have every Azerbaijani letter and the manat sign, and that the renderer's machines carry."""
_FAMILIES: Final = ("NotoSerif", "NotoSans")
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FILLED: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_PAPERS: Final = {(210, 297): "A4", (297, 420): "A3"}
_LEAST_MARGIN, _TWIPS_PER_MM = 5, 56.6929
_SIDES: Final = ("left", "right", "top", "bottom")


class DocxTemplateJudge:
    """``doc_service.ports_templates.TemplateJudge``. ``verapdf``: a command that takes file names and prints a line
    "PASS" or "FAIL" for each; empty: PDF/A is judged by the marks that the file carries, and the check says so."""

    def __init__(self, filler: TemplateFiller, verapdf: Sequence[str] = (), timeout: float = 120.0) -> None:
        self._filler = filler
        self._verapdf = tuple(verapdf)
        self._timeout = timeout

    def manifest(self, previous: str, content: bytes, reconstructed: Sequence[str] | None) -> str:
        """The previous manifest with the first page of ``content``, and with ``reconstructed`` when it is given."""
        known = tomllib.loads(previous)
        page = {**known.get("page", {}), **_pages(read_package(content))[0]}
        page = {name: value for name, value in page.items() if value is not False}
        parts = known.get("reconstructed", []) if reconstructed is None else list(reconstructed)
        return _toml({**known, "reconstructed": parts, "page": page})

    def judge(self, candidate: Candidate) -> tuple[TemplateCheck, ...]:
        try:
            self._filler.compile(candidate.content)
        except DomainError as error:
            return (TemplateCheck(CheckedPart.PACKAGE, False, error.code, _params(error)),)
        parts = read_package(candidate.content)
        package = TemplateCheck(CheckedPart.PACKAGE, True)
        return (package, _variables(parts, candidate.context), *_strange_fonts(parts), _margins(parts))

    def rendered(self, pdf: bytes) -> tuple[TemplateCheck, ...]:
        """The fonts that the sample was really set with, and PDF/A."""
        with pikepdf.open(io.BytesIO(pdf)) as file:
            strange = [name for name in font_names(file) if not name.startswith(_FAMILIES)]
        code = "template.font_unknown" if strange else ""
        return (TemplateCheck(CheckedPart.FONTS, not strange, code, ", ".join(strange)), self.pdfa(pdf))

    def pdfa(self, pdf: bytes) -> TemplateCheck:
        """By the validator, or by the file's marks."""
        if not self._verapdf:
            missing = _unmarked(pdf)
            detail = missing or "PDF/A-3B by its marks and fonts; no validator is set up"
            return TemplateCheck(CheckedPart.PDFA, not missing, "template.not_pdfa" if missing else "", detail)
        with tempfile.TemporaryDirectory(prefix="doc-service-template-") as folder:
            file = Path(folder) / "sample.pdf"
            file.write_bytes(pdf)
            try:
                done = subprocess.run(
                    [*self._verapdf, str(file)], capture_output=True, text=True, timeout=self._timeout, check=False
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                return TemplateCheck(CheckedPart.PDFA, False, "template.not_judged", type(error).__name__)
        good = done.returncode == 0 and done.stdout.startswith("PASS")
        detail = done.stdout.strip().replace(f"{file}", "")[:500]
        return TemplateCheck(CheckedPart.PDFA, good, "" if good else "template.not_pdfa", detail)


def variables_of(content: bytes) -> frozenset[str]:
    """Every variable that a template uses, in branches that a sample does not reach as well."""
    return _used(read_package(content))


def _used(parts: Parts) -> frozenset[str]:
    sandbox, helper, found = TemplateSandbox(), DocxTemplate(io.BytesIO()), set()
    for name in parts:
        if _FILLED.fullmatch(name):
            source = etree.tostring(parse_xml(parts[name], name), encoding="unicode")
            try:
                found |= meta.find_undeclared_variables(sandbox.parse(helper.patch_xml(source)))
            except TemplateSyntaxError as error:
                raise DomainError("template.syntax", place=name, reason=str(error.message)) from error
    return frozenset(found - {METER})


def _variables(parts: Parts, context: Mapping[str, Any]) -> TemplateCheck:
    """Unknown ones refuse; those that the template leaves out are told, since something is then not printed."""
    used = _used(parts)
    unknown, left_out = sorted(used - set(context)), sorted(set(context) - used)
    if unknown:
        return TemplateCheck(CheckedPart.VARIABLES, False, "template.unknown_variable", ", ".join(unknown))
    return TemplateCheck(CheckedPart.VARIABLES, True, "template.left_out" if left_out else "", ", ".join(left_out))


def _strange_fonts(parts: Parts) -> Iterator[TemplateCheck]:
    """Fonts that the text itself asks for. Styles name many that nothing uses; the rendered sample shows the rest."""
    strange = sorted(set(_named_fonts(parts)) - FONTS)
    if strange:
        yield TemplateCheck(CheckedPart.FONTS, False, "template.font_unknown", ", ".join(strange))


def _named_fonts(parts: Parts) -> Iterator[str]:
    for name in parts:
        if _FILLED.fullmatch(name):
            for fonts in parse_xml(parts[name], name).iter(f"{_W}rFonts"):
                for key, value in fonts.attrib.items():
                    kind = etree.QName(key).localname
                    if kind.endswith("Theme"):
                        yield f"{value!s} (theme)"
                    elif kind != "hint":
                        yield str(value)


def _margins(parts: Parts) -> TemplateCheck:
    """Every section's; where there are several, faults name the section from 1."""
    pages = _pages(parts)
    faults = [
        fault if len(pages) == 1 else f"{number}: {fault}"
        for number, page in enumerate(pages, 1)
        for fault in _page_faults(page)
    ]
    if faults:
        return TemplateCheck(CheckedPart.PAGE, False, "template.page_unfit", ", ".join(faults))
    return TemplateCheck(CheckedPart.PAGE, True, "", "; ".join(dict.fromkeys(map(_page_text, pages))))


def _page_faults(page: Mapping[str, Any]) -> list[str]:
    narrow = [side for side in _SIDES if page[f"margin_{side}"] < _LEAST_MARGIN]
    return narrow if page["size"] else ["size", *narrow]


def _page_text(page: Mapping[str, Any]) -> str:
    across = ", landscape" if page["landscape"] else ""
    margins = "/".join(str(page[f"margin_{side}"]) for side in _SIDES)
    return f"{page['size']}{across}, {margins} mm"


def _pages(parts: Parts) -> list[dict[str, Any]]:
    """Paper and margins (mm) of every section in its order, at least one."""
    if DOCUMENT not in parts:
        raise DomainError("template.broken", reason=DOCUMENT)
    found = parse_xml(parts[DOCUMENT], DOCUMENT).iter(f"{_W}sectPr")
    sections = [_page(section) for section in found if not _tracked(section)]
    if not sections:
        raise DomainError("template.broken", reason="w:sectPr")
    return sections


def _tracked(section: etree._Element) -> bool:
    """Whether it is what a section was before a tracked change."""
    parent = section.getparent()
    return parent is not None and parent.tag == f"{_W}sectPrChange"


def _page(section: etree._Element) -> dict[str, Any]:
    """``size`` "" for paper that is neither A4 nor A3."""
    size, margins = section.find(f"{_W}pgSz"), section.find(f"{_W}pgMar")
    if size is None or margins is None:
        raise DomainError("template.broken", reason="w:sectPr")
    try:
        width, height = (_millimetres(size, name) for name in ("w", "h"))
        found = {f"margin_{side}": _millimetres(margins, side) for side in _SIDES}
    except ValueError as error:
        raise DomainError("template.broken", reason=f"w:sectPr: {error}") from error
    paper = _PAPERS.get((min(width, height), max(width, height)), "")
    return {"size": paper, "landscape": width > height, **found}


def _millimetres(found: etree._Element, name: str) -> int:
    return round(float(found.get(f"{_W}{name}") or 0) / _TWIPS_PER_MM)


def _unmarked(pdf: bytes) -> str:
    """What a PDF/A-3B must have and this one lacks."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        with file.open_metadata() as marks:
            if (marks.get("pdfaid:part"), marks.get("pdfaid:conformance")) != ("3", "B"):
                return "pdfaid"
        if "/OutputIntents" not in file.Root:
            return "OutputIntent"
        for page in file.pages:
            fonts: Any = page.resources.get("/Font", pikepdf.Dictionary())
            for name, font in fonts.items():
                inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
                descriptor: Any = inner.get("/FontDescriptor", pikepdf.Dictionary())
                if not any(f"/FontFile{n}" in descriptor for n in ("", "2", "3")):
                    return f"{name}: not embedded"
    return ""


def _params(error: DomainError) -> str:
    return ", ".join(f"{name}: {value}" for name, value in error.faults[0].params.items())


def _toml(table: Mapping[str, Any]) -> str:
    """A manifest: values, lists of text, and one level of tables. JSON's text is TOML's."""
    plain = [f"{n} = {json.dumps(v, ensure_ascii=False)}" for n, v in table.items() if not isinstance(v, Mapping)]
    for name, inner in table.items():
        if isinstance(inner, Mapping):
            plain += ["", f"[{name}]", *(f"{n} = {json.dumps(v, ensure_ascii=False)}" for n, v in inner.items())]
    return "\n".join(plain) + "\n"
