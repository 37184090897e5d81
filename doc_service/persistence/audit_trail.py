"""Events recorded in the transaction of the change that they describe (002 §7.1.15; DESIGN 11)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import Connection, select

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.persistence.dialect import insert_new
from doc_service.persistence.tables import audit_events

_LEAF_PREFIX = b"\x00"


class SqlAuditTrail:
    """``doc_service.ports.AuditTrail``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, event: AuditEvent) -> None:
        """Stores the event's RFC 8785 bytes and their leaf hash (RFC 9162 §2.1.1), without a place.

        Raises ``ConflictError`` "audit.event_exists"; ``DomainError`` "persistence.not_storable" for details that
        canonical JSON cannot hold.
        """
        try:
            canonical = rfc8785.dumps(event.as_json())
        except rfc8785.CanonicalizationError as error:
            raise DomainError("persistence.not_storable", "details", reason=str(error)) from error
        row = {
            "id": event.id,
            "at": event.at,
            "action": str(event.action),
            "subject_type": event.subject_type,
            "subject_id": event.subject_id,
            "actor": event.actor,
            "canonical": canonical,
            "leaf_hash": hashlib.sha256(_LEAF_PREFIX + canonical).digest(),
        }
        if not insert_new(self._connection, audit_events, row):
            raise ConflictError("audit.event_exists", "id", id=event.id)

    def of_subject(self, subject_type: str, subject_id: str) -> Sequence[AuditEvent]:
        """In the order of recording, whether they have a place yet or not."""
        rows = audit_events.c
        query = select(rows.canonical).where(rows.subject_type == subject_type, rows.subject_id == subject_id)
        return [read_event(json.loads(canonical)) for canonical in self._connection.scalars(query.order_by(rows.rowno))]


def read_event(content: dict[str, Any]) -> AuditEvent:
    """An event from its canonical content."""
    return AuditEvent(
        id=content["id"],
        at=datetime.fromisoformat(content["at"]),
        actor=content["actor"],
        action=Action(content["action"]),
        subject_type=content["subject"]["type"],
        subject_id=content["subject"]["id"],
        details=content["details"],
    )
