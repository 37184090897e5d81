"""Files that were signed and whole once, and can no longer be read: a verdict, not a refusal to judge."""

from __future__ import annotations

import hashlib
from datetime import datetime

from signing.api import Finding, Report

_ENDINGS = (b"%%EOF", b"%%EOF\n", b"%%EOF\r", b"%%EOF\r\n")


def whole_and_signed(pdf: bytes) -> bool:
    """Whether the file has a signature's byte range and its end, give or take one byte. A file cut short has no end,
    and nobody can say what it was: it stays unusable."""
    return b"/ByteRange" in pdf and any(_differs(pdf[-len(end) :], end) <= 1 for end in _ENDINGS)


def damaged(pdf: bytes, at: datetime) -> Report:
    """Not valid: something was changed in a place without which the file cannot be read any more."""
    return Report(
        valid=False,
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        pdfa="",
        level=None,
        signatures=(),
        findings=(Finding("signing.damaged_file"),),
        development=False,
        validated_at=at,
    )


def _differs(found: bytes, expected: bytes) -> int:
    if len(found) != len(expected):
        return len(expected)
    return sum(a != b for a, b in zip(found, expected, strict=True))
