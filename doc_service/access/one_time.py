"""One-time passwords (RFC 6238, as authenticator applications have them: SHA-1, six digits, 30 seconds)."""

from __future__ import annotations

import base64
import secrets

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from doc_service.domain.credentials import STEP
from doc_service.ports_operations import SealedBox

_SECRET, _DIGITS = 20, 6


class SealedTotp:
    """``doc_service.ports_access.OneTimePasswords``: secrets are sealed and bound to their account, so that one copied
    to another row opens nothing."""

    def __init__(self, box: SealedBox, issuer: str) -> None:
        self._box = box
        self._issuer = issuer

    def new(self, account_id: str) -> tuple[bytes, str]:
        """Raises ``DomainError`` "sealed.no_key"."""
        secret = secrets.token_bytes(_SECRET)
        return self._box.seal(secret, _context(account_id)), base64.b32encode(secret).decode()

    def uri(self, secret: str, login: str) -> str:
        totp = TOTP(base64.b32decode(secret), _DIGITS, SHA1(), int(STEP.total_seconds()))  # noqa: S303 - RFC 6238
        return totp.get_provisioning_uri(login, self._issuer)

    def code_at(self, account_id: str, sealed: bytes, step: int) -> str:
        secret = self._box.open(sealed, _context(account_id))
        return HOTP(secret, _DIGITS, SHA1()).generate(step).decode()  # noqa: S303 - RFC 6238


def _context(account_id: str) -> str:
    return f"totp:{account_id}"
