"""Kinds of text and identifiers that instrument data are made of.

Control characters are refused at the door: they are not allowed in XML 1.0 (§2.2), so no document could carry them.
Every kind has a pattern that Rust, ECMAScript and Python regular expressions read alike, because the JSON Schema of an
instrument is published for other programs to check against. (A Python program must read ``$`` as ``\\Z``: ECMAScript's
``$``, which JSON Schema means, does not match before a last line break.)
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_CONTROL: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff"
_CONTROL_BUT_BREAKS: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff"

_UNSEEN: Final = r"\s\u200b-\u200d\u2060\ufeff"

LINE: Final = rf"^[^{_CONTROL}]*[^{_UNSEEN}{_CONTROL}][^{_CONTROL}]*$"
OPTIONAL_LINE: Final = rf"^[^{_CONTROL}]*$"
PROSE: Final = rf"^[^{_CONTROL_BUT_BREAKS}]*[^{_UNSEEN}{_CONTROL}][^{_CONTROL_BUT_BREAKS}]*$"
OPTIONAL_PROSE: Final = rf"^[^{_CONTROL_BUT_BREAKS}]*$"
IDENTIFIER: Final = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"
SHA256: Final = r"^[0-9a-f]{64}$"
AMOUNT: Final = r"^(0|[1-9][0-9]{0,11})([.][0-9]{1,3})?$"

CODE_OF_PATTERN: Final = {
    LINE: "data.line",
    OPTIONAL_LINE: "data.line",
    PROSE: "data.prose",
    OPTIONAL_PROSE: "data.prose",
    IDENTIFIER: "data.identifier",
    SHA256: "data.sha256",
    AMOUNT: "data.amount",
}

Line = Annotated[str, StringConstraints(max_length=400, pattern=LINE)]
OptionalLine = Annotated[str, StringConstraints(max_length=400, pattern=OPTIONAL_LINE)]
Prose = Annotated[str, StringConstraints(max_length=20_000, pattern=PROSE)]
OptionalProse = Annotated[str, StringConstraints(max_length=20_000, pattern=OPTIONAL_PROSE)]
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
Sha256 = Annotated[str, StringConstraints(pattern=SHA256)]
Amount = Annotated[str, StringConstraints(pattern=AMOUNT)]
"""A figure that is not negative, at most three decimals, as text: JSON numbers would be rounded on the way."""

Number = Annotated[int, Field(ge=1, le=9_999)]


class Strict(BaseModel):
    """Base of all instrument data: no coercion, no unknown field, no change after validation."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
