"""What the agent is willing to sign: the signed attributes of one PAdES signature by its own certificate, nothing else.

A service (or a page in its name) that could have any bytes signed could have a login, a contract or a certificate
request signed. So the agent reads what it is given before the key sees it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from asn1crypto import cms, tsp

from doc_service.domain.errors import DomainError

_EXPECTED = {"content_type", "message_digest", "signing_certificate_v2"}
_LIMIT = 8192
_DIGEST_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}


@dataclass(frozen=True, slots=True)
class SignatureAttributes:
    """``document_digest``: of the prepared document's byte range, by the hash of ``algorithm``."""

    algorithm: str
    document_digest: bytes


def read_attributes(data: bytes, algorithm: str, certificate: bytes) -> SignatureAttributes:
    """Demands DER of exactly content-type (data), message-digest and signing-certificate-v2 that names ``certificate``
    (ETSI EN 319 142-1 §6.3; RFC 5035 §3). Raises ``DomainError`` "agent.not_a_signature" (part)."""
    size = _DIGEST_SIZES.get(algorithm.partition("_")[0])
    if size is None:
        raise _refusal("algorithm")
    values = _parse(data)
    if values["content_type"] != "data":
        raise _refusal("content-type")
    digest = values["message_digest"]
    if not isinstance(digest, bytes) or len(digest) != size:
        raise _refusal("message-digest")
    if not _names(values["signing_certificate_v2"], certificate):
        raise _refusal("signing-certificate-v2")
    return SignatureAttributes(algorithm, digest)


def _parse(data: bytes) -> dict[str, object]:
    if len(data) > _LIMIT:
        raise _refusal("size")
    try:
        attributes = cms.CMSAttributes.load(data, strict=True)
        if attributes.dump(force=True) != data:
            raise _refusal("encoding")
        found = {str(a["type"].native): _single(a) for a in attributes}
        count = len(attributes)
    except (ValueError, TypeError, KeyError):
        raise _refusal("encoding") from None
    if set(found) != _EXPECTED or count != len(_EXPECTED):
        raise _refusal("attributes")
    return found


def _single(attribute: cms.CMSAttribute) -> object:
    if len(attribute["values"]) != 1:
        raise _refusal("attributes")
    value = attribute["values"][0]
    return value if isinstance(value, tsp.SigningCertificateV2) else value.native


def _names(reference: object, certificate: bytes) -> bool:
    if not isinstance(reference, tsp.SigningCertificateV2) or len(reference["certs"]) != 1:
        return False
    only = reference["certs"][0]
    hashed = only["hash_algorithm"]["algorithm"].native == "sha256"
    return bool(hashed and only["cert_hash"].native == hashlib.sha256(certificate).digest())


def _refusal(part: str) -> DomainError:
    return DomainError("agent.not_a_signature", "", part=part)
