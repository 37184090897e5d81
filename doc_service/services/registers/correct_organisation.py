"""Corrects an organisation's record: a new head, keeper of the seal, address or name."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.organisations import Organisation, changed_fields, check_organisation
from doc_service.services.base import Workspace
from doc_service.services.registers.record_organisation import known_people


@dataclass(frozen=True, slots=True)
class CorrectOrganisation:
    """Replaces the record whose version is ``organisation.version``. Documents and requests keep what they were made
    with. Raises ``ConflictError`` "state.stale", ``NotFoundError`` "organisation.not_found", and as
    ``RecordOrganisation``."""

    work: Workspace

    def __call__(self, organisation: Organisation, actor: str) -> Organisation:
        faults = check_organisation(organisation)
        if faults:
            raise DomainError.of(faults)
        with self.work.uow() as uow:
            changed = changed_fields(uow.organisations.get(organisation.id), organisation)
            if not changed:
                return uow.organisations.get(organisation.id)
            known_people(uow, organisation)
            saved = uow.organisations.save(organisation)
            details = {"fields": sorted(changed), "head": saved.head_id, "keeper": saved.keeper_id}
            subject = ("organisation", organisation.id)
            self.work.record(uow, actor, Action.ORGANISATION_CORRECTED, subject, details)
            uow.commit()
        return saved
