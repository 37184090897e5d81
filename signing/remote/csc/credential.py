"""A credential as the service describes it (clause 11.5): the certificate, its chain, and how it is authorised."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from signing.api import SigningError
from signing.cms_container import load_certificate, signature_algorithm
from signing.remote.csc.provider import sign_algorithms

EXPLICIT = "explicit"
CODE = "oauth2code"
_LARGEST_BATCH = 500


@dataclass(frozen=True, slots=True)
class Factor:
    """Something the person proves. ``kind``: an authentication type of clause 8.3; ``id`` as the service names it;
    ``entered``: typed here; ``challenge``: must be asked for first; ``optional``."""

    id: str
    kind: str
    label: str
    numeric: bool = False
    optional: bool = False

    @property
    def entered(self) -> bool:
        return not self.kind.endswith("OOB")

    @property
    def challenge(self) -> bool:
        return self.kind == "ChallengeResponse"


@dataclass(frozen=True, slots=True)
class Credential:
    """``bound``: an authorisation covers exactly the hashes it was asked for (SCAL2). ``sign_algorithm``: OID to ask
    for."""

    id: str
    certificate: bytes
    chain: tuple[bytes, ...]
    algorithm: str
    sign_algorithm: str
    mode: str
    factors: tuple[Factor, ...]
    bound: bool
    batch: int


def parse(credential_id: str, content: Mapping[str, Any], mode: str, factors: Sequence[Factor]) -> Credential:
    """What both versions say alike. Raises "csc.no_credential" for a key that is disabled or a certificate that is
    not valid, "csc.unsupported_mode", "csc.unsupported_algorithm", "signing.remote_bad_answer", and
    "signing.bad_certificate" / "signing.unsupported_key" for the certificate itself."""
    key, cert = _part(content, "key"), _part(content, "cert")
    if key.get("status") != "enabled" or cert.get("status", "valid") != "valid":
        raise SigningError("csc.no_credential")
    if mode not in (EXPLICIT, CODE):
        raise SigningError("csc.unsupported_mode", mode=mode)
    first, *others = [_der(text) for text in _texts(cert, "certificates")]
    algorithm = signature_algorithm(load_certificate(first))
    offered = _texts(key, "algo")
    wanted = next((oid for oid in sign_algorithms(algorithm) if oid in offered), None)
    if wanted is None:
        raise SigningError("csc.unsupported_algorithm", algorithm=algorithm)
    return Credential(
        id=credential_id,
        certificate=first,
        chain=tuple(others),
        algorithm=algorithm,
        sign_algorithm=wanted,
        mode=mode,
        factors=tuple(factors),
        bound=str(content.get("SCAL", "1")) == "2",
        batch=max(1, min(_whole(content.get("multisign", 1)), _LARGEST_BATCH)),
    )


def _part(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = content.get(name)
    if not isinstance(found, Mapping):
        raise SigningError("signing.remote_bad_answer", why=f"no {name}")
    return found


def _texts(content: Mapping[str, Any], name: str) -> list[str]:
    found = content.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(item, str) for item in found):
        raise SigningError("signing.remote_bad_answer", why=f"no {name}")
    return found


def _der(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SigningError("signing.remote_bad_answer", why="a certificate is no Base64") from None


def _whole(value: object) -> int:
    """Old services give numbers as texts."""
    try:
        return int(str(value))
    except ValueError:
        raise SigningError("signing.remote_bad_answer", why="multisign is no number") from None
