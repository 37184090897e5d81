"""How many database statements a piece of work takes: the figure in which "one query a row" shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Statements:
    count: int = 0


_counting: ContextVar[Statements | None] = ContextVar("doc_service_statements", default=None)


@contextmanager
def counting() -> Iterator[Statements]:
    """Counts the statements of this context; those of an inner block count for the outer one too."""
    outer, mine = _counting.get(), Statements()
    token = _counting.set(mine)
    try:
        yield mine
    finally:
        _counting.reset(token)
        if outer is not None:
            outer.count += mine.count


def count_statements(engine: Engine) -> None:
    """Makes ``engine`` tell; only of an engine whose work is traced."""
    event.listen(engine, "after_cursor_execute", _one_more)


def _one_more(*_: Any) -> None:
    statements = _counting.get()
    if statements is not None:
        statements.count += 1
