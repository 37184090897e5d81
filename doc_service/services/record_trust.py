"""Trust anchors are remembered: which were trusted, from when until when, and why no longer (002 §7.1.3).

The trust file says what holds now. A process that starts with another set than the last one records every difference;
an anchor that was dropped from the file counts as withdrawn on the day this was noticed, since signatures made before
were made in trust. One that never should have been trusted is named with ``withdrawn`` on the day it was added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from doc_service.domain.audit_events import Action
from doc_service.domain.identity import AnchorEntry, AnchorPresence, AnchorRecord, EvidenceKind
from doc_service.ports import UnitOfWork
from doc_service.services.base import SYSTEM, Workspace


@dataclass(frozen=True, slots=True)
class FormerAnchor:
    """An anchor that the trust file names no longer, with its certificate (DER) and the day trust in it ended."""

    record: AnchorRecord
    certificate: bytes
    withdrawn: date


@dataclass(frozen=True, slots=True)
class RecordTrust:
    """Records what changed since the last start; nothing when nothing did. Any number of processes may start."""

    work: Workspace

    def __call__(self, found: Mapping[AnchorRecord, bytes]) -> Sequence[FormerAnchor]:
        """``found``: the anchors of the trust file, with their certificates. Gives those that were there once."""
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            changes = _changes(found, uow.identity.anchors())
        if changes:
            with self.work.uow() as uow:
                uow.identity.lock_anchors()
                for action, record in _changes(found, uow.identity.anchors()):
                    self._record(uow, action, record, found.get(record), now)
                uow.commit()
        return former_anchors(self.work)

    def _record(
        self, uow: UnitOfWork, action: Action, record: AnchorRecord, certificate: bytes | None, now: datetime
    ) -> None:
        if certificate is not None:
            uow.identity.put([(EvidenceKind.CERTIFICATE, certificate)])
        uow.identity.record_anchor(record, now)
        details = {
            "label": record.label,
            "added": _day(record.added),
            "withdrawn": _day(record.withdrawn),
            "source": record.source,
            "reason": record.reason,
            "development": record.development,
        }
        self.work.record(uow, SYSTEM, action, ("trust_anchor", record.sha256), details)


def former_anchors(work: Workspace) -> Sequence[FormerAnchor]:
    """Anchors that were in the trust file and are no longer."""
    with work.uow.reading() as uow:
        entries = [e for e in uow.identity.anchors() if e.record.presence is AnchorPresence.ABSENT]
        contents = uow.identity.contents([e.record.sha256 for e in entries])
    return [FormerAnchor(e.record, contents[e.record.sha256], _ended(e)) for e in entries]


def _ended(entry: AnchorEntry) -> date:
    noticed = entry.recorded_at.date()
    return noticed if entry.record.withdrawn is None else min(noticed, entry.record.withdrawn)


def _changes(found: Mapping[AnchorRecord, bytes], known: Sequence[AnchorEntry]) -> list[tuple[Action, AnchorRecord]]:
    before = {entry.record.sha256: entry.record for entry in known}
    now = {record.sha256: record for record in found}
    changes = [
        (_action(before.get(digest), record), record) for digest, record in now.items() if before.get(digest) != record
    ]
    gone = [r for d, r in before.items() if d not in now and r.presence is AnchorPresence.PRESENT]
    return [
        *changes,
        *((Action.TRUST_ANCHOR_REMOVED, replace(record, presence=AnchorPresence.ABSENT)) for record in gone),
    ]


def _action(before: AnchorRecord | None, now: AnchorRecord) -> Action:
    if before is None or before.presence is AnchorPresence.ABSENT:
        return Action.TRUST_ANCHOR_ADDED
    return Action.TRUST_ANCHOR_WITHDRAWN if now.withdrawn and not before.withdrawn else Action.TRUST_ANCHOR_CHANGED


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
