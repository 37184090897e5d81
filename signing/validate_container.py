"""Whether one container proves what it claims: signature value, message digest, algorithms, signing certificate."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from asn1crypto import cms, core, tsp, x509
from pyhanko.sign.general import CMSExtractionError, extract_certificate_info, extract_signer_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import get_signing_cert_attr, validate_sig_integrity

from signing.api import Finding
from signing.validate_cms import Container, ContainerError, parse_container
from signing.validate_pins import CertificatePins
from signing.validate_structure import FAULTS, SIGNATURE, TIME_STAMP

STRONG_DIGESTS = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
MIN_RSA_BITS = 2048
_CONTENT_TYPES = {SIGNATURE: "data", TIME_STAMP: "tst_info"}

Imprint = Callable[[str], bytes]
"""Digest, by the named algorithm, of the bytes that are signed or stamped."""


@dataclass(frozen=True)
class Examined:
    """A container and what it proves. ``intact``: the bytes are those that were signed, by the key of ``signer``.
    ``stamped``: time in a time-stamp token (RFC 3161, genTime). ``token``: DER of the signature time stamp, or None.
    ``value``: the signature value, over which a signature time stamp is made."""

    findings: tuple[Finding, ...]
    intact: bool = False
    signer: x509.Certificate | None = None
    others: tuple[x509.Certificate, ...] = ()
    signed_attributes: cms.CMSAttributes | None = None
    value: bytes = b""
    token: bytes | None = None
    stamped: datetime | None = None


def examine(encoded: bytes, kind: str, imprint: Imprint, pins: CertificatePins, *, pinned: bool) -> Examined:
    """Judges a container by itself; trust and time come later.

    ``pinned``: nothing else covers these bytes, so each of them must be provable (see ``validate_cms``)."""
    try:
        container = _container(encoded, pinned=pinned)
        examined = _examine(cms.ContentInfo.load(encoded, strict=True), kind, imprint)
    except ContainerError as fault:
        return Examined((Finding(fault.code, {"part": fault.part}),))
    except FAULTS:
        return Examined((Finding("signing.malformed_signature"),))
    loose = _loose_parts(container, encoded, pins) if pinned and container is not None else ()
    return replace(examined, findings=(*examined.findings, *loose))


def examine_stamp(signature: Examined, pins: CertificatePins, *, pinned: bool) -> Examined | None:
    """Judges the time stamp over the value of ``signature`` (RFC 3161, appendix A), None when it carries none."""
    if signature.token is None:
        return None
    imprint = partial(_digest, signature.value)
    return examine(signature.token, TIME_STAMP, imprint, pins, pinned=pinned)


def _digest(value: bytes, name: str) -> bytes:
    return hashlib.new(name, value).digest()


def _container(encoded: bytes, *, pinned: bool) -> Container | None:
    try:
        return parse_container(encoded)
    except ContainerError as fault:
        if pinned or fault.code == "signing.several_signers":
            raise
        return None


def _loose_parts(container: Container, encoded: bytes, pins: CertificatePins) -> tuple[Finding, ...]:
    """What in the container could be other than it is without being noticed."""
    try:
        container.require_pinned(encoded)
    except ContainerError as fault:
        return (Finding(fault.code, {"part": fault.part}),)
    if all(pins.proven(certificate, container.certificates) for certificate in container.certificates):
        return ()
    return (Finding("signing.certificate_not_proven"),)


def _examine(message: cms.ContentInfo, kind: str, imprint: Imprint) -> Examined:
    if message["content_type"].native != "signed_data":
        return Examined((Finding("signing.malformed_signature"),))
    signed_data: cms.SignedData = message["content"]
    try:
        signer_info = extract_signer_info(signed_data)
    except CMSExtractionError:
        return Examined((Finding("signing.several_signers"),))
    certificates = extract_certificate_info(signed_data)
    encapsulated = signed_data["encap_content_info"]
    signed_attributes = signer_info["signed_attrs"]
    if encapsulated["content_type"].native != _CONTENT_TYPES[kind] or signed_attributes is core.VOID:
        return Examined((Finding("signing.malformed_signature"),))
    findings = [*_weak(signer_info, certificates.signer_cert), *_signing_certificate(signed_attributes, kind)]
    digest_name = signer_info["digest_algorithm"]["algorithm"].native
    stamped = None
    if kind == TIME_STAMP:
        info: tsp.TSTInfo = encapsulated["content"].parsed
        stamped = info["gen_time"].native
        findings += _imprint_findings(info, imprint)
        digest = hashlib.new(digest_name, bytes(encapsulated["content"])).digest()
    elif encapsulated["content"] is not core.VOID:
        return Examined((Finding("signing.malformed_signature"),))
    else:
        digest = imprint(digest_name)
    verdict = _integrity(signer_info, certificates.signer_cert, _CONTENT_TYPES[kind], digest)
    findings += verdict
    return Examined(
        findings=tuple(findings),
        intact=not verdict and not any(f.code == "signing.digest_mismatch" for f in findings),
        signer=certificates.signer_cert,
        others=tuple(certificates.other_certs),
        signed_attributes=signed_attributes,
        value=signer_info["signature"].native,
        token=_time_stamp(signer_info),
        stamped=stamped,
    )


def _weak(signer_info: cms.SignerInfo, signer: x509.Certificate) -> list[Finding]:
    """SHA-1, MD5 and short keys prove nothing any more (ETSI TS 119 312)."""
    names = {signer_info["digest_algorithm"]["algorithm"].native}
    algorithm = signer_info["signature_algorithm"]
    if algorithm["algorithm"].native != "rsassa_pkcs1v15" and algorithm.signature_algo != "ed25519":
        names.add(algorithm.hash_algo if algorithm.signature_algo != "ed448" else "sha512")
    weak = [Finding("signing.weak_algorithm", {"algorithm": str(name)}) for name in sorted(names - STRONG_DIGESTS)]
    key = signer.public_key
    if key.algorithm in ("rsa", "dsa") and (key.algorithm == "dsa" or key.bit_size < MIN_RSA_BITS):
        weak.append(Finding("signing.weak_algorithm", {"algorithm": f"{str(key.algorithm).upper()}-{key.bit_size}"}))
    return weak


def _signing_certificate(signed: cms.CMSAttributes, kind: str) -> list[Finding]:
    """A signature names its certificate under the signature (EN 319 142-1, 6.3: signing-certificate-v2)."""
    names = {attribute["type"].native for attribute in signed}
    wanted = "signing_certificate_v2" if kind == SIGNATURE else "signing_certificate"
    if get_signing_cert_attr(signed) is None or (kind == SIGNATURE and wanted not in names):
        return [Finding("signing.signing_certificate_missing")]
    return []


def _imprint_findings(info: tsp.TSTInfo, imprint: Imprint) -> list[Finding]:
    stamped = info["message_imprint"]
    name = stamped["hash_algorithm"]["algorithm"].native
    if name not in STRONG_DIGESTS:
        return [Finding("signing.weak_algorithm", {"algorithm": str(name)})]
    if stamped["hashed_message"].native != imprint(name):
        return [Finding("signing.digest_mismatch")]
    return []


def _integrity(
    signer_info: cms.SignerInfo, signer: x509.Certificate, content_type: str, digest: bytes
) -> list[Finding]:
    try:
        intact, valid = validate_sig_integrity(signer_info, signer, content_type, digest)
    except SignatureValidationError:
        return [Finding("signing.signature_mismatch")]
    if not valid:
        return [Finding("signing.signature_mismatch")]
    return [] if intact else [Finding("signing.digest_mismatch")]


def _time_stamp(signer_info: cms.SignerInfo) -> bytes | None:
    """The signature time stamp; a second one makes the signature ambiguous (EN 319 142-1, 6.3)."""
    unsigned = signer_info["unsigned_attrs"]
    if unsigned is core.VOID:
        return None
    tokens = [
        value
        for attribute in unsigned
        if attribute["type"].native == "signature_time_stamp_token"
        for value in attribute["values"]
    ]
    if len(tokens) > 1:
        raise ContainerError("signing.cms_unexpected_part", "unsignedAttrs")
    return bytes(tokens[0].dump()) if tokens else None
