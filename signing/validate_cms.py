"""The signature container, pinned to the last byte.

No digest covers the /Contents of the last signature of a PDF, and most of a CMS SignedData (RFC 5652) is covered by no
signature either. So the container is built again from what *is* proven (the signed attributes, the encapsulated
content, certificates that verify, the signature value) and from what follows from it, and must come out the same, byte
for byte. What cannot be derived must not be there.
"""

from __future__ import annotations

from dataclasses import dataclass

from signing.validate_der import (
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    SET,
    NotCanonicalError,
    Tlv,
    is_ecdsa_signature,
    read_all,
    read_only,
    write,
)

NULL = b"\x05\x00"
MAX_CERTIFICATES = 32


def _oid(hexadecimal: str) -> bytes:
    return write(OID, bytes.fromhex(hexadecimal))


ID_DATA = _oid("2a864886f70d010701")
ID_SIGNED_DATA = _oid("2a864886f70d010702")
ID_TST_INFO = _oid("2a864886f70d0109100104")
ID_TIME_STAMP_TOKEN = _oid("2a864886f70d010910020e")
ID_ALGORITHM_PROTECTION = _oid("2a864886f70d010934")
_HASHES = {name: _oid(f"60864801650304020{n}") for name, n in (("sha256", 1), ("sha384", 2), ("sha512", 3))}
_HASH_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}
_MGF1 = _oid("2a864886f70d010108")
_PSS = _oid("2a864886f70d01010a")
ECDSA_ALGORITHMS = frozenset(write(SEQUENCE, _oid(f"2a8648ce3d04030{n}")) for n in (2, 3, 4))
_RSA_ALGORITHMS = frozenset(write(SEQUENCE, _oid(f"2a864886f70d01010{n}"), NULL) for n in ("b", "c", "d"))
_EDWARDS_ALGORITHMS = frozenset(write(SEQUENCE, _oid(f"2b65{n}")) for n in ("70", "71"))
_DIGEST_ALGORITHMS = frozenset(
    write(SEQUENCE, name, parameters) for name in _HASHES.values() for parameters in (b"", NULL)
)


def _pss(name: str, parameters: bytes) -> bytes:
    """RSASSA-PSS with salt as long as the hash and the same hash in MGF1 (RFC 4055, 3.1)."""
    digest = write(SEQUENCE, _HASHES[name], parameters)
    mask = write(SEQUENCE, _MGF1, digest)
    salt = write(INTEGER, bytes((_HASH_SIZES[name],)))
    return write(SEQUENCE, _PSS, write(SEQUENCE, write(0xA0, digest), write(0xA1, mask), write(0xA2, salt)))


_PSS_ALGORITHMS = frozenset(_pss(name, parameters) for name in _HASHES for parameters in (b"", NULL))
EXPLICIT_ALGORITHMS = _RSA_ALGORITHMS | ECDSA_ALGORITHMS | _EDWARDS_ALGORITHMS | _PSS_ALGORITHMS
"""Signature algorithms that name their hash, in their one encoding. "rsaEncryption" is not among them: beside
sha256WithRSAEncryption it means the same, so that a byte could change unseen."""


class ContainerError(Exception):
    """The container is refused: ``code`` of the finding and the ``part`` at fault."""

    def __init__(self, code: str, part: str) -> None:
        self.code = code
        self.part = part
        super().__init__(f"{code}: {part}")


