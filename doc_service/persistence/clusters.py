"""Clusters, their participants, joint projects and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Table, select, update

from doc_service.domain.clusters.clusters import (
    Cluster,
    JointProject,
    Participation,
    ParticipationState,
    YearFigures,
)
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.persistence.codec import Codec
from doc_service.persistence.dialect import insert_new, put
from doc_service.persistence.keyset import fetch
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables_clusters import clusters, joint_projects, participations, year_figures
from doc_service.ports_queries import Page, Slice

_CLUSTER = Codec(Cluster)
_PARTICIPATION = Codec(Participation)
_PROJECT = Codec(JointProject)
_FIGURES = Codec(YearFigures)


class SqlClusters:
    """``doc_service.ports_clusters.Clusters``."""

    def __init__(self, connection: Connection, locks: RowLocks) -> None:
        self._connection = connection
        self._locks = locks

    def add(self, cluster: Cluster) -> None:
        if not insert_new(self._connection, clusters, {"id": cluster.id, **_cluster_row(cluster)}):
            raise ConflictError("cluster.exists", "id", id=cluster.id)

    def get(self, cluster_id: str) -> Cluster:
        """Raises ``NotFoundError`` "cluster.not_found"."""
        found = self.find(cluster_id)
        if found is None:
            raise NotFoundError("cluster.not_found", "id", id=cluster_id)
        return found

    def find(self, cluster_id: str) -> Cluster | None:
        query = select(clusters.c.body).where(clusters.c.id == cluster_id)
        text = self._connection.scalar(self._locks.exclusive(query))
        return None if text is None else _CLUSTER.decode(text)

    def of_body(self, body_id: str) -> Cluster | None:
        text = self._connection.scalar(select(clusters.c.body).where(clusters.c.members_body_id == body_id))
        return None if text is None else _CLUSTER.decode(text)

    def save(self, cluster: Cluster) -> Cluster:
        saved = replace(cluster, version=cluster.version + 1)
        self._update(clusters, cluster.id, cluster.version, _cluster_row(saved), "cluster")
        return saved

    def page(self, page: Slice, *, ids: frozenset[str] | None = None) -> Page[Cluster]:
        query = select(clusters.c.body)
        if ids is not None:
            query = query.where(clusters.c.id.in_(sorted(ids)))
        return fetch(
            self._connection, query, [clusters.c.id], page, lambda row: _CLUSTER.decode(row.body), descending=False
        )

    def add_participation(self, participation: Participation) -> None:
        row = {
            "id": participation.id,
            "cluster_id": participation.cluster_id,
            "organisation_id": participation.organisation_id,
            **_participation_row(participation),
        }
        if not insert_new(self._connection, participations, row):
            raise ConflictError("cluster.already_participates", "organisation_id", id=participation.organisation_id)

    def participation(self, participation_id: str) -> Participation:
        query = select(participations.c.body).where(participations.c.id == participation_id)
        text = self._connection.scalar(query)
        if text is None:
            raise NotFoundError("cluster.participation_not_found", "id", id=participation_id)
        return _PARTICIPATION.decode(text)

    def save_participation(self, participation: Participation) -> Participation:
        saved = replace(participation, version=participation.version + 1)
        row = _participation_row(saved)
        self._update(participations, participation.id, participation.version, row, "participation")
        return saved

    def participations(self, cluster_id: str, *, active: bool = False) -> Sequence[Participation]:
        query = select(participations.c.body).where(participations.c.cluster_id == cluster_id)
        if active:
            query = query.where(participations.c.state == str(ParticipationState.ACTIVE))
        rows = self._connection.scalars(query.order_by(participations.c.id))
        return [_PARTICIPATION.decode(text) for text in rows]

    def clusters_of(self, organisation_ids: frozenset[str]) -> frozenset[str]:
        if not organisation_ids:
            return frozenset()
        rows = participations.c
        query = select(rows.cluster_id).where(rows.organisation_id.in_(sorted(organisation_ids)))
        return frozenset(self._connection.scalars(query))

    def add_project(self, project: JointProject) -> None:
        row = {"id": project.id, "cluster_id": project.cluster_id, **_project_row(project)}
        if not insert_new(self._connection, joint_projects, row):
            raise ConflictError("cluster.project_exists", "id", id=project.id)

    def project(self, project_id: str) -> JointProject:
        text = self._connection.scalar(select(joint_projects.c.body).where(joint_projects.c.id == project_id))
        if text is None:
            raise NotFoundError("cluster.project_not_found", "id", id=project_id)
        return _PROJECT.decode(text)

    def save_project(self, project: JointProject) -> JointProject:
        saved = replace(project, version=project.version + 1)
        self._update(joint_projects, project.id, project.version, _project_row(saved), "joint_project")
        return saved

    def projects(self, cluster_id: str) -> Sequence[JointProject]:
        query = select(joint_projects.c.body).where(joint_projects.c.cluster_id == cluster_id)
        return [_PROJECT.decode(text) for text in self._connection.scalars(query.order_by(joint_projects.c.id))]

    def put_figures(self, figures: YearFigures) -> None:
        row = {
            "cluster_id": figures.cluster_id,
            "year": figures.year,
            "organisation_id": figures.organisation_id,
            "body": _FIGURES.encode(figures),
        }
        put(self._connection, year_figures, row)

    def figures(self, cluster_id: str) -> Sequence[YearFigures]:
        rows = year_figures.c
        query = select(rows.body).where(rows.cluster_id == cluster_id).order_by(rows.year, rows.organisation_id)
        return [_FIGURES.decode(text) for text in self._connection.scalars(query)]

    def _update(self, table: Table, row_id: str, version: int, values: dict[str, Any], aggregate: str) -> None:
        changed = update(table).where(table.c.id == row_id, table.c.version == version).values(values)
        if self._connection.execute(changed).rowcount != 1:
            raise ConflictError("state.stale", "version", aggregate=aggregate, id=row_id)


def _cluster_row(cluster: Cluster) -> dict[str, Any]:
    return {
        "members_body_id": cluster.members_body_id,
        "state": str(cluster.state),
        "version": cluster.version,
        "body": _CLUSTER.encode(cluster),
    }


def _participation_row(participation: Participation) -> dict[str, Any]:
    return {
        "state": str(participation.state),
        "version": participation.version,
        "body": _PARTICIPATION.encode(participation),
    }


def _project_row(project: JointProject) -> dict[str, Any]:
    return {"state": str(project.state), "version": project.version, "body": _PROJECT.encode(project)}
