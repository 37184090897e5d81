"""The key that signs tree heads: Ed25519 (RFC 8032), its own, used for nothing else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from doc_service.domain.errors import DomainError


class Signer(Protocol):
    """Signs tree heads with one Ed25519 key."""

    @property
    def public_key(self) -> bytes:
        """32 raw bytes."""
        ...

    def sign(self, data: bytes) -> bytes:
        """64 raw bytes."""
        ...


class TimeStamper(Protocol):
    """An RFC 3161 authority, e.g. ``signing.tsa.TimeStamper``."""

    def stamp(self, digest: bytes) -> bytes:
        """DER token or TimeStampResp over a SHA-256 digest; ``SigningError`` (``retryable``: out of reach)."""
        ...


class Ed25519Signer:
    """``Signer`` over a private key in memory."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)


def load_signer(path: Path) -> Ed25519Signer:
    """Reads a PEM (PKCS#8) key file; raises ``DomainError`` "audit.key_missing" or "audit.key_unusable"."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise DomainError("audit.key_missing", "", path=str(path)) from None
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise DomainError("audit.key_unusable", "", path=str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise DomainError("audit.key_unusable", "", path=str(path))
    return Ed25519Signer(key)


def load_or_make_signer(path: Path) -> Ed25519Signer:
    """For the embedded default: makes the key at first start (file mode 0600). Of two processes that start together
    one makes it and both use it."""
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return load_signer(path)
