"""Web eID against a stand-in of the extension with cards of the development PKI."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from signing.api import CertificateChecker
from signing.certificates import X509Checker
from signing.devpki import Holder, KeyType, Profile
from signing.devpki.profiles import Request, build, person_name
from signing.http import HttpxTransport
from signing.remote.web_eid import (
    NONCE_LIFE,
    AuthenticationToken,
    CertificatePolicies,
    Nonce,
    WebEidAuthentication,
)
from signing.remote.web_eid_algorithms import jwa_verifies
from signing.trust import DEVELOPMENT_POLICY_OID
from tests.pki_fixtures import HOLDER, PIN, RunningPki, refused
from tools.standins.web_eid_extension import CardKey, Extension, WebEidError

ORIGIN = "https://senedler.example.az"
BROWSER = "browser-1"
OTHER = Holder("7KLM2N3", "Həsənov", "Rauf", "Elçin oğlu")


@dataclass
class Store:
    """Nonces in memory."""

    kept: dict[str, Nonce] = field(default_factory=dict)

    def put(self, session: str, nonce: Nonce) -> None:
        self.kept[session] = nonce

    def take(self, session: str) -> Nonce | None:
        return self.kept.pop(session, None)


@dataclass
class MovableClock:
    moved: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved


@dataclass
class Site:
    """A service with Web eID, and what a person in front of it has."""

    pki: RunningPki
    checker: CertificateChecker
    clock: MovableClock
    store: Store

    def authentication(self, **options: Any) -> WebEidAuthentication:
        return WebEidAuthentication(
            self.checker, self.store, self.clock, secrets.token_bytes, **{"origin": ORIGIN, **options}
        )

    def card(self, name: str = "", holder: Holder = HOLDER) -> CardKey:
        kinds = {"": KeyType.P256, "p384": KeyType.P384, "rsa": KeyType.RSA2048}
        issued = self.pki.issue(holder, Profile(name, key_type=kinds[name]))
        return CardKey.from_pkcs12(issued.pkcs12, PIN)

    def extension(self, card: CardKey | None = None, **options: Any) -> Extension:
        key = card or self.card()
        return Extension(options.pop("origin", ORIGIN), key, key, **options)

    def special(self, usage: set[str], *extended: x509.ObjectIdentifier) -> CardKey:
        """A card whose certificate is for other things."""
        now = datetime.now(UTC).replace(microsecond=0)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = person_name(HOLDER, include_fin=True)
        wanted = Request(subject, key.public_key(), now - timedelta(days=1), now + timedelta(days=9), frozenset(usage))
        extra = [(x509.ExtendedKeyUsage(extended), False)] if extended else []
        made = build(wanted, self.pki.pki.authority.signer, self.pki.pki.urls, extra=extra)
        return CardKey(key, made)


@pytest.fixture
def site(dev_pki: RunningPki) -> Iterator[Site]:
    transport = HttpxTransport(timeout=2)
    yield Site(dev_pki, X509Checker(dev_pki.trust, transport), MovableClock(), Store())
    transport.close()


def login(site: Site, extension: Extension, **change: Any) -> Any:
    """Challenge, card, token (with ``change``), verdict."""
    service = site.authentication()
    token = extension.authenticate(service.challenge(BROWSER)) | change
    return service.verify(BROWSER, AuthenticationToken.read(token))


@pytest.mark.parametrize(("card", "options"), [("", {}), ("p384", {}), ("rsa", {}), ("rsa", {"pss": True})])
def test_the_holder_of_the_card_is_known(site: Site, card: str, options: dict[str, Any]) -> None:
    if card == "rsa":
        site.pki.variant("rsa")
    key = site.card(card)
    found = login(site, site.extension(key, **options))
    assert found.fin == HOLDER.fin
    assert found.certificate == key.der
    assert found.revocation == "good"
    assert found.info.sha256 == hashlib.sha256(key.der).hexdigest()


def test_nonces_are_long_and_never_alike(site: Site) -> None:
    service = site.authentication()
    nonces = {service.challenge(f"b{number}") for number in range(50)}
    assert len(nonces) == 50
    assert all(len(base64.b64decode(nonce, validate=True)) == 32 for nonce in nonces)


@pytest.mark.parametrize(
    "origin", ["https://senedler.example.com", "https://senedler.example.az:8443", "https://evil.senedler.example.az"]
)
def test_token_made_for_another_site(site: Site, origin: str) -> None:
    with refused("signing.web_eid_signature"):
        login(site, site.extension(origin=origin))


def test_token_over_another_nonce(site: Site) -> None:
    service = site.authentication()
    service.challenge(BROWSER)
    other = base64.b64encode(secrets.token_bytes(32)).decode()
    token = AuthenticationToken.read(site.extension().authenticate(other))
    with refused("signing.web_eid_signature"):
        service.verify(BROWSER, token)


def test_token_is_good_once(site: Site) -> None:
    service = site.authentication()
    token = AuthenticationToken.read(site.extension().authenticate(service.challenge(BROWSER)))
    service.verify(BROWSER, token)
    with refused("signing.web_eid_nonce"):
        service.verify(BROWSER, token)


def test_failed_token_uses_the_nonce_up(site: Site) -> None:
    service = site.authentication()
    good = site.extension().authenticate(service.challenge(BROWSER))
    with refused("signing.web_eid_signature"):
        service.verify(BROWSER, AuthenticationToken.read(good | {"signature": base64.b64encode(b"\1" * 64).decode()}))
    with refused("signing.web_eid_nonce"):
        service.verify(BROWSER, AuthenticationToken.read(good))


def test_token_of_another_browser(site: Site) -> None:
    service = site.authentication()
    token = AuthenticationToken.read(site.extension().authenticate(service.challenge(BROWSER)))
    with refused("signing.web_eid_nonce"):
        service.verify("browser-2", token)


@pytest.mark.parametrize(
    ("later", "code"),
    [
        (NONCE_LIFE - timedelta(seconds=5), None),
        (NONCE_LIFE + timedelta(seconds=1), "signing.web_eid_nonce_expired"),
        (timedelta(seconds=-30), "signing.web_eid_nonce_expired"),
    ],
)
def test_nonce_lives_five_minutes(site: Site, later: timedelta, code: str | None) -> None:
    service = site.authentication()
    token = AuthenticationToken.read(site.extension().authenticate(service.challenge(BROWSER)))
    site.clock.moved = later
    if code is None:
        assert service.verify(BROWSER, token).fin == HOLDER.fin
        return
    with refused(code):
        service.verify(BROWSER, token)


def test_card_of_another_person(site: Site) -> None:
    service = site.authentication()
    extension = site.extension(site.card(holder=OTHER))
    assert login(site, extension).fin == OTHER.fin
    token = AuthenticationToken.read(extension.authenticate(service.challenge(BROWSER)))
    with refused("signing.wrong_person") as found:
        service.verify(BROWSER, token, expected_fin=HOLDER.fin)
    assert OTHER.fin not in str(found[0].params)


def test_certificate_of_another_card_under_the_signature(site: Site) -> None:
    other = base64.b64encode(site.card(holder=OTHER).der).decode()
    with refused("signing.web_eid_signature"):
        login(site, site.extension(), unverifiedCertificate=other)


@pytest.mark.parametrize(
    ("algorithm", "code"),
    [
        ("ES384", "signing.web_eid_algorithm"),
        ("RS256", "signing.web_eid_algorithm"),
        ("PS256", "signing.web_eid_algorithm"),
        ("HS256", "signing.web_eid_algorithm"),
        ("none", "signing.web_eid_algorithm"),
        ("es256", "signing.web_eid_algorithm"),
        ("ES256K", "signing.web_eid_algorithm"),
    ],
)
def test_wrong_algorithm(site: Site, algorithm: str, code: str) -> None:
    with refused(code):
        login(site, site.extension(), algorithm=algorithm)


def test_pss_signature_is_not_taken_for_pkcs1(site: Site) -> None:
    site.pki.variant("rsa")
    with refused("signing.web_eid_signature"):
        login(site, site.extension(site.card("rsa"), pss=True), algorithm="RS256")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "web-eid:2.0"}, "signing.web_eid_format"),
        ({"format": "web-eid:10"}, "signing.web_eid_format"),
        ({"format": "web-eid"}, "signing.web_eid_format"),
        ({"format": None}, "signing.web_eid_token"),
        ({"signature": "not base64!"}, "signing.web_eid_token"),
        ({"signature": ""}, "signing.web_eid_token"),
        ({"signature": ["x"]}, "signing.web_eid_token"),
        ({"signature": "A" * 30_000}, "signing.web_eid_token"),
        ({"algorithm": 256}, "signing.web_eid_token"),
        ({"unverifiedCertificate": "%%%"}, "signing.web_eid_token"),
        ({"unverifiedCertificate": "AAAA"}, "signing.bad_certificate"),
        ({"signature": base64.b64encode(b"\2" * 63).decode()}, "signing.web_eid_signature"),
        ({"signature": base64.b64encode(b"\0" * 64).decode()}, "signing.web_eid_signature"),
    ],
)
def test_broken_tokens(site: Site, change: dict[str, Any], code: str) -> None:
    with refused(code):
        login(site, site.extension(), **change)


def test_format_of_the_first_version_without_a_minor_one(site: Site) -> None:
    assert login(site, site.extension(), format="web-eid:1").fin == HOLDER.fin


def test_certificates_for_other_purposes(site: Site) -> None:
    both = {"digital_signature", "content_commitment"}
    for card in (
        site.special({"content_commitment"}),
        site.special(both, ExtendedKeyUsageOID.EMAIL_PROTECTION),
        site.special(both, ExtendedKeyUsageOID.SERVER_AUTH),
    ):
        with refused("signing.web_eid_purpose"):
            login(site, site.extension(card))


def test_certificate_for_client_authentication(site: Site) -> None:
    """Unknown to the register of the PKI, so that OCSP cannot vouch for it; everything else is right."""
    card = site.special({"digital_signature"}, ExtendedKeyUsageOID.CLIENT_AUTH)
    service = site.authentication(allow_unknown_revocation=True)
    site.pki.faults.pause("ocsp", "crl")
    token = AuthenticationToken.read(site.extension(card).authenticate(service.challenge(BROWSER)))
    assert service.verify(BROWSER, token).revocation == "unknown"


@pytest.mark.parametrize(
    ("policies", "ok"),
    [
        (CertificatePolicies(required=frozenset({DEVELOPMENT_POLICY_OID})), True),
        (CertificatePolicies(required=frozenset({"1.2.3.4"})), False),
        (CertificatePolicies(forbidden=frozenset({DEVELOPMENT_POLICY_OID})), False),
    ],
)
def test_policies(site: Site, policies: CertificatePolicies, ok: bool) -> None:
    service = site.authentication(policies=policies)
    token = AuthenticationToken.read(site.extension().authenticate(service.challenge(BROWSER)))
    if ok:
        assert service.verify(BROWSER, token).fin == HOLDER.fin
    else:
        with refused("signing.web_eid_policy"):
            service.verify(BROWSER, token)


@pytest.mark.parametrize(
    ("variant", "code"),
    [
        ("expired", "signing.certificate_expired"),
        ("not-yet-valid", "signing.certificate_not_yet_valid"),
        ("revoked", "signing.certificate_revoked"),
        ("no-fin", "signing.no_fin"),
    ],
)
def test_certificates_that_do_not_stand(site: Site, variant: str, code: str) -> None:
    site.pki.variant(variant)
    card = CardKey.from_pkcs12(site.pki.pki.key(HOLDER.fin, variant).pkcs12, PIN)
    with refused(code):
        login(site, site.extension(card))


def test_certificate_of_a_foreign_authority(site: Site, foreign_pki: RunningPki) -> None:
    card = CardKey.from_pkcs12(foreign_pki.issue().pkcs12, PIN)
    with refused("signing.untrusted_certificate"):
        login(site, site.extension(card))


def test_log_in_waits_for_the_revocation_service(site: Site) -> None:
    site.pki.faults.pause("ocsp", "crl")
    with refused("signing.web_eid_revocation_unknown") as found:
        login(site, site.extension())
    assert found[0].retryable


@pytest.mark.parametrize("origin", ["http://a.az", "https://a.az/", "https://A.az", "https://a.az/x", "a.az", ""])
def test_origins_that_no_browser_signs(site: Site, origin: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        site.authentication(origin=origin)


def test_person_who_cancels(site: Site) -> None:
    extension = site.extension(cancels=True)
    with pytest.raises(WebEidError, match="USER_CANCELLED"):
        login(site, extension)
    assert extension.pins_asked == 0


@given(st.binary(max_size=200) | st.binary(min_size=64, max_size=64))
def test_no_bytes_upset_the_verification(raw: bytes) -> None:
    public = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    assert not jwa_verifies(public, raw, b"data", "ES256")
