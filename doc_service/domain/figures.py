"""Decimal figures as Azerbaijani documents print them: 1 250,5 with a no-break space between thousands."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

NO_BREAK: Final = "\u00a0"


def figure(value: Decimal, places: int | None = None) -> str:
    """``value`` with a decimal comma. ``places``: rounded half up to so many, always printed; None: as it is, without
    zeros at the end."""
    shown = value if places is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(shown):f}".partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    sign = "–" if shown < 0 and (whole.strip("0") or fraction.strip("0")) else ""
    groups = f"{int(whole):,}".replace(",", NO_BREAK)
    return f"{sign}{groups},{fraction}" if fraction else f"{sign}{groups}"


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """``part`` of ``whole`` in per cent, unrounded; None when there is no whole to be a part of."""
    return None if whole == 0 else part * 100 / whole
