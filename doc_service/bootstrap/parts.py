"""The parts that settings choose, by their contracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doc_service.bootstrap.archive import Stores
from doc_service.bootstrap.notifying import Notifying
from doc_service.bootstrap.reserve import ReserveCentre
from doc_service.instruments.registry import Registry
from doc_service.jobs.contract import JobUnits
from doc_service.ports import AuditExporter, AuditLog, AuditProver, EmbeddedReader, Renderer
from doc_service.services.base import Workspace
from doc_service.services.policy import SigningPolicy
from doc_service.services.remind_signers import RemindSigners
from doc_service.services.verify_file import VerifyFile
from signing.api import CertificateChecker, IdentityVerifier, SigningEngine
from storage.api import ObjectStore


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that use cases are built over; each may be replaced or wrapped (``Decorate``). ``store`` is the
    archive as use cases see it, ``stores`` what it is made of."""

    work: Workspace
    units: JobUnits
    registry: Registry
    renderer: Renderer
    store: ObjectStore
    engine: SigningEngine
    checker: CertificateChecker
    identity: IdentityVerifier
    verify: VerifyFile
    embedded: EmbeddedReader
    audit: AuditLog
    export_audit: AuditExporter
    prove_audit: AuditProver
    policy: SigningPolicy
    anchors_pem: bytes
    stores: Stores
    reserve: ReserveCentre | None
    reminders: RemindSigners | None
    notifying: Notifying


Decorate = Callable[[Parts], Parts]


def as_they_are(parts: Parts) -> Parts:
    """No decoration."""
    return parts
