"""Takes an organisation's figures from its signed questionnaire (003 Əlavə 5), which is their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.clusters import YearFigures
from doc_service.domain.errors import DomainError
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.clusters.papers import signed_document

QUESTIONNAIRE = "klaster-anket"
_VOLUME, _EXPORT, _ADDED, _JOBS = 1, 3, 4, 5
"""Lines of the form."""


@dataclass(frozen=True, slots=True)
class TakeFigures:
    """The actual years, not the forecast; years without volume, added value or jobs are left out, and no export given
    is none. Figures of the same years are replaced. Raises what ``signed_document`` does, ``DomainError``
    "cluster.not_a_participant", "figures.none"."""

    work: Workspace

    def __call__(self, cluster_id: str, questionnaire_id: str, actor: str) -> tuple[YearFigures, ...]:
        with self.work.uow() as uow:
            questionnaire = uow.documents.get(questionnaire_id)
            cluster = uow.clusters.get(cluster_id)
            questionnaire = signed_document(uow, cluster, questionnaire.id, QUESTIONNAIRE)
            organisation_id = _participant(uow, cluster_id, questionnaire.data["organisation"]["voen"])
            found = tuple(_years(cluster_id, organisation_id, questionnaire_id, questionnaire.data["statistics"]))
            if not found:
                raise DomainError("figures.none", "questionnaire_id")
            for figures in found:
                uow.clusters.put_figures(figures)
            years = [figures.year for figures in found]
            details = {"organisation": organisation_id, "years": years, "source": questionnaire_id}
            self.work.record(uow, actor, Action.FIGURES_RECORDED, ("cluster", cluster_id), details)
            uow.commit()
        return found


def _participant(uow: UnitOfWork, cluster_id: str, voen: str) -> str:
    organisation = uow.organisations.of_voen(voen)
    parts = uow.clusters.participations(cluster_id)
    if organisation is None or all(p.organisation_id != organisation.id for p in parts):
        raise DomainError("cluster.not_a_participant", "questionnaire_id", organisation=voen)
    return organisation.id


def _years(cluster_id: str, organisation_id: str, source: str, statistics: Mapping[str, Any]) -> Iterator[YearFigures]:
    lines = statistics["values"]
    for place in range(statistics["actual_years"]):
        volume, export, added, jobs = (lines[line - 1][place] for line in (_VOLUME, _EXPORT, _ADDED, _JOBS))
        if None in (volume, added, jobs):
            continue
        yield YearFigures(
            cluster_id,
            organisation_id,
            statistics["first_year"] + place,
            Decimal(str(volume)),
            Decimal(str(export or 0)),
            Decimal(str(added)),
            int(Decimal(str(jobs))),
            source,
        )
