"""The explanatory note of the sample map."""

from __future__ import annotations

from typing import Any


def note_sections() -> list[dict[str, Any]]:
    return [{"title": "Ümumi məlumat", "text": "Mətn."}]
