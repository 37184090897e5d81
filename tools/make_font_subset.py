"""Makes ``signing/fonts/NotoSans-Signature.ttf``: the small font that signature appearances embed.

Why a subset: PDF/A-3 (ISO 19005-3, 6.2.11.4) wants the font inside every signed file, and parsing the GSUB/GPOS tables
of the whole Noto Sans costs 125 ms per signature. The subset keeps Latin (with every Azerbaijani letter and ₼), digits
and punctuation, and drops hinting and layout tables; one glyph stands for exactly one character, so that text
extraction gives back what was drawn.

Source: ``NotoSans-Regular.ttf`` of Debian's ``fonts-noto-core`` (SIL Open Font License 1.1, no reserved font name).
Run: ``python tools/make_font_subset.py [SOURCE.ttf [TARGET.ttf]]``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf")
TARGET = Path(__file__).resolve().parents[1] / "signing" / "fonts" / "NotoSans-Signature.ttf"
RANGES = ((0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x17F), (0x218, 0x21B))
EXTRA = "Əə–—‘’‚“”„†•…‰‹›€₼№™−\N{REPLACEMENT CHARACTER}"


def characters(available: set[int]) -> list[int]:
    """Code points of the subset, those the source font has."""
    wanted = {code for low, high in RANGES for code in range(low, high + 1)} | {ord(c) for c in EXTRA}
    return sorted(wanted & available)


def one_character_per_glyph(font: TTFont, codes: list[int]) -> list[int]:
    """Drops code points that would share a glyph with an earlier one: extraction could not tell them apart."""
    cmap = font.getBestCmap()
    seen: set[str] = set()
    kept = []
    for code in codes:
        if cmap[code] not in seen:
            seen.add(cmap[code])
            kept.append(code)
    return kept


def make(source: Path, target: Path) -> None:
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "MATH", "DSIG", "gasp", "prep"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.glyph_names = False
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=one_character_per_glyph(font, characters(set(font.getBestCmap()))))
    subsetter.subset(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target)


def main(arguments: list[str]) -> None:
    source = Path(arguments[0]) if arguments else SOURCE
    target = Path(arguments[1]) if len(arguments) > 1 else TARGET
    make(source, target)
    sys.stdout.write(f"{target}: {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
