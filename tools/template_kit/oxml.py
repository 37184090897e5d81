"""Small pieces of WordprocessingML (ISO/IEC 29500-1, part 17) that python-docx has no words for."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

TWIPS_PER_MM = 1440 / 25.4
TWIPS_PER_POINT = 20


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * TWIPS_PER_MM)


def element(tag: str, **attributes: str | int) -> Any:
    """``element("w:jc", val="center")`` is ``<w:jc w:val="center"/>``."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def printed(expression: str) -> str:
    """The template's words for the value of ``expression``."""
    return "{{ " + expression + " }}"


def fonts(name: str) -> Any:
    """One font for every script, so that nothing falls back glyph by glyph."""
    return element("w:rFonts", ascii=name, hAnsi=name, cs=name, eastAsia=name)


def add_field(paragraph: Any, code: str) -> None:
    """A complex field such as PAGE with a placeholder result."""
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            instruction = element("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {code} "
            paragraph.add_run()._r.append(instruction)
        paragraph.add_run()._r.append(element("w:fldChar", fldCharType=kind))
        if kind == "separate":
            paragraph.add_run("1")


def borders(parent_tag: str, **sides: int) -> Any:
    """Borders by side, widths in eighths of a point; 0 is none."""
    box = OxmlElement(parent_tag)
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in sides:
            size = sides[side]
            value = {"val": "single", "sz": size, "space": 0, "color": "000000"} if size else {"val": "nil"}
            box.append(element(f"w:{side}", **value))
    return box
