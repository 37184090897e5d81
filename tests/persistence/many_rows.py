"""Tens of thousands of rows in every table that grows: one real row each, multiplied by the database itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Engine, text

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.substitution import Substitution
from doc_service.domain.visas import Visa
from doc_service.persistence.outages import SqlOutages
from doc_service.persistence.schema import metadata
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.system import RandomIds
from tests.persistence import samples

ROWS = 30_000
COPIES: Mapping[str, Mapping[str, str]] = {
    "meetings": {"id": "'m1'", "body_id": "'b' || (i % 50)", "opens_at": "{moment}"},
    "documents": {
        "id": "'d1'",
        "title": "'Protokol ' || i",
        "number": "'3-21-5/KQ-' || i || '/2026'",
        "search_text": "'3-21-5/kq-' || i || '/2026' || ' protokol ' || i",
        "state": "CASE i % 100 WHEN 0 THEN 'signing' WHEN 1 THEN 'draft' ELSE 'archived' END",
        "instrument": "CASE i % 50 WHEN 0 THEN 'reyestr' ELSE 'kq-protokol' END",
        "body_id": "'b' || (i % 50)",
        "created_at": "{moment}",
    },
    "document_revisions": {"document_id": "'d1'", "key": "'documents/' || i", "sha256": "'s' || i"},
    "visas": {
        "id": "'v1'",
        "document_id": "'d1'",
        "unit": "'unit ' || (i % 20)",
        "state": "CASE i % 50 WHEN 0 THEN 'pending' ELSE 'granted' END",
    },
    "substitutions": {"id": "'s1'", "absent_id": "'p' || i"},
    "journal_entries": {"document_id": "'d1'", "seq": "i", "year": "2000 + i % 26", "number": "'n' || i",
                        "registered_on": "{day}"},
    "signature_requests": {
        "id": "'r1'",
        "document_id": "'d1'",
        "signer_id": "'p' || (i % 300)",
        "state": "CASE i % 100 WHEN 0 THEN 'open' ELSE 'signed' END",
    },
    "evidence_objects": {"sha256": "'x' || i"},
    "people": {"id": "'p1'"},
    "organisations": {"id": "'t1'", "voen": "CAST(1000000000 + i AS TEXT)"},
    "cluster_participations": {"id": "'i1'", "state": "'left'"},
    "case_files": {"id": "'f1'", "owner_id": "'k' || (i % 300)", "key": "'files/' || i"},
    "identity_proofs": {
        "id": "'ip'",
        "request_id": "'r1'",
        "document_id": "'d1'",
        "certificate_sha256": "'c' || (i % 300)",
    },
    "webhook_deliveries": {
        "id": "'m1'",
        "seq": "i + 1",
        "event_id": "'e1'",
        "state": "CASE i % 500 WHEN 0 THEN 'pending' ELSE 'delivered' END",
    },
    "signing_records": {"request_id": "'r1'", "document_id": "'d1'", "signer_id": "'p' || (i % 300)"},
    "jobs": {
        "id": "'j1'",
        "key": "'key:j1'",
        "kind": "CASE i % 2 WHEN 0 THEN 'archive' ELSE 'render' END",
        "state": "CASE i % 300 WHEN 0 THEN 'ready' WHEN 1 THEN 'dead' ELSE 'done' END",
        "run_after": "{moment}",
    },
    "outages": {
        "id": "'o'",
        "component": "'c' || (i % 20)",
        "began_at": "{moment}",
        "ended_at": "CASE i % 1000 WHEN 0 THEN NULL ELSE {moment} END",
    },
    "audit_events": {
        "id": "'e1'",
        "seq": "CASE WHEN i < 29900 THEN i ELSE NULL END",
        "subject_id": "'d1'",
        "actor": "'p' || (i % 300)",
        "action": "CASE i % 100 WHEN 0 THEN 'document.archived' ELSE 'signature.completed' END",
        "at": "{moment}",
    },
}  # fmt: skip
"""By table, what differs from the row that is there; a quoted text is the beginning of an identifier."""

_MOMENT = {
    "sqlite": {
        "moment": "strftime('%Y-%m-%dT%H:%M:%S', 1767225600 + i * 60, 'unixepoch') || '.000000Z'",
        "day": "date(1767225600 + i * 3600, 'unixepoch')",
    },
    "postgresql": {
        "moment": "to_timestamp(1767225600 + i * 60)",
        "day": "CAST(to_timestamp(1767225600 + i * 3600) AS date)",
    },
}


def fill(engine: Engine) -> SqlUnitOfWorkFactory:
    units = samples.fill(engine)
    _one_of_each(engine, units)
    with engine.begin() as connection:
        for table, differs in COPIES.items():
            connection.execute(text(_copy(engine, table, differs)))
        nodes = f"{_SERIES} SELECT 8, i, leaf_hash FROM n, audit_events WHERE id = 'e1'"
        connection.execute(text(f"INSERT INTO audit_nodes (level, idx, hash) {nodes}"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return units


_SERIES = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})"


def _copy(engine: Engine, table: str, differs: Mapping[str, str]) -> str:
    columns = [column.name for column in metadata.tables[table].columns if column.name != "rowno"]
    values = [_value(differs.get(name, f"t.{name}"), engine.dialect.name) for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) {_SERIES} SELECT {', '.join(values)} FROM n, {table} t"


def _value(said: str, dialect: str) -> str:
    value = said.format(**_MOMENT[dialect])
    return f"{value} || '-' || i" if re.fullmatch(r"'[^']*'", value) else value


def _one_of_each(engine: Engine, units: SqlUnitOfWorkFactory) -> None:
    with units() as unit:
        for number in range(50):
            unit.bodies.add(samples.body(f"b{number}"))
        unit.meetings.add(samples.meeting())
        unit.documents.add_revision(samples.revision())
        unit.visas.add(Visa("v1", "d1", 1, "Hüquq şöbəsi"))
        days = (date(2026, 1, 1),) * 3
        unit.substitutions.add(Substitution("s1", "p1", samples.person(2), "12", *days))
        unit.journals.register(samples.JOURNAL, "d1", samples.NOW)
        unit.signatures.add(samples.request())
        unit.signing.add_record(samples.signing_record())
        samples.add_identity(unit)
        samples.add_cluster(unit)
        samples.add_webhook(unit)
        unit.jobs.enqueue(samples.job())
        unit.audit.append(AuditEvent("e1", samples.NOW, "p1", Action.DOCUMENT_REGISTERED, "document", "d1"))
        unit.commit()
    SqlOutages(engine, RandomIds()).open("tsa", "host-1", samples.NOW, "timeout")
