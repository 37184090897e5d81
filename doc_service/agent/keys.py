"""Where the person's key is: a PKCS#12 file or a PKCS#11 token. The PIN is asked for and never stored.

The agent is the one program of the house that opens keys of persons, so it names the adapters of ``signing.keys``
itself; the service never does (``.importlinter``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from doc_service.domain.errors import DomainError
from signing.api import SigningKey


class KeySource(Protocol):
    @property
    def label(self) -> str:
        """What the person knows the key by."""
        ...

    def open(self, pin: str) -> SigningKey:
        """Raises ``SigningError`` "signing.wrong_pin" and what else the kind of key has."""
        ...


@dataclass(frozen=True, slots=True)
class Pkcs12Source:
    """A file; its password stands for the PIN."""

    path: Path

    @property
    def label(self) -> str:
        return self.path.name

    def open(self, pin: str) -> SigningKey:
        """Also raises ``DomainError`` "agent.key_file" when the file cannot be read."""
        from signing.keys.pkcs12 import Pkcs12Key

        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise DomainError("agent.key_file", "", path=str(self.path), reason=error.strerror or "") from None
        return Pkcs12Key.load(data, pin)


@dataclass(frozen=True, slots=True)
class Pkcs11Source:
    """A token by its label; ``key`` names the private key when the token has several."""

    module: Path
    token: str
    key: str = ""

    @property
    def label(self) -> str:
        return f"{self.token} / {self.key}" if self.key else self.token

    def open(self, pin: str) -> SigningKey:
        from signing.keys.pkcs11 import Pkcs11Key

        return Pkcs11Key.open(self.module, self.token, pin, key_label=self.key or None)
