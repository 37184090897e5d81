"""The verdict on each signature and time stamp of a file, from the last to the first.

A time stamp proves that everything it covers existed at its time, so a later one lets an earlier one, and the
signatures before it, be judged as of that time (EN 319 102-1, 5.6): certificates may have expired since, algorithms and
authorities may have been given up. The last one itself is judged as of now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from signing.api import CertificateInfo, Finding, Level, SignatureReport, SigningError
from signing.certificates import inspect_certificate
from signing.validate_changes import CHANGE_NAMES, Change, ChangeHistory, ChangeVerdict
from signing.validate_container import Examined, examine, examine_stamp
from signing.validate_evidence import ONLINE, Evidence
from signing.validate_pins import CertificatePins
from signing.validate_structure import FAULTS, SIGNATURE, TIME_STAMP, Located
from signing.validate_trust import TOLERANCE, Trust, TrustJudge

REMARKS = frozenset(
    {
        "signing.revocation_unknown",
        "signing.signer_revoked_later",
        "signing.time_stamp_revoked_later",
        "signing.time_not_proven",
        "signing.uncovered_extension_allowed",
        "signing.development_trust",
    }
)
"""Findings that do not make anything invalid. All others do."""

UNTRUSTED = Trust(trusted=False)


def speaks_against(findings: Sequence[Finding]) -> bool:
    return any(finding.code not in REMARKS for finding in findings)


@dataclass(frozen=True)
class Judged:
    """A report with what the verdict on the whole file needs beside it."""

    report: SignatureReport
    development: bool
    change: Change


@dataclass(frozen=True)
class _Proof:
    """Proof that everything before ``covered`` existed at ``time``; ``revision``: what of the file it covers."""

    time: datetime
    covered: int
    revision: int
    evidence: int | None


@dataclass
class Case:
    """One file under judgement."""

    pdf: bytes
    located: Sequence[Located]
    evidence: Evidence
    pins: CertificatePins
    judge: TrustJudge
    changes: ChangeHistory
    at: datetime
    _digests: dict[tuple[int, str], bytes] = field(default_factory=dict)

    async def reports(self) -> list[Judged]:
        """In the order of the file."""
        examined = [self._examine(entry) for entry in self.located]
        for result in examined:
            if result.signed_attributes is not None:
                self.evidence.read_signed_attribute(result.signed_attributes, 0)
            self.judge.learn(c for c in (result.signer, *result.others) if c is not None)
        verdicts = [self._changes_after(entry) for entry in self.located]
        reports: list[Judged] = []
        proofs: list[_Proof] = []
        for entry, result, verdict in reversed(list(zip(self.located, examined, verdicts, strict=True))):
            worker = _Worker(self, entry, result, verdict, tuple(proofs))
            reports.append(await worker.judged())
            if worker.proof is not None:
                proofs.append(worker.proof)
        return reports[::-1]

    def _examine(self, entry: Located) -> Examined:
        if entry.embedded is None:
            return Examined(())
        pinned = entry is self.located[-1]
        return examine(entry.container, entry.kind, self.imprint(entry), self.pins, pinned=pinned)

    def _changes_after(self, entry: Located) -> ChangeVerdict:
        if entry.embedded is None or any(f.code == "signing.byte_range_broken" for f in entry.findings):
            return ChangeVerdict(Change.ILLEGAL)
        if entry.covered == len(self.pdf):
            return ChangeVerdict(Change.NONE)
        try:
            locks: FieldMDPSpec | None = entry.embedded.fieldmdp
            permission: MDPPerm | None = entry.embedded.docmdp_level
        except FAULTS:
            return ChangeVerdict(Change.ILLEGAL, "signing.malformed_signature")
        return self.changes.after(entry.revision, locks=locks, permission=permission)

    def imprint(self, entry: Located) -> Callable[[str], bytes]:
        """Digest of the bytes that ``entry`` covers, by algorithm."""

        def digest(name: str) -> bytes:
            key = (entry.covered, name)
            if key not in self._digests:
                before, again = entry.gap
                view = memoryview(self.pdf)
                hasher = hashlib.new(name, view[:before])
                hasher.update(view[again : entry.covered])
                self._digests[key] = hasher.digest()
            return self._digests[key]

        return digest


@dataclass
class _Worker:
    """One signature. ``proofs``: of the valid document time stamps after it, latest first."""

    case: Case
    entry: Located
    examined: Examined
    verdict: ChangeVerdict
    proofs: tuple[_Proof, ...]
    proof: _Proof | None = None
    _findings: list[Finding] = field(default_factory=list)

    async def judged(self) -> Judged:
        self._findings += [*self.entry.findings, *self.examined.findings]
        if self.verdict.code:
            params: dict[str, str | int] = {"revision": self.verdict.revision + 1}
            if self.verdict.field:
                params["field"] = self.verdict.field
            self._findings.append(Finding(self.verdict.code, params))
        return await (self._time_stamp() if self.entry.kind == TIME_STAMP else self._signature())

    @property
    def _as_of(self) -> datetime:
        """The earliest moment at which the file proves that the bytes here existed, or now."""
        return min((proof.time for proof in self.proofs), default=self.case.at)

    async def _time_stamp(self) -> Judged:
        stamped = self.examined.stamped
        trust = await self._trust(self.examined, TIME_STAMP, self._as_of)
        self._findings += [*trust.findings, *self._order(stamped, self._as_of)]
        if stamped is not None and not speaks_against(self._findings):
            self.proof = _Proof(stamped, self.entry.covered, self.entry.revision, trust.evidence)
        proven = stamped if self.proof is not None else None
        return self._judged(trust, None, proven, "document-time-stamp" if proven else "")

    async def _signature(self) -> Judged:
        stamp, stamp_trust = await self._signature_time_stamp()
        proven, proof = self._proven(stamp)
        trust = await self._trust(self.examined, SIGNATURE, proven or self.case.at)
        self._findings += trust.findings
        if proven is None:
            self._findings.append(Finding("signing.time_not_proven"))
        level = None
        if not speaks_against(self._findings):
            level = self._level(trust, stamp_trust if stamp is not None else None, proven)
        return self._judged(trust, level, proven, proof)

    async def _signature_time_stamp(self) -> tuple[datetime | None, Trust]:
        """Time and trust of the signature time stamp; what is wrong with it goes to the findings."""
        pinned = self.entry is self.case.located[-1]
        examined = examine_stamp(self.examined, self.case.pins, pinned=pinned)
        if examined is None:
            return None, UNTRUSTED
        self.case.judge.learn(c for c in (examined.signer, *examined.others) if c is not None)
        trust = await self._trust(examined, TIME_STAMP, self._as_of)
        findings = [*examined.findings, *trust.findings, *self._order(examined.stamped, self._as_of)]
        if speaks_against(findings):
            findings.append(Finding("signing.time_stamp_invalid"))
        self._findings += [f for f in findings if f.code != "signing.malformed_signature"]
        return (None if speaks_against(findings) else examined.stamped), trust

    def _order(self, stamped: datetime | None, not_after: datetime) -> list[Finding]:
        """A time stamp cannot be younger than what proves that it existed."""
        if stamped is None or stamped <= not_after + TOLERANCE:
            return []
        return [Finding("signing.time_stamp_order")]

    def _proven(self, stamp: datetime | None) -> tuple[datetime | None, str]:
        if stamp is not None:
            return stamp, "signature-time-stamp"
        return (self._as_of, "document-time-stamp") if self.proofs else (None, "")

    async def _trust(self, examined: Examined, kind: str, at: datetime) -> Trust:
        if examined.signer is None:
            return UNTRUSTED
        try:
            return await self.case.judge.judge(examined.signer, kind, at)
        except (SigningError, *FAULTS):
            return Trust(trusted=False, findings=(Finding("signing.malformed_signature"),))

    def _level(self, signer: Trust, stamp: Trust | None, proven: datetime | None) -> Level:
        """The level that the file reaches (EN 319 142-1, 6.3): B-T with a proven time; B-LT when revocation data for
        signer and time stamp are in the file; B-LTA when a later document time stamp covers them too. Without a
        signature time stamp the document time stamp that proves the time takes its place."""
        if proven is None:
            return Level.B_B
        needed = [signer.evidence, stamp.evidence if stamp is not None else min(self.proofs, key=_first).evidence]
        known = [revision for revision in needed if revision is not None and revision < ONLINE]
        if len(known) < len(needed):
            return Level.B_T
        archived = any(max(known) <= proof.revision for proof in self.proofs)
        return Level.B_LTA if archived else Level.B_LT

    def _judged(self, trust: Trust, level: Level | None, proven: datetime | None, proof: str) -> Judged:
        info = self._certificate()
        findings = tuple(dict.fromkeys((f.code, tuple(sorted(f.params.items()))) for f in self._findings))
        report = SignatureReport(
            kind=self.entry.kind,
            field=self.entry.name,
            signer=info.subject if info else "",
            fin=info.fin if info else None,
            certificate_sha256=info.sha256 if info else "",
            certificate_serial=info.serial if info else "",
            issuer=info.issuer if info else "",
            claimed_time=self._claimed(),
            proven_time=proven,
            proof=proof,
            level=level,
            intact=self.examined.intact and not self.entry.findings,
            trusted=trust.trusted,
            chain=trust.chain,
            revocation=trust.leaf.word,
            revocation_source=trust.leaf.source,
            changes=CHANGE_NAMES[self.verdict.change],
            valid=self.examined.intact and trust.trusted and not speaks_against(self._findings),
            findings=tuple(Finding(code, dict(params)) for code, params in findings),
        )
        return Judged(report, trust.development, self.verdict.change)

    def _certificate(self) -> CertificateInfo | None:
        try:
            return inspect_certificate(self.examined.signer) if self.examined.signer is not None else None
        except (SigningError, *FAULTS):
            return None

    def _claimed(self) -> datetime | None:
        """The time that the signer wrote, which nothing proves."""
        if self.entry.kind == TIME_STAMP:
            return self.examined.stamped
        try:
            claimed = self.entry.embedded.self_reported_timestamp if self.entry.embedded is not None else None
        except FAULTS:
            return None
        return claimed if isinstance(claimed, datetime) and claimed.tzinfo is not None else None


def _first(proof: _Proof) -> tuple[datetime, int]:
    """Of two stamps in the same second the one that came first into the file."""
    return proof.time, proof.covered
