"""What several schemas share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from doc_service.api.language import catalog

FIN = r"^[0-9A-HJ-NP-Z]{7}$"
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[\x21-\x7e]*$")]


def _within(moment: datetime) -> datetime:
    """Far from the ends of the calendar, where a moment has no UTC form."""
    if not 1900 <= moment.year <= 9998:
        raise PydanticCustomError("datetime_out_of_range", "a moment of the years 1900 to 9998")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within)]
Year = Annotated[int, Field(ge=1900, le=9998)]


class View(BaseModel):
    """An answer: every field is always there."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Input(BaseModel):
    """A request: no unknown field, so that a mistyped name is refused and not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(View):
    """A value of a fixed list: the ``code`` is stable, the names are for people."""

    code: str
    az: str
    en: str


def named(kind: str, code: str) -> Named:
    """``kind`` as labels of the catalogue call it: "state", "act", "matter", "presence" …; a code without a label is
    shown as it is."""
    texts = {}
    for language in ("az", "en"):
        known, name = catalog(language), f"label.{kind}.{code}"
        texts[language] = known.text(name) if name in known.codes else code
    return Named(code=code, **texts)
