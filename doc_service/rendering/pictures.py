"""Pictures put into a filled DOCX: inline drawings (ISO/IEC 29500-1, 20.4) at the marks of the ``picture`` filter.

Templates themselves may hold raster images only; vector drawings enter here, after the template's check, from our own
diagrams, and LibreOffice prints them as vectors whose text stays text.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree
from PIL import Image

from doc_service.domain.errors import DomainError
from doc_service.domain.pictures import PICTURE_NAME, Diagram, Illustration, Picture, Raster, raster
from doc_service.ports_pictures import DiagramRenderer
from doc_service.rendering.package import CONTENT_TYPES, Parts, parse_xml, serialise
from doc_service.rendering.package_rules import W
from doc_service.rendering.sandbox_filters import PICTURE_CLOSE, PICTURE_OPEN
from doc_service.rendering.svg import clean_svg, svg_size

_MARK: Final = re.compile(f"{PICTURE_OPEN}([A-Za-z0-9_]+){PICTURE_CLOSE}")
_RELATIONS: Final = "word/_rels/document.xml.rels"
_RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_IMAGE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_MIME: Final = {"svg": "image/svg+xml", "png": "image/png", "jpeg": "image/jpeg"}
_EMU_PER_POINT: Final = 12_700
_POINTS_PER_MM: Final = 72 / 25.4
_POINTS_PER_PIXEL: Final = 0.75


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture ready for the package: ``kind`` "svg", "png" or "jpeg", its printed size in points."""

    name: str
    kind: str
    content: bytes
    alt: str
    width: float
    height: float


def prepare(illustrations: Iterable[Illustration], diagrams: DiagramRenderer) -> tuple[Placed, ...]:
    """Draws the diagrams and fits everything into its box. Raises ``DomainError`` "picture.unusable" (name, reason) for
    an image that is none, and "diagram.*"; ``ValueError`` for a name that is none or stands twice."""
    placed: list[Placed] = []
    for item in illustrations:
        if not PICTURE_NAME.fullmatch(item.name) or item.name in {p.name for p in placed}:
            raise ValueError(f"the picture name {item.name!r}")
        placed.append(_diagram(item, diagrams) if isinstance(item, Diagram) else _picture(item))
    return tuple(placed)


def _diagram(item: Diagram, diagrams: DiagramRenderer) -> Placed:
    content = clean_svg(diagrams.svg(item.source))
    return _fitted(item, "svg", content, *svg_size(content))


def _picture(item: Picture) -> Placed:
    try:
        found = raster(item.content)
    except ValueError as error:
        raise DomainError("picture.unusable", item.name, name=item.name, reason=str(error)) from error
    width, height = found.width * _POINTS_PER_PIXEL, found.height * _POINTS_PER_PIXEL
    return _fitted(item, found.kind, _drawn_anew(item, found), width, height)


def _drawn_anew(item: Picture, found: Raster) -> bytes:
    """The image's pixels in RGB over white, and nothing else of the file: no profile, transparency or camera data, and
    nothing that LibreOffice's own decoders would have to trust."""
    try:
        with Image.open(io.BytesIO(item.content), formats=(found.kind.upper(),)) as opened:
            pixels = opened.convert("RGBA")
        drawn = Image.new("RGB", pixels.size, "white")
        drawn.paste(pixels, mask=pixels.getchannel("A"))
        target = io.BytesIO()
        if found.kind == "png":
            drawn.save(target, "PNG", compress_level=6)
        else:
            drawn.save(target, "JPEG", quality=92, subsampling=0)
    except (OSError, ValueError, SyntaxError, struct.error, zlib.error, Image.DecompressionBombError) as error:
        reason = str(error)[:200] or "damaged"
        raise DomainError("picture.unusable", item.name, name=item.name, reason=reason) from error
    return target.getvalue()


def _fitted(item: Illustration, kind: str, content: bytes, width: float, height: float) -> Placed:
    scale = min(1.0, item.width_mm * _POINTS_PER_MM / width, item.height_mm * _POINTS_PER_MM / height)
    return Placed(item.name, kind, content, item.alt, width * scale, height * scale)


