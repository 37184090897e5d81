"""Takes an organisation into the register."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.organisations import Organisation, check_organisation
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace


def known_people(uow: UnitOfWork, organisation: Organisation) -> None:
    """Head and keeper of the seal must be in the register of persons: ``NotFoundError`` "organisation.unknown_person"
    (person)."""
    known = uow.people.of_ids({organisation.head_id, organisation.keeper_id})
    for field, person_id in (("head_id", organisation.head_id), ("seal_keeper_id", organisation.keeper_id)):
        if person_id not in known:
            raise NotFoundError("organisation.unknown_person", field, person=person_id)


@dataclass(frozen=True, slots=True)
class RecordOrganisation:
    """Adds ``organisation``; the same again changes nothing, another one under its id or VÖEN is refused
    ("organisation.exists", "organisation.voen_taken")."""

    work: Workspace

    def __call__(self, organisation: Organisation, actor: str) -> Organisation:
        faults = check_organisation(organisation)
        if faults:
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            known = uow.organisations.find(organisation.id)
            if known is not None:
                if replace(known, version=0) != replace(organisation, version=0):
                    raise ConflictError("organisation.exists", "id", id=organisation.id)
                return known
            known_people(uow, organisation)
            uow.organisations.add(organisation)
            details = {"head": organisation.head_id, "keeper": organisation.keeper_id}
            subject = ("organisation", organisation.id)
            self.work.record(uow, actor, Action.ORGANISATION_RECORDED, subject, details)
            uow.commit()
        return organisation
