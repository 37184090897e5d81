"""QR codes (ISO/IEC 18004), for links that a phone opens."""

from __future__ import annotations

import io

import segno

_QUIET_ZONE = 4
"""Modules of white around the code; fewer and readers miss it."""


def qr_svg(text: str) -> bytes:
    """An SVG without scripts or styles, whose size its page decides."""
    out = io.BytesIO()
    _made(text).save(out, kind="svg", border=_QUIET_ZONE, xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return out.getvalue()


def qr_png(text: str, *, scale: int = 6) -> bytes:
    """``scale``: pixels a module."""
    out = io.BytesIO()
    _made(text).save(out, kind="png", border=_QUIET_ZONE, scale=scale)
    return out.getvalue()


def _made(text: str) -> segno.QRCode:
    """Level L: the text is long, and a screen is not dirty."""
    return segno.make_qr(text, error="l", boost_error=False)
