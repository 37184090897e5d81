"""The embedded font of signature appearances: metrics for layout, and the PDF objects that carry it.

Every glyph used must be embedded and map to Unicode (ISO 19005-3, 6.2.11.4 and 6.2.11.7). The font goes into a document
once, when its fields are placed; each signature then only refers to it. Its resource name carries a digest of the font
file, so that a document placed by an earlier release is never drawn with the glyph numbers of another subset.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zlib
from dataclasses import dataclass
from importlib import resources

from fontTools.ttLib import TTFont

_REPLACEMENT = 0xFFFD
_TAG = "DSSIGN"


@dataclass(frozen=True, slots=True)
class FontObjects:
    """PDF syntax of the font's five objects, without the references between them.

    Streams are Flate-compressed. Dictionaries: ``file`` and ``unicode`` are the stream dictionaries."""

    font: bytes
    descendant: bytes
    descriptor: bytes
    file: bytes
    file_data: bytes
    unicode: bytes
    unicode_data: bytes


class AppearanceFont:
    """Noto Sans subset, read once. Advances are in thousandths of the font size."""

    def __init__(self, ttf: bytes) -> None:
        font = TTFont(io.BytesIO(ttf), lazy=True)
        scale = 1000 / font["head"].unitsPerEm
        order = font.getGlyphOrder()
        ids = {name: number for number, name in enumerate(order)}
        self._glyphs: dict[int, int] = {code: ids[name] for code, name in font.getBestCmap().items()}
        self._advances: list[int] = [round(font["hmtx"][name][0] * scale) for name in order]
        self._ttf = ttf
        self.ascent: int = round(font["hhea"].ascent * scale)
        self.descent: int = round(font["hhea"].descent * scale)
        head = font["head"]
        self._box = [round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)]
        self._cap_height: int = round(font["OS/2"].sCapHeight * scale)
        self.resource_name = f"/NotoSig{hashlib.sha256(ttf).hexdigest()[:12]}"

    @classmethod
    def load(cls) -> AppearanceFont:
        """The font that ships with this package."""
        return cls(resources.files("signing.fonts").joinpath("NotoSans-Signature.ttf").read_bytes())

    def clean(self, text: str) -> str:
        """Text as it can be drawn: NFC, any white space as one space, U+FFFD for what the font lacks (a
        ``.notdef`` glyph would break ISO 19005-3, 6.2.11.8)."""
        words = " ".join(unicodedata.normalize("NFC", text).split())
        return "".join(c if ord(c) in self._glyphs else chr(_REPLACEMENT) for c in words)

    def width(self, text: str) -> int:
        """Advance of clean ``text`` in thousandths of the font size."""
        return sum(self._advances[self._glyphs[ord(c)]] for c in text)

    def encode(self, text: str) -> bytes:
        """Hexadecimal string operand (Identity-H) of clean ``text``."""
        return b"<" + "".join(f"{self._glyphs[ord(c)]:04X}" for c in text).encode() + b">"

    def objects(self) -> FontObjects:
        """The five objects of a Type 0 font with an embedded TrueType descendant (ISO 32000-1, 9.7.4)."""
        name = f"/{_TAG}+NotoSans-Regular"
        widths = " ".join(map(str, self._advances))
        info = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        file_data, unicode_data = zlib.compress(self._ttf, 9), zlib.compress(self._to_unicode(), 9)
        return FontObjects(
            font=f"<< /Type /Font /Subtype /Type0 /BaseFont {name} /Encoding /Identity-H >>".encode(),
            descendant=(
                f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont {name} {info} /CIDToGIDMap /Identity "
                f"/DW {self._advances[0]} /W [ 0 [ {widths} ] ] >>"
            ).encode(),
            descriptor=(
                f"<< /Type /FontDescriptor /FontName {name} /Flags 32 /FontBBox [ {' '.join(map(str, self._box))} ] "
                f"/ItalicAngle 0 /Ascent {self.ascent} /Descent {self.descent} /CapHeight {self._cap_height} "
                "/StemV 80 >>"
            ).encode(),
            file=f"<< /Filter /FlateDecode /Length1 {len(self._ttf)} >>".encode(),
            file_data=file_data,
            unicode=b"<< /Filter /FlateDecode >>",
            unicode_data=unicode_data,
        )

    def _to_unicode(self) -> bytes:
        rows = [f"<{glyph:04X}> <{code:04X}>" for code, glyph in sorted(self._glyphs.items(), key=lambda i: i[1])]
        blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
        mappings = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{mappings}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode()
