"""Takes a person into the register."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, DomainError, Fault
from doc_service.domain.identifiers import check_email, check_fin
from doc_service.domain.people import PersonRecord
from doc_service.services.base import Workspace


def person_faults(record: PersonRecord) -> tuple[Fault, ...]:
    """ "person.bad_fin", "person.bad_email"; neither carries the value, which is personal data."""
    return (*check_fin(record.person.fin), *check_email(record.person.email))


@dataclass(frozen=True, slots=True)
class RecordPerson:
    """Adds ``record``; the same again changes nothing, another one under its id is refused ("person.exists")."""

    work: Workspace

    def __call__(self, record: PersonRecord, actor: str) -> PersonRecord:
        faults = person_faults(record)
        if faults:
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            known = uow.people.find(record.id)
            if known is not None:
                if (known.person, known.phone) != (record.person, record.phone):
                    raise ConflictError("person.exists", "id", id=record.id)
                return known
            uow.people.add(record)
            self.work.record(uow, actor, Action.PERSON_RECORDED, ("person", record.id))
            uow.commit()
        return record
