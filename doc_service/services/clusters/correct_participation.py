"""Corrects what an organisation is in a cluster: its kind, products, staff, representatives."""

from __future__ import annotations

from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.clusters import Participation, participation_faults
from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.errors import DomainError
from doc_service.domain.organisations import changed_fields
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class ParticipationDetails:
    """What may be corrected."""

    kind: ParticipantKind
    products: str
    employees: int | None = None
    final_producer: bool = False
    representatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectParticipation:
    """The registry shows it from its next edition on. Raises the faults of ``participation_faults``, ``NotFoundError``
    "person.not_registered", ``ConflictError`` "state.stale"."""

    work: Workspace

    def __call__(self, participation_id: str, details: ParticipationDetails, actor: str, version: int) -> Participation:
        with self.work.uow() as uow:
            known = uow.clusters.participation(participation_id)
            wanted = replace(
                known,
                version=version,
                kind=details.kind,
                products=details.products,
                employees=details.employees,
                final_producer=details.final_producer,
                representatives=details.representatives,
            )
            faults = participation_faults(wanted)
            if faults:
                raise DomainError.of(faults)
            for person_id in wanted.representatives:
                uow.people.get(person_id)
            changed = changed_fields(known, wanted)
            if not changed:
                return known
            saved = uow.clusters.save_participation(wanted)
            subject = ("participation", saved.id)
            self.work.record(uow, actor, Action.PARTICIPATION_CORRECTED, subject, {"fields": sorted(changed)})
            uow.commit()
        return saved
