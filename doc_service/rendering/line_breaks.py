"""Numbers that a line's end must not part: «2026-cı», «4.4-cü», «KL-IS-1/2026».

A hyphen may end a line (UAX #14, class HY), so a suffix of a date or the end of a registration number could stand alone
on the next one. A word joiner (U+2060) behind such a hyphen forbids it. It has no glyph: the converter leaves it out of
the PDF, whose text stays what the data say. A number longer than its column is parted behind the unit's stroke, where a
zero width space (U+200B) allows it: «3-21-5/» and «KQ-12/2026».

Each mark costs the converter a search through the fonts, two seconds of a registry of 5,000 rows; texts so long as that
have columns that their numbers fit into, and go without.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from docx.oxml.ns import qn
from lxml import etree

JOINER: Final = "\u2060"
BREAK: Final = "\u200b"
MOST: Final = 10_000
"""Texts of a part that may get marks."""
_TEXT: Final = qn("w:t")
_HYPHEN: Final = re.compile(r"((?<=\d)-(?=\w)|(?<=\w)-(?=\d)|(?<=[A-ZƏĞÇÖÜŞİ])-(?=[A-ZƏĞÇÖÜŞİ]))")
_STROKE: Final = re.compile(r"(?<=\d)/(?=[A-ZƏĞÇÖÜŞİ]+-)")


def keep_numbers_whole(root: etree._Element) -> None:
    """Joins what stands on both sides of a hyphen in a number, in every text of a part that has at most ``MOST``."""
    texts = list(islice(root.iter(_TEXT), MOST + 1))
    for text in texts if len(texts) <= MOST else ():
        if text.text and "-" in text.text:
            text.text = _HYPHEN.sub(f"-{JOINER}", _STROKE.sub(f"/{BREAK}", text.text))
