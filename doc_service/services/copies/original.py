"""Whether a copy may be made of an original, at this moment and for this person (004 §5.1.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.copies import Recipient
from doc_service.domain.documents import Document, DocumentState, Registration, Revision
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.domain.signatures import RequestState, SignatureRequest, SignerKind
from doc_service.ports import UnitOfWork
from doc_service.services.access.facts import document_facts
from doc_service.services.base import Workspace
from doc_service.services.verify_file import VerifyFile
from signing.api import Report, SignatureReport, SigningError
from storage.api import ObjectStore, StorageError

NO_ORIGINALS = frozenset({"suret", "kq-cixaris"})
"""Instruments that are copies themselves: a copy is made of the original."""

MOST_BYTES = 48 << 20
"""A copy carries the original inside, and verifiers unpack at most 64 MiB."""


@dataclass(frozen=True, slots=True)
class ProvenSignatory:
    """Who signed, as whom, and the moment before which a time stamp proves it."""

    name: str
    role: str
    basis: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class CheckedOriginal:
    """An original that validated at ``checked_at``. ``restricted``: it holds what 001 §5.6.3 restricts; ``concerned``:
    whoever asks is one of those whom it concerns."""

    document: Document
    registration: Registration
    revision: Revision
    report: Report
    signatories: tuple[ProvenSignatory, ...]
    pages: int
    checked_at: datetime
    restricted: bool
    concerned: bool


@dataclass(frozen=True, slots=True)
class CheckOriginal:
    """Reads the archived bytes and judges them as a stranger would, now. ``ConflictError``: "copy.annulled",
    "copy.not_archived", "copy.of_a_copy", "copy.original_damaged", "copy.original_invalid" (with the findings),
    "copy.too_large"; ``DomainError`` "copy.restricted" for somebody whom a restricted original does not concern, unless
    ``parts`` of it are asked for, which are judged one by one. An archive out of reach is no refusal and is raised."""

    work: Workspace
    store: ObjectStore
    verify: VerifyFile
    pages: Callable[[bytes], int]

    def __call__(self, original_id: str, recipient: Recipient, *, parts: bool = False) -> CheckedOriginal:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(original_id)
            facts = document_facts(uow, document)
            requests = {r.field: r for r in uow.signatures.of_document(original_id)}
            owners = _owners(uow, requests)
        registration, revision = _archived(document)
        concerned = bool(recipient.person_id) and recipient.person_id in facts.concerned
        if facts.restricted and not concerned and not parts:
            raise DomainError("copy.restricted", "original_id")
        pdf = self._bytes(revision)
        report = self._valid(pdf)
        signatories = tuple(_proven(s, requests, owners) for s in report.signatures if s.kind == "signature")
        return CheckedOriginal(
            document, registration, revision, report, signatories, self.pages(pdf), report.validated_at,
            facts.restricted, concerned,
        )  # fmt: skip

    def _bytes(self, revision: Revision) -> bytes:
        if revision.size > MOST_BYTES:
            raise ConflictError("copy.too_large", "original_id", limit=MOST_BYTES)
        try:
            pdf = self.store.read(revision.key)
        except StorageError as error:
            if error.code not in ("storage.corrupt", "storage.not_found"):
                raise
            raise ConflictError("copy.original_damaged", "original_id") from error
        if hashlib.sha256(pdf).hexdigest() != revision.sha256:
            raise ConflictError("copy.original_damaged", "original_id")
        return pdf

    def _valid(self, pdf: bytes) -> Report:
        """Signatures that no time stamp proves are not enough: the copy states the time of each."""
        try:
            verification = self.verify(pdf)
        except SigningError as error:
            raise ConflictError("copy.original_invalid", "original_id", why=error.code) from error
        report = verification.report
        why = {f.code for f in report.findings} | {f.code for s in report.signatures for f in s.findings}
        unproven = [s.field for s in report.signatures if s.kind == "signature" and s.proven_time is None]
        signed = any(s.kind == "signature" for s in report.signatures)
        if not report.valid or not signed or unproven or verification.expectation is None:
            reasons = ", ".join(sorted(why | ({"signing.no_time_stamp"} if unproven else set()))) or "signing.unsigned"
            raise ConflictError("copy.original_invalid", "original_id", why=reasons[:300])
        return report


def _archived(document: Document) -> tuple[Registration, Revision]:
    if document.instrument in NO_ORIGINALS:
        raise ConflictError("copy.of_a_copy", "original_id")
    if document.state is DocumentState.ANNULLED:
        raise ConflictError("copy.annulled", "original_id")
    if document.state is not DocumentState.ARCHIVED or document.registration is None or document.head is None:
        raise ConflictError("copy.not_archived", "original_id", state=str(document.state))
    return document.registration, document.head


def _owners(uow: UnitOfWork, requests: Mapping[str, SignatureRequest]) -> dict[str, str]:
    """Names of the organisations whose seals are there, by VÖEN."""
    found = {r.voen: uow.organisations.of_voen(r.voen) for r in requests.values() if r.kind is SignerKind.SEAL}
    return {voen: organisation.full_name for voen, organisation in found.items() if organisation is not None}


def _proven(
    report: SignatureReport, requests: Mapping[str, SignatureRequest], owners: Mapping[str, str]
) -> ProvenSignatory:
    """By the record of the request; a signature without one is named by its certificate."""
    assert report.proven_time is not None
    request = requests.get(report.field)
    if request is None or request.state is not RequestState.SIGNED:
        return ProvenSignatory(report.signer, "", "", report.proven_time)
    if request.kind is SignerKind.SEAL:
        return ProvenSignatory(owners.get(request.voen, report.signer), request.role_label, "", report.proven_time)
    basis = f"{request.in_place_of} (əvəzinə): {request.basis}" if request.in_place_of else ""
    return ProvenSignatory(request.signer.name.full, request.role_label, basis[:400], report.proven_time)
