"""Secrets from the operating system's generator, and digests under the service's key."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: nothing that passes for something else."""


class SystemSecrets:
    """``doc_service.ports_access.Secrets``; ``key``: at least 32 bytes, the same on every machine."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("digests need a key of at least 32 bytes")
        self._key = key

    def token(self) -> str:
        return secrets.token_urlsafe(32)

    def recovery_code(self) -> str:
        text = "".join(secrets.choice(_ALPHABET) for _ in range(16))
        return "-".join(text[i : i + 4] for i in range(0, 16, 4))

    def digest(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}\x00{text}".encode(errors="surrogatepass"), hashlib.sha256).hexdigest()
