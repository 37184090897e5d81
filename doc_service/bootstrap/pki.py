"""Trust anchors, time-stamping authority and, in the embedded default, the development PKI."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asn1crypto import pem as asn1_pem

from doc_service.bootstrap.trust import configured_trust, development_pki
from doc_service.domain.errors import DomainError
from doc_service.domain.people import Person
from doc_service.ports import Clock
from doc_service.settings import PkiMode, Settings
from signing.api import SigningKey
from signing.devpki import DevelopmentPki, Holder
from signing.devpki.server import PkiServer
from signing.keys.pkcs12 import Pkcs12Key
from signing.trust import TrustStore

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WrapPki = Callable[["WSGIApplication"], "WSGIApplication"]
DEVELOPMENT_PIN = "1234"


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
        """Every anchor that was trusted on some day and the known intermediates, for whoever verifies elsewhere: what
        was signed or stamped in its time must stay verifiable there, too."""
        return b"".join(asn1_pem.armor("CERTIFICATE", der) for der in (*self.trust.ever_der, *self.trust.others_der))

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
        pki = development_pki(settings, clock)
        with PkiServer(pki, wrap=wrap) if served else nullcontext():
            yield TrustSource(pki.trust(), settings.tsa_url or pki.tsa_url, pki)
        return
    yield TrustSource(configured_trust(settings), settings.tsa_url, None)
