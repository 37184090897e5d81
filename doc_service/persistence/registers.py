"""The registers of persons and organisations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, select, update

from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.domain.organisations import Organisation
from doc_service.domain.people import Person, PersonRecord
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.folding import fold
from doc_service.persistence.keyset import fetch
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables_registers import organisations, people
from doc_service.ports_queries import Page, Slice

_PERSON = Codec(PersonRecord)
_ORGANISATION = Codec(Organisation)


class SqlPeople:
    """``doc_service.ports_registers.People``. Corrections are guarded by versions; nothing is locked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, record: PersonRecord) -> None:
        """Raises ``ConflictError`` "person.exists"."""
        if not insert_new(self._connection, people, {"id": record.id, **_person_row(record)}):
            raise ConflictError("person.exists", "id", id=record.id)

    def get(self, person_id: str) -> PersonRecord:
        """Raises ``NotFoundError`` "person.not_registered"."""
        found = self.find(person_id)
        if found is None:
            raise NotFoundError("person.not_registered", "id", id=person_id)
        return found

    def find(self, person_id: str) -> PersonRecord | None:
        text = self._connection.scalar(select(people.c.body).where(people.c.id == person_id))
        return None if text is None else _PERSON.decode(text)

    def of_ids(self, ids: Collection[str]) -> Mapping[str, Person]:
        if not ids:
            return {}
        found = self._connection.scalars(select(people.c.body).where(people.c.id.in_(sorted(ids))))
        return {record.id: record.person for record in map(_PERSON.decode, found)}

    def save(self, record: PersonRecord) -> PersonRecord:
        """Raises ``ConflictError`` "state.stale", ``NotFoundError`` "person.not_registered"."""
        saved = replace(record, version=record.version + 1)
        changed = update(people).where(people.c.id == record.id, people.c.version == record.version)
        if self._connection.execute(changed.values(_person_row(saved))).rowcount != 1:
            self.get(record.id)
            raise ConflictError("state.stale", "version", aggregate="person", id=record.id)
        return saved

    def page(self, page: Slice, *, text: str = "") -> Page[PersonRecord]:
        query = select(people.c.body)
        if text.strip():
            query = query.where(people.c.search_text.contains(fold(text.strip()), autoescape=True))
        return fetch(
            self._connection, query, [people.c.id], page, lambda row: _PERSON.decode(row.body), descending=False
        )


def _person_row(record: PersonRecord) -> dict[str, object]:
    person = record.person
    text = fold(" ".join((person.name.full, person.organisation, person.post)))
    return {"search_text": text, "version": record.version, "body": _PERSON.encode(record)}


class SqlOrganisations:
    """``doc_service.ports_registers.Organisations``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, organisation: Organisation) -> None:
        """Raises ``ConflictError`` "organisation.exists", "organisation.voen_taken"."""
        if not insert_new(self._connection, organisations, {"id": organisation.id, **_organisation_row(organisation)}):
            self._refuse_taken(organisation)
            raise ConflictError("organisation.exists", "id", id=organisation.id)

    def get(self, organisation_id: str) -> Organisation:
        """Raises ``NotFoundError`` "organisation.not_found"."""
        found = self.find(organisation_id)
        if found is None:
            raise NotFoundError("organisation.not_found", "id", id=organisation_id)
        return found

    def find(self, organisation_id: str) -> Organisation | None:
        return self._one(select(organisations.c.body).where(organisations.c.id == organisation_id))

    def of_voen(self, voen: str) -> Organisation | None:
        return self._one(select(organisations.c.body).where(organisations.c.voen == voen))

    def of_ids(self, ids: Collection[str]) -> Mapping[str, Organisation]:
        if not ids:
            return {}
        found = self._connection.scalars(select(organisations.c.body).where(organisations.c.id.in_(sorted(ids))))
        return {one.id: one for one in map(_ORGANISATION.decode, found)}

    def of_person(self, person_id: str) -> Sequence[Organisation]:
        found: dict[str, Organisation] = {}
        for column in (organisations.c.head_id, organisations.c.keeper_id):
            rows = self._connection.scalars(select(organisations.c.body).where(column == person_id))
            found.update({one.id: one for one in map(_ORGANISATION.decode, rows)})
        return [found[name] for name in sorted(found)]

    def save(self, organisation: Organisation) -> Organisation:
        """Raises ``ConflictError`` "state.stale", "organisation.voen_taken"; ``NotFoundError``
        "organisation.not_found"."""
        self._locks.name("organisations", "unique")
        self._refuse_taken(organisation)
        saved = replace(organisation, version=organisation.version + 1)
        own = (organisations.c.id == organisation.id, organisations.c.version == organisation.version)
        changed = self._connection.execute(update(organisations).where(*own).values(_organisation_row(saved)))
        if changed.rowcount != 1:
            self.get(organisation.id)
            raise ConflictError("state.stale", "version", aggregate="organisation", id=organisation.id)
        return saved

    def page(self, page: Slice, *, text: str = "") -> Page[Organisation]:
        query = select(organisations.c.body)
        if text.strip():
            query = query.where(organisations.c.search_text.contains(fold(text.strip()), autoescape=True))
        return fetch(
            self._connection,
            query,
            [organisations.c.id],
            page,
            lambda row: _ORGANISATION.decode(row.body),
            descending=False,
        )

    def _one(self, query: Select[Any]) -> Organisation | None:
        text = self._connection.scalar(query)
        return None if text is None else _ORGANISATION.decode(text)

    def _refuse_taken(self, organisation: Organisation) -> None:
        other = self.of_voen(organisation.voen)
        if other is not None and other.id != organisation.id:
            raise ConflictError("organisation.voen_taken", "voen", voen=organisation.voen)


def _organisation_row(organisation: Organisation) -> dict[str, object]:
    return {
        "voen": organisation.voen,
        "head_id": organisation.head_id,
        "keeper_id": organisation.keeper_id,
        "search_text": fold(f"{organisation.full_name} {organisation.voen}"),
        "version": organisation.version,
        "body": _ORGANISATION.encode(organisation),
    }
