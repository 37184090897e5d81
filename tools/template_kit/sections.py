"""Several sections in one template: sheets of another size or direction, each with its own footer."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from template_kit.blocks import Column, listing, paragraph, single_row
from template_kit.oxml import add_field, element, printed, twips
from template_kit.page import PageProfile, group_style


def new_section(document: Any, profile: PageProfile) -> Any:
    """A section on a new page with the paper and margins of ``profile``."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.page_width, section.page_height = (Mm(side) for side in profile.sheet)
    section.orientation = WD_ORIENT.LANDSCAPE if profile.landscape else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = Mm(profile.left), Mm(profile.right)
    section.top_margin, section.bottom_margin = Mm(profile.top), Mm(profile.bottom)
    section.header_distance = section.footer_distance = Mm(10)
    return section


def section_footer(document: Any, profile: PageProfile, left: str) -> None:
    """The footer of the last section: ``left`` and "Səhifə X / Y" at the edges of its own text."""
    footer = document.sections[-1].footer
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = document.styles["Footer"]
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(profile.width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(left)
    paragraph.add_run("\tSəhifə ")
    add_field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    add_field(paragraph, "NUMPAGES")


def page_break_before(paragraph: Any) -> Any:
    """The paragraph begins a page."""
    paragraph.paragraph_format.page_break_before = True
    return paragraph


def caption(document: Any, text: str) -> Any:
    """The title above a numbered table; stays with it."""
    made = paragraph(document, text, "Etiket")
    made.paragraph_format.space_before = Pt(8)
    return made


def contents(document: Any, profile: PageProfile) -> None:
    """The table of contents from headings 1 to 3; the converter fills it with the pages of the finished document."""
    for level in (1, 2, 3):
        name = f"TOC {level}"
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size = Pt(10.5)
        layout = style.paragraph_format
        layout.left_indent = Mm(5 * (level - 1))
        layout.space_after = Pt(2)
        layout.tab_stops.add_tab_stop(Mm(profile.width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    made = document.add_paragraph(style=document.styles["TOC 1"])
    add_field(made, 'TOC \\o "1-3" \\h \\z')


def flat_table(document: Any, columns: Sequence[Column]) -> None:
    """A ruled table with a shaded heading and one row that may part: a column holds a list."""
    single_row(document, columns)


def parting(document: Any, condition: str) -> None:
    """Body rows of the last table may part where ``condition`` holds: such a row can be longer than a page."""
    table = document.tables[-1]
    body = [row for row in table.rows if row._tr.xpath("./w:trPr/w:cantSplit") and not row._tr.xpath(".//w:tblHeader")]
    whole = body[-1]._tr
    parted = copy.deepcopy(whole)
    for found in parted.xpath("./w:trPr/w:cantSplit"):
        found.getparent().remove(found)
    for made in (_tag(document, table, f"if {condition}"), parted, _tag(document, table, "else")):
        whole.addprevious(made)
    whole.addnext(_tag(document, table, "endif"))


def _tag(document: Any, table: Any, code: str) -> Any:
    row = table.add_row()
    line = row.cells[0].merge(row.cells[-1]).paragraphs[0]
    line.style = document.styles["Cədvəl"]
    line.add_run("{%tr " + code + " %}")
    return row._tr


def titled_listing(document: Any, columns: Sequence[Column], loop: str, title: str) -> None:
    """A ruled table where a turn of ``loop`` with ``title`` is a row over the whole width, any other a body row."""
    listing(document, columns, loop)
    table = document.tables[-1]
    body = table.rows[-2]._tr
    for kind, code in (("before", f"if {title}"), ("before", ""), ("before", "else"), ("after", "endif")):
        row = table.add_row()
        merged = row.cells[0].merge(row.cells[-1])
        line = merged.paragraphs[0]
        if code:
            line.style = document.styles["Cədvəl"]
            line.add_run("{%tr " + code + " %}")
        else:
            line.style = group_style(document)
            line.add_run(printed(title))
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        properties = merged._tc.get_or_add_tcPr()
        for found in properties.findall(qn("w:tcW")):
            properties.remove(found)
        properties.insert(0, element("w:tcW", w=sum(twips(c.width) for c in columns), type="dxa"))
        (body.addprevious if kind == "before" else body.addnext)(row._tr)
