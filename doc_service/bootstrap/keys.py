"""Keys that a person holds: a PKCS#12 file or a PKCS#11 token."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from doc_service.domain.errors import NotFoundError
from doc_service.domain.people import Person
from signing.api import SigningKey
from signing.keys.pkcs11 import Pkcs11Key
from signing.keys.pkcs12 import Pkcs12Key


def pkcs12_key(data: bytes, password: str) -> SigningKey:
    """Raises ``SigningError`` "signing.wrong_pin" or "signing.bad_key_file"."""
    return Pkcs12Key.load(data, password)


def pkcs11_key(module: Path, token: str, pin: str, key_label: str) -> SigningKey:
    """Raises ``SigningError`` "signing.wrong_pin", "signing.token_not_found" and their like."""
    return Pkcs11Key.open(str(module), token, pin, key_label=key_label)


def pkcs12_directory(directory: Path, pin: str) -> Callable[[Person], SigningKey]:
    """Finds a person's key as ``<FİN>.p12``, all opened by one PIN: for demonstrations, where one process plays every
    signatory. The function raises ``NotFoundError`` "pki.key_file_missing" and what ``pkcs12_key`` does."""

    def key_of(person: Person) -> SigningKey:
        path = directory / f"{person.fin}.p12"
        if not path.is_file():
            raise NotFoundError("pki.key_file_missing", "keys", file=path.name)
        return pkcs12_key(path.read_bytes(), pin)

    return key_of
