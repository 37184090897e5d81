"""Whether the complete file that the SİMA app returns may become the document's next revision.

The app takes the whole PDF and gives back a whole PDF, so everything that the service otherwise does itself is judged
here instead: the file must be the bytes that were sent plus one revision that fills the person's own field with one
valid PAdES signature and changes nothing else. A field of the app's own making is refused (``sima.new_field``): after
an earlier signature it would be an illegal change (ISO 32000-2, 12.8.2.2), and outside the structure tree it breaks
tagging even before one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, enumerate_sig_fields

from signing.api import Finding, Level, Report, SignatureReport, SigningError, Validator
from signing.remote.api import NewSignature, SignedFileChecker
from signing.remote.sima.requests import PhoneRequests
from signing.remote.sima.untouched import require_same_metadata, require_shown
from signing.validate_changes import Change, ChangeHistory
from signing.validate_history import HistoryReader
from signing.validate_signature import REMARKS
from signing.validate_structure import FAULTS, Limits, Located, locate, open_pdf, unreadable


@dataclass(frozen=True, slots=True)
class _File:
    """A parsed file. ``fields``: of all signature fields; ``signed``: those with a signature or time stamp."""

    reader: HistoryReader
    located: Sequence[Located]
    fields: frozenset[str]

    @property
    def signed(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.located)

    @property
    def revisions(self) -> int:
        return int(self.reader.xrefs.total_revisions)


class ReturnedPdf(SignedFileChecker):
    """``validator``: the service's own; ``requests``: SİMA's trust. Raises, besides what ``check`` names,
    ``signing.unreadable_pdf``, ``signing.encrypted_pdf``, ``signing.decode_limit``."""

    def __init__(self, validator: Validator, requests: PhoneRequests, limits: Limits | None = None) -> None:
        self._validator = validator
        self._requests = requests
        self._limits = limits or Limits()

    def check(self, base: bytes, signed: bytes, *, field: str, expected_fin: str, at: datetime) -> NewSignature:
        """Raises ``sima.other_bytes``, ``sima.no_signature``, ``sima.two_signatures``, ``sima.new_field``,
        ``sima.other_field``, ``sima.extra_revision``, ``sima.changed``, ``sima.bad_pdf_signature`` (finding),
        ``sima.foreign_fin``, and for the certificate what ``CertificateChecker.check`` raises.

        The app adds no time stamp, and nobody touches what the person signed: the level is then B-B, and the finished
        document gets its time stamp and revocation data in one go."""
        if not signed.startswith(base):
            raise SigningError("sima.other_bytes")
        if len(signed) == len(base):
            raise SigningError("sima.no_signature")
        before, after = self._read(base), self._read(signed)
        entry = _new_signature(before, after, field)
        _require_one_step(before, after, field)
        certificate = _certificate(entry)
        self._requests.person(certificate, (expected_fin,), at)
        report = _require_valid(self._validator.validate(signed, at=at), field)
        return NewSignature(field, certificate, (report.level or Level.B_B).value)

    def _read(self, pdf: bytes) -> _File:
        reader = open_pdf(pdf, self._limits)
        located = locate(pdf, reader, self._limits)
        with unreadable():
            fields = frozenset(str(name) for name, _, _ in enumerate_sig_fields(reader))
        return _File(reader, located, fields)


def _new_signature(before: _File, after: _File, field: str) -> Located:
    """The one signature that was added, in the person's field."""
    fresh = [entry for entry in after.located if entry.name not in before.signed]
    if not fresh:
        raise SigningError("sima.no_signature")
    if len(fresh) > 1:
        raise SigningError("sima.two_signatures", count=len(fresh))
    name = fresh[0].name
    if name not in before.fields or after.fields != before.fields:
        raise SigningError("sima.new_field", field=name[:60], expected=field)
    if name != field:
        raise SigningError("sima.other_field", field=name[:60], expected=field)
    return fresh[0]


def _require_one_step(before: _File, after: _File, field: str) -> None:
    """One revision more, in which this field was signed and nothing else happened.

    The rules of validation guard what was signed before; for the first signature there is no such guard, so the step
    itself is judged by the same rules, as if a signature locked every other field (ISO 32000-2, 12.8.2.4)."""
    if after.revisions != before.revisions + 1:
        raise SigningError("sima.extra_revision", count=after.revisions - before.revisions)
    others = FieldMDPSpec(FieldMDPAction.EXCLUDE, fields=[field])
    verdict = ChangeHistory(after.reader).after(before.revisions - 1, locks=others, permission=None)
    if verdict.change is not Change.SIGNATURES:
        what = "fields" if verdict.code == "signing.locked_field_changed" else "content"
        raise SigningError("sima.changed", what=what)
    require_same_metadata(before.reader, after.reader)
    require_shown(after.reader, field)


def _certificate(entry: Located) -> bytes:
    if entry.embedded is None:
        raise SigningError("sima.bad_pdf_signature", finding=_first(entry.findings))
    try:
        der: bytes = entry.embedded.signer_cert.dump()
    except FAULTS:
        raise SigningError("sima.bad_pdf_signature", finding="signing.malformed_signature") from None
    return der


def _require_valid(report: Report, field: str) -> SignatureReport:
    """The new signature is valid and covers the file; no earlier one is hurt by it."""
    found = next((one for one in report.signatures if one.field == field and one.kind == "signature"), None)
    if found is None:
        raise SigningError("sima.bad_pdf_signature", finding=_first(report.findings))
    if not found.valid or found.changes != "none":
        raise SigningError("sima.bad_pdf_signature", finding=_first(found.findings))
    hurt = [one for one in report.signatures if one.changes == "illegal" or not one.intact]
    against = [finding for finding in report.findings if finding.code not in REMARKS]
    if hurt or against:
        raise SigningError("sima.bad_pdf_signature", finding=_first((*(f for o in hurt for f in o.findings), *against)))
    return found


def _first(findings: Sequence[Finding]) -> str:
    """The first finding that speaks against the signature."""
    codes = [finding.code for finding in findings if finding.code not in REMARKS]
    return codes[0] if codes else "signing.malformed_signature"
