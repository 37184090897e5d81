"""Whether anything was lost, doubled or is out of number: judged by reads of the database of our own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from minio.error import MinioException

from doc_service.bootstrap.background import regular_work
from doc_service.domain.errors import DomainError
from doc_service.settings import Settings
from tools.chaos.flock import is_protocol
from tools.chaos.objects import Archives, audit, objects, reserve, revisions, validators
from tools.chaos.stage import Stage

_ONCE = (
    "document.drafted", "document.submitted", "document.approved", "document.registered", "document.rendered",
    "signing.opened", "signing.completed", "document.extended", "document.in_force", "document.archived",
)  # fmt: skip
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Check:
    """``problem`` is "" when it holds; ``detail`` says what was counted."""

    name: str
    detail: str
    problem: str = ""


def judge(stage: Stage, settings: Settings, *, only: str = "") -> list[Check]:
    """Every check, in the order of the report; or ``only`` the one of that name."""
    place = Archives.of(stage.parts)
    with stage.connect() as connection:

        def rows(query: str, *values: object) -> Rows:
            return connection.execute(query, values).fetchall()

        checks: list[tuple[str, Callable[[], tuple[str, Sequence[str]]]]] = [
            ("documents", lambda: _documents(stage, rows)),
            ("numbers", lambda: _numbers(stage, rows)),
            ("signatures", lambda: _signatures(stage, rows)),
            ("revisions", lambda: revisions(stage, rows, place)),
            ("objects", lambda: objects(rows, place)),
            ("validators", lambda: validators(stage, rows, place, settings)),
            ("audit", lambda: _events(stage, rows, settings)),
            ("jobs", lambda: _jobs(stage, rows)),
            ("reserve", lambda: reserve(stage, place, settings)),
            ("outages", lambda: _outages(stage, rows)),
            ("errors", lambda: _errors(stage)),
        ]
        return [_checked(name, check) for name, check in checks if only in ("", name)]


def _checked(name: str, check: Callable[[], tuple[str, Sequence[str]]]) -> Check:
    try:
        detail, problems = check()
    except (psycopg.Error, MinioException, DomainError, OSError, LookupError, ValueError) as error:
        return Check(name, "", f"{type(error).__name__}: {error}")
    return Check(name, detail, "; ".join([*problems[:5], *(["…"] if len(problems) > 5 else [])]))


def _documents(stage: Stage, rows: Callable[..., Rows]) -> tuple[str, list[str]]:
    """Each is there once and archived."""
    states = dict(rows("SELECT id, state FROM documents"))
    problems = [f"{name} is {states.get(name, 'lost')}" for name in stage.names() if states.get(name) != "archived"]
    problems += [f"{name} is a stranger" for name in sorted(set(states) - set(stage.names()))]
    return f"{sum(state == 'archived' for state in states.values())} archived", problems


def _numbers(stage: Stage, rows: Callable[..., Rows]) -> tuple[str, list[str]]:
    """Each journal's numbers are 1 … n, each document has one, and document, entry and counter agree."""
    problems, entries = [], rows("SELECT journal, year, seq, number, document_id FROM journal_entries")
    journals: dict[tuple[str, int], list[int]] = {}
    for journal, year, seq, _, _ in entries:
        journals.setdefault((journal, year), []).append(seq)
    counters = {(journal, year): last for journal, year, last in rows("SELECT * FROM journal_counters")}
    for key, given in journals.items():
        if sorted(given) != list(range(1, len(given) + 1)) or counters.get(key) != len(given):
            problems.append(f"journal {key} has {len(given)} numbers up to {max(given)}, counter {counters.get(key)}")
    of_entry = sorted((document, number) for _, _, _, number, document in entries)
    of_document = sorted(rows("SELECT id, number FROM documents"))
    if of_entry != of_document:
        problems.append("numbers of documents and of journals differ")
    if len({(j, n) for j, _, _, n, _ in entries}) != stage.total:
        problems.append(f"{len(entries)} numbers for {stage.total} documents")
    return f"{len(entries)} in {len(journals)} journals", problems


