"""The ways to sign that this service offers, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from doc_service.domain.errors import NotFoundError
from signing.remote.api import DocumentSigner, HashSigner


@dataclass(frozen=True, slots=True)
class Way:
    """A way to sign as it is offered: ``key`` is "means" or "means/provider"; ``title`` as people know it."""

    means: str
    provider: str = ""
    title: str = ""

    @property
    def key(self) -> str:
        return way_key(self.means, self.provider)


def way_key(means: str, provider: str) -> str:
    return f"{means}/{provider}" if provider else means


@dataclass(frozen=True, slots=True)
class Ways:
    """Signers by key ("csc/<provider>", "agent", "web_eid", "asan", "sima")."""

    hash_signers: Mapping[str, HashSigner] = field(default_factory=dict)
    document_signers: Mapping[str, DocumentSigner] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def signer(self, means: str, provider: str) -> HashSigner | DocumentSigner:
        """Raises ``NotFoundError`` "operation.unknown_way"."""
        key = way_key(means, provider)
        found = self.hash_signers.get(key) or self.document_signers.get(key)
        if found is None:
            raise NotFoundError("operation.unknown_way", "means", means=key)
        return found

    def hashing(self, means: str, provider: str) -> HashSigner | None:
        """The signer when this way signs hashes."""
        return self.hash_signers.get(way_key(means, provider))

    def filing(self, means: str, provider: str) -> DocumentSigner | None:
        """The signer when this way signs whole files."""
        return self.document_signers.get(way_key(means, provider))

    def offered(self) -> tuple[Way, ...]:
        """Everything there is, for the page that lets a person choose."""
        keys = sorted({*self.hash_signers, *self.document_signers})
        parts = [key.partition("/") for key in keys]
        return tuple(Way(m, p, self.titles.get(k, "")) for k, (m, _, p) in zip(keys, parts, strict=True))


@dataclass(frozen=True, slots=True)
class DrivePolicy:
    """``claim``: how long an operation is left to a process that gives no sign of life; a living one renews it.
    ``start``: how long an operation may wait before the device is asked. ``round_size``: documents prepared
    at once for a device that is authorised already; ``round_lease``: how long they are held for it. ``budget``: how
    long one call works on signatures in hand before it leaves the rest to the next one, or to the background.
    ``outside``: how long a call by a device waits for an operation that is being driven; longer than ``claim``."""

    claim: timedelta = timedelta(seconds=10)
    start: timedelta = timedelta(minutes=15)
    round_size: int = 25
    round_lease: timedelta = timedelta(seconds=60)
    budget: timedelta = timedelta(seconds=5)
    outside: timedelta = timedelta(seconds=13)