@dataclass(frozen=True, slots=True)
class Container:
    """A SignedData with one signer, taken apart. Values are DER as they stand, ``signed`` without its tag and length.
    ``content``: encapsulated octets, None when detached. ``token``: the signature time stamp in the unsigned
    attributes, None when there is none."""

    content_type: bytes
    content: bytes | None
    certificates: tuple[bytes, ...]
    signer_id: bytes
    digest_algorithm: bytes
    signed: bytes
    signature_algorithm: bytes
    signature: bytes
    token: bytes | None

    def rebuilt(self, signer: CertificateParts) -> bytes:
        """The only encoding this container may have when ``signer`` signed."""
        by_name = self.signer_id[:1] == b"\x30"
        data = self.content_type == ID_DATA
        encapsulated = b"" if self.content is None else write(0xA0, write(OCTET_STRING, self.content))
        unsigned = b"" if self.token is None else write(0xA1, _attribute(ID_TIME_STAMP_TOKEN, self.token))
        signer_info = write(
            SEQUENCE,
            _version(1 if by_name else 3),
            signer.name_and_serial if by_name else signer.key_identifier,
            self.digest_algorithm,
            write(0xA0, self.signed),
            self.signature_algorithm,
            write(OCTET_STRING, self.signature),
            unsigned,
        )
        signed_data = write(
            SEQUENCE,
            _version(1 if data and by_name else 3),
            write(SET, self.digest_algorithm),
            write(SEQUENCE, self.content_type, encapsulated),
            write(0xA0, *self.certificates),
            write(SET, signer_info),
        )
        return write(SEQUENCE, ID_SIGNED_DATA, write(0xA0, signed_data))

    def signer(self) -> bytes:
        """DER of the signer's certificate: the one whose name and serial number (or key identifier) are the very bytes
        of the signer identifier. Raises ``ContainerError``."""
        for certificate in self.certificates:
            parts = CertificateParts.of(certificate)
            if self.signer_id in (parts.name_and_serial, parts.key_identifier):
                return certificate
        raise ContainerError("signing.cms_unexpected_part", "signerIdentifier")

    def require_pinned(self, encoded: bytes) -> None:
        """Raises ``ContainerError`` unless ``encoded`` follows from what is proven."""
        protected = _protected_algorithms(self.signed)
        if protected is None:
            if self.digest_algorithm not in _DIGEST_ALGORITHMS:
                raise ContainerError("signing.algorithm_not_pinned", "digestAlgorithm")
            if self.signature_algorithm not in EXPLICIT_ALGORITHMS:
                raise ContainerError("signing.algorithm_not_pinned", "signatureAlgorithm")
        elif protected != (self.digest_algorithm, self.signature_algorithm):
            raise ContainerError("signing.cms_not_canonical", "cmsAlgorithmProtection")
        if self.signature_algorithm in ECDSA_ALGORITHMS and not is_ecdsa_signature(self.signature):
            raise ContainerError("signing.cms_not_canonical", "signature")
        if len(set(self.certificates)) != len(self.certificates):
            raise ContainerError("signing.cms_unexpected_part", "certificates")
        if self.rebuilt(CertificateParts.of(self.signer())) != encoded:
            raise ContainerError("signing.cms_not_canonical", "SignedData")


@dataclass(frozen=True, slots=True)
class CertificateParts:
    """Of a certificate: what identifies it in a container, and what its issuer signed. Values are DER as they stand."""

    signed: bytes
    algorithm: bytes
    signature: bytes
    issuer: bytes
    subject: bytes
    name_and_serial: bytes
    key_identifier: bytes

    @staticmethod
    def of(certificate: bytes) -> CertificateParts:
        """Raises ``ContainerError`` when the certificate is not in its one encoding (RFC 5280, 4.1)."""
        try:
            body, algorithm, signature = read_only(certificate, SEQUENCE).children()
            fields = body.children()
            serial, inner, issuer, _validity, subject, _key, *others = fields[1:] if fields[0].tag == 0xA0 else fields
            key_identifier = _key_identifier(others)
        except (ValueError, IndexError) as fault:
            raise ContainerError("signing.cms_not_canonical", "certificate") from fault
        rewritten = write(SEQUENCE, body.raw, inner.raw, write(0x03, b"\x00", signature.body[1:]))
        if rewritten != certificate or algorithm.raw != inner.raw:
            raise ContainerError("signing.cms_not_canonical", "certificate")
        if algorithm.raw in ECDSA_ALGORITHMS and not is_ecdsa_signature(signature.body[1:]):
            raise ContainerError("signing.cms_not_canonical", "certificate")
        return CertificateParts(
            signed=body.raw,
            algorithm=inner.raw,
            signature=signature.body[1:],
            issuer=issuer.raw,
            subject=subject.raw,
            name_and_serial=write(SEQUENCE, issuer.raw, serial.raw),
            key_identifier=key_identifier,
        )


