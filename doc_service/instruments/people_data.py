"""Persons and bodies as instrument data name them. FİN is never among the data: it stays in the register."""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import Field

from doc_service.domain.bodies import Body, Membership, Role
from doc_service.domain.people import Person, PersonName
from doc_service.instruments.fields import Identifier, Line, OptionalLine, Strict

_ALWAYS: Final = date.min


class NameData(Strict):
    """SAA: soyadı, adı, atasının adı."""

    surname: Line = Field(title="Soyadı")
    given: Line = Field(title="Adı")
    patronymic: OptionalLine = Field(default="", title="Atasının adı")

    def to_domain(self) -> PersonName:
        return PersonName(self.surname, self.given, self.patronymic)


class PersonData(Strict):
    """A person with the organisation and post as printed."""

    id: Identifier = Field(title="Şəxsin identifikatoru", description="Reyestrdəki identifikator; FİN yazılmır")
    name: NameData = Field(title="Soyadı, adı, atasının adı")
    organisation: Line = Field(title="Təmsil etdiyi orqan (qurum)")
    post: Line = Field(title="Vəzifəsi")

    def to_domain(self) -> Person:
        return Person(self.id, self.name.to_domain(), "", self.organisation, self.post)


class MemberData(Strict):
    """A member of the body and the role in it (001 §5.1, §5.2)."""

    person: PersonData = Field(title="Şəxs")
    role: Role = Field(title="Kollegial orqandakı rolu", description="rəhbər, rəhbərin müavini və ya üzv: 001 §5.2")

    def to_domain(self) -> Membership:
        return Membership(self.person.to_domain(), self.role, _ALWAYS)


class BodyData(Strict):
    """The collegial body as the letterhead and the text name it."""

    id: Identifier = Field(title="Kollegial orqanın identifikatoru")
    kind: Line = Field(title="Kollegial orqanın növü", description="Qaydalar bu növə görə tətbiq edilir")
    name: Line = Field(title="Kollegial orqanın tam adı")
    short_name: Line = Field(title="Qısa adı")
    parent_organisation: Line = Field(title="Yanında fəaliyyət göstərdiyi qurum")
    unit: Line = Field(title="Kargüzarlıqda struktur bölmənin indeksi")
    place: Line = Field(title="Sənədin tərtib edildiyi yer", description="Məsələn: Bakı şəhəri")
    contact: OptionalLine = Field(default="", title="Əlaqə məlumatları", description="Blankda çap olunan sətir")


def person_dict(person: Person) -> dict[str, object]:
    """A person as data; leaves the FİN out."""
    name = person.name
    return {
        "id": person.id,
        "name": {"surname": name.surname, "given": name.given, "patronymic": name.patronymic},
        "organisation": person.organisation,
        "post": person.post,
    }


def body_dict(body: Body, contact: str = "") -> dict[str, object]:
    """A body as data, without its members."""
    return {
        "id": body.id,
        "kind": body.rules.kind,
        "name": body.name,
        "short_name": body.short_name,
        "parent_organisation": body.parent_organisation,
        "unit": body.unit,
        "place": body.place,
        "contact": contact,
    }
