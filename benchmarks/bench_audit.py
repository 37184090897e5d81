"""The audit log on SQLite: events appended, sequenced and verified per second.

``make bench`` prints the figures; a verification rate below the append rate would mean that an audit cannot keep up.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from doc_service.audit.export import LogExporter
from doc_service.audit.keys import Ed25519Signer
from doc_service.audit.log import MerkleLog
from doc_service.audit.merkle import TileCache, inclusion_proof
from doc_service.audit.offline.verify_audit import Trust, verify_export
from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from signing.api import SigningError
from storage.filesystem import FilesystemStore

_PROOFS = 50


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class _NoAuthority:
    def stamp(self, digest: bytes) -> bytes:
        raise SigningError("signing.tsa_unavailable", retryable=True)


def _event(number: int) -> AuditEvent:
    details = {"revision": number % 7, "sha256": f"{number:064x}", "field": "imza3", "level": "B-T"}
    at = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=number)
    return AuditEvent(f"{number:032x}", at, "p17", Action.SIGNATURE_COMPLETED, "document", f"d{number % 500}", details)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _record(units: SqlUnitOfWorkFactory, first: int, last: int, batch: int) -> None:
    for start in range(first, last, batch):
        with units() as unit:
            for number in range(start, min(start + batch, last)):
                unit.audit.append(_event(number))
            unit.commit()


def _prove(store: SqlLogStore, size: int, count: int) -> None:
    for number in range(count):
        inclusion_proof(TileCache(store), number * size // count, size)


def run(count: int = 20_000, single: int = 300, url: str = "") -> dict[str, float]:
    """Figures per second, but ``proof_ms``: milliseconds for one inclusion proof. ``count``: events recorded in
    transactions of 100; ``single``: events recorded in a transaction each, as use cases do. ``url``: an empty database;
    none: SQLite in a temporary place."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = make_engine(url or f"sqlite:///{folder / 'bench.sqlite'}")
        migrate(engine)
        units, store = SqlUnitOfWorkFactory(engine), SqlLogStore(engine)
        signer = Ed25519Signer(Ed25519PrivateKey.generate())
        archive = FilesystemStore(folder / "archive", _Clock())
        log = MerkleLog(store, archive, signer, _NoAuthority(), _Clock(), log_id="bench", retention=timedelta(days=1))
        total = single + count
        one_by_one = _seconds(lambda: _record(units, 0, single, 1))
        batched = _seconds(lambda: _record(units, single, total, 100))
        sequencing = _seconds(log.sequence)
        log.checkpoint()
        checking = _seconds(log.verify)
        proving = _seconds(lambda: _prove(store, total, _PROOFS))
        exporting = _seconds(lambda: LogExporter(store, [signer.public_key], None)(folder / "export"))
        offline = _seconds(lambda: verify_export(folder / "export", Trust()))
        engine.dispose()
    return {
        "events": float(total),
        "append_per_second_one_a_transaction": single / one_by_one,
        "append_per_second_in_hundreds": count / batched,
        "sequence_per_second": total / sequencing,
        "append_and_sequence_per_second": count / (batched + sequencing * count / total),
        "verify_per_second": total / checking,
        "export_per_second": total / exporting,
        "offline_verify_per_second": total / offline,
        "proof_ms": 1000 * proving / _PROOFS,
    }


if __name__ == "__main__":
    for key, value in run().items():
        print(f"{key:40} {value:12,.1f}")
