"""The verification report for a person to read, in Azerbaijani or English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from doc_service.domain.civil_time import BAKU
from doc_service.messages.catalog import Catalog
from doc_service.services.verification_view import FindingView, SignatureView, VerificationView


def report_lines(view: VerificationView, path: Path, catalog: Catalog) -> Iterator[str]:
    """Verdict first, then the file, then each signature."""
    text = catalog.text
    yield text("cli.verdict_valid" if view.valid else "cli.verdict_invalid", {})
    yield text("cli.file", {"path": str(path)})
    yield text("cli.digest", {"sha256": view.sha256, "size": view.size})
    document = view.document
    if document.number:
        params = {"instrument": document.instrument, "number": document.number, "date": document.registered_on}
        yield text("cli.document", params)
    none = text("cli.none", {})
    yield text("cli.level", {"level": view.level or none})
    yield text("cli.pdfa", {"claim": f"PDF/A-{view.pdfa_claim.lower()}" if view.pdfa_claim else none})
    if view.development:
        yield text("cli.development", {})
    yield from _findings(view.findings, catalog)
    for number, signature in enumerate(view.signatures, 1):
        yield ""
        yield from _signature(signature, number, catalog)


def _signature(view: SignatureView, number: int, catalog: Catalog) -> Iterator[str]:
    text = catalog.text
    none = text("cli.none", {})
    yield text(f"cli.{view.kind}", {"number": number, "field": view.field, "signer": view.signer})
    yield text("cli.signature_valid" if view.valid else "cli.signature_invalid", {"level": view.level or none})
    if view.fin_masked:
        yield text("cli.fin", {"fin": view.fin_masked})
    yield text("cli.serial", {"serial": view.certificate_serial, "issuer": view.issuer})
    yield text("cli.chain", {"chain": " → ".join(view.chain) or none})
    proof = text(f"cli.proof.{view.proof or 'none'}", {})
    times = {"claimed": _time(view.claimed_time, none), "proven": _time(view.proven_time, none), "proof": proof}
    yield text("cli.time", times)
    status = text(f"cli.revocation.{view.revocation}", {})
    yield text("cli.revocation", {"status": status, "source": view.revocation_source.upper() or none})
    yield text("cli.changes", {"changes": text(f"cli.changes.{view.changes_after}", {})})
    yield from _findings(view.findings, catalog)


def _findings(findings: list[FindingView], catalog: Catalog) -> Iterator[str]:
    for finding in findings:
        yield catalog.text("cli.finding", {"text": f"{finding.code}: {catalog.text(finding.code, finding.params)}"})


def _time(at: datetime | None, none: str) -> str:
    return f"{at.astimezone(BAKU):%d.%m.%Y %H:%M:%S} (UTC+4)" if at else none
