"""Numbers stay in one piece at the end of a line."""

from __future__ import annotations

import pytest
from docx import Document

from doc_service.rendering.line_breaks import BREAK, JOINER, MOST, keep_numbers_whole


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("1 iyun 2026-cı il", "1 iyun 2026-*cı il"),
        ("4.4-cü bəndin", "4.4-*cü bəndin"),
        ("№ 3-21-5/KQ-TV-1/2026", "№ 3-*21-*5/|KQ-*TV-*1/2026"),
        ("555-01-00", "555-*01-*00"),
        ("neft-kimya, 2027 - 2030, son -", "neft-kimya, 2027 - 2030, son -"),
    ],
)
def test_only_hyphens_in_numbers_are_joined(text: str, joined: str) -> None:
    document = Document()
    paragraph = document.add_paragraph(text)
    keep_numbers_whole(document.element.body)
    assert paragraph.text == joined.replace("*", JOINER).replace("|", BREAK)


def test_a_very_long_text_goes_without_marks() -> None:
    """They cost the converter more than the layout of its columns is worth."""
    document = Document()
    for _ in range(MOST):
        document.add_paragraph("2026-cı")
    keep_numbers_whole(document.element.body)
    assert document.paragraphs[0].text == f"2026-{JOINER}cı"
    document.add_paragraph("2027-ci")
    keep_numbers_whole(document.element.body)
    assert document.paragraphs[-1].text == "2027-ci"
