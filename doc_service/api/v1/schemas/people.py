"""Persons, with as little of them as the reader needs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic.config import JsonDict

from doc_service.api.v1.schemas.common import FIN, Email, Input, View
from doc_service.domain.people import Person, PersonName
from doc_service.instruments.fields import Identifier, Line, OptionalLine


class NameInput(Input):
    """Soyadı, adı, atasının adı."""

    surname: Line
    given: Line
    patronymic: OptionalLine = ""

    def to_domain(self) -> PersonName:
        return PersonName(self.surname, self.given, self.patronymic)


class PersonInput(Input):
    """A person as the register keeps them."""

    id: Identifier
    name: NameInput
    fin: Annotated[str, StringConstraints(pattern=FIN)] = Field(description="FİN: 7 characters, without I and O")
    organisation: Line
    post: Line
    email: Email = ""

    def to_domain(self) -> Person:
        return Person(self.id, self.name.to_domain(), self.fin, self.organisation, self.post, self.email)


class NameView(View):
    surname: str
    given: str
    patronymic: str


class PersonView(View):
    """``fin`` and ``email`` are null for whoever neither keeps nor audits the register."""

    id: str
    name: NameView
    organisation: str
    post: str
    fin: str | None = None
    email: str | None = None


def name_view(name: PersonName) -> NameView:
    return NameView(surname=name.surname, given=name.given, patronymic=name.patronymic)


def person_view(person: Person, *, personal: bool) -> PersonView:
    """``personal``: whether the reader keeps or audits the register."""
    return PersonView(
        id=person.id,
        name=name_view(person.name),
        organisation=person.organisation,
        post=person.post,
        fin=person.fin if personal else None,
        email=person.email if personal else None,
    )


PERSON_EXAMPLE: JsonDict = {
    "id": "quliyev-anar",
    "name": {"surname": "Quliyev", "given": "Anar", "patronymic": "Rəşid oğlu"},
    "fin": "5AB1C2D",
    "organisation": "İqtisadiyyat Nazirliyi",
    "post": "şöbə müdiri",
    "email": "anar.quliyev@klaster.example",
}
