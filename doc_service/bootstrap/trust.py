"""Trust anchors by the settings or the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from doc_service.domain.errors import DomainError
from doc_service.ports import Clock
from doc_service.settings import Environment, PkiMode, Settings
from signing.devpki import DevelopmentPki
from signing.trust import TrustStore, load_trust, trust_from_pem

_PKI_DIR = "development-pki"
_TRUST_FILE = "trust.toml"


def trust_for_verifying(settings: Settings, clock: Clock, files: Sequence[Path]) -> TrustStore:
    """Anchors named on the command line, else the service's own; "cli.no_trust" when there are none."""
    if files:
        store = trust_from_pem(files, production=settings.environment is Environment.PRODUCTION)
    elif settings.pki is PkiMode.TRUSTED:
        store = configured_trust(settings)
    elif development_directory(settings).is_dir():
        store = development_pki(settings, clock).trust()
    else:
        raise DomainError("cli.no_trust")
    if not store.anchors:
        raise DomainError("cli.no_trust")
    return store


def configured_trust(settings: Settings) -> TrustStore:
    """The anchors of ``trust_dir``. Raises ``DomainError`` "cli.no_trust" without one."""
    if settings.trust_dir is None:
        raise DomainError("cli.no_trust")
    return load_trust(settings.trust_dir / _TRUST_FILE, production=settings.environment is Environment.PRODUCTION)


def development_directory(settings: Settings) -> Path:
    """Where the embedded default keeps its development PKI."""
    return settings.data_dir / _PKI_DIR


def development_pki(settings: Settings, clock: Clock) -> DevelopmentPki:
    """The embedded default's own PKI, made at first use."""
    return DevelopmentPki(development_directory(settings), clock)
