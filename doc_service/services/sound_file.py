"""Whether the file of a document in force is what it should be: signed and valid, or unsigned by its kind and whole."""

from __future__ import annotations

from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError
from doc_service.services.verify_file import Verification
from signing.api import Report

_UNSIGNED = "signing.no_signatures"


def require_sound(found: Verification, document: Document, *, unsigned: bool) -> Report:
    """The report on the file; ``unsigned``: nobody was asked to sign the document (001 §5.6.3).

    Raises ``DomainError`` "document.does_not_validate" with the reasons. An unsigned document's file must be the bytes
    that were recorded, name this document, declare no signature and carry none."""
    report = found.report
    if unsigned:
        reasons = _unsigned_faults(found, document)
    elif report.valid:
        reasons = []
    else:
        reasons = [f.code for s in report.signatures for f in s.findings] or [f.code for f in report.findings] or ["-"]
    if reasons:
        raise DomainError("document.does_not_validate", "", document=document.id, reasons=", ".join(reasons))
    return report


def _unsigned_faults(found: Verification, document: Document) -> list[str]:
    assert document.head is not None
    assert document.registration is not None
    report = found.report
    faults = [f.code for f in report.findings if f.code != _UNSIGNED]
    if report.signatures or found.expectation is not None:
        faults.append("document.unexpected_signatures")
    if report.sha256 != document.head.sha256:
        faults.append("archive.digest_differs")
    if (found.instrument, found.number) != (document.instrument, document.registration.number):
        faults.append("document.other_provenance")
    return faults
