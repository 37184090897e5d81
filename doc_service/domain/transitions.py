"""Transition tables: the only way a state changes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from doc_service.domain.errors import ConflictError

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class TransitionTable(Generic[S, A]):
    """Maps (state, action) to the next state; anything not listed is refused with ``state.not_allowed``."""

    def __init__(self, name: str, table: Mapping[tuple[S, A], S]) -> None:
        self.name = name
        self.table = dict(table)

    def next(self, state: S, action: A) -> S:
        """The state after ``action``; raises ``ConflictError`` when the table has no such step."""
        try:
            return self.table[(state, action)]
        except KeyError:
            raise ConflictError(
                "state.not_allowed", "", aggregate=self.name, state=str(state), action=str(action)
            ) from None

    def allows(self, state: S, action: A) -> bool:
        return (state, action) in self.table
