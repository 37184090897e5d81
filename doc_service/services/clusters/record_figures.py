"""Records an organisation's figures of a year, which the requirements are checked with (003 Əlavə 5, Əlavə 13 §4)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.clusters import YearFigures
from doc_service.domain.errors import DomainError
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class RecordFigures:
    """Replaces the figures of the same year. ``DomainError`` "figures.negative", "figures.export_exceeds" (more goes
    abroad than is shipped), "cluster.not_a_participant"."""

    work: Workspace

    def __call__(self, figures: YearFigures, actor: str) -> YearFigures:
        if min(figures.volume, figures.export) < 0 or figures.jobs < 0:
            raise DomainError("figures.negative", "volume")
        if figures.export > figures.volume:
            raise DomainError("figures.export_exceeds", "export")
        with self.work.uow() as uow:
            cluster = uow.clusters.get(figures.cluster_id)
            parts = uow.clusters.participations(cluster.id)
            if all(p.organisation_id != figures.organisation_id for p in parts):
                raise DomainError("cluster.not_a_participant", "organisation_id", organisation=figures.organisation_id)
            uow.clusters.put_figures(figures)
            details = {"organisation": figures.organisation_id, "year": figures.year, "source": figures.source_id}
            self.work.record(uow, actor, Action.FIGURES_RECORDED, ("cluster", cluster.id), details)
            uow.commit()
        return figures
