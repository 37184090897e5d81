"""Checks a cluster against the requirements, line by line with the evidence (003 Əlavə 13 §4, §7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.civil_time import baku_date
from doc_service.domain.clusters.clusters import Cluster, Participation, YearFigures
from doc_service.domain.clusters.compliance import Facts, Line, check
from doc_service.domain.clusters.road_map import Paper
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.clusters.papers import documents_of, file_paper, paper_of

_REGISTERED = "dovlet-reyestrinden-cixaris"


@dataclass(frozen=True, slots=True)
class CheckCompliance:
    """Computed from what is there now; nothing is stored. ``NotFoundError`` "cluster.not_found"."""

    work: Workspace

    def __call__(self, cluster_id: str) -> tuple[Line, ...]:
        today = baku_date(self.work.clock.now())
        with self.work.uow.reading() as uow:
            cluster = uow.clusters.get(cluster_id)
            return check(self._facts(uow, cluster, today.year))

    def _facts(self, uow: UnitOfWork, cluster: Cluster, this_year: int) -> Facts:
        parts = uow.clusters.participations(cluster.id, active=True)
        producers = tuple(p.organisation_id for p in parts if p.producer)
        figures = _last_year(uow.clusters.figures(cluster.id), producers, this_year)
        year = figures[0].year if figures else None
        return Facts(
            territory=cluster.territory,
            product=cluster.product,
            specialised_id=cluster.specialised_id,
            specialised_papers=self._registered(uow, cluster),
            members=tuple(p.organisation_id for p in parts),
            producers=producers,
            agreed=frozenset(p.organisation_id for p in parts if p.agreement_id),
            agreements=_papers(uow, cluster, "klaster-istirak-sazisi", "klaster-qosulma-vereqesi"),
            projects=_papers(uow, cluster, "birge-layihe-pasportu"),
            maps=_papers(uow, cluster, "klaster-funksional-xerite"),
            state_agreements=_papers(uow, cluster, "klaster-yaradilmasi-sazisi"),
            organ_seats=self._seats(uow, cluster, parts),
            year=year,
            figures=figures,
            benchmark=cluster.benchmark(year) if year is not None else None,
        )

    def _registered(self, uow: UnitOfWork, cluster: Cluster) -> tuple[Paper, ...]:
        files = uow.case_files.of_owner("cluster", cluster.id)
        return tuple(file_paper(f) for f in files if f.item == _REGISTERED)

    def _seats(self, uow: UnitOfWork, cluster: Cluster, parts: Sequence[Participation]) -> tuple[str, ...] | None:
        """Of every seat held today, the organisation it stands for: its head or representative sits there."""
        if not cluster.organ_body_id:
            return None
        organisations = uow.organisations.of_ids({p.organisation_id for p in parts})
        stands_for = {o.head_id: o.id for o in organisations.values()}
        stands_for |= {person: p.organisation_id for p in parts for person in p.representatives}
        members = uow.bodies.get(cluster.organ_body_id).members_on(baku_date(self.work.clock.now()))
        return tuple(stands_for.get(m.person.id, "") for m in members)


def _papers(uow: UnitOfWork, cluster: Cluster, *instruments: str) -> tuple[Paper, ...]:
    return tuple(paper_of(document) for document in documents_of(uow, cluster, instruments))


def _last_year(figures: Sequence[YearFigures], producers: Sequence[str], this_year: int) -> tuple[YearFigures, ...]:
    """Of the last year that has ended and for which there are figures of those who take part."""
    own = [f for f in figures if f.organisation_id in producers and f.year < this_year]
    last = max((f.year for f in own), default=None)
    return tuple(f for f in own if f.year == last)
