"""The registers of persons and organisations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person, PersonRecord
from doc_service.ports_queries import Page, Slice


class People(Protocol):
    """Persons that instruments name by id. FİN is not unique: one person may be recorded in two posts."""

    def add(self, record: PersonRecord) -> None:
        """``ConflictError`` "person.exists"."""
        ...

    def get(self, person_id: str) -> PersonRecord:
        """``NotFoundError`` "person.not_registered"."""
        ...

    def find(self, person_id: str) -> PersonRecord | None: ...
    def of_ids(self, ids: Collection[str]) -> Mapping[str, Person]:
        """Those that are there, by id."""
        ...

    def save(self, record: PersonRecord) -> PersonRecord:
        """Optimistic: ``ConflictError`` "state.stale"; ``NotFoundError`` "person.not_registered". Returns
        version + 1."""
        ...

    def page(self, page: Slice, *, text: str = "") -> Page[PersonRecord]:
        """By id; ``text``: part of name, organisation or post, whatever its case."""
        ...


class Organisations(Protocol):
    """Organisations; a VÖEN stands once."""

    def add(self, organisation: Organisation) -> None:
        """``ConflictError`` "organisation.exists", "organisation.voen_taken"; ``DomainError``
        "persistence.unknown_reference" when head or keeper is not in the register of persons."""
        ...

    def get(self, organisation_id: str) -> Organisation:
        """``NotFoundError`` "organisation.not_found"."""
        ...

    def find(self, organisation_id: str) -> Organisation | None: ...
    def of_voen(self, voen: str) -> Organisation | None: ...
    def of_ids(self, ids: Collection[str]) -> Mapping[str, Organisation]:
        """Those that are there, by id."""
        ...

    def of_person(self, person_id: str) -> Sequence[Organisation]:
        """Those whose head or keeper of the seal the person is, by id."""
        ...

    def save(self, organisation: Organisation) -> Organisation:
        """Optimistic, as ``People.save``; "organisation.voen_taken"."""
        ...

    def page(self, page: Slice, *, text: str = "") -> Page[Organisation]:
        """By id; ``text``: part of name or VÖEN."""
        ...
