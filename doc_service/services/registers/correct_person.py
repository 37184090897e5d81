"""Corrects a person's record (002 §7.1.16)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.organisations import changed_fields
from doc_service.domain.people import PersonRecord
from doc_service.services.base import Workspace
from doc_service.services.registers.record_person import person_faults


@dataclass(frozen=True, slots=True)
class CorrectPerson:
    """Replaces the record whose version is ``record.version``. Documents and requests keep what they were made with.

    The event names the fields that changed and none of their values. Raises ``ConflictError`` "state.stale",
    ``NotFoundError`` "person.not_registered", and as ``RecordPerson``."""

    work: Workspace

    def __call__(self, record: PersonRecord, actor: str) -> PersonRecord:
        faults = person_faults(record)
        if faults:
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            known = uow.people.get(record.id)
            changed = (*changed_fields(known.person, record.person), *_phone(known, record))
            if not changed:
                return known
            saved = uow.people.save(record)
            self.work.record(uow, actor, Action.PERSON_CORRECTED, ("person", record.id), {"fields": sorted(changed)})
            uow.commit()
        return saved


def _phone(before: PersonRecord, after: PersonRecord) -> tuple[str, ...]:
    return () if before.phone == after.phone else ("phone",)
