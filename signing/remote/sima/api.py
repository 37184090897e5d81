"""What the rest of the service sees of log-in with SİMA. No vendor types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from signing.remote.api import Called


@dataclass(frozen=True, slots=True)
class Links:
    """``content_url`` is the text of the QR code; ``app_link`` opens the app on the phone itself."""

    content_url: str
    app_link: str


@dataclass(frozen=True, slots=True)
class LoginOffer:
    """``session`` is kept by the service until the phone answers; ``links`` are shown."""

    operation_id: str
    session: bytes
    links: Links
    until: datetime


@dataclass(frozen=True, slots=True)
class SimaIdentity:
    """Who was proven to be at the phone: ``fin``, the certificate (DER), and its revocation, which was known good."""

    fin: str
    certificate: bytes
    revocation: str


class SimaLogins(Protocol):
    """Log-in by a signed challenge. Holds no state between calls."""

    def offer(self, *, assignees: Sequence[str] = (), redirect_url: str = "") -> LoginOffer:
        """``assignees``: FİNs that may answer, empty for anybody. Raises ``SigningError``
        "sima.redirect_not_allowed"."""
        ...

    def data(self, session: bytes, call: Called) -> bytes:
        """The challenge, for a genuine call of a phone. Raises ``SigningError`` "sima.…", "signing.…"."""
        ...

    def judge(self, session: bytes, call: Called) -> SimaIdentity:
        """Who signed the challenge. Unlike for a signature, which is judged again when the document is extended, the
        certificate must be known good now: else retryable "sima.revocation_unknown". Raises as ``data``."""
        ...
