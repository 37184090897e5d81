"""Organisations of the register: who they are, where they are, and who keeps their seal."""

from __future__ import annotations

from dataclasses import dataclass, fields

from doc_service.domain.errors import Fault
from doc_service.domain.identifiers import check_email, check_voen, is_voen


@dataclass(frozen=True, slots=True)
class Organisation:
    """A legal person, or a natural person in business. ``name`` in quotes and ``legal_form`` after it, as printed.
    ``voen``: 10 digits. ``state_registration``: number and date as the state register has them. ``phone``, ``email``,
    ``web``: as printed ("": unknown). ``head_id``: the first person, of the register of persons. ``seal_keeper_id``:
    who keeps the seal ("": the head)."""

    id: str
    name: str
    voen: str
    state_registration: str
    legal_address: str
    actual_address: str
    phone: str
    email: str
    web: str
    head_id: str
    seal_keeper_id: str = ""
    legal_form: str = ""
    version: int = 0

    @property
    def full_name(self) -> str:
        """ "Nümunə" Məhdud Məsuliyyətli Cəmiyyəti."""
        return f"{self.name} {self.legal_form}".strip()

    @property
    def keeper_id(self) -> str:
        """Who applies the seal."""
        return self.seal_keeper_id or self.head_id

    @property
    def natural(self) -> bool:
        """Whether it is a natural person in business: the VÖEN ends in 2."""
        return is_voen(self.voen) and self.voen.endswith("2")

    def may_seal(self, person_id: str) -> bool:
        """The keeper of the seal, and always the first person."""
        return person_id in {self.head_id, self.keeper_id}


def check_organisation(organisation: Organisation) -> tuple[Fault, ...]:
    """ "organisation.bad_voen", "person.bad_email", "organisation.name_missing", "organisation.head_missing"."""
    faults = list(check_voen(organisation.voen))
    faults.extend(check_email(organisation.email))
    if not organisation.name.strip():
        faults.append(Fault("organisation.name_missing", "name"))
    if not organisation.head_id:
        faults.append(Fault("organisation.head_missing", "head_id"))
    return tuple(faults)


def changed_fields(before: object, after: object) -> tuple[str, ...]:
    """Names of the fields in which two records of one kind differ, apart from the version: what an audit event may
    tell of a correction without repeating what was corrected."""
    names = (f.name for f in fields(before) if f.name != "version")  # type: ignore[arg-type]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
