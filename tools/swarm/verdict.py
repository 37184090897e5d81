"""Whether each signature is there once, by the right person, and nobody was asked twice: read past the service."""

from __future__ import annotations

import subprocess
import tempfile
from typing import Any

from doc_service.bootstrap import Container
from tools.production import DATABASE, PROGRAM
from tools.swarm.questions import Operation, Questions, questions
from tools.swarm.run import Told, inside


def problems(told: Told) -> list[str]:
    """Everything that is wrong; empty when all holds. The documents must be archived."""
    assert told.parts.postgres is not None
    with told.parts.postgres.connect(DATABASE) as connection:

        def rows(query: str, *values: object) -> list[Any]:
            return connection.execute(query, values).fetchall()

        wanted = len(told.people) * len(told.documents)
        found = list(told.failures)
        found += _counts(rows, wanted)
        found += asked(told).problems
        found += [f"unexplained: {text}" for member in told.members for text in member.caller.unexplained]
    found += _files(told)
    done = subprocess.run(
        [PROGRAM, "audit", "verify"], env=told.parts.full_environment | {"DOC_SERVICE_DATA_DIR": str(told.parts.place)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found if done.returncode == 0 else [*found, f"audit verify: {done.stdout}{done.stderr}"]


def _counts(rows: Any, wanted: int) -> list[str]:
    """Requests, revisions, records and events, each once."""
    queries = {
        "requests signed": "SELECT count(*) FROM signature_requests WHERE state = 'signed'",
        "revisions": "SELECT count(*) FROM document_revisions WHERE kind = 'signature'",
        "fields": "SELECT count(DISTINCT (document_id, field)) FROM document_revisions WHERE kind = 'signature'",
        "signing records": "SELECT count(*) FROM signing_records",
        "completed events": "SELECT count(*) FROM audit_events WHERE action = 'signature.completed'",
        "agreements": "SELECT count(DISTINCT subject_id || actor) FROM audit_events"
        " WHERE action = 'signature.consented'",
    }
    return [f"{name}: {got} of {wanted}" for name, query in queries.items() if (got := rows(query)[0][0]) != wanted]


def asked(told: Told) -> Questions:
    """Of every operation in the database."""
    assert told.parts.postgres is not None
    with told.parts.postgres.connect(DATABASE) as connection:
        bodies = connection.execute("SELECT body FROM signing_operations ORDER BY rowno").fetchall()
        query = "SELECT subject_id, action FROM audit_events WHERE subject_type = 'signing_operation'"
        events = connection.execute(query).fetchall()
    return questions((Operation.of(body) for (body,) in bodies), [(str(name), str(action)) for name, action in events])


def _files(told: Told) -> list[str]:
    """Every newest revision, by the service's validator and by pdfsig."""
    with inside(told.parts, "judge") as service:
        return [found for name in told.documents for found in _file(service, told, name)]


def _file(service: Container, told: Told, name: str) -> list[str]:
    with service.work.uow.reading() as uow:
        head = uow.documents.get(name).head
    assert head is not None
    pdf = service.store.read(head.key)
    with tempfile.NamedTemporaryFile(prefix="swarm-", suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        seen = subprocess.run(["pdfsig", file.name], capture_output=True, text=True, check=False).stdout
    valid = seen.count("Signature Validation: Signature is Valid.")
    found = [] if valid == len(told.people) else [f"{name}: pdfsig finds {valid} valid signatures"]
    report = service.verify(pdf).report
    each = [(s.field, s.level, s.revocation, s.revocation_source, s.findings) for s in report.signatures]
    return found if report.valid else [*found, f"{name}: not valid: {report.findings} {each}"]
