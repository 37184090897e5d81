"""Clusters: participants, projects, figures, papers of others, accessions and editions of the registry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from doc_service.domain.clusters.accession import Accession
from doc_service.domain.clusters.clusters import Cluster, JointProject, Participation, YearFigures
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.clusters.registry import Difference, Edition
from doc_service.ports_queries import Page, Slice


class Clusters(Protocol):
    """Saving is optimistic: ``ConflictError`` "state.stale"; what is saved has the next version."""

    def add(self, cluster: Cluster) -> None:
        """``ConflictError`` "cluster.exists"; ``DomainError`` "persistence.unknown_reference" without its bodies."""
        ...

    def get(self, cluster_id: str) -> Cluster:
        """``NotFoundError`` "cluster.not_found". A writing unit then holds the cluster until its end."""
        ...

    def find(self, cluster_id: str) -> Cluster | None: ...
    def of_body(self, body_id: str) -> Cluster | None:
        """Whose members' general meeting the body is."""
        ...

    def save(self, cluster: Cluster) -> Cluster: ...
    def page(self, page: Slice, *, ids: frozenset[str] | None = None) -> Page[Cluster]:
        """By id; all, or those of ``ids``."""
        ...

    def add_participation(self, participation: Participation) -> None:
        """``ConflictError`` "cluster.already_participates"."""
        ...

    def participation(self, participation_id: str) -> Participation:
        """``NotFoundError`` "cluster.participation_not_found"."""
        ...

    def save_participation(self, participation: Participation) -> Participation: ...
    def participations(self, cluster_id: str, *, active: bool = False) -> Sequence[Participation]:
        """By id; all, or those that take part now."""
        ...

    def clusters_of(self, organisation_ids: frozenset[str]) -> frozenset[str]:
        """Ids of the clusters in which one of the organisations takes or took part."""
        ...

    def add_project(self, project: JointProject) -> None:
        """``ConflictError`` "cluster.project_exists"."""
        ...

    def project(self, project_id: str) -> JointProject:
        """``NotFoundError`` "cluster.project_not_found"."""
        ...

    def save_project(self, project: JointProject) -> JointProject: ...
    def projects(self, cluster_id: str) -> Sequence[JointProject]: ...
    def put_figures(self, figures: YearFigures) -> None:
        """Replaces the organisation's figures of the year."""
        ...

    def figures(self, cluster_id: str) -> Sequence[YearFigures]:
        """By year and organisation."""
        ...


class CaseFiles(Protocol):
    """Append-only."""

    def add(self, file: CaseFile) -> None: ...
    def get(self, file_id: str) -> CaseFile:
        """``NotFoundError`` "file.not_found"."""
        ...

    def find(self, file_id: str) -> CaseFile | None: ...

    def of_owner(self, owner: str, owner_id: str) -> Sequence[CaseFile]:
        """As they were added."""
        ...

    def ids(self) -> Iterator[str]:
        """Of every file, as they were added."""
        ...


class Accessions(Protocol):
    def add(self, accession: Accession) -> None:
        """``ConflictError`` "accession.in_progress" while another one of the organisation is live."""
        ...

    def get(self, accession_id: str) -> Accession:
        """``NotFoundError`` "accession.not_found"."""
        ...

    def find(self, accession_id: str) -> Accession | None: ...
    def save(self, accession: Accession) -> Accession: ...
    def of_cluster(self, cluster_id: str) -> Sequence[Accession]:
        """As they were opened."""
        ...


class Editions(Protocol):
    """Append-only; numbers are gapless in a cluster."""

    def add(self, edition: Edition, difference: Difference) -> None:
        """``ConflictError`` "registry.edition_exists"."""
        ...

    def last(self, cluster_id: str) -> Edition | None: ...
    def get(self, cluster_id: str, number: int) -> tuple[Edition, Difference]:
        """``NotFoundError`` "registry.edition_not_found"."""
        ...

    def numbers(self, cluster_id: str) -> Sequence[int]: ...
