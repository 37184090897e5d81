"""Registration journals and substitutions: what the secretariat keeps in books."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from doc_service.api.v1.schemas.common import Input, View
from doc_service.api.v1.schemas.people import PERSON_EXAMPLE, PersonInput, PersonView, person_view
from doc_service.domain.registration import Journal, JournalEntry
from doc_service.domain.substitution import Substitution
from doc_service.instruments.fields import Identifier, Line, OptionalProse

PATTERN = r"^([^{}\x00-\x1f\x7f]|\{(unit|journal|seq|year)\})*$"
"""Plain names of placeholders alone: no format of Python gets in."""
JournalCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,49}$")]


class JournalInput(Input):
    """``pattern`` may use {unit} {journal} {seq} {year} and must use {seq} and {year}."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "KQ-P", "title": "Protokolların qeydiyyatı jurnalı", "unit": "3-21-5"}]
        }
    )

    code: JournalCode
    title: Line
    unit: Line
    pattern: Annotated[str, StringConstraints(max_length=100, pattern=PATTERN)] = "{unit}/{journal}-{seq}/{year}"

    def to_domain(self) -> Journal:
        return Journal(self.code, self.title, self.unit, self.pattern)


class JournalView(View):
    code: str
    title: str
    unit: str
    pattern: str


class EntryView(View):
    """A number once given; ``annulled_reason`` ("": in use) marks it, it is never given again."""

    journal: str
    year: int
    seq: int
    number: str
    document_id: str
    registered_on: date
    annulled_reason: str


class SubstitutionInput(Input):
    """Who acts for an absent person, from ``since`` to ``until`` inclusive, on which order (001 §5.4)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "absent_id": "quliyev-anar",
                    "substitute": {**PERSON_EXAMPLE, "id": "hasanova-leyla", "fin": "6XY8Z9W"},
                    "order_number": "27-K",
                    "order_date": "2026-11-02",
                    "since": "2026-11-03",
                    "until": "2026-11-30",
                }
            ]
        }
    )

    id: Identifier | None = Field(default=None, description="Yours, so that a repeated request is recognised")
    absent_id: Identifier
    substitute: PersonInput
    order_number: Line
    order_date: date
    since: date
    until: date

    def to_domain(self, substitution_id: str) -> Substitution:
        return Substitution(
            substitution_id,
            self.absent_id,
            self.substitute.to_domain(),
            self.order_number,
            self.order_date,
            self.since,
            self.until,
        )


class EndInput(Input):
    """``last_day``: the last one on which the substitute acts; the day before ``since`` takes it back altogether."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"last_day": "2026-11-15", "reason": "İşə qayıdıb."}]})

    last_day: date
    reason: OptionalProse = Field(max_length=2000)


class SubstitutionView(View):
    id: str
    absent_id: str
    substitute: PersonView
    order_number: str
    order_date: date
    since: date
    until: date


def journal_view(journal: Journal) -> JournalView:
    return JournalView(code=journal.code, title=journal.title, unit=journal.unit, pattern=journal.pattern)


def entry_view(entry: JournalEntry) -> EntryView:
    return EntryView(
        journal=entry.journal,
        year=entry.year,
        seq=entry.seq,
        number=entry.number,
        document_id=entry.document_id,
        registered_on=entry.registered_on,
        annulled_reason=entry.annulled_reason,
    )


def substitution_view(substitution: Substitution, *, personal: bool) -> SubstitutionView:
    return SubstitutionView(
        id=substitution.id,
        absent_id=substitution.absent_id,
        substitute=person_view(substitution.substitute, personal=personal),
        order_number=substitution.order_number,
        order_date=substitution.order_date,
        since=substitution.since,
        until=substitution.until,
    )
