"""Proving by trying: what a server and these credentials really refuse (``storage.check``).

Everything happens under ``storage-check/``; what is locked there is locked for ``LOCK`` only. Nothing that is tried can
harm the archive when it succeeds against expectation: the bucket's configuration is touched with documents that no
server accepts, versioning is switched back on.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from storage.api import ObjectInfo, StorageError
from storage.keys import PROOFS
from storage.report import CHECKS, CheckReport, Finding
from storage.s3.answers import RefusedError, whole_seconds

if TYPE_CHECKING:
    from storage.s3.store import S3Store

SCRATCH = PROOFS
LOCK = timedelta(seconds=90)
MAX_SKEW = timedelta(seconds=5)
"""Between a server's clock and ours; an answer's Date has whole seconds, and takes its time."""

_BODY = b"storage-check: this version must stay"
_OTHER = b"storage-check: this one must not replace it"
_BYPASS = {"x-amz-bypass-governance-retention": "true"}
_DENIED = (401, 403)
_VERSIONING = '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>{}</Status></VersioningConfiguration>'  # fmt: skip  # noqa: E501

Check = Callable[[], Finding]


class Probe:
    """One run; makes its own objects."""

    def __init__(self, store: S3Store) -> None:
        self._store = store
        self._bucket = store.bucket
        self._place = f"{SCRATCH}/{secrets.token_hex(8)}"
        self._locked_key = f"{self._place}/locked"
        self._server_time = store.clock.now()
        self._locked: ObjectInfo | None = None
        self._until = self._server_time

    def run(self) -> CheckReport:
        """Raises ``storage.unavailable``, ``storage.denied`` or ``storage.clock_skew`` when nothing can be tried."""
        clock_skew = self._clock_skew()
        self.sweep()
        failed = self._lock()
        findings = {
            "clock_skew": clock_skew,
            "checksum_mismatch": self._checksum_mismatch(),
            "change_bucket": self._change_bucket(),
            "suspend_versioning": self._suspend_versioning(),
        }
        if self._locked is not None:
            findings.update({finding.check: finding for finding in self._on_locked(self._locked)})
        ordered = tuple(findings.get(check, Finding(check, holds=False, detail=failed)) for check in CHECKS)
        self.sweep()
        return CheckReport(self._store.location.url, self._store.clock.now().astimezone(UTC), ordered)

    def sweep(self) -> None:
        """Removes what may be removed of earlier runs; the bucket's life-cycle rule removes it for credentials that may
        remove nothing."""
        for listed in self._bucket.listing(f"{SCRATCH}/"):
            if not listed.name:
                continue
            try:
                self._bucket.delete(listed.name, listed.version)
            except RefusedError as refusal:
                if refusal.status in _DENIED and "lock" not in refusal.message:
                    return

    def _lock(self) -> str:
        """Puts the object that all must leave alone; tells why that was not possible."""
        self._until = whole_seconds(self._server_time + LOCK)
        try:
            info = self._store.put_new(self._locked_key, _BODY, sha256=_sha(_BODY), retain_until=self._until)
        except StorageError as error:
            if error.code != "storage.unavailable" or "400" not in str(error.params["reason"]):
                raise
            return f"no object lock: {error.params['reason']}"
        if info.retain_until is None:
            return "retention was ignored"
        self._locked = info
        return ""

    def _on_locked(self, locked: ObjectInfo) -> Iterator[Finding]:
        yield self._overwrite(locked)
        yield self._versions_listed(locked)
        yield self._delete_locked_version(locked)
        yield self._bypass_governance(locked)
        yield self._shorten_retention(locked)
        yield self._downgrade_retention(locked)
        yield self._delete_marker(locked)
        yield self._legal_hold()

    def _overwrite(self, locked: ObjectInfo) -> Finding:
        conditional = _attempt(lambda: self._bucket.put(locked.key, _OTHER, _sha(_OTHER), None))
        plain = _attempt(lambda: self._bucket.put(locked.key, _OTHER, _sha(_OTHER), None, new=False))
        return Finding("overwrite", self._intact(locked), f"If-None-Match: {conditional}; without: {plain}")

    def _versions_listed(self, locked: ObjectInfo) -> Finding:
        found = self._store.versions(locked.key)
        holds = bool(found) and found[0].version == locked.version
        return Finding("versions_listed", holds, str(len(found)))

    def _delete_locked_version(self, locked: ObjectInfo) -> Finding:
        answer = _attempt(lambda: self._bucket.delete(locked.key, locked.version))
        return Finding("delete_locked_version", self._intact(locked), answer)

    def _bypass_governance(self, locked: ObjectInfo) -> Finding:
        """The lock must hold, and these credentials must not have the right to bypass the weaker mode either."""
        answer = _attempt(lambda: self._bucket.delete(locked.key, locked.version, headers=_BYPASS))
        key, weak = f"{self._place}/governance", ""
        with suppress(RefusedError):
            version = self._bucket.put(key, _BODY, _sha(_BODY), None)
            self._bucket.retain(key, version, self._until, "GOVERNANCE")
            weak = _attempt(lambda: self._bucket.delete(key, version, headers=_BYPASS))
        holds = self._intact(locked) and weak != _ACCEPTED
        return Finding("bypass_governance", holds, f"COMPLIANCE: {answer}; GOVERNANCE: {weak or 'not offered'}")

    def _shorten_retention(self, locked: ObjectInfo) -> Finding:
        sooner = self._until - LOCK / 3
        answer = _attempt(lambda: self._bucket.retain(locked.key, locked.version, sooner))
        return Finding("shorten_retention", self._still_retained(locked), answer)

    def _downgrade_retention(self, locked: ObjectInfo) -> Finding:
        answer = _attempt(lambda: self._bucket.retain(locked.key, locked.version, self._until, "GOVERNANCE"))
        return Finding("downgrade_retention", self._still_retained(locked), answer)

    def _delete_marker(self, locked: ObjectInfo) -> Finding:
        answer = _attempt(lambda: self._bucket.delete(locked.key))
        return Finding("delete_marker", self._intact(locked), answer)

    def _legal_hold(self) -> Finding:
        info = self._store.put_new(f"{self._place}/held", _BODY, sha256=_sha(_BODY))
        try:
            self._store.legal_hold(info.key, True, info.version)
        except StorageError as error:
            return Finding("legal_hold", holds=False, detail=str(error))
        answer = _attempt(lambda: self._bucket.delete(info.key, info.version))
        holds = self._intact(info) and self._store.stat(info.key, info.version).legal_hold
        with suppress(StorageError):
            self._store.legal_hold(info.key, False, info.version)
        return Finding("legal_hold", holds, answer)

    def _checksum_mismatch(self) -> Finding:
        key = f"{self._place}/mismatch"
        answer = _attempt(lambda: self._bucket.put(key, _OTHER, _sha(_BODY), None))
        return Finding("checksum_mismatch", answer != _ACCEPTED and not self._store.versions(key), answer)

    def _clock_skew(self) -> Finding:
        before = self._store.clock.now().astimezone(UTC)
        server = self._bucket.server_time()
        after = self._store.clock.now().astimezone(UTC)
        if server is None:
            return Finding("clock_skew", holds=False, detail="no Date")
        self._server_time = server
        skew = max(before - server, server - after, timedelta(0))
        return Finding("clock_skew", skew <= MAX_SKEW, f"{skew.total_seconds():.1f} s")

    def _change_bucket(self) -> Finding:
        """With a document that is no policy: whoever may not change it is told so before it is read."""
        status, answer = self._configure("policy", "storage-check is no policy")
        return Finding("change_bucket", status in _DENIED, answer)

    def _suspend_versioning(self) -> Finding:
        status, answer = self._configure("versioning", _VERSIONING.format("Neither"))
        if status in _DENIED:
            return Finding("suspend_versioning", holds=True, detail=answer)
        status, answer = self._configure("versioning", _VERSIONING.format("Suspended"))
        if status < 300:
            self._configure("versioning", _VERSIONING.format("Enabled"))
        return Finding("suspend_versioning", status >= 300, answer)

    def _configure(self, resource: str, document: str) -> tuple[int, str]:
        try:
            self._bucket.configure("", {resource: ""}, document)
        except RefusedError as refusal:
            return refusal.status, f"{refusal.status} {refusal.code}"
        return 200, _ACCEPTED

    def _intact(self, info: ObjectInfo) -> bool:
        """For a reader who names the version, and for one who does not."""
        try:
            return self._store.read(info.key, info.version) == self._store.read(info.key) == _BODY
        except StorageError as error:
            if error.code in ("storage.not_found", "storage.corrupt"):
                return False
            raise

    def _still_retained(self, locked: ObjectInfo) -> bool:
        head = self._bucket.head(locked.key, locked.version)
        until: datetime | None = head.info.retain_until
        return head.mode == "COMPLIANCE" and until is not None and until >= self._until


_ACCEPTED = "accepted"


def _attempt(action: Callable[[], object]) -> str:
    try:
        action()
    except RefusedError as refusal:
        return f"{refusal.status} {refusal.code}"
    return _ACCEPTED


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
