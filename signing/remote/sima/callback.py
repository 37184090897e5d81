"""What the phone sends back: a signed challenge, or a complete signed PDF."""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from signing.api import SigningError
from signing.cms_container import load_certificate, verify_raw
from signing.remote.sima.container import OperationType, parse_object
from signing.validate_der import is_ecdsa_signature

ALGORITHMS = frozenset({"ECDSA_SHA256", "SHA256WITHECDSA", "SHA256"})
"""Names seen for the one algorithm there is, in capitals."""

_MEMBERS = ("Type", "OperationId", "DataSignature", "SignedDataHash", "AlgName")


@dataclass(frozen=True, slots=True)
class Callback:
    """``signature``: DER ECDSA for a login, the whole signed file for a document. ``data_hash``: SHA-256 as told."""

    type: OperationType
    operation_id: str
    signature: bytes
    data_hash: bytes


def parse_callback(body: bytes) -> Callback:
    """Raises ``sima.bad_callback`` (member), ``sima.algorithm``."""
    members = parse_object(body, "sima.bad_callback")
    texts = {name: _text(members, name) for name in _MEMBERS}
    if texts["AlgName"].upper().replace("-", "") not in ALGORITHMS:
        raise SigningError("sima.algorithm", algorithm=texts["AlgName"][:40])
    if texts["Type"] not in {kind.value for kind in OperationType}:
        raise SigningError("sima.bad_callback", member="Type")
    return Callback(
        OperationType(texts["Type"]),
        texts["OperationId"],
        _bytes(texts, "DataSignature", lambda value: len(value) > 0),
        _bytes(texts, "SignedDataHash", lambda value: len(value) == hashlib.sha256().digest_size),
    )


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value.isascii():
        raise SigningError("sima.bad_callback", member=name)
    return value


def _bytes(texts: Mapping[str, str], name: str, right: Callable[[bytes], bool]) -> bytes:
    try:
        value = b64decode(texts[name], validate=True)
    except (ValueError, binascii.Error):
        raise SigningError("sima.bad_callback", member=name) from None
    if not right(value):
        raise SigningError("sima.bad_callback", member=name)
    return value


def require_operation(callback: Callback, kind: OperationType, operation_id: str) -> None:
    """Raises ``sima.other_operation`` for the answer to something else."""
    if callback.type is not kind or callback.operation_id != operation_id:
        raise SigningError("sima.other_operation")


def require_hash(callback: Callback, *allowed: bytes) -> None:
    """``SignedDataHash`` must be one of these SHA-256 digests. Raises ``sima.signed_hash``."""
    if not any(hmac.compare_digest(callback.data_hash, digest) for digest in allowed):
        raise SigningError("sima.signed_hash")


def judge_challenge(callback: Callback, challenge: bytes, certificate: bytes) -> None:
    """The challenge must be signed by the key of ``certificate``. Raises ``sima.signed_hash``,
    ``sima.bad_challenge_signature``."""
    require_hash(callback, hashlib.sha256(challenge).digest())
    if not is_ecdsa_signature(callback.signature):
        raise SigningError("sima.bad_challenge_signature")
    try:
        verify_raw(load_certificate(certificate), "sha256_ecdsa", challenge, callback.signature)
    except SigningError:
        raise SigningError("sima.bad_challenge_signature") from None
