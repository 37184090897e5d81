"""What was found when a store was made to prove itself (``storage.check``). Values and rules only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.api import StorageError

IMMUTABILITY = frozenset(
    {
        "overwrite", "delete_locked_version", "bypass_governance", "shorten_retention", "downgrade_retention",
        "delete_marker", "suspend_versioning", "change_bucket", "legal_hold",
    }
)  # fmt: skip
"""Together they mean: what is stored and retained stays, whatever the service's own credentials are used for."""

CHECKS = (*sorted(IMMUTABILITY), "checksum_mismatch", "clock_skew", "versions_listed")
"""Stable names; each has the texts "storage.check.<name>" and, as a limit, "storage.limit_<name>"."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``detail``: what the store answered, in its own words."""

    check: str
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Findings on the store at ``url``; ``at`` by our clock."""

    url: str
    at: datetime
    findings: tuple[Finding, ...]

    def holds(self, check: str) -> bool:
        """A check that was not made does not hold."""
        return any(f.check == check and f.holds for f in self.findings)

    @property
    def failures(self) -> tuple[str, ...]:
        """Names of all checks that do not hold, in the order of ``CHECKS``."""
        return tuple(check for check in CHECKS if not self.holds(check))

    @property
    def immutable(self) -> bool:
        return not IMMUTABILITY & set(self.failures)

    @property
    def limits(self) -> tuple[str, ...]:
        """Message codes of what does not hold."""
        return tuple(f"storage.limit_{check}" for check in self.failures)

    def as_json(self) -> dict[str, Any]:
        findings = [{"check": f.check, "holds": f.holds, "detail": f.detail} for f in self.findings]
        return {"url": self.url, "at": self.at.isoformat(), "holds": not self.failures, "findings": findings}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CheckReport:
        """The inverse, for a proof that was kept."""
        findings = tuple(Finding(str(f["check"]), bool(f["holds"]), str(f["detail"])) for f in value["findings"])
        return cls(str(value["url"]), datetime.fromisoformat(value["at"]), findings)


def require_proof(report: CheckReport, accepted: Collection[str] = ()) -> None:
    """Raises ``storage.unproven`` (url, checks) when a check does not hold that is not among ``accepted``, and
    ``storage.unknown_check`` (check) when one is accepted that does not exist: a slip there would accept nothing."""
    for name in accepted:
        if name not in CHECKS:
            raise StorageError("storage.unknown_check", check=name)
    missing = [name for name in report.failures if name not in accepted]
    if missing:
        raise StorageError("storage.unproven", url=report.url, checks=", ".join(missing))
