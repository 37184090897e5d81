"""What lies in the archive and in the reserve centre, read past the service; and what validators say of it."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from minio import Minio as Client

from doc_service.bootstrap import open_container
from doc_service.ports import Clock
from doc_service.settings import Settings
from tools.chaos.flock import is_protocol
from tools.chaos.stage import Stage
from tools.production import BUCKET, Parts
from tools.servers.minio import Minio

Rows = Sequence[tuple[Any, ...]]
SAMPLE = 40
SAMPLE_OF_PDFSIG = 10
_SHORTEST = timedelta(days=365)
_AGE = timedelta(hours=1)
_END = "!"
"""Ends every object's name, so that a key may begin with another."""
_PROOFS = "storage-check/"
"""What the proof of the store at start leaves behind: locked for a moment, in one centre only."""


@dataclass(frozen=True, slots=True)
class Archives:
    """Both buckets, as their administrator sees them."""

    primary: Client
    reserve: Client

    @classmethod
    def of(cls, parts: Parts) -> Archives:
        assert parts.minio is not None
        assert parts.reserve is not None
        return cls(_client(parts.minio), _client(parts.reserve))

    def read(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        """Bytes and headers of the primary's newest version."""
        answer = self.primary.get_object(BUCKET, key + _END)
        try:
            return answer.read(), answer.headers
        finally:
            answer.close()
            answer.release_conn()


def _client(server: Minio) -> Client:
    return Client(
        f"{server.address}:{server.port}", access_key=server.access_key, secret_key=server.secret_key, secure=False
    )


def revisions(stage: Stage, rows: Callable[..., Rows], place: Archives) -> tuple[str, list[str]]:
    """Numbered 1 … n: unsigned, the signatures, the extension. Each is in the archive with its SHA-256, locked in
    compliance mode, and begins with the bytes of the one before."""
    chains: dict[str, list[tuple[Any, ...]]] = {}
    query = "SELECT document_id, number, kind, key, sha256, size FROM document_revisions ORDER BY document_id, number"
    for row in rows(query):
        chains.setdefault(row[0], []).append(row)
    problems = []
    for name in stage.names():
        chain = chains.get(name, [])
        kinds = [row[2] for row in chain]
        if kinds != ["unsigned", *["signature"] * (len(kinds) - 2), "extension"]:
            problems.append(f"{name} consists of {kinds}")
        if len({row[1] - place_ for place_, row in enumerate(chain)}) > 1:
            problems.append(f"{name} has revisions {[row[1] for row in chain]}")
        problems += _chain(name, chain, place)
    return f"{sum(map(len, chains.values()))} chained and locked", problems


def _chain(name: str, chain: Sequence[tuple[Any, ...]], place: Archives) -> Iterator[str]:
    before = b""
    soonest = datetime.now(UTC) + _SHORTEST
    for _, number, _, key, sha256, size in chain:
        data, headers = place.read(key)
        if hashlib.sha256(data).hexdigest() != sha256 or len(data) != size or not key.endswith(sha256):
            yield f"{key} has other bytes than its revision"
        if not data.startswith(before):
            yield f"{name} revision {number} does not begin with the one before"
        until = headers.get("x-amz-object-lock-retain-until-date", "1970-01-01T00:00:00Z")
        if headers.get("x-amz-object-lock-mode") != "COMPLIANCE" or datetime.fromisoformat(until) < soonest:
            yield f"{key} is not locked: {headers.get('x-amz-object-lock-mode')} until {until}"
        before = data


def objects(rows: Callable[..., Rows], place: Archives) -> tuple[str, list[str]]:
    """One version of each object; what no revision refers to is counted (a sweep removes it)."""
    counts: dict[str, int] = {}
    for found in place.primary.list_objects(BUCKET, recursive=True, include_version=True):
        assert found.object_name is not None
        if not found.object_name.startswith(_PROOFS):
            key = found.object_name.removesuffix(_END)
            counts[key] = counts.get(key, 0) + 1
    known = {key for (key,) in rows("SELECT key FROM document_revisions")}
    problems = [f"{key} is lost" for key in sorted(known - set(counts))]
    problems += [f"{key} has {count} versions" for key, count in counts.items() if count != 1]
    orphans = sum(key.startswith("documents/") and key not in known for key in counts)
    return f"{len(counts)} once, {orphans} of them orphans", problems


def validators(
    stage: Stage, rows: Callable[..., Rows], place: Archives, settings: Settings
) -> tuple[str, list[str]]:  # fmt: skip
    """The service's validator on a sample, every protocol among it, and pdfsig on some of these."""
    protocols = [name for n, name in enumerate(stage.names()) if is_protocol(n)]
    others = [name for n, name in enumerate(stage.names()) if not is_protocol(n)]
    chosen = [*protocols, *stage.chance.sample(others, min(len(others), SAMPLE - len(protocols)))]
    heads: dict[str, bytes] = {}
    for name in chosen:
        query = "SELECT key FROM document_revisions WHERE document_id = %s ORDER BY number DESC LIMIT 1"
        heads[name] = place.read(rows(query, name)[0][0])[0]
    asked = dict(rows("SELECT document_id, count(*) FROM signature_requests GROUP BY document_id"))
    problems = []
    with _reading(settings) as service:
        for name, data in heads.items():
            report = service.verify(data).report
            signed = sum(s.kind == "signature" for s in report.signatures)
            if not report.valid or str(report.level) != "B-LTA" or signed != asked[name]:
                problems.append(f"{name} is {report.valid=} {report.level} with {signed} signatures")
    by_pdfsig = [*protocols[:1], *chosen[len(protocols) :]][:SAMPLE_OF_PDFSIG]
    for name in by_pdfsig:
        valid = _pdfsig(heads[name])
        if valid != asked[name]:
            problems.append(f"pdfsig finds {valid} valid signatures in {name} instead of {asked[name]}")
    return f"{len(heads)} B-LTA, {len(by_pdfsig)} by pdfsig", problems


def _pdfsig(data: bytes) -> int:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        done = subprocess.run(["pdfsig", "-nocert", file.name], capture_output=True, text=True, check=False)
    return done.stdout.count("Signature is Valid.")


def audit(settings: Settings) -> tuple[int, list[str]]:
    """Size of the log, and what its own verification finds."""
    with _reading(settings) as service:
        found = dict(service.audit.verify())
    return int(found["size"]), [str(fault) for fault in found["faults"]]


def reserve(stage: Stage, place: Archives, settings: Settings) -> tuple[str, list[str]]:
    """Both hold the same: by listing them, and by the service's own comparison. An object that was written when the
    writer was killed, or the database away, is announced to nobody and referred to by nothing: the sweep that runs
    two hours later takes such orphans out of both first."""
    stage.found["orphans_swept"] = _sweep(settings)
    stage.wait("following the sweep", lambda f: f.ready == 0, 120)
    primary, second = (
        {o.object_name: o.size for o in client.list_objects(BUCKET, recursive=True) if _is_ours(o.object_name)}
        for client in (place.primary, place.reserve)
    )
    problems = [f"{key} is in one centre only or differs" for key in sorted(set(primary) ^ set(second), key=str)]
    problems += [f"{key} has another size" for key, size in primary.items() if second.get(key, size) != size]
    with _reading(settings) as service:
        assert service.parts.reserve is not None
        compared = service.parts.reserve.reconcile(
            "operator", progress=lambda *_: None, tell=lambda finding: problems.append(str(finding))
        )
    if not compared.sound or compared.found:
        problems.append(f"reconcile: {compared.counts} {compared.stopped}")
    return f"{compared.equal} equal", problems


def _sweep(settings: Settings) -> int:
    with _reading(settings) as service:
        sweep = service.use_cases.sweep_orphans
        later = replace(sweep, work=replace(sweep.work, clock=_Later(sweep.work.clock)))
        return len(later(_AGE, "operator").going)


@dataclass(frozen=True, slots=True)
class _Later:
    clock: Clock

    def now(self) -> datetime:
        return self.clock.now() + 2 * _AGE


def _is_ours(name: str | None) -> bool:
    return name is not None and not name.startswith(_PROOFS)


@contextmanager
def _reading(settings: Settings) -> Iterator[Any]:
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    with open_container(settings, services=False) as service:
        yield service
