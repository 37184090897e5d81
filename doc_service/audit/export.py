"""The log as files that anybody can check without this service (002 §7.1.6), and proofs for single subjects."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from doc_service.audit.merkle import TileCache, inclusion_proof
from doc_service.audit.offline.verify_audit import (
    PROOF_FORMAT,
    fingerprint,
    read_checkpoint,
    write_public_key,
)
from doc_service.audit.store import CheckpointRecord, LoggedEvent, LogStore
from doc_service.domain.errors import ConflictError, NotFoundError

_PAGE = 2000
_README = """\
Audit jurnalının ixracı / Export of the audit log

Jurnal / log: {log}
Hadisələr / events: {size}
Kök / root: {root}
Açarın barmaq izi / fingerprint of the key: {fingerprints}

events.jsonl          hadisələr, kanonik JSON (RFC 8785), hər sətirdə biri, jurnal ardıcıllığı ilə
                      events, canonical JSON (RFC 8785), one a line, in the order of the log
leaves.txt            hər hadisənin heşi (RFC 9162) / leaf hash of each event (RFC 9162)
checkpoints/*.json    imzalanmış nəzarət nöqtələri (Ed25519) / signed tree heads (Ed25519)
checkpoints/*.tsr     onların vaxt göstəriciləri (RFC 3161) / their time stamps (RFC 3161)
proofs/*.json         bir sənədin hadisələri üçün sübutlar / proofs for the events of one document
public_key.pem        nəzarət nöqtələrini imzalayan açar / the key that signs the checkpoints
tsa_certificates.pem  vaxt göstəricisi xidmətinin sertifikatları / certificates of the time stamp authority
verify_audit.py       müstəqil yoxlayıcı (Python 3.9+) / independent verifier (Python 3.9+)

Yoxlamaq üçün / To check:

    python3 verify_audit.py .
    python3 verify_audit.py --proof proofs/NAME.json

Barmaq izini sizə başqa yolla verilmiş qiymətlə tutuşdurun; əvvəllər aldığınız nəzarət nöqtəsini --checkpoint ilə verin.
Sonuncu nəzarət nöqtəsinin vaxt göstəricisi hələ alınmayıbsa, bunu bilərək --allow-unstamped əlavə edin.
Compare the fingerprint with one that you were given on another way; pass checkpoints that you kept with --checkpoint.
When the last checkpoint still waits for its time stamp, say with --allow-unstamped that you know about it.
"""


class LogExporter:
    """``doc_service.ports.AuditExporter``. ``public_keys``: 32 raw bytes each, the present one first.
    ``tsa_certificates``: PEM of the time stamp authority and its issuers, or None."""

    def __init__(self, store: LogStore, public_keys: Sequence[bytes], tsa_certificates: str | None) -> None:
        self._store = store
        self._keys = tuple(public_keys)
        self._tsa = tsa_certificates

    def __call__(self, directory: Path, subject: tuple[str, str] | None = None) -> None:
        """Exports up to the last checkpoint: what came after it is proven by the next one. ``ConflictError``
        "audit.no_checkpoint" before the first, "audit.event_missing" when stored events do not reach it."""
        last = self.last_checkpoint()
        (directory / "checkpoints").mkdir(parents=True, exist_ok=True)
        self._write_events(directory, last.size)
        for record in self._store.checkpoints():
            if record.size <= last.size:
                _write_checkpoint(directory / "checkpoints", record)
        (directory / "public_key.pem").write_text(self.public_keys(), encoding="ascii")
        if self._tsa is not None:
            (directory / "tsa_certificates.pem").write_text(self._tsa, encoding="ascii")
        (directory / "verify_audit.py").write_bytes(verifier_source())
        (directory / "README.txt").write_text(self._readme(last), encoding="utf-8")
        if subject is not None:
            (directory / "proofs").mkdir(exist_ok=True)
            name = "".join(c if c.isalnum() or c in "-_" else "_" for c in f"{subject[0]}-{subject[1]}")
            (directory / "proofs" / f"{name}.json").write_bytes(self.prove(*subject))

    def prove(self, subject_type: str, subject_id: str) -> bytes:
        """A JSON document with the events about one subject, their inclusion proofs and the last checkpoint; it says
        nothing about anything else. ``NotFoundError`` "audit.no_events" when the checkpoint covers none."""
        return self.prove_under(self.last_checkpoint(), subject_type, subject_id)

    def prove_under(self, last: CheckpointRecord, subject_type: str, subject_id: str) -> bytes:
        """As ``prove``, under the checkpoint given."""
        events = [e for e in self._store.of_subject(subject_type, subject_id) if e.seq < last.size]
        if not events:
            raise NotFoundError("audit.no_events", "", subject=f"{subject_type} {subject_id}")
        tiles = TileCache(self._store)
        proof = {
            "format": PROOF_FORMAT,
            "subject": {"type": subject_type, "id": subject_id},
            "checkpoint": last.document.decode(),
            "time_stamp": base64.b64encode(last.timestamp).decode() if last.timestamp else None,
            "public_key": self.public_keys(),
            "tsa_certificates": self._tsa,
            "events": [
                {
                    "seq": event.seq,
                    "event": event.canonical.decode(),
                    "proof": [h.hex() for h in inclusion_proof(tiles, event.seq, last.size)],
                }
                for event in events
            ],
        }
        return json.dumps(proof, ensure_ascii=False, indent=1).encode() + b"\n"

    def last_checkpoint(self) -> CheckpointRecord:
        """``ConflictError`` "audit.no_checkpoint"."""
        last = self._store.last_checkpoint()
        if last is None:
            raise ConflictError("audit.no_checkpoint")
        return last

    def _write_events(self, directory: Path, size: int) -> None:
        with (directory / "events.jsonl").open("wb") as events, (directory / "leaves.txt").open("wb") as leaves:
            for event in self._events(size):
                events.write(event.canonical + b"\n")
                leaves.write(event.leaf_hash.hex().encode() + b"\n")

    def _events(self, size: int) -> Iterator[LoggedEvent]:
        expected = 0
        while expected < size:
            page = self._store.events(expected, min(_PAGE, size - expected))
            if [event.seq for event in page] != list(range(expected, expected + len(page))) or not page:
                raise ConflictError("audit.event_missing", "", first=expected, last=size - 1)
            expected += len(page)
            yield from page

    def public_keys(self) -> str:
        """PEM, the present key first."""
        return "".join(write_public_key(key) for key in self._keys)

    def fingerprints(self) -> str:
        """Of the public keys, for people to compare."""
        return ", ".join(map(fingerprint, self._keys))

    @property
    def tsa_certificates(self) -> str | None:
        """PEM, as given."""
        return self._tsa

    def _readme(self, last: CheckpointRecord) -> str:
        return _README.format(
            log=read_checkpoint(last.document).log,
            size=last.size,
            root=last.root.hex(),
            fingerprints=self.fingerprints(),
        )


def verifier_source() -> bytes:
    """The verifier's own source, the very code that the service runs."""
    return resources.files("doc_service.audit.offline").joinpath("verify_audit.py").read_bytes()


def _write_checkpoint(directory: Path, record: CheckpointRecord) -> None:
    (directory / f"{record.size:012d}.json").write_bytes(record.document)
    if record.timestamp is not None:
        (directory / f"{record.size:012d}.tsr").write_bytes(record.timestamp)