def place_pictures(root: etree._Element, pictures: Sequence[Placed]) -> None:
    """Turns each mark of the main part into its drawing. Raises ``DomainError`` "template.picture_missing" unless every
    mark has its picture and every picture exactly one mark."""
    known: Mapping[str, Placed] = {p.name: p for p in pictures}
    counts = dict.fromkeys(known, 0)
    for text in [t for t in root.iter(f"{{{W}}}t") if t.text and PICTURE_OPEN in t.text]:
        for name in _MARK.findall(str(text.text)):
            if name not in known:
                raise DomainError("template.picture_missing", name=name, count=0)
            counts[name] += 1
            text.addnext(_drawing(known[name]))
        text.text = _MARK.sub("", str(text.text))
    for name, count in counts.items():
        if count != 1:
            raise DomainError("template.picture_missing", name=name, count=count)


def refuse_marks(root: etree._Element) -> None:
    """Pictures are for the main part: one in a header or note is refused."""
    for text in root.iter(f"{{{W}}}t"):
        if text.text and (found := _MARK.search(text.text)):
            raise DomainError("template.picture_missing", name=found[1], count=0)


def add_parts(parts: Parts, pictures: Sequence[Placed]) -> None:
    """The image files, their relationships and content types."""
    if not pictures:
        return
    relations = parse_xml(parts[_RELATIONS], _RELATIONS)
    types = parse_xml(parts[CONTENT_TYPES], CONTENT_TYPES)
    declared = {str(t.get("Extension", "")).lower() for t in types}
    for picture in pictures:
        target = f"media/picture-{picture.name}.{picture.kind}"
        parts[f"word/{target}"] = picture.content
        attributes = {"Id": _relation_id(picture), "Type": _IMAGE, "Target": target}
        etree.SubElement(relations, f"{{{_RELS}}}Relationship", attributes)
        if picture.kind not in declared:
            declared.add(picture.kind)
            default = etree.Element(
                f"{{{_TYPES}}}Default", {"Extension": picture.kind, "ContentType": _MIME[picture.kind]}
            )
            types.insert(0, default)
    parts[_RELATIONS], parts[CONTENT_TYPES] = serialise(relations), serialise(types)


def _relation_id(picture: Placed) -> str:
    return f"rPicture_{picture.name}"


def _drawing(picture: Placed) -> etree._Element:
    """``wp:inline`` with the picture; ids are given afterwards, to all drawings of the part."""
    size = {"cx": str(round(picture.width * _EMU_PER_POINT)), "cy": str(round(picture.height * _EMU_PER_POINT))}
    drawing = etree.Element(f"{{{W}}}drawing")
    inline = etree.SubElement(drawing, f"{{{_WP}}}inline", {"distT": "0", "distB": "0", "distL": "0", "distR": "0"})
    etree.SubElement(inline, f"{{{_WP}}}extent", size)
    etree.SubElement(inline, f"{{{_WP}}}docPr", {"id": "1", "name": picture.name, "descr": picture.alt})
    graphic = etree.SubElement(inline, f"{{{_A}}}graphic")
    data = etree.SubElement(graphic, f"{{{_A}}}graphicData", {"uri": _PIC})
    pic = etree.SubElement(data, f"{{{_PIC}}}pic")
    names = etree.SubElement(pic, f"{{{_PIC}}}nvPicPr")
    etree.SubElement(names, f"{{{_PIC}}}cNvPr", {"id": "0", "name": picture.name})
    etree.SubElement(names, f"{{{_PIC}}}cNvPicPr")
    fill = etree.SubElement(pic, f"{{{_PIC}}}blipFill")
    etree.SubElement(fill, f"{{{_A}}}blip", {f"{{{_R}}}embed": _relation_id(picture)})
    etree.SubElement(etree.SubElement(fill, f"{{{_A}}}stretch"), f"{{{_A}}}fillRect")
    shape = etree.SubElement(pic, f"{{{_PIC}}}spPr")
    transform = etree.SubElement(shape, f"{{{_A}}}xfrm")
    etree.SubElement(transform, f"{{{_A}}}off", {"x": "0", "y": "0"})
    etree.SubElement(transform, f"{{{_A}}}ext", size)
    geometry = etree.SubElement(shape, f"{{{_A}}}prstGeom", {"prst": "rect"})
    etree.SubElement(geometry, f"{{{_A}}}avLst")
    return drawing
