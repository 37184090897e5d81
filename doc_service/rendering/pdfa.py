"""The converter's PDF made into one that depends on nothing but the request.

Two conversions of one DOCX differ in dates (Info, XMP, ICC profile), in ``/ID`` and in ``/DocChecksum`` only; fixing
these makes the unsigned PDF reproducible byte for byte (DESIGN 10), and the same pass packs it into object streams.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from doc_service.domain.errors import DomainError
from doc_service.rendering.plain import clean
from doc_service.rendering.xmp import xmp_packet

_PRODUCER, _CREATOR = "LibreOffice", "doc-service"
MAX_STRING = 32_767
"""PDF/A-3 6.1.13: a string object has at most 32,767 bytes."""


@dataclass(frozen=True, slots=True)
class AssociatedFile:
    """A file inside the PDF (ISO 19005-3, 6.8). ``relationship``: "Data", "Source" or "Supplement"."""

    name: str
    content: bytes
    mime: str
    relationship: str
    description: str


@dataclass(frozen=True, slots=True)
class DocumentMarks:
    """What the file says of itself: ``title``, ``language`` (BCP 47) and the one date ``at`` of everything in it."""

    title: str
    language: str
    at: datetime


def open_converted(pdf: bytes) -> Pdf:
    """The converter's output, opened; raises ``DomainError`` "render.failed" when it cannot be read.

    It is read from an anonymous file in memory, which qpdf maps: a large one opens three times faster than through a
    Python stream, which is asked for every few bytes."""
    handle = os.memfd_create("converted")
    try:
        with open(handle, "wb", closefd=False) as file:
            file.write(pdf)
        return Pdf.open(f"/proc/self/fd/{handle}")
    except pikepdf.PdfError as error:
        raise DomainError("render.failed", reason=f"the converted PDF cannot be read: {error}") from error
    finally:
        os.close(handle)


def pdf_date(at: datetime) -> str:
    """ISO 32000-1, 7.9.4, in UTC."""
    return at.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")


def normalise(pdf: Pdf, marks: DocumentMarks) -> None:
    """Fixes dates, language, title and viewer preferences in place. Raises ``DomainError`` "render.failed" when the
    converter did not claim PDF/A-3b or the title is longer than a PDF/A string may be."""
    title = clean(marks.title).replace("\n", " ")
    if len(title.encode("utf-16-be")) + 2 > MAX_STRING:
        raise DomainError("render.failed", reason="the title is too long")
    _require_claim(pdf)
    producer = str(pdf.docinfo.get(Name.Producer, _PRODUCER))
    stamp = pdf_date(marks.at)
    for key in ("/DocChecksum", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(Title=String(title), Creator=_CREATOR, Producer=producer, CreationDate=stamp, ModDate=stamp)
    )
    packet = xmp_packet(title=title, language=marks.language, at=marks.at, producer=producer, creator_tool=_CREATOR)
    pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.Lang = String(marks.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    for page in pdf.pages:
        page.obj.Tabs = Name.S
    for intent in pdf.Root.OutputIntents:
        _date_profile(intent.DestOutputProfile, marks.at)


def _require_claim(pdf: Pdf) -> None:
    metadata = pdf.Root.get(Name.Metadata)
    claim = metadata.read_bytes() if metadata is not None else b""
    if b"<pdfaid:part>3</pdfaid:part>" not in claim or Name.OutputIntents not in pdf.Root:
        raise DomainError("render.failed", reason="the converter did not produce PDF/A-3")


def _date_profile(profile: pikepdf.Object, at: datetime) -> None:
    """ICC.1, 7.2.8: bytes 24-35 of the header are the profile's creation time, six 16-bit figures."""
    utc = at.astimezone(UTC)
    data = bytearray(profile.read_bytes())
    data[24:36] = struct.pack(">6H", utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second)
    profile.write(bytes(data))


def attach(pdf: Pdf, files: Sequence[AssociatedFile], at: datetime) -> None:
    """Embeds ``files`` and associates them with the document: catalogue /AF and the EmbeddedFiles name tree."""
    stamp = pdf_date(at)
    specifications = {}
    for file in files:
        stream = pdf.make_stream(file.content, Type=Name.EmbeddedFile, Subtype=Name("/" + file.mime))
        stream.Params = Dictionary(Size=len(file.content), CreationDate=stamp, ModDate=stamp)
        specifications[file.name] = pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec,
                F=file.name,
                UF=file.name,
                Desc=String(file.description),
                AFRelationship=Name("/" + file.relationship),
                EF=Dictionary(F=stream, UF=stream),
            )
        )
    pdf.Root.AF = Array(list(specifications.values()))
    names = Array([])
    for name in sorted(specifications):
        names.append(String(name))
        names.append(specifications[name])
    if Name.Names not in pdf.Root:
        pdf.Root.Names = Dictionary()
    pdf.Root.Names.EmbeddedFiles = Dictionary(Names=names)


def save(pdf: Pdf) -> bytes:
    """The file: object streams, streams packed (the converter's are already), an /ID made from the content."""
    target = io.BytesIO()
    pdf.save(
        target,
        deterministic_id=True,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        min_version="1.7",
    )
    return target.getvalue()
