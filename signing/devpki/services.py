"""Answers of the development PKI's OCSP responder, CRL publisher and TSA, built with certomancer over our register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import cryptography.x509 as cx509
from asn1crypto import crl, keys, ocsp, tsp, x509
from certomancer.services import (
    RevocationInfoInterface,
    SimpleOCSPResponder,
    TimeStamper,
    choose_signed_digest,
)
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from signing.devpki.authority import Authority, Member
from signing.devpki.register import Reason, Register, Revocation
from signing.trust import DEVELOPMENT_POLICY_OID

_OCSP_VALIDITY = timedelta(hours=1)
_CRL_VALIDITY = timedelta(days=1)
_REASON_FLAGS = {
    Reason.KEY_COMPROMISE: cx509.ReasonFlags.key_compromise,
    Reason.AFFILIATION_CHANGED: cx509.ReasonFlags.affiliation_changed,
    Reason.SUPERSEDED: cx509.ReasonFlags.superseded,
    Reason.CESSATION_OF_OPERATION: cx509.ReasonFlags.cessation_of_operation,
}


def _parts(member: Member, digest: str) -> tuple[Any, Any, Any]:
    """Certificate, key and signature algorithm in asn1crypto's types."""
    certificate = x509.Certificate.load(member.der)
    return certificate, keys.PrivateKeyInfo.load(member.pkcs8), choose_signed_digest(digest, certificate.public_key)


def _crl(issuer: Member, at: datetime, revoked: Iterable[Revocation]) -> bytes:
    """A complete CRL (RFC 5280 §5), numbered by the second of its making so that numbers only grow."""
    moment = at.replace(microsecond=0)
    builder = (
        cx509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(moment)
        .next_update(moment + _CRL_VALIDITY)
        .add_extension(cx509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(cx509.CRLNumber(int(moment.timestamp())), critical=False)
    )
    for revocation in revoked:
        entry = cx509.RevokedCertificateBuilder().serial_number(revocation.serial).revocation_date(revocation.at)
        if revocation.reason is not Reason.UNSPECIFIED:
            entry = entry.add_extension(cx509.CRLReason(_REASON_FLAGS[revocation.reason]), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA384()).public_bytes(Encoding.DER)


class _Status(RevocationInfoInterface):
    """The register behind certomancer's responder; a serial number never issued is "unknown" (RFC 6960 §2.2)."""

    def __init__(self, issuer: Any, register: Register) -> None:
        self._issuer = issuer
        self._register = register

    def get_issuer_cert(self) -> Any:
        return self._issuer

    def check_revocation_status(self, cid: Any, at_time: datetime) -> tuple[Any, list[Any]]:
        serial = cid["serial_number"].native
        found = self._register.revocation(serial, at_time)
        if found is not None:
            info = {"revocation_time": found.at, "revocation_reason": crl.CRLReason(str(found.reason))}
            return ocsp.CertStatus(name="revoked", value=ocsp.RevokedInfo(info)), []
        return ocsp.CertStatus("good" if self._register.issued(serial) else "unknown"), []


class PkiServices:
    """Pure functions from request bytes and time to answer bytes; ``ValueError`` for requests that cannot be read."""

    def __init__(self, authority: Authority, register: Register) -> None:
        self._register = register
        self._authority = authority
        self._issuing = x509.Certificate.load(authority.issuing.der)
        self._ocsp, self._ocsp_key, self._ocsp_algorithm = _parts(authority.ocsp, "sha256")
        self._tsa, self._tsa_key, self._tsa_algorithm = _parts(authority.tsa, "sha256")
        for member in (authority.ocsp, authority.tsa):
            register.add(member.certificate.serial_number, member.der)

    def answer_ocsp(self, request: bytes, at: datetime) -> bytes:
        """``at``: UTC, becomes thisUpdate."""
        parsed = ocsp.OCSPRequest.load(request, strict=True)
        responder = SimpleOCSPResponder(
            responder_cert=self._ocsp,
            responder_key=self._ocsp_key,
            signature_algo=self._ocsp_algorithm,
            at_time=at.replace(microsecond=0),
            revinfo_interface=_Status(self._issuing, self._register),
            validity=_OCSP_VALIDITY,
        )
        return bytes(responder.build_ocsp_response(parsed).dump())

    def answer_tsa(self, request: bytes, at: datetime) -> bytes:
        """A time-stamp response (RFC 3161) for ``at``."""
        parsed = tsp.TimeStampReq.load(request, strict=True)
        stamper = TimeStamper(
            tsa_cert=self._tsa,
            tsa_key=self._tsa_key,
            signature_algo=self._tsa_algorithm,
            certs_to_embed=[self._issuing],
            fixed_dt=at.replace(microsecond=0),
            policy=tsp.ObjectIdentifier(DEVELOPMENT_POLICY_OID),
        )
        return bytes(stamper.request_tsa_response(parsed).dump())

    def issuing_crl(self, at: datetime) -> bytes:
        """CRL of persons, seals and services."""
        return _crl(self._authority.issuing, at, self._register.revocations(at))

    def root_crl(self, at: datetime) -> bytes:
        """CRL of the root, always empty: the issuing CA of a development PKI is not revoked but thrown away."""
        return _crl(self._authority.root, at, ())

    def certificate(self, name: str) -> bytes | None:
        """DER of "root" or "issuing"."""
        found = {"root": self._authority.root, "issuing": self._authority.issuing}.get(name)
        return None if found is None else found.der
