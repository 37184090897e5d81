"""Whose blank an instrument is written on when it is no collegial body's: an organisation with its contact line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from doc_service.domain.azerbaijani import long_date, upper
from doc_service.domain.documents import Registration
from doc_service.instruments.fields import Line, OptionalLine, Strict
from doc_service.instruments.wording import BLANK_DATE, BLANK_NUMBER


class IssuerData(Strict):
    """The organisation that issues the document, as its letterhead names it."""

    parent: OptionalLine = Field(
        default="", title="Yuxarı təşkilat", description="Blankın birinci sətri; boş ola bilər"
    )
    name: Line = Field(title="Təşkilatın adı", description="Təşkilati-hüquqi forması ilə birlikdə")
    place: Line = Field(title="Sənədin tərtib edildiyi yer", description="Məsələn: Sumqayıt şəhəri")
    contact: OptionalLine = Field(default="", title="Əlaqə məlumatları", description="Blankda çap olunan sətir")


@dataclass(frozen=True, slots=True)
class Issuer:
    """The same, of an organisation that the data name elsewhere: name and legal form together have no limit."""

    name: str
    place: str
    contact: str = ""
    parent: str = ""


def issuer_heading(issuer: IssuerData | Issuer, registration: Registration | None) -> dict[str, Any]:
    """The variables that letterhead, date line and footer need; as ``wording.heading`` for bodies."""
    return {
        "letterhead": {"organisation": upper(issuer.parent), "body": upper(issuer.name), "contact": issuer.contact},
        "line": {
            "date": long_date(registration.registered_on) if registration else BLANK_DATE,
            "number": registration.number if registration else BLANK_NUMBER,
            "place": issuer.place,
        },
    }
