"""What the agent is willing to sign: the signed attributes of one PAdES signature by its own certificate, nothing else.

A service (or a page in its name) that could have any bytes signed could have a login, a contract or a certificate
request signed. So the agent takes the document's digest out of what it is given, writes the attributes itself, and
signs only when both are the same to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

from asn1crypto import cms

from doc_service.domain.errors import DomainError
from signing.cms_container import load_certificate, signed_attributes

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
    digest = _message_digest(data)
    if len(digest) != size:
        raise _refusal("message-digest")
    if signed_attributes(digest, load_certificate(certificate)) != data:
        raise _refusal("attributes")
    return SignatureAttributes(algorithm, digest)


def _message_digest(data: bytes) -> bytes:
    if len(data) > _LIMIT:
        raise _refusal("size")
    try:
        attributes = cms.CMSAttributes.load(data, strict=True)
        found = [a["values"].native for a in attributes if a["type"].native == "message_digest"]
    except (ValueError, TypeError, KeyError):
        raise _refusal("encoding") from None
    if len(found) != 1 or len(found[0]) != 1 or not isinstance(found[0][0], bytes):
        raise _refusal("message-digest")
    return bytes(found[0][0])


def _refusal(part: str) -> DomainError:
    return DomainError("agent.not_a_signature", "", part=part)
