"""Reasons that people give in their own words."""

from __future__ import annotations

from doc_service.domain.errors import DomainError

LONGEST = 2000


def checked_reason(reason: str, missing: str) -> str:
    """Without blanks around it. Raises ``DomainError`` ``missing`` when it is blank, "reason.too_long"."""
    said = reason.strip()
    if not said:
        raise DomainError(missing, "reason")
    if len(said) > LONGEST:
        raise DomainError("reason.too_long", "reason", limit=LONGEST)
    return said
