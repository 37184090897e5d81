"""Several sections in one template: sheets of another size or direction, each with its own footer."""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm

from template_kit.oxml import add_field
from template_kit.page import PageProfile


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
