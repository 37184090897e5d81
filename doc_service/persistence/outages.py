"""The outage journal: when a part of the service could not be used, and why (002 §7.1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, insert, or_, select, update

from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.persistence.dialect import open_connection
from doc_service.persistence.locks import RowLocks
from doc_service.persistence.tables import outages
from doc_service.ports import Ids

_LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Outage:
    """``component`` (e.g. "tsa") could not be used from ``host``; ``ended_at`` None: it still cannot."""

    id: str
    component: str
    host: str
    began_at: datetime
    ended_at: datetime | None
    reason: str


class SqlOutages:
    """Append-only but for the end of an outage, which is written once. Each call is one transaction of its own, since
    an outage is seen outside of any change."""

    def __init__(self, engine: Engine, ids: Ids) -> None:
        self._engine = engine
        self._ids = ids

    def open(self, component: str, host: str, at: datetime, reason: str) -> str:
        """Records the beginning and gives the outage's id; one that lasts already is the same outage, and keeps its
        beginning and reason. Raises ``DomainError`` of the database, which may be what is out."""
        with open_connection(self._engine, read_only=False) as connection:
            RowLocks(connection).name("outage", f"{component}@{host}")
            of_this = (outages.c.component == component) & (outages.c.host == host) & outages.c.ended_at.is_(None)
            lasting: str | None = connection.scalar(select(outages.c.id).where(of_this).order_by(outages.c.rowno))
            if lasting is not None:
                return lasting
            outage_id = self._ids.new()
            plain = reason[:_LONGEST_REASON].replace("\x00", "")
            row = {"id": outage_id, "component": component, "host": host, "began_at": at, "reason": plain}
            connection.execute(insert(outages).values(row))
            connection.commit()
        return outage_id

    def close(self, outage_id: str, at: datetime) -> bool:
        """Records the end; False when it had ended already, which keeps its time. Raises ``NotFoundError``
        "outage.not_found" and ``DomainError`` "outage.ends_before_it_began"."""
        stored = self._find(outage_id)
        if stored is None:
            raise NotFoundError("outage.not_found", "id", id=outage_id)
        if at < stored.began_at:
            raise DomainError("outage.ends_before_it_began", "at", id=outage_id)
        still_out = (outages.c.id == outage_id) & outages.c.ended_at.is_(None)
        with open_connection(self._engine, read_only=False) as connection:
            closed = connection.execute(update(outages).where(still_out).values(ended_at=at)).rowcount == 1
            connection.commit()
        return closed

    def list(self, since: datetime, *, component: str = "", limit: int = 1000) -> Sequence[Outage]:
        """Those that had not ended before ``since``, oldest first."""
        query = select(outages).where(or_(outages.c.ended_at.is_(None), outages.c.ended_at >= since))
        if component:
            query = query.where(outages.c.component == component)
        return self._read(query.order_by(outages.c.began_at, outages.c.rowno).limit(max(limit, 0)))

    def open_ones(self) -> Sequence[Outage]:
        """Those that last, oldest first."""
        query = select(outages).where(outages.c.ended_at.is_(None))
        return self._read(query.order_by(outages.c.began_at, outages.c.rowno))

    def _find(self, outage_id: str) -> Outage | None:
        found = self._read(select(outages).where(outages.c.id == outage_id))
        return found[0] if found else None

    def _read(self, query: Select[Any]) -> Sequence[Outage]:
        with open_connection(self._engine, read_only=True) as connection:
            rows = connection.execute(query).mappings()
            return [Outage(**{name: value for name, value in row.items() if name != "rowno"}) for row in rows]
