"""Registers, clusters and everything else that the whole catalogue of instruments needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from doc_service.persistence.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One function for each area, called here."""
    _claims()
    _registers()
    _clusters()
    _copies()
    _dispatch()
    _templates()
    _recommendations()


def _templates() -> None:
    """Uploaded templates and what became of them."""
    op.create_table(
        "template_versions",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("instrument", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_template_versions")),
        sa.UniqueConstraint("instrument", "number", name=op.f("uq_template_versions_instrument_number")),
    )
    op.create_table(
        "template_moves",
        sa.Column("rowno", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["template_versions.name"], name=op.f("fk_template_moves_name")),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_template_moves")),
        sa.UniqueConstraint("id", name=op.f("uq_template_moves_id")),
    )
    op.create_index(op.f("ix_template_moves_name_rowno"), "template_moves", ["name", "rowno"])
    _only_grows("template_versions")
    _only_grows("template_moves")


def _dispatch() -> None:
    """Delivery lists of documents."""
    op.create_table(
        "deliveries",
        sa.Column("rowno", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_deliveries_document_id")),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("id", name=op.f("uq_deliveries_id")),
    )
    for column in ("document_id", "state", "sent_at"):
        op.create_index(op.f(f"ix_deliveries_{column}_rowno"), "deliveries", [column, "rowno"])


def _copies() -> None:
    """Issued copies, and documents that follow one another."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "copy_issues",
        sa.Column("rowno", big, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("original_id", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["documents.id"], name=op.f("fk_copy_issues_id")),
        sa.ForeignKeyConstraint(["original_id"], ["documents.id"], name=op.f("fk_copy_issues_original_id")),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_copy_issues")),
        sa.UniqueConstraint("id", name=op.f("uq_copy_issues_id")),
        sa.UniqueConstraint("code", name=op.f("uq_copy_issues_code")),
    )
    op.create_index(op.f("ix_copy_issues_original_id_rowno"), "copy_issues", ["original_id", "rowno"])
    op.create_table(
        "successions",
        sa.Column("rowno", big, autoincrement=True, nullable=False),
        sa.Column("old_id", sa.String(length=200), nullable=False),
        sa.Column("new_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["old_id"], ["documents.id"], name=op.f("fk_successions_old_id")),
        sa.ForeignKeyConstraint(["new_id"], ["documents.id"], name=op.f("fk_successions_new_id")),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_successions")),
        sa.UniqueConstraint("old_id", "new_id", "kind", name=op.f("uq_successions_old_id_new_id_kind")),
    )
    _only_grows("copy_issues")
    _only_grows("successions")


def _recommendations() -> None:
    """What became of recommendations."""
    op.create_table(
        "recommendation_outcomes",
        sa.Column("rowno", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_recommendation_outcomes_document_id")
        ),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_recommendation_outcomes")),
        sa.UniqueConstraint("id", name=op.f("uq_recommendation_outcomes_id")),
    )
    columns = ["document_id", "rowno"]
    op.create_index(op.f("ix_recommendation_outcomes_document_id_rowno"), "recommendation_outcomes", columns)
    _only_grows("recommendation_outcomes")


def _only_grows(table: str) -> None:
    """Rows are never changed and never deleted."""
    refusal = f"'{table} is append-only'"
    if op.get_bind().dialect.name == "sqlite":
        for action in ("DELETE", "UPDATE"):
            name = f"{table}_no_{action.lower()}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, {refusal}); END")
        return
    body = f"BEGIN RAISE EXCEPTION USING ERRCODE = 'DS001', MESSAGE = {refusal}; END"
    op.execute(f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$")
    for action, each in (("delete", "ROW"), ("update", "ROW"), ("truncate", "STATEMENT")):
        name = f"{table}_no_{action}"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {action.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION {table}_guard()"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def _claims() -> None:
    """Who drives a signing operation, and how it was ever named from outside."""
    op.create_table(
        "signing_correlations",
        sa.Column("correlation", sa.String(length=64), nullable=False),
        sa.Column("operation_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["signing_operations.id"], name=op.f("fk_signing_correlations_operation_id")
        ),
        sa.PrimaryKeyConstraint("correlation", name=op.f("pk_signing_correlations")),
    )
    op.create_index(op.f("ix_signing_correlations_operation_id"), "signing_correlations", ["operation_id"])
    op.create_table(
        "signing_claims",
        sa.Column("operation_id", sa.String(length=200), nullable=False),
        sa.Column("token", sa.String(length=200), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["signing_operations.id"], name=op.f("fk_signing_claims_operation_id")
        ),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_signing_claims")),
    )


def _registers() -> None:
    """Persons and organisations that instruments name."""
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("voen", sa.String(length=10), nullable=False),
        sa.Column("head_id", sa.String(length=200), nullable=False),
        sa.Column("keeper_id", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["head_id"], ["people.id"], name=op.f("fk_organisations_head_id")),
        sa.ForeignKeyConstraint(["keeper_id"], ["people.id"], name=op.f("fk_organisations_keeper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("voen", name=op.f("uq_organisations_voen")),
    )
    for column in ("head_id", "keeper_id"):
        op.create_index(op.f(f"ix_organisations_{column}"), "organisations", [column])


def _of_a_cluster(table: str, *more: str) -> list[sa.ForeignKeyConstraint]:
    targets = {"organisation_id": "organisations.id", "cluster_id": "clusters.id"}
    columns = ("cluster_id", *more)
    return [sa.ForeignKeyConstraint([c], [targets[c]], name=op.f(f"fk_{table}_{c}")) for c in columns]


def _clusters() -> None:
    """Clusters, who takes part in them, their papers, accessions and editions of the registry."""
    op.create_table(
        "clusters",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("members_body_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["members_body_id"], ["bodies.id"], name=op.f("fk_clusters_members_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters")),
        sa.UniqueConstraint("members_body_id", name=op.f("uq_clusters_members_body_id")),
    )
    op.create_table(
        "cluster_participations",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("cluster_id", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_of_a_cluster("cluster_participations", "organisation_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_participations")),
    )
    op.create_index(
        op.f("ix_cluster_participations_cluster_id_id"), "cluster_participations", ["cluster_id", "id"]
    )
    op.create_index(op.f("ix_cluster_participations_organisation_id"), "cluster_participations", ["organisation_id"])
    _one_at_a_time("cluster_participations", "active", "state = 'active'")
    op.create_table(
        "cluster_projects",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("cluster_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_of_a_cluster("cluster_projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_projects")),
    )
    op.create_index(op.f("ix_cluster_projects_cluster_id_id"), "cluster_projects", ["cluster_id", "id"])
    op.create_table(
        "cluster_figures",
        sa.Column("cluster_id", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_of_a_cluster("cluster_figures", "organisation_id"),
        sa.PrimaryKeyConstraint("cluster_id", "year", "organisation_id", name=op.f("pk_cluster_figures")),
    )
    _cluster_process()


def _one_at_a_time(table: str, name: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        f"ix_{table}_{name}", table, ["cluster_id", "organisation_id"], unique=True,
        sqlite_where=where, postgresql_where=where,
    )  # fmt: skip


def _cluster_process() -> None:
    op.create_table(
        "case_files",
        sa.Column("rowno", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=200), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("rowno", name=op.f("pk_case_files")),
        sa.UniqueConstraint("id", name=op.f("uq_case_files_id")),
        sa.UniqueConstraint("key", name=op.f("uq_case_files_key")),
    )
    op.create_index(op.f("ix_case_files_owner_owner_id_rowno"), "case_files", ["owner", "owner_id", "rowno"])
    op.create_table(
        "cluster_accessions",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("cluster_id", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.String(length=200), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *_of_a_cluster("cluster_accessions", "organisation_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_accessions")),
    )
    op.create_index(
        op.f("ix_cluster_accessions_cluster_id_opened_at_id"), "cluster_accessions", ["cluster_id", "opened_at", "id"]
    )
    _one_at_a_time("cluster_accessions", "live", "live = 1")
    op.create_table(
        "registry_editions",
        sa.Column("cluster_id", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        *_of_a_cluster("registry_editions"),
        sa.PrimaryKeyConstraint("cluster_id", "number", name=op.f("pk_registry_editions")),
    )
    for table in ("case_files", "registry_editions"):
        _only_grows(table)
