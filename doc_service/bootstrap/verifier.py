"""The validator: alone for whoever holds a file, and as a part of the service."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from doc_service.bootstrap.trust import trust_for_verifying
from doc_service.ports import Clock
from doc_service.rendering.embedded import embedded_files
from doc_service.services.verify_file import VerifyFile
from doc_service.settings import Settings
from doc_service.system import SystemClock
from signing.trust import TrustStore
from signing.validate import PadesValidator


def open_verifier(settings: Settings, trust_files: Sequence[Path]) -> VerifyFile:
    """A validator alone: neither database nor network. Raises ``DomainError`` "cli.no_trust"."""
    clock = SystemClock()
    return verifier(trust_for_verifying(settings, clock, trust_files), clock)


def verifier(trust: TrustStore, clock: Clock) -> VerifyFile:
    """The validator that trusts ``trust``."""
    return VerifyFile(PadesValidator(trust, clock.now), embedded_files)
