"""What is kept of the proof of a signer's identity, and the history of what the service trusted (602-IIQ; 002 §7.1.3).

A proof ties a request and the digest that was prepared for its signer to the certificate, its chain, the answers about
revocation and the moment of the check. Its id is the digest of all that, so that the audit event naming it fixes it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from doc_service.domain.audit_events import timestamp


class EvidenceKind(StrEnum):
    CERTIFICATE = "certificate"
    OCSP = "ocsp"
    CRL = "crl"


@dataclass(frozen=True, slots=True)
class IdentityProof:
    """Digests are hexadecimal SHA-256 of DER. ``bound_sha256``: what the check was made for (the signed attributes
    prepared, or the file that a phone returned). ``chain``: certificate first, anchor last. ``revocation``: "good" or
    "unknown" (nobody could be asked; the document's own validation data follow with its level)."""

    request_id: str
    document_id: str
    signer_id: str
    bound_sha256: str
    checked_at: datetime
    revocation: str
    chain: tuple[str, ...]
    responses: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    @property
    def certificate_sha256(self) -> str:
        return self.chain[0]

    @property
    def anchor_sha256(self) -> str:
        return self.chain[-1]

    @property
    def id(self) -> str:
        """SHA-256 of ``canonical``."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def canonical(self) -> bytes:
        """The record as JSON with sorted keys: texts and lists of texts alone, so RFC 8785 says the same."""
        content = {
            "request": self.request_id,
            "document": self.document_id,
            "signer": self.signer_id,
            "bound_sha256": self.bound_sha256,
            "checked_at": timestamp(self.checked_at),
            "revocation": self.revocation,
            "chain": self.chain,
            "responses": self.responses,
            "lists": self.lists,
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class AnchorPresence(StrEnum):
    """``present``: in the trust file of the processes that started. ``absent``: it was, and is no longer."""

    PRESENT = "present"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class AnchorRecord:
    """A trust anchor as a process found it when it started. Trust holds from ``added`` until the day before
    ``withdrawn``; None: open."""

    sha256: str
    label: str
    added: date | None
    withdrawn: date | None
    source: str
    reason: str
    development: bool = False
    presence: AnchorPresence = AnchorPresence.PRESENT


@dataclass(frozen=True, slots=True)
class AnchorEntry:
    """A line of the history: from ``recorded_at`` on the anchor stood as ``record`` says."""

    record: AnchorRecord
    recorded_at: datetime
