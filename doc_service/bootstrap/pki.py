"""Trust anchors, time-stamping authority and, in the embedded default, the development PKI."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from asn1crypto import pem as asn1_pem

from doc_service.domain.errors import DomainError
from doc_service.domain.people import Person
from doc_service.ports import Clock
from doc_service.settings import Environment, PkiMode, Settings
from signing.api import SigningKey
from signing.devpki import DevelopmentPki, Holder
from signing.devpki.server import PkiServer
from signing.keys.pkcs12 import Pkcs12Key
from signing.trust import TrustStore, load_trust, trust_from_pem

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WrapPki = Callable[["WSGIApplication"], "WSGIApplication"]
DEVELOPMENT_PIN = "1234"
_PKI_DIR = "development-pki"
_TRUST_FILE = "trust.toml"


def unwrapped(application: WSGIApplication) -> WSGIApplication:
    """No middleware."""
    return application


@dataclass(frozen=True, slots=True)
class TrustSource:
    """What the service trusts, and where time stamps come from; ``development`` is None outside the embedded PKI."""

    trust: TrustStore
    tsa_url: str
    development: DevelopmentPki | None

    @property
    def pem(self) -> bytes:
        """The anchors and known intermediates, for whoever verifies elsewhere."""
        return b"".join(asn1_pem.armor("CERTIFICATE", der) for der in (*self.trust.roots_der, *self.trust.others_der))

    def development_key(self, person: Person) -> SigningKey:
        """A person's key of the development PKI; ``DomainError`` "pki.not_development" with any other trust."""
        if self.development is None:
            raise DomainError("pki.not_development")
        name = person.name
        holder = Holder(person.fin, name.surname, name.given, name.patronymic, person.organisation)
        return Pkcs12Key.load(self.development.issue(holder, DEVELOPMENT_PIN).pkcs12, DEVELOPMENT_PIN)


@contextmanager
def open_trust(settings: Settings, clock: Clock, *, served: bool, wrap: WrapPki) -> Iterator[TrustSource]:
    """Loads the anchors; in development mode the PKI's OCSP, CRL and TSA are served while the block runs (unless
    ``served`` is False)."""
    if settings.pki is PkiMode.DEVELOPMENT:
        pki = DevelopmentPki(settings.data_dir / _PKI_DIR, clock)
        with PkiServer(pki, wrap=wrap) if served else nullcontext():
            yield TrustSource(pki.trust(), settings.tsa_url or pki.tsa_url, pki)
        return
    yield TrustSource(_configured(settings), settings.tsa_url, None)


def trust_for_verifying(settings: Settings, clock: Clock, files: Sequence[Path]) -> TrustStore:
    """Anchors named on the command line, else the service's own; "cli.no_trust" when there are none."""
    if files:
        store = trust_from_pem(files, production=settings.environment is Environment.PRODUCTION)
    elif settings.pki is PkiMode.TRUSTED:
        store = _configured(settings)
    elif (settings.data_dir / _PKI_DIR).is_dir():
        store = DevelopmentPki(settings.data_dir / _PKI_DIR, clock).trust()
    else:
        raise DomainError("cli.no_trust")
    if not store.anchors:
        raise DomainError("cli.no_trust")
    return store


def _configured(settings: Settings) -> TrustStore:
    if settings.trust_dir is None:
        raise DomainError("cli.no_trust")
    return load_trust(settings.trust_dir / _TRUST_FILE, production=settings.environment is Environment.PRODUCTION)
