"""The tables can be made on PostgreSQL as they are: no type or clause of SQLite has crept in."""

from __future__ import annotations

import pytest
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from doc_service.persistence.schema import metadata


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_ddl(table: Table) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    statements = [str(CreateTable(table).compile(dialect=dialect))]
    statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]
    ddl = "\n".join(statements)
    for column in table.columns:
        if column.name.endswith("_at") or column.name in {"at", "run_after", "lease_until"}:
            assert f"{column.name} TIMESTAMP WITH TIME ZONE" in ddl
    if "rowno" in table.columns:
        assert "rowno BIGSERIAL NOT NULL" in ddl
    assert ("WHERE seq IS NULL" in ddl) is (table.name == "audit_events")
