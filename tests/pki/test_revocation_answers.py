"""Answers of OCSP and CRL services that were changed, replayed or signed by others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core, ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as cocsp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from signing.api import SigningError
from signing.certificates import X509Checker
from signing.devpki import Holder
from signing.devpki.services import PkiServices
from signing.http import HttpAnswer, HttpTransport, HttpxTransport
from tests.pki_fixtures import RunningPki, check


@dataclass
class Tampering:
    """A transport that lets ``change`` rewrite every OCSP answer; CRLs are out of reach."""

    inner: HttpTransport
    change: Callable[[bytes], bytes]
    seen: list[bytes] = field(default_factory=list)

    def get(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        if "issuing" in url:
            return HttpAnswer(b"nothing of use", "text/plain")
        return self.inner.get(url, headers)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        answer = self.inner.post(url, body, headers)
        self.seen.append(answer.body)
        return HttpAnswer(self.change(answer.body), answer.content_type)


def call_it_good(body: bytes) -> bytes:
    """An attacker's edit: status "good" under the old signature."""
    response = ocsp.OCSPResponse.load(body)
    basic = response["response_bytes"]["response"].parsed
    basic["tbs_response_data"]["responses"][0]["cert_status"] = ocsp.CertStatus("good")
    response["response_bytes"]["response"] = core.ParsableOctetString(basic.dump(force=True))
    return bytes(response.dump(force=True))


@pytest.mark.parametrize(
    "change",
    [
        call_it_good,
        lambda body: body[:-1] + bytes([body[-1] ^ 1]),
        lambda body: body[:40],
        lambda _: b"",
        lambda _: b"0",
    ],
    ids=["edited", "flipped", "truncated", "empty", "text"],
)
def test_an_answer_that_is_not_the_responders_counts_for_nothing(
    change: Callable[[bytes], bytes], dev_pki: RunningPki, transport: HttpxTransport
) -> None:
    tampering = Tampering(transport, change)
    assert check(X509Checker(dev_pki.trust, tampering), dev_pki.variant("revoked")) == "unknown"
    assert tampering.seen


def test_a_good_answer_from_before_the_revocation_cannot_be_replayed(
    dev_pki: RunningPki, transport: HttpxTransport
) -> None:
    holder = Holder("1JKL2M3", "Rzayev", "Samir")
    key = dev_pki.person(holder)
    recorder = Tampering(transport, lambda body: body)
    assert check(X509Checker(dev_pki.trust, recorder), key, fin=None) == "good"
    dev_pki.pki.revoke(holder.fin, datetime.now(UTC) - timedelta(minutes=1))
    replay = Tampering(transport, lambda _: recorder.seen[0])
    assert check(X509Checker(dev_pki.trust, replay), key, fin=None) == "unknown"


def signed_by(pki: RunningPki, certificate: bytes, issuer: bytes) -> bytes:
    """An OCSP answer of ``pki`` without nonce about ``certificate`` as if issued by ``issuer``."""
    subject, authority = x509.load_der_x509_certificate(certificate), x509.load_der_x509_certificate(issuer)
    request = cocsp.OCSPRequestBuilder().add_certificate(subject, authority, hashes.SHA1()).build()
    services = PkiServices(pki.pki.authority, pki.pki.register)
    return services.answer_ocsp(request.public_bytes(Encoding.DER), datetime.now(UTC))


def test_answer_of_another_pki_counts_for_nothing(
    dev_pki: RunningPki, foreign_pki: RunningPki, transport: HttpxTransport
) -> None:
    """The foreign responder vouches for a serial number that we revoked."""
    key = dev_pki.variant("revoked")
    serial = x509.load_der_x509_certificate(key.certificate).serial_number
    foreign_pki.pki.register.add(serial, key.certificate)
    answer = signed_by(foreign_pki, key.certificate, foreign_pki.pki.chain[0])
    tampering = Tampering(transport, lambda _: answer)
    assert check(X509Checker(dev_pki.trust, tampering), key) == "unknown"


@dataclass
class Canned:
    """A transport with prepared answers: one OCSP answer for all, and CRLs by address."""

    answer: bytes
    lists: Mapping[str, bytes]

    def get(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        return HttpAnswer(self.lists[url], "application/pkix-crl")

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        return HttpAnswer(self.answer, "application/ocsp-response")


@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(0, 255), in_list=st.booleans())
@example(place=0.5, mask=0, in_list=False)
@example(place=0.5, mask=0, in_list=True)
@settings(max_examples=60, deadline=None)
def test_one_changed_byte_in_an_answer_never_makes_a_revoked_certificate_good(
    session_pki: RunningPki, place: float, mask: int, in_list: bool
) -> None:
    key, urls, now = session_pki.variant("revoked"), session_pki.pki.urls, datetime.now(UTC)
    services = PkiServices(session_pki.pki.authority, session_pki.pki.register)
    ocsp_answer = b"" if in_list else signed_by(session_pki, key.certificate, session_pki.pki.chain[0])
    revocations = services.issuing_crl(now) if in_list else b""
    changed = bytearray(revocations or ocsp_answer)
    changed[int(place * len(changed))] ^= mask
    lists = {urls.crl("root"): services.root_crl(now), urls.crl("issuing"): bytes(changed) if in_list else b""}
    canned = Canned(ocsp_answer if in_list else bytes(changed), lists)
    outcome = "revoked"
    with suppress(SigningError):
        outcome = check(X509Checker(session_pki.trust, canned), key)
    assert outcome in ({"revoked"} if mask == 0 else {"revoked", "unknown"})
