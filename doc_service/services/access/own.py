"""What a person does with their own account takes a session: a machine's token does not stand for the person."""

from __future__ import annotations

from doc_service.domain.errors import DomainError
from doc_service.domain.principals import Principal


def require_session(principal: Principal) -> None:
    """Raises ``DomainError`` "access.session_needed"."""
    if principal.scopes is not None:
        raise DomainError("access.session_needed")
