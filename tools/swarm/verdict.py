"""Whether each signature is there once, by the right person, and nobody was asked twice: read past the service."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tools.production import DATABASE, PROGRAM
from tools.swarm.run import Told


def problems(told: Told) -> list[str]:
    """Everything that is wrong; empty when all holds. The documents must be archived."""
    assert told.parts.postgres is not None
    with told.parts.postgres.connect(DATABASE) as connection:

        def rows(query: str, *values: object) -> list[Any]:
            return connection.execute(query, values).fetchall()

        wanted = len(told.people) * len(told.documents)
        found = list(told.failures)
        found += _counts(rows, wanted)
        found += _asked(rows, told)
        found += [f"unexplained: {text}" for member in told.members for text in member.caller.unexplained]
        found += [f for name in told.documents for f in _file(rows, told, name)]
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


def _asked(rows: Any, told: Told) -> list[str]:
    """The person's own device, once: again only after an operation that had timed out or lost its document."""
    most: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for person, state, body in rows("SELECT signer_id, state, body FROM signing_operations"):
        asked[person] += json.loads(body)["asked"]
        most[person] += state in ("done", "expired", "failed")
    return [
        f"{person} was asked {count} times by {told.ways[person]} in {most[person]} operations"
        for person, count in asked.items()
        if count > most[person]
    ]


def _file(rows: Any, told: Told, name: str) -> list[str]:
    """By pdfsig, and by the service's validator."""
    out = Path(tempfile.mkdtemp(prefix="swarm-file-")) / f"{name}.pdf"
    env = told.parts.full_environment | {"DOC_SERVICE_DATA_DIR": str(told.parts.place)}
    got = subprocess.run(
        [PROGRAM, "archive", "get", name, "--out", out], env=env, capture_output=True, text=True, check=False
    )
    if got.returncode:
        return [f"archive get {name}: {got.stderr}"]
    seen = subprocess.run(["pdfsig", out], capture_output=True, text=True, check=False).stdout
    valid = seen.count("Signature Validation: Signature is Valid.")
    found = [] if valid == len(told.people) else [f"{name}: pdfsig finds {valid} valid signatures"]
    verify = subprocess.run([PROGRAM, "verify", out], env=env, capture_output=True, text=True, check=False)
    return found if verify.returncode == 0 else [*found, f"{name}: verify: {verify.stdout[:800]}{verify.stderr[:300]}"]
