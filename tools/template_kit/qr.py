"""A QR code as a drawing of rectangles: the converter keeps it a vector, tagged as a figure."""

from __future__ import annotations

from typing import Any

from docx.oxml import parse_xml

from template_kit.blocks import Column, _fill, _finish, _row_properties, _table
from template_kit.oxml import borders
from template_kit.page import PageProfile

_EMU = 36_000
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_KIND = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def _corner(kind: str, x: str, y: str) -> str:
    return f'<a:{kind}><a:pt x="{{{{ m.{x} }}}}" y="{{{{ m.{y} }}}}"/></a:{kind}>'


def qr_run(expression: str, side: float, spoken: str) -> Any:
    """A run that draws the code of the text ``expression``, ``side`` millimetres with its white border."""
    emu = round(side * _EMU)
    size = "{{ (" + expression + "|qr).size }}"
    corners = (
        ("moveTo", "left", "top"),
        ("lnTo", "right", "top"),
        ("lnTo", "right", "bottom"),
        ("lnTo", "left", "bottom"),
    )
    path = "".join(_corner(*corner) for corner in corners)
    loop = "{% for m in (" + expression + "|qr).runs %}" + path + "<a:close/>{% endfor %}"
    return parse_xml(
        f'<w:r {_NAMES}><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{emu}" cy="{emu}"/><wp:docPr id="1" name="QR" descr="{spoken}"/>'
        f'<a:graphic><a:graphicData uri="{_KIND}"><wps:wsp><wps:cNvSpPr/><wps:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{emu}" cy="{emu}"/></a:xfrm>'
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{size}" h="{size}">{loop}</a:path></a:pathLst></a:custGeom>'
        '<a:solidFill><a:srgbClr val="000000"/></a:solidFill><a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/>'
        "</wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def verification_block(
    document: Any, profile: PageProfile, expression: str, lines: tuple[str, ...], side: float = 28.0
) -> None:
    """The code of ``expression`` on the left, ``lines`` beside it; never parted."""
    grid = borders("w:tblBorders", top=4, left=4, bottom=4, right=4, insideH=0, insideV=0)
    columns = (Column("", side + 6.0, ""), Column("", profile.width - side - 6.0, ""))
    table = _table(document, [c.width for c in columns], grid)
    row = table.add_row()
    _fill(document, row.cells[0], "", "Cədvəl ortada")
    row.cells[0].paragraphs[0]._p.append(qr_run(expression, side, "QR kod: yoxlama ünvanı"))
    _fill(document, row.cells[1], lines, "Qeyd")
    _row_properties(row, split=False)
    _finish(table)
