"""Memory that a large document has used is given back to the system before the next step takes as much again."""

from __future__ import annotations

import ctypes
from typing import Final

LARGE: Final = 8 << 20
"""Bytes of a converted PDF from which giving back is worth its milliseconds."""


def give_back(size: int) -> bool:
    """Asks the C library to return what is free, after work on ``size`` bytes; whether it was asked. A library without
    ``malloc_trim`` (it is glibc's own) keeps what it has."""
    if size < LARGE:
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is None:
        return False
    trim(0)
    return True
