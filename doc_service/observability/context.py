"""What the work at hand is about: request, document, job. Log records and spans take it from here.

Identifiers only. ``contextvars`` follow a request into its thread of the pool, and end with the block that bound them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

NAMES = ("request", "trace", "document", "job", "kind", "actor")
"""What may be bound: request id, W3C trace id, document id, job id and kind, and who acts (logs show a pseudonym)."""

_bound: ContextVar[Mapping[str, str]] = ContextVar("doc_service_bound", default={})  # noqa: B039 - never changed


def bound() -> Mapping[str, str]:
    """What is bound now."""
    return _bound.get()


@contextmanager
def bind(**values: str | None) -> Iterator[None]:
    """Adds to what is bound while the block runs; None and "" leave a name as it is. Raises ``ValueError`` for a name
    that is not in ``NAMES``: whatever is bound gets into logs, so nothing is bound by accident."""
    if unknown := set(values) - set(NAMES):
        raise ValueError(f"not to be bound: {', '.join(sorted(unknown))}")
    token = _bound.set({**_bound.get(), **{name: value for name, value in values.items() if value}})
    try:
        yield
    finally:
        _bound.reset(token)
