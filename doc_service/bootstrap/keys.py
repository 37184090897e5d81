"""Keys that a person holds: a PKCS#12 file or a PKCS#11 token."""

from __future__ import annotations

from pathlib import Path

from signing.api import SigningKey
from signing.keys.pkcs11 import Pkcs11Key
from signing.keys.pkcs12 import Pkcs12Key


def pkcs12_key(data: bytes, password: str) -> SigningKey:
    """Raises ``SigningError`` "signing.wrong_pin" or "signing.bad_key_file"."""
    return Pkcs12Key.load(data, password)


def pkcs11_key(module: Path, token: str, pin: str, key_label: str) -> SigningKey:
    """Raises ``SigningError`` "signing.wrong_pin", "signing.token_not_found" and their like."""
    return Pkcs11Key.open(str(module), token, pin, key_label=key_label)
