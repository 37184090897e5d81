"""Passes open signature requests to whoever is to sign today (004 §7.7; ADR 0019).

A substitution that is recorded while a document is being signed puts the substitute in the absent person's place; when
it ends, what is still open goes back. Who is to sign is computed afresh from the document and the recorded
substitutions, so that running it twice, or late, does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document, DocumentState, Revision, RevisionKind
from doc_service.domain.errors import ConflictError
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.signatures import RequestState, SignatureRequest, SignerKind
from doc_service.instruments.registry import Registry
from doc_service.ports import RenderedPdf, Renderer, UnitOfWork
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.enclosures import read_enclosures
from doc_service.services.signers import Assignment, assignments, stand_ins
from doc_service.services.signing_steps import free_lease
from doc_service.services.to_render import render_request
from storage.api import ObjectStore
from storage.keys import revision_key

_MOVED = frozenset({RequestState.WAITING, RequestState.OPEN, RequestState.CONSENTED})
_LIVE = frozenset({DocumentState.SIGNING, DocumentState.REFUSED})


def pass_on(work: Workspace, uow: UnitOfWork, absent_id: str, mark: str) -> None:
    """Asks for what ``absent_id`` signs to be looked at, in the open transaction; once for each ``mark``."""
    payload = {"absent_id": absent_id}
    now = work.clock.now()
    uow.jobs.enqueue(Job(work.ids.new(), JobKind.SUBSTITUTE, f"{JobKind.SUBSTITUTE}:{mark}", now, payload))


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be done to one document: the requests as they shall be, and the new original (None: stays)."""

    document: Document
    moved: Mapping[str, Assignment]
    rendered: RenderedPdf | None


