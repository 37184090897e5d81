"""``storage check``: a store proves what it promises, by being tried with the service's own credentials."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.api import ObjectInfo, StorageError
from storage.durable import os_errors
from storage.filesystem import Clock, FilesystemStore
from storage.report import CHECKS, CheckReport, Finding, require_proof
from storage.s3.probe import Probe
from storage.s3.store import S3Store

__all__ = ["CheckReport", "Finding", "check_directory", "check_store", "require_proof"]

_BODY = b"storage-check"
_MAX_SKEW = timedelta(seconds=5)
_UNKNOWN = "there is no such thing in a file system"


def check_store(store: S3Store) -> CheckReport:
    """Tries ``store`` and lets its ``capabilities`` say the result.

    Raises ``storage.unavailable``, ``storage.denied`` or ``storage.clock_skew`` when it could not be tried."""
    report = Probe(store).run()
    store.accept_proof(report)
    return report


def check_directory(root: Path, clock: Clock) -> CheckReport:
    """Tries a file-system store beside the one at ``root``, as the account that runs the service: what the store
    refuses, its owner can do to the files. The rest are promises of the store's own code, checked as well."""
    place = root / "work" / f"check-{secrets.token_hex(8)}"
    with os_errors(""):
        place.mkdir(parents=True)
        try:
            findings = _Directory(place, clock).run()
        finally:
            shutil.rmtree(place, ignore_errors=True)
    return CheckReport(root.absolute().as_uri(), clock.now().astimezone(UTC), findings)


class _Directory:
    def __init__(self, place: Path, clock: Clock) -> None:
        self._place = place
        self._clock = clock
        self._store = FilesystemStore(place, clock)

    def run(self) -> tuple[Finding, ...]:
        tries: dict[str, Callable[[ObjectInfo], str]] = {
            "overwrite": self._overwrite,
            "delete_locked_version": self._delete,
            "bypass_governance": self._forget,
            "shorten_retention": self._forget,
            "downgrade_retention": self._forget,
            "legal_hold": self._release,
            "change_bucket": self._change_directory,
        }
        found = {
            "checksum_mismatch": self._checksum_mismatch(),
            "clock_skew": self._clock_skew(),
            "versions_listed": self._versions_listed(),
            "delete_marker": Finding("delete_marker", holds=True, detail=_UNKNOWN),
            "suspend_versioning": Finding("suspend_versioning", holds=True, detail=_UNKNOWN),
        }
        for name, action in tries.items():
            detail = self._owner_can(name, action)
            found[name] = Finding(name, not detail, detail)
        return tuple(found[check] for check in CHECKS)

    def _owner_can(self, name: str, action: Callable[[ObjectInfo], str]) -> str:
        """What was done to a locked version; "" when the system refused, or the version did not suffer from it."""
        info = self._put(name)
        with suppress(OSError):
            return action(info)
        return ""

    def _put(self, key: str) -> ObjectInfo:
        until = self._clock.now() + timedelta(days=1)
        return self._store.put_new(key, _BODY, sha256=_sha(_BODY), retain_until=until)

    def _directory_of(self, info: ObjectInfo) -> Path:
        return self._place / "objects" / f"{info.key},v" / info.version

    def _overwrite(self, info: ObjectInfo) -> str:
        other = self._place / "other"
        other.write_bytes(b"other bytes !")
        os.replace(other, self._directory_of(info) / "data")  # noqa: PTH105
        return "" if self._store.verify(info.key) else "the file was replaced"

    def _delete(self, info: ObjectInfo) -> str:
        (self._directory_of(info) / "data").unlink()
        return "" if self._store.verify(info.key) else "the file was removed"

    def _forget(self, info: ObjectInfo) -> str:
        birth = self._directory_of(info) / "000000.json"
        text = birth.read_text(encoding="utf-8")
        birth.unlink()
        until = info.retain_until.isoformat() if info.retain_until else ""
        birth.write_text(text.replace(until, self._clock.now().isoformat()), encoding="utf-8")
        self._store.delete_version(info.key, info.version)
        return "the record of retention was rewritten"

    def _release(self, info: ObjectInfo) -> str:
        self._store.legal_hold(info.key, True)
        (self._directory_of(info) / "000001.json").unlink()
        return "" if self._store.stat(info.key).legal_hold else "the record of the hold was removed"

    def _change_directory(self, info: ObjectInfo) -> str:
        self._directory_of(info).chmod(0o777)
        return "permissions were changed"

    def _checksum_mismatch(self) -> Finding:
        try:
            self._store.put_new("mismatch", b"other", sha256=_sha(_BODY))
        except StorageError as error:
            return Finding("checksum_mismatch", not self._store.versions("mismatch"), error.code)
        return Finding("checksum_mismatch", holds=False, detail="accepted")

    def _versions_listed(self) -> Finding:
        info = self._put("versions")
        return Finding("versions_listed", self._store.versions("versions") == (info,), "1")

    def _clock_skew(self) -> Finding:
        """Network file systems have the server's clock."""
        mark = self._place / "mark"
        mark.write_bytes(b"")
        skew = abs(datetime.fromtimestamp(mark.stat().st_mtime, UTC) - self._clock.now())
        return Finding("clock_skew", skew <= _MAX_SKEW, f"{skew.total_seconds():.1f} s")


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
