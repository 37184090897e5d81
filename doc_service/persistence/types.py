"""Column types that mean the same on every engine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from doc_service.domain.audit_events import timestamp

RowNumber = BigInteger().with_variant(Integer(), "sqlite")
"""Key in the order of recording; SQLite numbers rows by itself only for the plain INTEGER type."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with microseconds, in UTC.

    SQLite has no such type: there it is RFC 3339 text of fixed width, so that comparing texts compares moments;
    elsewhere a time stamp with time zone. A naive datetime is refused, since nobody could say which moment it is.
    """

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return timestamp(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC)