@dataclass(frozen=True, slots=True)
class TransferRequests:
    """Job: without a document it looks for those that a person's substitutions concern, or every night for all.

    A document without signatures is made anew with the substitute in its signature table, and everybody reads again;
    otherwise the visible signature says for whom and on what basis ("… əvəzinə"). Somebody who is between prepare and
    complete is not interrupted: "lease.busy", and the job comes back."""

    work: Workspace
    registry: Registry
    renderer: Renderer
    store: ObjectStore

    def __call__(self, job: Job) -> None:
        document_id = job.payload.get("document_id")
        if document_id:
            self.settle(document_id)
        else:
            self.plan(job.payload.get("absent_id", ""), job.id)

    def plan(self, absent_id: str, mark: str) -> int:
        """Asks for one job a document; returns how many."""
        now = self.work.clock.now()
        with self.work.uow() as uow:
            signers = None
            if absent_id:
                signers = {absent_id, *(s.substitute.id for s in uow.substitutions.of_person(absent_id))}
            found = uow.signing.unfinished(signers)
            for document_id in found:
                key = f"{JobKind.SUBSTITUTE}:{document_id}:{mark}"
                uow.jobs.enqueue(Job(self.work.ids.new(), JobKind.SUBSTITUTE, key, now, {"document_id": document_id}))
            uow.commit()
        return len(found)

    def settle(self, document_id: str) -> bool:
        """Passes on what is to be passed on today; False when nothing is. Raises ``ConflictError`` "lease.busy",
        "state.stale" (try again), "template.changed" (the template is not what it was)."""
        with self.work.uow.reading() as uow:
            document = uow.documents.get(document_id)
            requests = uow.signatures.of_document(document_id)
            moved = self._moved(uow, document, requests)
            self._require_free(uow, document, moved)
        if not moved:
            return False
        rendered = self._rendered(document, requests, moved) if _unsigned(document) else None
        self._commit(_Change(document, moved, rendered))
        return True

    def _moved(
        self, uow: UnitOfWork, document: Document, requests: Sequence[SignatureRequest]
    ) -> dict[str, Assignment]:
        """By request: who is to sign, where that is another one than now."""
        if document.state not in _LIVE:
            return {}
        waiting = {r.field: r for r in requests if r.state in _MOVED and r.kind is SignerKind.PERSON}
        instrument = self.registry.get(document.instrument)
        signatories = [s for s in instrument.signatories(instrument.validate(document.data)) if s.field in waiting]
        wanted = assignments(uow, document, signatories, baku_date(self.work.clock.now()))
        return {waiting[f].id: to for f, to in wanted.items() if _differ(Assignment.of(waiting[f]), to)}

    def _require_free(self, uow: UnitOfWork, document: Document, moved: Mapping[str, Assignment]) -> None:
        lease, now = uow.signatures.lease(document.id), self.work.clock.now()
        if moved and lease is not None and lease.holds(now) and (_unsigned(document) or lease.request_id in moved):
            raise ConflictError("lease.busy", "", until=lease.expires_at.isoformat())

    def _rendered(
        self, document: Document, requests: Sequence[SignatureRequest], moved: Mapping[str, Assignment]
    ) -> RenderedPdf:
        instrument = self.registry.get(document.instrument)
        signatories = instrument.signatories(instrument.validate(document.data))
        places = {s.field: n for n, s in enumerate(signatories)}
        then = sorted((_assigned(r, moved) for r in requests), key=lambda r: places[r.field])
        printed = stand_ins(signatories, then)
        enclosed = read_enclosures(self.work, self.store, instrument, document)
        rendered = self.renderer.render(render_request(instrument, document, then, printed, enclosed))
        if rendered.template_sha256 != document.template.sha256:
            raise ConflictError("template.changed", "template", template=document.template.name)
        return rendered

    def _commit(self, change: _Change) -> None:
        now, rendered = self.work.clock.now(), change.rendered
        revision = self._stored(change.document, rendered, now) if rendered else None
        with self.work.uow() as uow:
            document = uow.documents.get(change.document.id)
            if document.version != change.document.version:
                raise ConflictError("state.stale", "version", aggregate="document", id=document.id)
            self._require_free(uow, document, change.moved)
            if revision is not None and rendered is not None:
                uow.documents.add_revision(revision)
                document = uow.documents.save(replace(document, head=revision))
                details = {"sha256": revision.sha256, "size": revision.size, "pages": rendered.pages}
                self.work.record(uow, SYSTEM, Action.DOCUMENT_RENDERED, ("document", document.id), details)
            for request in uow.signatures.of_document(document.id):
                self._pass(uow, request, change, now)
            uow.commit()

    def _stored(self, document: Document, rendered: RenderedPdf, now: datetime) -> Revision:
        assert document.head is not None
        sha256, number = hashlib.sha256(rendered.pdf).hexdigest(), document.head.number + 1
        key = revision_key(document.id, number, sha256)
        self.store.put_new(key, rendered.pdf, sha256=sha256)
        return Revision(document.id, number, RevisionKind.UNSIGNED, key, sha256, len(rendered.pdf), now)

    def _pass(self, uow: UnitOfWork, request: SignatureRequest, change: _Change, now: datetime) -> None:
        to = change.moved.get(request.id)
        agreed = request.state is RequestState.CONSENTED
        if to is None and not (agreed and change.rendered is not None):
            return
        then = _assigned(request, change.moved)
        if agreed:
            then = then.asked_again(now)
        elif to is not None and request.state is RequestState.OPEN:
            then = replace(then, opened_at=now)
        uow.signatures.save(then)
        if to is not None:
            free_lease(self.work, uow, request)
            details = {
                "request": request.id,
                "from": request.signer.id,
                "to": to.signer.id,
                "substitution": to.substitution_id,
            }
            self.work.record(uow, SYSTEM, Action.SIGNATURE_TRANSFERRED, ("document", request.document_id), details)


def _unsigned(document: Document) -> bool:
    return document.head is not None and document.head.kind is RevisionKind.UNSIGNED


def _differ(now: Assignment, then: Assignment) -> bool:
    return (now.signer.id, now.substitution_id) != (then.signer.id, then.substitution_id)


def _assigned(request: SignatureRequest, moved: Mapping[str, Assignment]) -> SignatureRequest:
    to = moved.get(request.id)
    if to is None:
        return request
    return replace(
        request,
        signer=to.signer,
        substitution_id=to.substitution_id,
        in_place_of=to.in_place_of,
        basis=to.basis,
        acts_until=to.acts_until,
    )
