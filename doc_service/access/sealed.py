"""Secrets at rest: AES-256-GCM (NIST SP 800-38D) with a key that the database and its backups do not hold."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from doc_service.domain.errors import DomainError

_VERSION = b"\x01"
_KEY_BYTES = 32
_ID_BYTES = 4
_NONCE_BYTES = 12


class AesGcmBox:
    """``SealedBox``. ``keys``: 32 bytes each; the first seals, the others still open what older keys have sealed. What
    is sealed begins with a version and the key's identifier, so that a wrong key is told from changed bytes."""

    def __init__(self, keys: Sequence[bytes], *, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Raises ``ValueError`` without a key or for one of another length."""
        if not keys or any(len(key) != _KEY_BYTES for key in keys):
            raise ValueError("a sealed box needs keys of 32 bytes")
        self._ciphers = {_identifier(key): AESGCM(key) for key in keys}
        self._current = _identifier(keys[0])
        self._random = random

    def seal(self, plain: bytes, context: str) -> bytes:
        head = _VERSION + self._current
        nonce = self._random(_NONCE_BYTES)
        return head + nonce + self._ciphers[self._current].encrypt(nonce, plain, head + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        head, rest = sealed[: 1 + _ID_BYTES], sealed[1 + _ID_BYTES :]
        cipher = self._ciphers.get(head[1:])
        if cipher is None or head[:1] != _VERSION:
            raise DomainError("sealed.unreadable")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head + context.encode())
        except (InvalidTag, ValueError):
            raise DomainError("sealed.unreadable") from None


class NoBox:
    """``SealedBox`` where the settings name no key: refuses, so that nothing is kept in the clear."""

    def seal(self, plain: bytes, context: str) -> bytes:
        raise DomainError("sealed.no_key")

    def open(self, sealed: bytes, context: str) -> bytes:
        raise DomainError("sealed.no_key")


def load_keys(path: Path) -> list[bytes]:
    """One key a line, 64 hexadecimal digits, the present one first; "#" begins a remark. Raises ``DomainError``
    "sealed.bad_key_file"."""
    try:
        lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="ascii").splitlines())
        keys = [bytes.fromhex(line) for line in lines if line]
    except (OSError, ValueError):
        raise DomainError("sealed.bad_key_file", "secret_key_file", file=path.name) from None
    if not keys or any(len(key) != _KEY_BYTES for key in keys):
        raise DomainError("sealed.bad_key_file", "secret_key_file", file=path.name)
    return keys


def load_or_make_keys(path: Path) -> list[bytes]:
    """As ``load_keys``; a file that is not there is made with a fresh key, readable by its owner alone. Of processes
    that start at once one makes it."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return load_keys(path)


def _identifier(key: bytes) -> bytes:
    return hashlib.sha256(b"sealed-box key:" + key).digest()[:_ID_BYTES]
