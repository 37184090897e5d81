"""Makes a new edition of the registry of participants and infrastructure: yearly, and at each change (003 §4.16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.clusters.clusters import Cluster, Participation
from doc_service.domain.clusters.registry import (
    Difference,
    Edition,
    RegistryEntry,
    difference,
    first_edition,
    next_edition,
)
from doc_service.domain.errors import DomainError
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class RenewRegistry:
    """An edition of those that take part now, and its difference to the last one. ``basis``: why, as printed.

    Raises the faults of ``row_faults`` ("registry.…", "organisation.bad_voen"), "registry.empty" while nobody takes
    part."""

    work: Workspace

    def __call__(self, cluster_id: str, basis: str, actor: str) -> tuple[Edition, Difference]:
        with self.work.uow() as uow:
            cluster = uow.clusters.get(cluster_id)
            if not uow.clusters.participations(cluster_id, active=True):
                raise DomainError("registry.empty", "")
            made = renew(self.work, uow, cluster, basis, actor)
            uow.commit()
        return made


def renew(work: Workspace, uow: UnitOfWork, cluster: Cluster, basis: str, actor: str) -> tuple[Edition, Difference]:
    """In the open transaction, which holds the cluster, so that numbers are gapless."""
    day = baku_date(work.clock.now())
    rows = entries(uow, cluster, uow.clusters.participations(cluster.id, active=True))
    last = uow.editions.last(cluster.id)
    edition = _edition(cluster, last, day, rows, basis)
    change = difference(last, edition)
    uow.editions.add(edition, change)
    details = {
        "edition": edition.number,
        "rows": len(edition.rows),
        "added": len(change.added),
        "removed": len(change.removed),
        "changed": len(change.changed),
    }
    work.record(uow, actor, Action.REGISTRY_RENEWED, ("cluster", cluster.id), details)
    return edition, change


def _edition(cluster: Cluster, last: Edition | None, day: date, rows: Sequence[RegistryEntry], basis: str) -> Edition:
    return first_edition(cluster.id, day, rows, basis) if last is None else next_edition(last, day, rows, basis)


def entries(uow: UnitOfWork, cluster: Cluster, taking_part: Sequence[Participation]) -> list[RegistryEntry]:
    """Rows as the registers have their organisations today."""
    organisations = uow.organisations.of_ids({p.organisation_id for p in taking_part})
    heads = uow.people.of_ids({o.head_id for o in organisations.values()})
    found = []
    for part in taking_part:
        organisation = organisations[part.organisation_id]
        head = heads[organisation.head_id]
        found.append(
            RegistryEntry(
                kind=part.kind,
                name=organisation.name,
                legal_form=organisation.legal_form,
                voen=organisation.voen,
                state_registration=organisation.state_registration,
                legal_address=organisation.legal_address,
                actual_address=organisation.actual_address,
                products=part.products,
                head=f"{head.name.full}, {head.post}" if head.post else head.name.full,
                phone=organisation.phone,
                email=organisation.email,
                agreement_number=part.agreement_number,
                agreement_date=part.agreement_date,
                specialised=part.organisation_id == cluster.specialised_id,
                final_producer=part.final_producer,
            )
        )
    return found
