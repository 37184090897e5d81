"""What the application of 003 §6 and the letter to it have in common: the addressee and the documents they cite."""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import Field

from doc_service.instruments.fields import Line, Sha256, Strict
from doc_service.instruments.wording import cited

MINISTRY_DATIVE: Final = "Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə"
"""The addressee of the package (003 §6.2), as an address is written."""


class CitedDocumentData(Strict):
    """A signed document by number, date and SHA-256, so that anybody who holds both sees that they belong together."""

    number: Line = Field(title="Sənədin nömrəsi")
    registered_on: date = Field(title="Sənədin tarixi")
    sha256: Sha256 = Field(title="İmzalanmış sənədin SHA-256 nəzarət cəmi")

    @property
    def text(self) -> str:
        return cited(self.registered_on, self.number)
