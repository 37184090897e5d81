"""Tables of clusters. Files and editions are append-only."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from doc_service.persistence.tables import Id, metadata
from doc_service.persistence.types import RowNumber, UtcDateTime

clusters = Table(
    "clusters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("members_body_id", Id, ForeignKey("bodies.id"), nullable=False, unique=True),
    Column("state", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

_ACTIVE = text("state = 'active'")
participations = Table(
    "cluster_participations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("cluster_id", Id, ForeignKey("clusters.id"), nullable=False),
    Column("organisation_id", Id, ForeignKey("organisations.id"), nullable=False),
    Column("state", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "cluster_id", "id"),
    Index(None, "organisation_id"),
    Index(
        "ix_cluster_participations_active",
        "cluster_id",
        "organisation_id",
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    ),
)

joint_projects = Table(
    "cluster_projects",
    metadata,
    Column("id", Id, primary_key=True),
    Column("cluster_id", Id, ForeignKey("clusters.id"), nullable=False),
    Column("state", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "cluster_id", "id"),
)

year_figures = Table(
    "cluster_figures",
    metadata,
    Column("cluster_id", Id, ForeignKey("clusters.id"), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("organisation_id", Id, ForeignKey("organisations.id"), primary_key=True),
    Column("body", Text, nullable=False),
)

case_files = Table(
    "case_files",
    metadata,
    Column("rowno", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("owner", String(32), nullable=False),
    Column("owner_id", Id, nullable=False),
    Column("item", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", RowNumber, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", Id, nullable=False),
    Index(None, "owner", "owner_id", "rowno"),
)

_LIVE = text("live = 1")
accessions = Table(
    "cluster_accessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("cluster_id", Id, ForeignKey("clusters.id"), nullable=False),
    Column("organisation_id", Id, ForeignKey("organisations.id"), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("state", String(32), nullable=False),
    Column("live", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "cluster_id", "opened_at", "id"),
    Index(
        "ix_cluster_accessions_live",
        "cluster_id",
        "organisation_id",
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
)

registry_editions = Table(
    "registry_editions",
    metadata,
    Column("cluster_id", Id, ForeignKey("clusters.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("made_on", Date, nullable=False),
    Column("edition", Text, nullable=False),
    Column("difference", Text, nullable=False),
)
