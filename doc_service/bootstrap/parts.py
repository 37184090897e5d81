"""The parts that settings choose, by their contracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doc_service.instruments.registry import Registry
from doc_service.jobs.contract import JobUnits
from doc_service.ports import AuditExporter, AuditLog, AuditProver, EmbeddedReader, Renderer
from doc_service.services.base import Workspace
from doc_service.services.policy import SigningPolicy
from doc_service.services.verify_file import VerifyFile
from signing.api import CertificateChecker, SigningEngine
from storage.api import ObjectStore


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that use cases are built over; each may be replaced or wrapped (``Decorate``)."""

    work: Workspace
    units: JobUnits
    registry: Registry
    renderer: Renderer
    store: ObjectStore
    engine: SigningEngine
    checker: CertificateChecker
    verify: VerifyFile
    embedded: EmbeddedReader
    audit: AuditLog
    export_audit: AuditExporter
    prove_audit: AuditProver
    policy: SigningPolicy
    anchors_pem: bytes


Decorate = Callable[[Parts], Parts]


def as_they_are(parts: Parts) -> Parts:
    """No decoration."""
    return parts
