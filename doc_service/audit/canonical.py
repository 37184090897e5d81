"""One byte form of an event everywhere (RFC 8785): what is recorded, hashed and exported is the same bytes."""

from __future__ import annotations

from typing import Any

import rfc8785

from doc_service.domain.audit_events import AuditEvent


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes; raises ``rfc8785.CanonicalizationError`` for what JSON cannot hold exactly
    (integers beyond ±(2**53 - 1), NaN, lone surrogates, keys that are not text)."""
    return rfc8785.dumps(value)


def canonical_event(event: AuditEvent) -> bytes:
    """The bytes that persistence stores with the event and whose leaf hash enters the tree."""
    return canonical_json(event.as_json())
