"""What an instrument is: typed data, rules beyond the schema, who signs, and the plain data its template prints.

An instrument is pure: no clock, no files, no register. Everything that it prints is computed here from the data and
the registration, so that templates hold wording and layout only and the same input always gives the same document
(DESIGN 10).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel

from doc_service.domain.documents import Registration
from doc_service.domain.errors import Fault
from doc_service.domain.meetings import PowerOfAttorney
from doc_service.domain.pictures import Illustration
from doc_service.domain.retention import case_of
from doc_service.instruments.faults import parse

M = TypeVar("M", bound=BaseModel)
JSON_SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who signs in the place of an absent signatory, and the order that says so (004 §7.7). ``basis`` is printed."""

    name: str
    post: str
    basis: str


StandIns: TypeAlias = Mapping[str, StandIn]
"""By the absent person's id."""

NO_STAND_INS: StandIns = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who must sign. ``field`` is the anchor in the template and the PDF field's name; persons with the same
    ``order`` sign together, lower orders first; ``role_label`` as printed ("Koordinasiya Qrupunun rəhbəri").
    ``in_place_of`` and ``basis`` are set for a delegate: the member's name and the power of attorney, which is also
    given as ``power``: it is the delegate's own, so nobody substitutes for a delegate.
    ``seal_voen``: this field takes the seal (möhür) of the organisation with this VÖEN; ``person_id`` is then the
    person who keeps the seal, and the certificate must be the organisation's.
    ``by_power``: acts on a power that the document itself names, which nobody can stand in for (003 §4.2)."""

    field: str
    order: int
    person_id: str
    role_label: str
    in_place_of: str = ""
    basis: str = ""
    power: PowerOfAttorney | None = None
    seal_voen: str = ""
    by_power: bool = False


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An archived original whose bytes travel inside this document as an associated file, as they are: the revision
    with this ``sha256`` (hex) of the document, under the file ``name`` with a ``description``."""

    document_id: str
    sha256: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class PageLimit:
    """So many pages of text an instrument should have; ``clause`` says where that stands. A warning, not a fault: the
    pages are known only when the document is printed."""

    least: int
    most: int
    clause: str

    def warning(self, pages: int) -> Fault | None:
        """ "document.page_limit" when ``pages`` lie outside."""
        if self.least <= pages <= self.most:
            return None
        params: dict[str, str | int] = {"pages": pages, "least": self.least, "most": self.most, "clause": self.clause}
        return Fault("document.page_limit", "", params)


@dataclass(frozen=True, kw_only=True)
class Instrument(ABC, Generic[M]):
    """One kind of official document.

    ``template``: file name in ``templates/docx`` without its ending. ``journal``: code of the registration journal, and
    ``journal_title`` its name. ``case_index``: case (qovluq) of the nomenclature. ``sources``: the clauses it rests on.
    ``visa_units``: units whose visa is needed before registration (004 §5.1.9). ``stands_without_declined``: whether it
    is still the instrument when somebody declines to sign; those who sign first (head, chair) are always needed.
    """

    model: type[M]
    id: str
    title_az: str
    title_en: str
    template: str
    journal: str
    journal_title: str
    case_index: str
    sources: tuple[str, ...]
    visa_units: tuple[str, ...] = ()
    stands_without_declined: bool = False

    @property
    def retention(self) -> str:
        """Code of the retention class of its case, e.g. "daimi" (004 §5.1.11)."""
        return case_of(self.case_index).retention.code

    def validate(self, raw: Mapping[str, Any]) -> M:
        """``raw`` as typed data; raises ``DomainError`` with one ``data.*`` fault for every field at fault."""
        return parse(self.model, raw)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of its data, titles in Azerbaijani."""
        return {
            "$schema": JSON_SCHEMA_DIALECT,
            "$id": f"urn:doc-service:instrument:{self.template}",
            **self.model.model_json_schema(),
            "title": self.title_az,
        }

    @abstractmethod
    def check(self, data: M) -> tuple[Fault, ...]:
        """Every broken rule that the schema cannot express, empty when there is none."""

    @abstractmethod
    def signatories(self, data: M) -> tuple[Signatory, ...]:
        """Who must sign, in the order of the signature table."""

    def enclosures(self, data: M) -> tuple[Enclosure, ...]:
        """What travels inside, byte for byte."""
        return ()

    def may_lack(self, data: M) -> frozenset[str]:
        """Fields whose signature may be left out when the person declines."""
        if not self.stands_without_declined:
            return frozenset()
        signatories = self.signatories(data)
        first = min((s.order for s in signatories), default=0)
        return frozenset(s.field for s in signatories if s.order > first)

    @abstractmethod
    def context(
        self, data: M, registration: Registration | None = None, stand_ins: StandIns = NO_STAND_INS
    ) -> dict[str, Any]:
        """The template's variables: text, whole numbers, truth values, None, lists and mappings only.

        Without ``registration`` number and date are blank lines."""

    def page_limit(self) -> PageLimit | None:
        """How many pages of text it should have, if its form says so."""
        return None

    def pictures(self, data: M) -> tuple[Illustration, ...]:
        """The images and diagrams that its template marks with the ``picture`` filter."""
        return ()

    @abstractmethod
    def sample(self) -> dict[str, Any]:
        """Invented but plausible data that passes ``validate`` and ``check``."""


AnyInstrument: TypeAlias = Instrument[Any]
