"""Persons as instruments name them: soyadı, adı, atasının adı (SAA), identified by FİN."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonName:
    """SAA. ``patronymic`` includes "oğlu" / "qızı" where the person uses it."""

    surname: str
    given: str
    patronymic: str

    @property
    def full(self) -> str:
        return f"{self.surname} {self.given} {self.patronymic}".strip()

    @property
    def short(self) -> str:
        """Initial and surname as printed beside a signature: "A. Quliyev"."""
        return f"{self.given[:1]}. {self.surname}"


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person in a post. ``fin``: 7 characters; ``organisation`` and ``post`` as printed.
    ``email``: where the person is written to ("": unknown); no instrument prints it."""

    id: str
    name: PersonName
    fin: str
    organisation: str
    post: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person of the register: whom instruments may name as a signatory though no body knows them. ``phone`` as
    printed ("": unknown)."""

    person: Person
    phone: str = ""
    version: int = 0

    @property
    def id(self) -> str:
        return self.person.id
