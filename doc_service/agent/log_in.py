"""Log-in by the key: the agent signs the service's challenge only when it reads as one, for this service.

The text is lines: purpose, origin, end of validity, id, nonce. Its first byte is a letter, while signed attributes of a
document are DER (0x31): neither signature can ever be taken for the other.
"""

from __future__ import annotations

import re

from asn1crypto import x509

from doc_service.domain.errors import DomainError
from signing.api import SigningKey

PURPOSE = "doc-service: log-in"
_LIMIT = 1000
_WORD = re.compile(r"[A-Za-z0-9._:+-]{1,200}")
_CURVES = {256: "sha256_ecdsa", 384: "sha384_ecdsa", 521: "sha512_ecdsa"}


def require_challenge(text: bytes, origin: str) -> None:
    """Raises ``DomainError`` "agent.not_a_log_in" (part) unless ``text`` is a challenge of ``origin``."""
    try:
        lines = text.decode("ascii").split("\n") if len(text) <= _LIMIT else []
    except UnicodeDecodeError:
        lines = []
    if len(lines) != 6 or lines[0] != PURPOSE or lines[5] != "":
        raise DomainError("agent.not_a_log_in", "", part="form")
    if lines[1] != origin:
        raise DomainError("agent.not_a_log_in", "", part="origin")
    if not all(_WORD.fullmatch(word) for word in lines[2:5]):
        raise DomainError("agent.not_a_log_in", "", part="nonce")


def log_in_algorithm(certificate: bytes) -> str:
    """How the key signs a challenge: the hash of the curve's strength, or SHA-256 with RSA."""
    key = x509.Certificate.load(certificate).public_key
    return _CURVES.get(key.bit_size, "sha256_ecdsa") if key.algorithm == "ec" else "sha256_rsa"


def sign_challenge(text: bytes, origin: str, key: SigningKey) -> tuple[bytes, str]:
    """The signature and its algorithm. Raises as ``require_challenge``."""
    require_challenge(text, origin)
    algorithm = log_in_algorithm(key.certificate)
    return key.sign(text, algorithm), algorithm
