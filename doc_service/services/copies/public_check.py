"""What anybody who holds a copy is told of it: whether it stands, and never what it says (004 §5.1.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from doc_service.domain.copies import CopyForm, CopyIssue, IssueKind, Succession, SuccessionKind
from doc_service.domain.copy_codes import read_code
from doc_service.domain.document_copies import copy_kind
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import NotFoundError
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace


class Standing(StrEnum):
    """How a document stands now. ``MAKING``: registered, its seal or its archive copy is not there yet."""

    VALID = "valid"
    MAKING = "making"
    SUPERSEDED = "superseded"
    ANNULLED = "annulled"
    WITHDRAWN = "withdrawn"


class Match(StrEnum):
    """What a file is: the copy as issued, one of its earlier states, the original, or neither."""

    COPY = "copy"
    EARLIER = "earlier"
    ORIGINAL = "original"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Told:
    """One document, by its kind; ``sha256`` is empty where there is no finished file. ``successors``: number and day
    of those that came after it."""

    title: str
    number: str
    registered_on: date | None
    standing: Standing
    sha256: str
    successors: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class ToldSignatory:
    name: str
    role: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """All that is public. Neither recipient nor purpose nor content is among it."""

    code: str
    kind: IssueKind
    form: CopyForm
    issued_at: datetime
    copy: Told
    original: Told
    signatories: tuple[ToldSignatory, ...]

    @property
    def stands(self) -> bool:
        """Whether the holder may rely on the copy now."""
        return self.copy.standing is Standing.VALID and self.original.standing is Standing.VALID


@dataclass(frozen=True, slots=True)
class PublicCheck:
    """Finds an issue by its code, typed in any way. ``NotFoundError`` "check.not_found" tells nothing else."""

    work: Workspace

    def __call__(self, code: str) -> CheckAnswer:
        with self.work.uow.reading() as uow:
            issue = self._issue(uow, code)
            copy, original = uow.documents.get(issue.id), uow.documents.get(issue.original_id)
            kept = copy.head.sha256 if copy.head and copy_kind(copy).may_leave else ""
            return CheckAnswer(
                issue.code,
                issue.kind,
                issue.form,
                issue.issued_at,
                _told(uow, copy, kept),
                _told(uow, original, issue.original_sha256),
                _signatories(copy.data),
            )

    def compare(self, code: str, sha256: str) -> Match:
        """What the file with this digest (hex) is, of the copy that ``code`` names."""
        wanted = sha256.lower()
        with self.work.uow.reading() as uow:
            issue = self._issue(uow, code)
            copy = uow.documents.get(issue.id)
            revisions = [r.sha256 for r in uow.documents.revisions(issue.id)]
        if copy.head is not None and wanted == copy.head.sha256:
            return Match.COPY
        if wanted == issue.original_sha256:
            return Match.ORIGINAL
        return Match.EARLIER if wanted in revisions else Match.NONE

    def compare_file(self, code: str, content: bytes) -> Match:
        return self.compare(code, hashlib.sha256(content).hexdigest())

    def _issue(self, uow: UnitOfWork, typed: str) -> CopyIssue:
        code = read_code(typed)
        found = uow.copies.of_code(code) if code else None
        if found is None:
            raise NotFoundError("check.not_found", "code")
        return found


def _told(uow: UnitOfWork, document: Document, sha256: str) -> Told:
    after = uow.successions.after(document.id)
    registration = document.registration
    return Told(
        document.title,
        registration.number if registration else "",
        registration.registered_on if registration else None,
        _standing(document, after),
        sha256,
        tuple(_successor(uow, s) for s in after),
    )


def _standing(document: Document, after: Sequence[Succession]) -> Standing:
    if document.state is DocumentState.ANNULLED:
        return Standing.ANNULLED
    if document.state is DocumentState.WITHDRAWN:
        return Standing.WITHDRAWN
    if any(s.kind is SuccessionKind.SUPERSEDES for s in after):
        return Standing.SUPERSEDED
    done = document.state in (DocumentState.IN_FORCE, DocumentState.ARCHIVED)
    return Standing.VALID if done else Standing.MAKING


def _successor(uow: UnitOfWork, succession: Succession) -> tuple[str, date]:
    registration = uow.documents.get(succession.new_id).registration
    return (registration.number, registration.registered_on) if registration else ("", succession.at.date())


def _signatories(data: Mapping[str, Any]) -> tuple[ToldSignatory, ...]:
    """As the copy itself names them."""
    rows = data.get("signatories") or data.get("signatures") or ()
    return tuple(ToldSignatory(r["name"], r["role"], datetime.fromisoformat(r["signed_at"])) for r in rows)
