"""Signature blocks that stay whole whatever the signatory is called.

The column of names is narrow, so a name that would make it longer than ``LONG_NAME`` characters stands in a row of its
own over the whole width, kept with the row of the signature. The first versions of the group's notice, agenda, protocol
and acts, whose bytes are fixed, have the plain blocks of ``blocks``.
"""

from __future__ import annotations

from typing import Any, Final

from template_kit.blocks import (
    _ROW_HEIGHT,
    _fill,
    _finish,
    _note,
    _row_properties,
    _ruled,
    _signature_columns,
    _small,
    _table,
    _tag_row,
)
from template_kit.oxml import borders, printed
from template_kit.page import PageProfile

LONG_NAME: Final = 90
"""Characters of a name above which it has a row of its own: seven lines of the column."""


def signature_table(document: Any, profile: PageProfile) -> None:
    """One row for each signatory: who, the field's place, the name; rows are never parted.

    Rows are at least as high as a field; a long post makes its row higher and the field stays at its top."""
    table = _ruled(document, _signature_columns(profile))
    _tag_row(document, table, "for s in signatories")
    signature_rows(document, table, "s")
    _tag_row(document, table, "endfor")
    _finish(table)


def single_signature(document: Any, profile: PageProfile, variable: str = "signatory") -> None:
    """One signatory without lines: post on the left, field in the middle, name on the right."""
    none = borders("w:tblBorders", top=0, left=0, bottom=0, right=0, insideH=0, insideV=0)
    table = _table(document, [c.width for c in _signature_columns(profile)], none)
    signature_rows(document, table, variable)
    _finish(table)


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
