"""Alembic's entry: runs on the connection that ``doc_service.persistence.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from doc_service.persistence.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
