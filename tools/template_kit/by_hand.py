"""A signature by hand on what is given on paper: post, a line for the signature, the place of the stamp, the name."""

from __future__ import annotations

from typing import Any

from template_kit.blocks import _fill, _finish, _row_properties, _table
from template_kit.oxml import borders, printed
from template_kit.page import PageProfile


def signed_by_hand(document: Any, profile: PageProfile, variable: str) -> None:
    """``variable`` has the ``post`` and the ``name``."""
    none = borders("w:tblBorders", top=0, left=0, bottom=0, right=0, insideH=0, insideV=0)
    widths = (profile.width - 104.0, 54.0, 50.0)
    table = _table(document, widths, none)
    row = table.add_row()
    _fill(document, row.cells[0], printed(f"{variable}.post"), "Cədvəl")
    _fill(document, row.cells[1], ("________________________", "(imza)", "M.Y."), "Cədvəl ortada")
    _fill(document, row.cells[2], printed(f"{variable}.name"), "Cədvəl")
    _row_properties(row, split=False)
    _finish(table)
