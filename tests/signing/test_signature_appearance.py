"""What a signature shows: nothing cut, exact text out of the file, inside the box."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.api import Appearance, FieldBox, SigningError
from signing.appearance import AppearanceDrawer
from signing.appearance_font import AppearanceFont

FONT = AppearanceFont.load()
DRAWER = AppearanceDrawer(FONT)
SHOWN = re.compile(rb"/F ([\d.]+) Tf ([\d.]+) (-?[\d.]+) Td <([0-9A-F]*)> Tj")
AZERBAIJANI = "AaBbCcÇçDdEeƏəFfGgĞğHhXxIıİiJjKkQqLlMmNnOoÖöPpRrSsŞşTtUuÜüVvYyZz ₼ 0123456789 «»–—№„“”’…"
UNICODE = {FONT.encode(c): c for c in AZERBAIJANI + "".join(map(chr, range(33, 127))) + "\ufffd"}


def shown(content: bytes) -> list[tuple[float, float, str]]:
    """(size, baseline, text) of every line drawn."""
    rows = []
    for size, _, baseline, glyphs in SHOWN.findall(content):
        text = "".join(UNICODE[b"<" + glyphs[i : i + 4] + b">"] for i in range(0, len(glyphs), 4))
        rows.append((float(size), float(baseline), text))
    return rows


words = st.text(st.sampled_from(sorted(set(AZERBAIJANI) - {" "})), min_size=1, max_size=40)
lines = st.lists(words, min_size=1, max_size=8).map(" ".join)


@given(title=lines, rows=st.lists(lines, max_size=5), warning=st.one_of(st.just(""), lines))
def test_every_word_is_drawn_inside_the_box(title: str, rows: list[str], warning: str) -> None:
    width, height = 200.0, 90.0
    try:
        content = DRAWER.draw(Appearance(title, tuple(rows), warning), width, height)
    except SigningError:
        assert sum(map(len, (title, *rows, warning))) > 500
        return
    drawn = shown(content)
    assert "".join(text for _, _, text in drawn).replace(" ", "") == "".join((title, *rows, warning)).replace(" ", "")
    for size, baseline, text in drawn:
        assert FONT.width(text) * size / 1000 <= width - 5
        assert baseline + FONT.descent / 1000 * size * 0.8 >= 0
        assert baseline + FONT.ascent / 1000 * size * 0.8 <= height


def test_long_names_wrap_and_shrink() -> None:
    name = ("Əliağabəyzadə-Məmmədqulubəyli " * 7).strip()
    assert len(name) > 200
    short = shown(DRAWER.draw(Appearance("İmza", ("Əli",)), 180, 60))
    long = shown(DRAWER.draw(Appearance("İmza", (name,)), 180, 60))
    assert " ".join(text for _, _, text in long) == f"İmza {name}"
    assert long[0][0] < short[0][0]


def test_title_is_larger_and_bolder_and_the_warning_is_inverse() -> None:
    content = DRAWER.draw(Appearance("Başlıq", ("sətir",), "SINAQ"), 180, 60)
    (title, *_), (line, *_), (warning, *_) = shown(content)
    assert title > line == warning
    assert content.count(b" 2 Tr ") == 1
    assert b"1 g BT" in content.splitlines()[-1]


def test_only_gray_and_opaque() -> None:
    content = DRAWER.draw(Appearance("Başlıq", ("sətir",), "SINAQ"), 180, 60)
    assert not re.search(rb"\b(rg|RG|k|K|cs|CS|sc|scn|gs|Do|sh)\b", re.sub(rb"<[0-9A-F]+>", b"", content))


def test_text_without_a_glyph_is_replaced_never_notdef() -> None:
    (_, _, text), *_ = shown(DRAWER.draw(Appearance("Яа漢", ()), 180, 60))
    assert text == "\ufffd\ufffd\ufffd"


def test_decomposed_letters_are_composed() -> None:
    (_, _, text), *_ = shown(DRAWER.draw(Appearance("Go\u0308yc\u0327ay", ()), 180, 60))
    assert text == "Göyçay"


def test_a_box_too_small_is_said() -> None:
    with pytest.raises(SigningError) as caught:
        DRAWER.draw(Appearance("Elektron imza", ("Ad Soyad",)), 4, 4)
    assert caught.value.code == "signing.appearance_too_large"


def test_extracted_text_is_exact(workshop: Any, judges: Any, place: Callable[[list[FieldBox]], bytes]) -> None:
    box = FieldBox("geniş", 1, 40, 40, 500, 200, "İmza")
    appearance = Appearance(
        "Şərifzadə Gülçöhrə Əbülfəz qızı",
        ("ƏəĞğIıİiÖöÜüŞşÇç ₼ №12 «Kiçik» – “orta” — „biznes”…", "SN: 0123456789ABCDEF; 'tək' \"cüt\" (100%)"),
        "SINAQ",
    )
    text = judges.text(workshop.sign(place([box]), "geniş", appearance=appearance).pdf)
    for line in (appearance.title, *appearance.lines, appearance.warning):
        assert line in text
