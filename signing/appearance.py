"""What a signature shows on the page: opaque, in DeviceGray, with nothing cut.

PDF/A-3 wants no transparency without a blending space (ISO 19005-3, 6.2.10) and colours that the output intent covers
(6.2.4.3); DeviceGray is always covered. The largest font size at which title, lines and warning fit the field is taken;
long text wraps at spaces, and a word wider than the field wraps inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signing.api import Appearance, SigningError
from signing.appearance_font import AppearanceFont

_PADDING = 3.0
_TITLE_SCALE = 1.12
_LEADING = 1.2
_LARGEST, _SMALLEST, _STEP = 10.0, 2.5, 0.25
FONT_ALIAS = "/F"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of clean text with its size in points; ``role`` is "title", "line" or "warning"."""

    text: str
    size: float
    role: str


class AppearanceDrawer:
    """Draws an ``Appearance`` as the content of a form XObject whose resources name the font ``FONT_ALIAS``."""

    def __init__(self, font: AppearanceFont) -> None:
        self._font = font

    def draw(self, appearance: Appearance, width: float, height: float) -> bytes:
        """Content stream for a box of ``width`` × ``height`` points.

        Raises ``signing.appearance_too_large`` when the text does not fit at the smallest readable size."""
        lines = self._fit(appearance, width, height)
        out = [
            f"q 1 g 0 0 {width:.2f} {height:.2f} re f Q",
            f"q 0.35 G 0.5 w 0.25 0.25 {width - 0.5:.2f} {height - 0.5:.2f} re S Q",
        ]
        top = height - _PADDING
        for line in lines:
            leading = line.size * _LEADING
            out.append(self._draw_line(line, top, width))
            top -= leading
        return "\n".join(out).encode()

    def _draw_line(self, line: _Line, top: float, width: float) -> str:
        baseline = top - line.size * (0.1 + self._font.ascent / 1000 * 0.85)
        text = self._font.encode(line.text).decode()
        show = f"BT {FONT_ALIAS} {line.size:.2f} Tf {_PADDING:.2f} {baseline:.2f} Td {text} Tj ET"
        if line.role == "title":
            return f"q 0 g 0 G {line.size * 0.03:.3f} w 2 Tr {show} Q"
        if line.role == "warning":
            bar = f"0 g 1 {top - line.size * _LEADING:.2f} {width - 2:.2f} {line.size * _LEADING:.2f} re f"
            return f"q {bar} 1 g {show} Q"
        return f"q 0 g {show} Q"

    def _fit(self, appearance: Appearance, width: float, height: float) -> list[_Line]:
        parts = [(appearance.title, "title"), *((t, "line") for t in appearance.lines), (appearance.warning, "warning")]
        texts = [(self._font.clean(text), role) for text, role in parts]
        texts = [(text, role) for text, role in texts if text]
        fitting: list[_Line] | None = None
        low, high = 0, round((_LARGEST - _SMALLEST) / _STEP)
        while low <= high:
            middle = (low + high) // 2
            lines = self._layout(texts, _SMALLEST + middle * _STEP, width - 2 * _PADDING)
            if self._fits(lines, width - 2 * _PADDING, height - 2 * _PADDING):
                fitting, low = lines, middle + 1
            else:
                high = middle - 1
        if fitting is None:
            raise SigningError("signing.appearance_too_large", width=round(width), height=round(height))
        return fitting

    def _fits(self, lines: Sequence[_Line], width: float, height: float) -> bool:
        wide = any(self._font.width(line.text) * line.size / 1000 > width for line in lines)
        return not wide and sum(line.size * _LEADING for line in lines) <= height

    def _layout(self, texts: Sequence[tuple[str, str]], size: float, width: float) -> list[_Line]:
        lines: list[_Line] = []
        for text, role in texts:
            own = size * _TITLE_SCALE if role == "title" else size
            lines += [_Line(row, own, role) for row in self._wrap(text, width * 1000 / own)]
        return lines

    def _wrap(self, text: str, limit: float) -> list[str]:
        """Rows of at most ``limit`` thousandths of the font size; a single character may stand alone."""
        rows: list[str] = []
        row = ""
        for word in text.split(" "):
            joined = f"{row} {word}" if row else word
            if self._font.width(joined) <= limit:
                row = joined
                continue
            if row:
                rows.append(row)
            *full, row = self._break_word(word, limit)
            rows += full
        return [*rows, row] if row else rows

    def _break_word(self, word: str, limit: float) -> list[str]:
        pieces, piece = [], ""
        for character in word:
            if piece and self._font.width(piece + character) > limit:
                pieces.append(piece)
                piece = ""
            piece += character
        return [*pieces, piece]
