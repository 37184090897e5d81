"""What a conditional update that changed nothing means."""

from __future__ import annotations

from sqlalchemy import Connection, Table, select

from doc_service.domain.errors import ConflictError, NotFoundError


def require_updated(connection: Connection, table: Table, aggregate: str, row_id: str, changed: int) -> None:
    """Raises ``NotFoundError`` "<aggregate>.not_found" or ``ConflictError`` "state.stale" when no row was changed."""
    if changed == 1:
        return
    if connection.scalar(select(table.c.id).where(table.c.id == row_id)) is None:
        raise NotFoundError(f"{aggregate}.not_found", "id", id=row_id)
    raise ConflictError("state.stale", "version", aggregate=aggregate, id=row_id)
