"""The CMS of a PAdES signature: signed attributes, the SignedData around a raw signature, its time stamp.

ETSI EN 319 142-1, 5.3 and 6.3: content-type, message-digest and signing-certificate-v2 are signed, signing-time is not
allowed (the time is /M), and there is exactly one SignerInfo. The digest of attributes and document is one and the same
(RFC 8933).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp, x509
from asn1crypto.parser import emit
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from signing.api import SigningError
from signing.trust import as_certificate

_HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_CURVES = {256: "sha256", 384: "sha384", 521: "sha512"}
_SMALLEST_RSA = 2048


def load_certificate(der: bytes) -> x509.Certificate:
    """Parses completely, so that no later step meets a broken part. Raises ``signing.bad_certificate``."""
    try:
        certificate = as_certificate(der)
        load_der_public_key(certificate.public_key.dump())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SigningError("signing.bad_certificate") from None
    return certificate


def signature_algorithm(certificate: x509.Certificate) -> str:
    """How this certificate's key signs, e.g. "sha256_ecdsa": the digest matches the strength of the curve (RFC 5753),
    and RSA takes SHA-256, which every card and token offers. Raises ``signing.unsupported_key``."""
    key = certificate.public_key
    if key.algorithm == "ec" and key.curve[0] == "named" and key.bit_size in _CURVES:
        return f"{_CURVES[key.bit_size]}_ecdsa"
    if key.algorithm == "rsa" and key.bit_size >= _SMALLEST_RSA:
        return "sha256_rsa"
    raise SigningError("signing.unsupported_key", algorithm=key.algorithm, bits=key.bit_size or 0)


def digest_name(algorithm: str) -> str:
    """The digest in e.g. "sha256_ecdsa"."""
    return algorithm.split("_", 1)[0]


def signed_attributes(
    document_digest: bytes, certificate: x509.Certificate, signing_time: datetime | None = None
) -> bytes:
    """DER of the attributes to sign (RFC 5652, 11.1 and 11.2; RFC 5035, 3): a SET in DER order, so the same input
    gives the same bytes. Encoded piece by piece, because asn1crypto takes 10 ms to build what is concatenation.
    ``signing_time``: CAdES baseline wants it among them (ETSI EN 319 122-1, 6.3), PAdES does not."""
    issuer = _sequence(
        _sequence(emit(2, 1, 4, certificate.issuer.dump())), core.Integer(certificate.serial_number).dump()
    )
    reference = _sequence(core.OctetString(imprint(certificate.dump())).dump(), issuer)
    attributes = [
        _encoded_attribute("content_type", cms.ContentType("data").dump()),
        _encoded_attribute("message_digest", core.OctetString(document_digest).dump()),
        _encoded_attribute("signing_certificate_v2", _sequence(_sequence(reference))),
    ]
    if signing_time is not None:
        moment = core.UTCTime(signing_time.astimezone(UTC).replace(microsecond=0))
        attributes.append(_encoded_attribute("signing_time", moment.dump()))
    return bytes(emit(0, 1, 17, b"".join(sorted(attributes))))


def _sequence(*parts: bytes) -> bytes:
    return bytes(emit(0, 1, 16, b"".join(parts)))


def _encoded_attribute(kind: str, value: bytes) -> bytes:
    return _sequence(cms.CMSAttributeType(kind).dump(), emit(0, 1, 17, value))


def verify_raw(certificate: x509.Certificate, algorithm: str, data: bytes, signature: bytes) -> None:
    """Raises ``signing.bad_signature`` unless ``signature`` over ``data`` was made by the certificate's key."""
    digest = _HASHES[digest_name(algorithm)]()
    key = load_der_public_key(certificate.public_key.dump())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(digest))
        else:
            raise SigningError("signing.unsupported_key", algorithm=certificate.public_key.algorithm, bits=0)
    except InvalidSignature:
        raise SigningError("signing.bad_signature") from None


def signed_data(
    attributes: bytes,
    signature: bytes,
    algorithm: str,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    token: bytes | None = None,
) -> bytes:
    """DER of detached SignedData with the signing certificate and its chain; self-signed roots stay out. ``token``
    becomes the signature time stamp (ETSI EN 319 122-1, 5.3); it goes in at the start, because asn1crypto takes 140 ms
    to encode a changed structure anew."""
    digest = algos.DigestAlgorithm({"algorithm": digest_name(algorithm)})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {
                    "issuer": certificate.issuer,
                    "serial_number": certificate.serial_number,
                }
            },
            "digest_algorithm": digest,
            "signature_algorithm": {"algorithm": algorithm},
            "signed_attrs": cms.CMSAttributes.load(attributes),
            "signature": signature,
            **({} if token is None else {"unsigned_attrs": [_time_stamp_attribute(token)]}),
        }
    )
    certificates = [certificate, *(c for c in chain if c.self_signed == "no" and c.dump() != certificate.dump())]
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": (digest,),
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices("certificate", c) for c in certificates],
            "signer_infos": (signer,),
        }
    )
    der: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return der


def _time_stamp_attribute(token: bytes) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": "signature_time_stamp_token", "values": (cms.ContentInfo.load(token),)})


def imprint(value: bytes) -> bytes:
    """SHA-256, what time stamps are asked for."""
    return hashlib.sha256(value).digest()


def time_stamp_info(token: bytes) -> tsp.TSTInfo:
    """The TSTInfo inside a time-stamp token. Raises ``ValueError`` when it is not one."""
    content = cms.ContentInfo.load(token, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("not SignedData")
    enclosed = content["content"]["encap_content_info"]
    if enclosed["content_type"].native != "tst_info":
        raise ValueError("not a time-stamp token")
    octets: core.ParsableOctetString = enclosed["content"]
    return tsp.TSTInfo.load(octets.native if isinstance(octets.native, bytes) else octets.parsed.dump(), strict=True)
