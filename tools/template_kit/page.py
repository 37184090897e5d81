"""A blank document in the house style: page profile, styles, language, footer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from template_kit.oxml import add_field, element, fonts

SERIF, SANS = "Noto Serif", "Noto Sans"
LANGUAGE = "az-Latn-AZ"
BLACK = RGBColor(0, 0, 0)
_PAPERS = {"A4": (210, 297), "A3": (297, 420)}
_KEPT_STYLES = frozenset(
    {"Normal", "Heading1", "Heading2", "Heading3", "Header", "Footer", "DefaultParagraphFont", "TableNormal", "NoList"}
)


@dataclass(frozen=True)
class PageProfile:
    """``paper`` A4 or A3, upright unless ``landscape``; margins in millimetres, type sizes in points (record-keeping
    rules, a template profile); ``spacing``: line spacing of running text, 1.0 is single."""

    left: int = 30
    right: int = 10
    top: int = 20
    bottom: int = 20
    text: int = 14
    table: int = 12
    paper: str = "A4"
    landscape: bool = False
    spacing: float = 1.0

    @property
    def sheet(self) -> tuple[int, int]:
        """Width and height of the sheet, millimetres."""
        short, long = _PAPERS[self.paper]
        return (long, short) if self.landscape else (short, long)

    @property
    def width(self) -> int:
        """Width of the text, millimetres."""
        return self.sheet[0] - self.left - self.right


def blank(profile: PageProfile) -> Any:
    """An empty document: styles of its own only, no theme fonts, hyphenation off, language az-Latn-AZ."""
    document = Document()
    _drop_parts(document)
    _page(document, profile)
    _defaults(document, profile)
    _styles(document, profile)
    _settings(document)
    return document


def _drop_parts(document: Any) -> None:
    package, main = document.part.package, document.part
    for rel_id, rel in list(package.rels.items()):
        if rel.reltype.endswith("/thumbnail"):
            del package.rels[rel_id]
    for rel_id, rel in list(main.rels.items()):
        if rel.reltype.endswith(("/customXml", "/stylesWithEffects", "/webSettings")) or (
            rel.reltype == RELATIONSHIP_TYPE.THEME
        ):
            del main.rels[rel_id]


def _page(document: Any, profile: PageProfile) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in profile.sheet)
    if profile.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.left_margin, section.right_margin = Mm(profile.left), Mm(profile.right)
    section.top_margin, section.bottom_margin = Mm(profile.top), Mm(profile.bottom)
    section.header_distance = section.footer_distance = Mm(10)


def _defaults(document: Any, profile: PageProfile) -> None:
    styles = document.styles.element
    run = styles.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(run):
        run.remove(child)
    size = profile.text * 2
    run.extend(
        [
            fonts(SERIF),
            element("w:sz", val=size),
            element("w:szCs", val=size),
            element("w:lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA"),
        ]
    )
    paragraph = styles.find(qn("w:docDefaults")).find(qn("w:pPrDefault")).find(qn("w:pPr"))
    for child in list(paragraph):
        paragraph.remove(child)
    paragraph.append(element("w:widowControl"))
    paragraph.append(element("w:suppressAutoHyphens"))
    paragraph.append(element("w:spacing", before=0, after=0, line=240, lineRule="auto"))
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:styleId")) not in _KEPT_STYLES:
            styles.remove(style)


def _styles(document: Any, profile: PageProfile) -> None:
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Header", "Footer"):
        style = document.styles[name]
        for tag in ("w:rPr", "w:pPr", "w:link"):
            for found in style.element.findall(qn(tag)):
                style.element.remove(found)
    _paragraph_style(document, "Heading 1", size=16, bold=True, align="center", before=10, after=2, keep=True)
    _paragraph_style(document, "Heading 2", size=profile.text, bold=True, align="center", before=14, after=6, keep=True)
    _paragraph_style(document, "Heading 3", size=profile.text, bold=True, before=12, after=6, keep=True)
    _paragraph_style(document, "Footer", size=9, font=SANS)
    _paragraph_style(document, "Mətn", align="both", after=6, first=12.5)
    if profile.spacing != 1.0:
        document.styles["Mətn"].paragraph_format.line_spacing = profile.spacing
    _paragraph_style(document, "Etiket", bold=True, before=4, after=4, keep=True)
    _paragraph_style(document, "Ortada", align="center", after=6)
    _paragraph_style(document, "Blank təşkilat", size=12, bold=True, align="center", after=2)
    _paragraph_style(document, "Blank əlaqə", size=9, font=SANS, align="center", after=5)
    _paragraph_style(document, "Mövzu", bold=True, align="center", before=4, after=10)
    _paragraph_style(document, "Ünvan", after=2, left=85)
    _paragraph_style(document, "Təsdiq", size=profile.table, after=2, keep=True)
    _paragraph_style(document, "Mənbə", size=10, after=2, keep=True)
    _paragraph_style(document, "Cədvəl", size=profile.table)
    _paragraph_style(document, "Cədvəl ortada", size=profile.table, align="center")
    _paragraph_style(document, "Cədvəl başlığı", size=profile.table, bold=True, align="center", keep=True)
    _paragraph_style(document, "Qeyd", size=profile.table, before=4, after=4, align="both")
    _paragraph_style(document, "İcra", size=profile.table, after=2, keep=True)
    _paragraph_style(document, "İmza yeri", size=6)
    _paragraph_style(document, "İmza qeydi", size=10)


def _paragraph_style(
    document: Any,
    name: str,
    *,
    size: int | None = None,
    bold: bool = False,
    align: str = "left",
    before: float = 0,
    after: float = 0,
    first: float = 0,
    left: float = 0,
    keep: bool = False,
    font: str | None = None,
) -> None:
    known = {s.name for s in document.styles}
    style = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    if font:
        style.element.get_or_add_rPr().insert(0, fonts(font))
    if size:
        style.font.size = Pt(size)
    if bold:
        style.font.bold = True
    style.font.color.rgb = BLACK
    layout = style.paragraph_format
    layout.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
        "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
    }[align]
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.first_line_indent = Mm(first)
    layout.left_indent = Mm(left)
    layout.keep_with_next = keep
    layout.widow_control = True


def group_style(document: Any) -> Any:
    """The style of a row that heads a group; made on first use: templates without it keep their bytes."""
    name = "Cədvəl qrupu"
    if name not in {s.name for s in document.styles}:
        size = round(document.styles["Cədvəl"].font.size.pt)
        _paragraph_style(document, name, size=size, bold=True, before=2, after=2, keep=True)
    return document.styles[name]


def _settings(document: Any) -> None:
    settings = document.settings.element
    for tag in ("w:themeFontLang", "w:autoHyphenation", "w:clrSchemeMapping", "w:attachedTemplate"):
        for found in settings.findall(qn(tag)):
            settings.remove(found)
    settings.insert(0, element("w:autoHyphenation", val=0))
    language = element("w:themeFontLang", val=LANGUAGE, eastAsia=LANGUAGE)
    compat = settings.find(qn("w:compat"))
    for child in list(compat):
        compat.remove(child)
    uri = "http://schemas.microsoft.com/office/word"
    compat.append(element("w:compatSetting", name="compatibilityMode", uri=uri, val=15))
    compat.addnext(language)


def add_footer(document: Any, profile: PageProfile, left: str) -> None:
    """``left`` (the document's number) and "Səhifə X / Y" on every page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles["Footer"]
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(profile.width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(left)
    paragraph.add_run("\tSəhifə ")
    add_field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    add_field(paragraph, "NUMPAGES")
