"""One record a signature: what was shown, agreed to, authenticated, prepared and signed belong together (DESIGN 7)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from doc_service.domain.audit_events import timestamp
from doc_service.domain.authentication import Authentication


@dataclass(frozen=True, slots=True)
class SigningRecord:
    """Never changed. All digests are SHA-256 in hex; ``signature`` is the raw signature in Base64, ``revision_sha256``
    the file that carries it. ``consent_authentication``: of the moment of agreeing, ``authentication``: of signing.
    ``way``: the way to sign, e.g. "agent", "sima"; ``consent_text``: what the person agreed to, word for word.
    ``identity_proof``: what the certificate was judged by ("": none kept)."""

    request_id: str
    document_id: str
    field: str
    signer_id: str
    substitution_id: str | None
    basis: str
    shown_sha256: str
    consented_at: datetime
    consent_text: str
    consent_authentication: Authentication
    way: str
    authentication: Authentication
    base_sha256: str
    prepared_sha256: str
    prepared_at: datetime
    signature_algorithm: str
    signature: str
    signature_sha256: str
    certificate_sha256: str
    certificate_serial: str
    identity_proof: str
    revision: int
    revision_sha256: str
    level: str
    signed_at: datetime

    def as_json(self) -> dict[str, Any]:
        """JSON values only; moments as everywhere in the log."""
        return _plain(asdict(self))

    @property
    def sha256(self) -> str:
        """Of the canonical JSON (keys sorted, no blanks, UTF-8: RFC 8785 for texts, whole numbers and None). The audit
        event of the signature names it, so the log's proofs cover the record."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: object) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    return _plain(value) if isinstance(value, dict) else value
