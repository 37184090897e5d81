"""``Validator`` on pyHanko: opens the file, has each signature judged, and gives the verdict on the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from signing.api import Expectation, Finding, Level, Report, SigningError
from signing.loop import run
from signing.trust import TrustStore
from signing.validate_changes import Change, ChangeHistory
from signing.validate_damage import damaged, whole_and_signed
from signing.validate_evidence import Evidence, RevocationFetcher, der_of
from signing.validate_history import HistoryReader
from signing.validate_pins import CertificatePins
from signing.validate_signature import Case, Judged, speaks_against
from signing.validate_structure import SIGNATURE, Limits, Located, ends_well, locate, open_pdf
from signing.validate_trust import TrustJudge
from signing.validate_xmp import pdfa_claim


class PadesValidator:
    """Judges files by the anchors of ``trust``, at the time of ``clock`` unless told otherwise.

    ``fetcher`` None: offline, only what is in the file counts. ``fill_and_add``: pyHanko's wider rules, by which form
    fields may be filled in and signature fields added after a signature. ``open_end``: revocation data at the end of
    the file that no time stamp covers yet (a file between B-LT and B-LTA) are a remark, not a refusal; by default the
    whole file must be covered. Holds no state of a file; safe to share between threads."""

    def __init__(
        self,
        trust: TrustStore,
        clock: Callable[[], datetime],
        *,
        fetcher: RevocationFetcher | None = None,
        limits: Limits | None = None,
        fill_and_add: bool = False,
        open_end: bool = False,
    ) -> None:
        self._trust = trust
        self._clock = clock
        self._fetcher = fetcher
        self._limits = limits or Limits()
        self._fill_and_add = fill_and_add
        self._open_end = open_end

    def validate(self, pdf: bytes, *, at: datetime | None = None, expectation: Expectation | None = None) -> Report:
        """As ``Validator.validate``. ``at`` must be timezone-aware."""
        moment = (at or self._clock()).astimezone(UTC)
        try:
            reader = open_pdf(pdf, self._limits)
            located = locate(pdf, reader, self._limits)
        except SigningError as error:
            if error.code == "signing.unreadable_pdf" and whole_and_signed(pdf):
                return damaged(pdf, moment)
            raise
        judged = run(self._case(pdf, reader, located, moment).reports())
        findings = [*self._whole_file(pdf, reader, located, judged), *_expected(judged, expectation)]
        development = any(entry.development for entry in judged)
        if development:
            findings.append(Finding("signing.development_trust"))
        return Report(
            valid=bool(judged) and all(e.report.valid for e in judged) and not speaks_against(findings),
            sha256=hashlib.sha256(pdf).hexdigest(),
            size=len(pdf),
            pdfa=pdfa_claim(reader),
            level=_lowest(judged),
            signatures=tuple(entry.report for entry in judged),
            findings=tuple(findings),
            development=development,
            validated_at=moment,
        )

    def _case(self, pdf: bytes, reader: HistoryReader, located: list[Located], moment: datetime) -> Case:
        evidence = Evidence()
        evidence.read_store(reader)
        known = [*self._trust.others_der, *der_of(evidence.certificates)]
        return Case(
            pdf=pdf,
            located=located,
            evidence=evidence,
            pins=CertificatePins(self._trust.roots_der, known),
            judge=TrustJudge(self._trust, evidence, self._fetcher),
            changes=ChangeHistory(reader, fill_and_add=self._fill_and_add),
            at=moment,
        )

    def _whole_file(
        self, pdf: bytes, reader: HistoryReader, located: list[Located], judged: list[Judged]
    ) -> list[Finding]:
        """What no single signature can say: none there, several readings of the file, bytes that nothing covers."""
        findings: list[Finding] = []
        if not any(entry.kind == SIGNATURE for entry in located):
            findings.append(Finding("signing.no_signatures"))
        if reader.xrefs.hybrid_xrefs_present:
            findings.append(Finding("signing.hybrid_file"))
        open_bytes = len(pdf) - max((entry.covered for entry in located), default=0)
        if not open_bytes or not located or any(entry.embedded is None for entry in located):
            return findings
        extension = judged[-1].change is Change.EXTENSION and ends_well(pdf)
        if not extension:
            findings.append(Finding("signing.uncovered_bytes", {"bytes": open_bytes}))
        elif self._open_end:
            findings.append(Finding("signing.uncovered_extension_allowed", {"bytes": open_bytes}))
        else:
            findings.append(Finding("signing.uncovered_extension", {"bytes": open_bytes}))
        return findings


def _expected(judged: list[Judged], expectation: Expectation | None) -> list[Finding]:
    if expectation is None:
        return []
    signed = {entry.report.field for entry in judged if entry.report.kind == SIGNATURE}
    findings = [Finding("signing.field_unsigned", {"field": name}) for name in expectation.fields if name not in signed]
    reached = _lowest(judged)
    if reached is None or reached.rank < expectation.level.rank:
        params = {"declared": expectation.level.value, "reached": reached.value if reached else "-"}
        findings.append(Finding("signing.level_below_declared", params))
    return findings


def _lowest(judged: list[Judged]) -> Level | None:
    levels = [entry.report.level for entry in judged if entry.report.kind == SIGNATURE]
    reached = [level for level in levels if level is not None]
    return min(reached, key=lambda level: level.rank) if reached and len(reached) == len(levels) else None
