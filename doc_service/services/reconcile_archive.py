"""Compares the archive with the reserve centre and repairs either from the other (002 §7.1.6)."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Protocol

from doc_service.domain.audit_events import Action
from doc_service.ports import Progress
from doc_service.services.base import Workspace
from storage.api import StorageError
from storage.comparing import Comparer, Copy, Difference, Kind, walk
from storage.copying import Side

STAGE = "reconcile"
MOST_TOLD = 1000
"""Findings that a report keeps; all are counted, and all are told as they are found."""
REPAIRED = "repaired"
_BATCH = 100
_STEP = 500
_REFERENCE = 2
Entry = tuple[str, int, Copy | str]
"""Key, where it comes from (0 the archive, 1 the reserve, 2 a revision), and what is there or what digest it names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``outcome``: "" not tried, "repaired", or the error code of what stands in the way."""

    key: str
    kind: Kind
    side: str
    outcome: str = ""

    def as_json(self) -> dict[str, str]:
        return {"key": self.key, "kind": self.kind, "side": self.side, "outcome": self.outcome}


@dataclass(slots=True)
class Reconciliation:
    """``compared`` keys, of which ``equal`` need nothing and ``awaited`` wait for an announced deletion. ``counts`` of
    findings by "<kind> <side>", ``outcomes`` of repairs. ``last_key``: everything up to it is done, so that another run
    can go on ``after`` it. ``stopped``: code and side of the store that ended the run early."""

    repair: bool
    deep: bool
    compared: int = 0
    equal: int = 0
    awaited: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    last_key: str = ""
    stopped: str = ""

    @property
    def found(self) -> int:
        return sum(self.counts.values())

    @property
    def sound(self) -> bool:
        """Whether both sides are now known to hold the same, up to the end."""
        return not self.stopped and self.found == self.outcomes[REPAIRED]

    def as_json(self) -> dict[str, Any]:
        return {
            "sound": self.sound, "repair": self.repair, "deep": self.deep,
            "compared": self.compared, "equal": self.equal, "awaited": self.awaited, "found": self.found,
            "counts": dict(sorted(self.counts.items())), "outcomes": dict(sorted(self.outcomes.items())),
            "last_key": self.last_key, "stopped": self.stopped,
            "findings": [finding.as_json() for finding in self.findings],
            "findings_left_out": self.found - len(self.findings),
        }  # fmt: skip


class Tell(Protocol):
    def __call__(self, finding: Finding) -> None: ...


class Deletions(Protocol):
    """Keys whose deletion was announced and is not followed yet (``ReplicationJobs.deletions``)."""

    def __call__(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class ReconcileArchive:
    """Walks both stores and the revisions in the order of keys, in constant memory beside the documents' ids. What
    looks different is looked at again before it counts: stores change while they are listed.

    Missing, damaged and differing objects are copied from the side that is good: whose bytes verify against its record,
    the revision's digest and the digest in the key. Retention is lengthened to the later end, a legal hold set on one
    side is set on both. Nothing is deleted except a damaged or foreign version that nothing protects, once a good copy
    was read. An object of the reserve alone comes back to the archive, if no deletion was announced: a sweep removes it
    again, and from both, when nobody needs it.

    Repairs are recorded before they are made, a hundred in an event; the run when it ends. Safe to repeat, to kill, and
    beside a working service.
    """

    work: Workspace
    primary: Side
    reserve: Side
    deletions: Deletions

    def __call__(
        self, actor: str, *, repair: bool = False, deep: bool = False, after: str = "", progress: Progress, tell: Tell
    ) -> Reconciliation:
        """A store out of reach ends the run (``stopped``) instead of raising; ``deep`` reads every byte of both."""
        run = _Run(self.work, Comparer(self.primary, self.reserve), Reconciliation(repair, deep), actor, tell)
        run.report.last_key = after
        gone = self.deletions()
        try:
            for key, copies, expected in self._entries(after):
                run.entry(key, copies, expected, gone)
                if run.report.compared % _STEP == 0:
                    progress(STAGE, run.report.compared, 0)
            run.flush()
        except StorageError as error:
            run.report.stopped = f"{error.code} {error.params.get('side', '')}".strip()
        progress(STAGE, run.report.compared, 0)
        run.close()
        return run.report

    def _entries(self, after: str) -> Iterator[tuple[str, Mapping[int, Copy], str | None]]:
        """Of each key: the copies by side (0 the archive's, 1 the reserve's) and the digest its revision records."""
        streams = (_sided(self.primary, 0, after), _sided(self.reserve, 1, after), self._references(after))
        for key, group in groupby(heapq.merge(*streams, key=lambda entry: entry[:2]), key=lambda entry: entry[0]):
            entries = list(group)
            copies = {place: found for _, place, found in entries if isinstance(found, Copy)}
            digests = [found for _, _, found in entries if isinstance(found, str)]
            yield key, copies, digests[0] if digests else None

    def _references(self, after: str) -> Iterator[Entry]:
        with self.work.uow.reading() as uow:
            ids = sorted(uow.documents.ids(), key=lambda document_id: f"{document_id}/")
        for document_id in ids:
            if f"documents/{document_id}/\U0010ffff" <= after:
                continue
            with self.work.uow.reading() as uow:
                revisions = uow.documents.revisions(document_id)
            for key, sha256 in sorted((r.key, r.sha256) for r in revisions):
                if key > after:
                    yield key, _REFERENCE, sha256


@dataclass(slots=True)
class _Run:
    """One run: what was found and is still to be repaired."""

    work: Workspace
    comparer: Comparer
    report: Reconciliation
    actor: str
    tell: Tell
    waiting: list[tuple[str, Difference]] = field(default_factory=list)
    seen: str = ""

    def entry(self, key: str, copies: Mapping[int, Copy], expected: str | None, gone: Collection[str]) -> None:
        now, report = self.work.clock.now(), self.report
        suspected = self.comparer.judge(key, copies.get(0, Copy(None)), copies.get(1, Copy(None)), now, expected)
        found = self.comparer.examine(key, now, expected, deep=report.deep) if suspected or report.deep else ()
        report.compared += 1
        if not found:
            report.equal += 1
        elif key in gone and expected is None and found == (Difference(Kind.MISSING, self.comparer.primary.name),):
            report.awaited += 1
        else:
            self._found(key, found)
        self.seen = key
        if not self.waiting:
            report.last_key = key

    def _found(self, key: str, found: tuple[Difference, ...]) -> None:
        for difference in found:
            self.report.counts[f"{difference.kind} {difference.side}"] += 1
            if self.report.repair:
                self.waiting.append((key, difference))
            else:
                self._told(Finding(key, difference.kind, difference.side))
        if len(self.waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Records what is about to be repaired, then repairs it."""
        if self.waiting:
            objects = [{"key": key, "kind": str(d.kind), "side": d.side} for key, d in self.waiting]
            self._record(Action.ARCHIVE_REPAIRED, {"objects": objects})
        while self.waiting:
            key, difference = self.waiting[0]
            outcome = self._repaired(key, difference)
            del self.waiting[0]
            self.report.outcomes[outcome] += 1
            self._told(Finding(key, difference.kind, difference.side, outcome))
            if key not in (waiting for waiting, _ in self.waiting[:1]):
                self.report.last_key = key
        self.report.last_key = self.seen or self.report.last_key

    def close(self) -> None:
        """What waits when a store stopped the run was counted, and is found again by the next one."""
        for key, difference in self.waiting:
            self._told(Finding(key, difference.kind, difference.side))
        report = self.report.as_json()
        left_out = ("findings", "findings_left_out")
        self._record(Action.ARCHIVE_RECONCILED, {name: v for name, v in report.items() if name not in left_out})

    def _repaired(self, key: str, difference: Difference) -> str:
        try:
            self.comparer.repair(key, difference, self.work.clock.now())
        except StorageError as error:
            if error.code == "storage.unavailable":
                raise
            return error.code
        return REPAIRED

    def _told(self, finding: Finding) -> None:
        if len(self.report.findings) < MOST_TOLD:
            self.report.findings.append(finding)
        self.tell(finding)

    def _record(self, action: Action, details: Mapping[str, Any]) -> None:
        with self.work.uow() as uow:
            self.work.record(uow, self.actor, action, ("archive", self.comparer.reserve.name), details)
            uow.commit()


def _sided(side: Side, place: int, after: str) -> Iterator[Entry]:
    with side.errors():
        for key, copy in walk(side.store):
            if key > after:
                yield key, place, copy
