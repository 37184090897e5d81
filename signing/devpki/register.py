"""The register of issued and revoked certificates: one small file each, so that a running server in another thread or
process sees every change at its next answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from signing.devpki.files import write_atomic


class Reason(StrEnum):
    """Reasons of revocation (RFC 5280 §5.3.1) that a person's certificate can have."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "key_compromise"
    AFFILIATION_CHANGED = "affiliation_changed"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessation_of_operation"


@dataclass(frozen=True, slots=True)
class Revocation:
    """``at``: UTC, whole seconds (the precision of OCSP and CRL)."""

    serial: int
    at: datetime
    reason: Reason


class Register:
    def __init__(self, directory: Path) -> None:
        self._issued = directory / "issued"
        self._revoked = directory / "revoked"

    def add(self, serial: int, certificate: bytes) -> None:
        """Enters a certificate (DER) before its key is handed out: what is unknown here is never answered "good"."""
        write_atomic(self._issued / f"{serial:x}.der", certificate)

    def issued(self, serial: int) -> bool:
        return (self._issued / f"{serial:x}.der").exists()

    def revoke(self, revocation: Revocation) -> None:
        record = {"at": revocation.at.astimezone(UTC).replace(microsecond=0).isoformat(), "reason": revocation.reason}
        write_atomic(self._revoked / f"{revocation.serial:x}.json", json.dumps(record).encode())

    def revocation(self, serial: int, at: datetime) -> Revocation | None:
        """The revocation of ``serial`` in force at ``at``, or None."""
        path = self._revoked / f"{serial:x}.json"
        if not path.exists():
            return None
        found = _read(path)
        return found if found.at <= at else None

    def revocations(self, at: datetime) -> Iterator[Revocation]:
        """All in force at ``at``, by serial number."""
        if not self._revoked.is_dir():
            return
        for path in sorted(self._revoked.glob("*.json")):
            found = _read(path)
            if found.at <= at:
                yield found


def _read(path: Path) -> Revocation:
    record = json.loads(path.read_bytes())
    return Revocation(int(path.stem, 16), datetime.fromisoformat(record["at"]), Reason(record["reason"]))
