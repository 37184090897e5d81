"""One page of a list: rows beyond a position, in the order of an index (keyset)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, literal, tuple_
from sqlalchemy.sql.elements import ColumnElement

from doc_service.domain.audit_events import timestamp
from doc_service.domain.errors import DomainError
from doc_service.persistence.types import UtcDateTime
from doc_service.ports_queries import Page, Position, Slice

T = TypeVar("T")
_LARGEST = 2**63 - 1


def fetch(
    connection: Connection,
    query: Select[Any],
    columns: Sequence[ColumnElement[Any]],
    page: Slice,
    read: Callable[[Any], T],
    *,
    descending: bool = True,
) -> Page[T]:
    """The page of ``query`` in the order of ``columns``, which must be unique together and be those of an index.

    One row more than asked for tells whether there is a next page. ``DomainError`` "paging.bad_cursor".
    """
    marked = query.add_columns(*(column.label(f"key_{place}") for place, column in enumerate(columns)))
    if page.after is not None:
        here, there = tuple_(*columns), tuple_(*_literals(columns, page.after))
        marked = marked.where(here < there if descending else here > there)
    order = [column.desc() if descending else column.asc() for column in columns]
    rows = connection.execute(marked.order_by(*order).limit(page.limit + 1)).all()
    shown = rows[: page.limit]
    end = _position(shown[-1][-len(columns) :]) if len(rows) > page.limit else None
    return Page(tuple(read(row) for row in shown), end)


def _position(values: Sequence[Any]) -> Position:
    return tuple(timestamp(value) if isinstance(value, datetime) else value for value in values)


def _literals(columns: Sequence[ColumnElement[Any]], position: Position) -> list[ColumnElement[Any]]:
    if len(position) != len(columns):
        raise DomainError("paging.bad_cursor", "cursor")
    return [literal(_value(column, given), column.type) for column, given in zip(columns, position, strict=True)]


def _value(column: ColumnElement[Any], given: str | int) -> str | int | datetime:
    """As the column holds it; a position comes from outside and may be another list's."""
    if isinstance(column.type, UtcDateTime):
        return _moment(given)
    wanted = column.type.python_type
    fits = type(given) is wanted and (given <= _LARGEST if isinstance(given, int) else "\x00" not in given)
    if not fits:
        raise DomainError("paging.bad_cursor", "cursor")
    return given


def _moment(given: str | int) -> datetime:
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise DomainError("paging.bad_cursor", "cursor") from None
    if moment.tzinfo is None:
        raise DomainError("paging.bad_cursor", "cursor")
    return moment
