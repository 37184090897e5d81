"""Faults and errors with stable codes.

A *fault* names the field and the rule that it breaks; the texts (az, en) live in ``doc_service.messages``.
Every fault found in one input is reported at once, so that the secretariat corrects a draft in one go
(004 §5.1.9).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Param = str | int


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: stable ``code``, the ``field`` path it concerns ("" for the whole), parameters of the text."""

    code: str
    field: str = ""
    params: Mapping[str, Param] = dataclasses.field(default_factory=dict)


class DomainError(Exception):
    """A request that the rules refuse; carries at least one fault."""

    def __init__(self, code: str, field: str = "", **params: Param) -> None:
        self.faults: tuple[Fault, ...] = (Fault(code, field, params),)
        super().__init__(code)

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> DomainError:
        """An error with several faults; raises ``ValueError`` on an empty list."""
        if not faults:
            raise ValueError("an error needs at least one fault")
        error = cls(faults[0].code)
        error.faults = tuple(faults)
        return error

    @property
    def code(self) -> str:
        return self.faults[0].code


class NotFoundError(DomainError):
    """The thing named does not exist."""


class ConflictError(DomainError):
    """The thing has changed since it was read, or the step is not allowed in its present state."""
