"""Rows as earlier schemas hold them (columns of revision 0001 alone), and that they are still there later."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Engine, MetaData, insert, select

from doc_service.audit.canonical import canonical_event
from doc_service.audit.offline.verify_audit import leaf_hash
from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.bodies import Body
from doc_service.domain.documents import Document
from doc_service.domain.signatures import SignatureRequest
from doc_service.persistence.codec import Codec
from doc_service.persistence.schema import metadata
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence import samples

NOW = samples.NOW


def _event(event: AuditEvent, seq: int | None) -> dict[str, Any]:
    canonical = canonical_event(event)
    return {
        "id": event.id, "seq": seq, "at": event.at, "action": str(event.action), "subject_type": event.subject_type,
        "subject_id": event.subject_id, "canonical": canonical, "leaf_hash": leaf_hash(canonical),
    }  # fmt: skip


def _rows() -> dict[str, list[dict[str, Any]]]:
    document, request = samples.document(), samples.request()
    first = AuditEvent("e1", NOW, "p1", Action.DOCUMENT_DRAFTED, "document", "d1", {"template": "ab"})
    second = AuditEvent("e2", NOW, "ə" * 200, Action.DOCUMENT_REGISTERED, "document", "d1")
    broken = _event(AuditEvent("broken", NOW, "p1", Action.DOCUMENT_REVISED, "document", "d1"), None)
    body = samples.body()
    return {
        "bodies": [{"id": "kq", "name": body.name, "version": 0, "body": Codec(Body).encode(body)}],
        "documents": [
            {
                "id": "d1", "instrument": document.instrument, "title": document.title, "number": None,
                "search_text": "\nprotokol", "state": str(document.state), "body_id": "kq", "meeting_id": None,
                "created_at": NOW, "version": 0, "body": Codec(Document).encode(replace(document, data={})),
                "data": json.dumps(dict(document.data), ensure_ascii=False),
            }
        ],
        "document_revisions": [{**asdict(samples.revision()), "kind": "signature"}],
        "journals": [asdict(samples.JOURNAL)],
        "journal_counters": [{"journal": "KQ", "year": 2026, "last_seq": 1}],
        "journal_entries": [
            {
                "journal": "KQ", "year": 2026, "seq": 1, "number": "3-21-5/KQ-1/2026", "document_id": "d1",
                "registered_on": NOW.date(), "annulled_reason": "",
            }
        ],
        "jobs": [
            {
                "id": "j1", "kind": "render", "key": "render:d1", "payload": '{"document_id":"d1"}', "state": "ready",
                "run_after": NOW, "attempts": 2, "lease_token": None, "lease_until": None,
                "last_error": "render.timeout",
            }
        ],
        "signature_requests": [
            {
                "id": "r1", "document_id": "d1", "signing_order": 1, "field": request.field,
                "signer_id": request.signer.id, "state": str(request.state), "version": 0,
                "body": Codec(SignatureRequest).encode(request),
            }
        ],
        "visas": [
            {
                "id": "v1", "document_id": "d1", "round": 1, "unit": "Hüquq şöbəsi", "state": "pending",
                "decided_by": None, "decided_at": None, "reason": "",
            }
        ],
        "audit_events": [_event(first, 0), _event(second, None), {**broken, "canonical": b"\xff{"}],
    }  # fmt: skip


def fill(engine: Engine) -> None:
    """By the tables as they are in the database now."""
    present = MetaData()
    present.reflect(engine)
    with engine.begin() as connection:
        rows = _rows()
        for table in metadata.sorted_tables:
            for row in rows.get(table.name, []):
                connection.execute(insert(table).values({**row, **_added_since(table.name, row, present)}))


def _added_since(name: str, row: dict[str, Any], present: MetaData) -> dict[str, Any]:
    """What the program of a later revision than 0001 writes besides."""
    if name != "audit_events" or "actor" not in present.tables[name].c:
        return {}
    try:
        return {"actor": json.loads(row["canonical"])["actor"]}
    except ValueError:
        return {}


def contents(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row, in the columns of revision 0001."""
    found: dict[str, list[dict[str, Any]]] = {}
    with engine.connect() as connection:
        for name, rows in _rows().items():
            columns = [metadata.tables[name].c[column] for column in rows[0]]
            found[name] = [dict(row) for row in connection.execute(select(*columns).order_by(columns[0])).mappings()]
    assert all(found.values())
    return found


def use(engine: Engine) -> None:
    """The program of now reads them and goes on from them."""
    units = SqlUnitOfWorkFactory(engine)
    with units() as unit:
        assert unit.documents.get("d1") == samples.document()
        assert unit.signatures.get("r1") == samples.request()
        assert [entry.seq for entry in unit.journals.entries("KQ", 2026)] == [1]
        assert unit.journals.register(samples.JOURNAL, "d1", NOW).seq == 1
        unit.documents.add(samples.document("d2"))
        assert unit.journals.register(samples.JOURNAL, "d2", NOW).seq == 2
        assert [job.attempts for job in unit.jobs.pending()] == [2]
        assert [visa.id for visa in unit.visas.of_document("d1")] == ["v1"]
        unit.commit()
