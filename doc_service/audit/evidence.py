"""The audit part of one document's evidence: its own events, proven, and nothing of anybody else's (002 §7.1.6)."""

from __future__ import annotations

import contextlib
from pathlib import Path

from doc_service.audit.export import LogExporter, verifier_source
from doc_service.audit.store import CheckpointRecord, LogStore
from doc_service.ports import AuditLog
from signing.api import SigningError

_README = """\
Audit jurnalından sübut / Proof from the audit log

{subject}
Hadisələr / events: {count}
Nəzarət nöqtəsi / checkpoint: {size}
Kök / root: {root}
Vaxt göstəricisi / time stamp: {stamp}
Açarın barmaq izi / fingerprint of the key: {fingerprints}

proof.json            bu sənədin hadisələri və hər birinin jurnalda olmasının sübutu (RFC 9162); özü-özlüyündə tamdır
                      the events of this document, each with the proof that it is in the log (RFC 9162); self-contained
checkpoint.json       imzalanmış nəzarət nöqtəsi (Ed25519) / the signed tree head (Ed25519)
checkpoint.tsr        onun vaxt göstəricisi (RFC 3161) / its time stamp (RFC 3161)
public_key.pem        nəzarət nöqtəsini imzalayan açar / the key that signs the checkpoint
tsa_certificates.pem  vaxt göstəricisi xidmətinin sertifikatları / certificates of the time stamp authority
verify_audit.py       müstəqil yoxlayıcı (Python 3.9+) / independent verifier (Python 3.9+)

Yoxlamaq üçün / To check:

    python3 verify_audit.py .{option}

Sübut göstərir ki, bu hadisələr nəzarət nöqtəsindən əvvəl jurnalda olub və o vaxtdan dəyişdirilməyib. Sənəd haqqında
başqa hadisənin olmamasını yalnız bütöv jurnalın ixracı göstərir (doc-service audit export). checkpoint.json faylını
saxlayın: bütöv jurnalı yoxlayanda onu --checkpoint ilə verin.
The proof shows that these events were in the log before the checkpoint and have not been changed since. That there are
no further events about the document is shown by an export of the whole log alone (doc-service audit export). Keep
checkpoint.json: give it with --checkpoint when you check the whole log.
"""


class SubjectProver:
    """``doc_service.ports.AuditProver`` over a log and its exporter."""

    def __init__(self, log: AuditLog, store: LogStore, exporter: LogExporter) -> None:
        self._log = log
        self._store = store
        self._exporter = exporter

    def __call__(self, directory: Path, subject: tuple[str, str]) -> None:
        """See the port. The checkpoint is the newest one that has a time stamp and covers every event of the subject;
        while the authority is out of reach or refuses, it is the last one, and the README says what is pending.
        ``NotFoundError`` "audit.no_events" for a subject without events."""
        checkpoint = self._checkpoint(subject)
        proof = self._exporter.prove_under(checkpoint, *subject)
        directory.mkdir(parents=True, exist_ok=True)
        files = {
            "proof.json": proof,
            "checkpoint.json": checkpoint.document,
            "checkpoint.tsr": checkpoint.timestamp,
            "public_key.pem": self._exporter.public_keys().encode("ascii"),
            "tsa_certificates.pem": (self._exporter.tsa_certificates or "").encode("ascii") or None,
            "verify_audit.py": verifier_source(),
            "README.txt": self._readme(checkpoint, subject),
        }
        for name, content in files.items():
            if content is not None:
                (directory / name).write_bytes(content)

    def _checkpoint(self, subject: tuple[str, str]) -> CheckpointRecord:
        self._log.sequence()
        needed = max((event.seq for event in self._store.of_subject(*subject)), default=-1) + 1
        if (found := self._stamped(needed)) is not None:
            return found
        with contextlib.suppress(SigningError):
            self._log.checkpoint()
        return self._stamped(needed) or self._exporter.last_checkpoint()

    def _stamped(self, needed: int) -> CheckpointRecord | None:
        last = self._store.last_checkpoint()
        if last is None or last.size < needed:
            return None
        if last.timestamp is not None:
            return last
        earlier = [c for c in self._store.checkpoints() if c.timestamp is not None and c.size >= needed]
        return earlier[-1] if earlier else None

    def _readme(self, checkpoint: CheckpointRecord, subject: tuple[str, str]) -> bytes:
        pending = checkpoint.timestamp is None
        return _README.format(
            subject=" ".join(subject),
            count=sum(event.seq < checkpoint.size for event in self._store.of_subject(*subject)),
            size=checkpoint.size,
            root=checkpoint.root.hex(),
            stamp="gözlənilir / pending" if pending else "checkpoint.tsr",
            fingerprints=self._exporter.fingerprints(),
            option=" --allow-unstamped" if pending else "",
        ).encode()