def parse_container(encoded: bytes) -> Container:
    """Takes a SignedData apart. Raises ``ContainerError``: not DER, several signers, parts that may not be there."""
    try:
        return _parse(encoded)
    except (ValueError, IndexError) as fault:
        raise ContainerError("signing.cms_not_canonical", "SignedData") from fault


def _parse(encoded: bytes) -> Container:
    _, wrapped = read_only(encoded, SEQUENCE).children()
    _, _, encapsulated, *rest = read_only(wrapped.body, SEQUENCE).children()
    if len(rest) != 2 or rest[0].tag != 0xA0:
        raise ContainerError("signing.cms_unexpected_part", "crls" if len(rest) > 2 else "certificates")
    signers = rest[1].children()
    if len(signers) != 1:
        raise ContainerError("signing.several_signers", "signerInfos")
    _, signer_id, digest, signed, algorithm, signature, *unsigned = signers[0].children()
    if signed.tag != 0xA0:
        raise ContainerError("signing.cms_unexpected_part", "signedAttrs")
    content_type, *content = encapsulated.children()
    certificates = rest[0].children()
    if len(certificates) > MAX_CERTIFICATES:
        raise ContainerError("signing.cms_unexpected_part", "certificates")
    return Container(
        content_type=content_type.raw,
        content=read_only(content[0].body, OCTET_STRING).body if content else None,
        certificates=tuple(certificate.raw for certificate in certificates),
        signer_id=signer_id.raw,
        digest_algorithm=digest.raw,
        signed=signed.body,
        signature_algorithm=algorithm.raw,
        signature=signature.body,
        token=_token(unsigned),
    )


def _token(unsigned: list[Tlv]) -> bytes | None:
    """The one unsigned attribute that may stand there: a signature time stamp (EN 319 122-1, 5.3)."""
    if not unsigned:
        return None
    attributes = unsigned[0].children()
    if len(unsigned) != 1 or len(attributes) != 1:
        raise ContainerError("signing.cms_unexpected_part", "unsignedAttrs")
    kind, values = attributes[0].children()
    tokens = values.children()
    if kind.raw != ID_TIME_STAMP_TOKEN or len(tokens) != 1:
        raise ContainerError("signing.cms_unexpected_part", "unsignedAttrs")
    return tokens[0].raw


def _protected_algorithms(signed: bytes) -> tuple[bytes, bytes] | None:
    """Digest and signature algorithm repeated under the signature (RFC 6211), None when they are not."""
    try:
        for attribute in read_all(signed):
            kind, values = attribute.children()
            if kind.raw == ID_ALGORITHM_PROTECTION:
                digest, signature = values.children()[0].children()
                return digest.raw, write(SEQUENCE, signature.body)
    except (NotCanonicalError, ValueError, IndexError) as fault:
        raise ContainerError("signing.cms_not_canonical", "signedAttrs") from fault
    return None


def _attribute(kind: bytes, value: bytes) -> bytes:
    return write(SEQUENCE, kind, write(SET, value))


def _version(number: int) -> bytes:
    return write(INTEGER, bytes((number,)))


def _key_identifier(others: list[Tlv]) -> bytes:
    """SignerIdentifier by subject key identifier (extension 2.5.29.14), b"" when the certificate has none."""
    wanted = _oid("551d0e")
    for part in others:
        if part.tag == 0xA3:
            for extension in read_only(part.body, SEQUENCE).children():
                name, *rest = extension.children()
                if name.raw == wanted:
                    return write(0x80, read_only(rest[-1].body, OCTET_STRING).body)
    return b""
