"""How a person was authenticated when agreeing and when signing, as the record of a signature keeps it (002 §3.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.principals import Principal

IN_PROCESS = "in-process-key"
"""The key itself was at hand: whoever called holds it and its PIN, and there was no session."""


@dataclass(frozen=True, slots=True)
class Authentication:
    """``means``: a value of ``principals.Means``, or what the way to sign calls its own step. ``session_id`` names the
    session and opens nothing. ``at``: when the person proved who they are."""

    means: str
    session_id: str
    at: datetime

    @classmethod
    def of(cls, principal: Principal) -> Authentication:
        return cls(str(principal.means), principal.session_id, principal.authenticated_at)

    @classmethod
    def in_process(cls, at: datetime) -> Authentication:
        return cls(IN_PROCESS, "", at)