def _signatures(stage: Stage, rows: Callable[..., Rows]) -> tuple[str, list[str]]:
    """As many as were requested, each field signed once by the person it is for."""
    requests = rows(
        "SELECT document_id, count(*), sum((state = 'signed')::int), count(DISTINCT field) FROM signature_requests "
        "GROUP BY document_id"
    )
    revised = dict(
        rows(
            "SELECT document_id, count(*) FROM document_revisions WHERE kind = 'signature' GROUP BY document_id"
        )
    )  # fmt: skip
    problems = [
        f"{name}: {signed} of {asked} signed, {fields} fields, {revised.get(name, 0)} revisions"
        for name, asked, signed, fields in requests
        if not asked == signed == fields == revised.get(name)
    ]
    alone = sum(1 for name, asked, _, _ in requests if asked == 1)
    if len(requests) != stage.total or alone != sum(not is_protocol(n) for n in range(stage.total)):
        problems.append(f"{len(requests)} documents have requests, {alone} of them one")
    return f"{sum(row[1] for row in requests)} signed", problems


def _events(stage: Stage, rows: Callable[..., Rows], settings: Settings) -> tuple[str, list[str]]:
    """Each event of a document's life once, one completed signature for each request; and the log verifies."""
    problems = []
    for action in _ONCE:
        counts = dict(
            rows(
                "SELECT subject_id, count(*) FROM audit_events WHERE action = %s AND subject_type = 'document' "
                "GROUP BY subject_id", action,
            )
        )  # fmt: skip
        odd = [name for name in stage.names() if counts.get(name, 0) != 1]
        problems += [f"{action} of {name}: {counts.get(name, 0)} times" for name in odd]
    completed = rows("SELECT count(*) FROM audit_events WHERE action = 'signature.completed'")[0][0]
    asked = rows("SELECT count(*) FROM signature_requests")[0][0]
    if completed != asked:
        problems.append(f"{completed} completed signatures in the log, {asked} requests")
    size, faults = audit(settings)
    return f"{size} events valid", [*problems, *faults]


def _jobs(stage: Stage, rows: Callable[..., Rows]) -> tuple[str, list[str]]:
    """None given up, none left, no lease, no message that brings anything back."""
    regular = {str(work.kind) for work in regular_work(Settings())}
    left = rows("SELECT kind, state, lease_token IS NOT NULL, last_error, key FROM jobs WHERE state <> 'done'")
    problems = [
        f"{kind} is {state}{' and leased' if leased else ''}: {error[:200]}"
        for kind, state, leased, error, key in left
        if not (state == "ready" and kind in regular and ":at:" in key)
    ]
    leased = rows("SELECT count(*) FROM jobs WHERE lease_token IS NOT NULL")[0][0]
    signing = rows("SELECT count(*) FROM signing_leases WHERE expires_at > now()")[0][0]
    if leased or signing:
        problems.append(f"{leased} leases of jobs, {signing} of signing are left")
    done, attempts = rows("SELECT count(*), coalesce(sum(attempts), 0) FROM jobs WHERE state = 'done'")[0]
    stage.found["jobs"], stage.found["job_attempts"] = done, int(attempts)
    stage.found["job_retries"] = int(attempts) + stage.outages_met()
    return f"{done} done", problems


def _outages(stage: Stage, rows: Callable[..., Rows]) -> tuple[str, list[str]]:
    """What was down for longer than the journal's threshold stands in it, with its end."""
    entered = rows("SELECT component, extract(epoch FROM ended_at - began_at)::int FROM outages ORDER BY began_at")
    known = {component for component, _ in entered}
    problems = [f"no outage of {component}" for component in sorted(stage.expected_outages - known)]
    problems += [f"the outage of {component} has no end" for component, seconds in entered if seconds is None]
    return ", ".join(f"{component} {seconds} s" for component, seconds in entered) or "none", problems


def _errors(stage: Stage) -> tuple[str, list[str]]:
    """Whatever a client was told has a code."""
    errors, unforeseen, repeated = stage.seen()
    stage.found["client_retries"] = sum(errors.values())
    stage.found["client_errors"] = dict(errors.most_common())
    stage.found["client_repeats"] = repeated
    return f"{sum(errors.values())} told to clients, each with a code", sorted(set(unforeseen))
