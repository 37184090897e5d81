"""Signature blocks that stay whole whatever the signatory is called.

The column of names is narrow, so a name that would make it longer than ``LONG_NAME`` characters stands in a row of its
own over the whole width, kept with the row of the signature. The first versions of the group's notice, agenda, protocol
and acts, whose bytes are fixed, have the plain blocks of ``blocks``.
"""

from __future__ import annotations

from typing import Any, Final

from template_kit import blocks
from template_kit.blocks import (
    _ROW_HEIGHT,
    _fill,
    _note,
    _row_properties,
    _small,
    _tag_row,
)
from template_kit.oxml import printed
from template_kit.page import PageProfile

LONG_NAME: Final = 90
"""Characters of a name above which it has a row of its own: seven lines of the column."""


def signature_table(document: Any, profile: PageProfile) -> None:
    """As ``blocks.signature_table``, with names of any length."""
    blocks.signature_table(document, profile, signature_rows)


def single_signature(document: Any, profile: PageProfile, variable: str = "signatory") -> None:
    """As ``blocks.single_signature``, with a name of any length."""
    blocks.single_signature(document, profile, variable, signature_rows)


def signature_rows(document: Any, table: Any, variable: str) -> Any:
    """The rows of one signatory; gives the row with the field."""
    name = f"{variable}.name"
    _tag_row(document, table, f"if {name}|length > {LONG_NAME}")
    above = table.add_row()
    wide = above.cells[0].merge(above.cells[-1])
    _fill(document, wide, printed(name), "Cədvəl")
    wide.paragraphs[0].paragraph_format.keep_with_next = True
    _row_properties(above, split=False)
    _tag_row(document, table, "endif")
    row = table.add_row()
    role, field, named = row.cells
    _fill(document, role, printed(f"{variable}.role"), "Cədvəl")
    _note(document, role, f"{variable}.in_place_of")
    _note(document, role, f"{variable}.basis")
    _small(document, role, printed(f"{variable}.post"))
    _fill(document, field, printed(f"{variable}.field|anchor"), "İmza yeri")
    short = "{% if " + f"{name}|length <= {LONG_NAME}" + " %}" + printed(name) + "{% endif %}"
    _fill(document, named, short, "Cədvəl")
    _row_properties(row, split=False, height=_ROW_HEIGHT)
    return row
