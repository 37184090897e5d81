"""Makes the unsigned original of a registered document and asks its signatories (DESIGN 8–10)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta

from doc_service.domain.audit_events import Action, timestamp
from doc_service.domain.documents import Document, DocumentAction, DocumentState, Revision, RevisionKind
from doc_service.domain.errors import ConflictError
from doc_service.domain.jobs import JobKind
from doc_service.domain.signatures import RequestAction, SignatureRequest
from doc_service.domain.signing_order import open_next
from doc_service.instruments.registry import Registry
from doc_service.ports import RenderedPdf, Renderer, UnitOfWork
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.enclosures import read_enclosures
from doc_service.services.signers import assignments, requests_for, stand_ins
from doc_service.services.signing_steps import ask_for_seal
from doc_service.services.to_render import render_request
from storage.api import ObjectStore
from storage.keys import revision_key


@dataclass(frozen=True, slots=True)
class RenderDocument:
    """Job: renders, stores revision 0, opens the signature requests; a document that nobody signs is in force then.
    Safe to run twice: the same data give the same bytes, and a document that has its original already is left alone.
    ``sign_within``: the deadline of a document that was given none, from now on (None: no deadline)."""

    work: Workspace
    registry: Registry
    renderer: Renderer
    store: ObjectStore
    sign_within: timedelta | None = None

    def __call__(self, document_id: str) -> None:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(document_id)
            if document.state is not DocumentState.REGISTERED:
                return
            assert document.registration is not None
            instrument = self.registry.get(document.instrument)
            signatories = instrument.signatories(instrument.validate(document.data))
            assigned = assignments(uow, document, signatories, document.registration.registered_on)
        requests = requests_for(document.id, signatories, assigned, self.work.ids)
        substitutes = stand_ins(signatories, requests)
        enclosed = read_enclosures(self.work, self.store, instrument, document)
        rendered = self.renderer.render(render_request(instrument, document, requests, substitutes, enclosed))
        if rendered.template_sha256 != document.template.sha256:
            raise ConflictError("template.changed", "template", template=document.template.name)
        self._store(document, requests, rendered)

    def _store(self, document: Document, requests: tuple[SignatureRequest, ...], rendered: RenderedPdf) -> None:
        sha256 = hashlib.sha256(rendered.pdf).hexdigest()
        key = revision_key(document.id, 0, sha256)
        self.store.put_new(key, rendered.pdf, sha256=sha256)
        now = self.work.clock.now()
        revision = Revision(document.id, 0, RevisionKind.UNSIGNED, key, sha256, len(rendered.pdf), now)
        subject = ("document", document.id)
        with self.work.uow() as uow:
            document = uow.documents.get(document.id)
            if document.state is not DocumentState.REGISTERED:
                return
            if not requests:
                self._issue(uow, document, revision, rendered.pages)
                uow.commit()
                return
            due = document.sign_by or (now + self.sign_within if self.sign_within else None)
            uow.documents.add_revision(revision)
            uow.documents.save(replace(document.moved(DocumentAction.OPEN_SIGNING), head=revision, sign_by=due))
            asked = [replace(r, due_at=due) for r in requests]
            opened = {r.id: r.moved(RequestAction.OPEN, opened_at=now) for r in open_next(asked)}
            for request in asked:
                uow.signatures.add(opened.get(request.id, request))
                if request.id in opened:
                    ask_for_seal(self.work, uow, request)
            details = {"sha256": sha256, "size": revision.size, "pages": rendered.pages}
            self.work.record(uow, SYSTEM, Action.DOCUMENT_RENDERED, subject, details)
            opening = {"signatories": len(requests), **({"due_at": timestamp(due)} if due else {})}
            self.work.record(uow, SYSTEM, Action.SIGNING_OPENED, subject, opening)
            uow.commit()

    def _issue(self, uow: UnitOfWork, document: Document, revision: Revision, pages: int) -> None:
        """A document that nobody signs is in force as it was made: nothing is opened, extended or called signed. What
        shows that it was not changed is the digest in the audit log and the archive (001 §5.6.3)."""
        subject = ("document", document.id)
        uow.documents.add_revision(revision)
        uow.documents.save(replace(document.moved(DocumentAction.ISSUE), head=revision))
        details = {"sha256": revision.sha256, "size": revision.size, "pages": pages}
        self.work.record(uow, SYSTEM, Action.DOCUMENT_RENDERED, subject, details)
        self.work.record(uow, SYSTEM, Action.DOCUMENT_IN_FORCE, subject, {"sha256": revision.sha256, "signatories": 0})
        self.work.enqueue(uow, JobKind.ARCHIVE, document.id)
