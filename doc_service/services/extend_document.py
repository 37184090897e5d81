"""Brings a fully signed document to its final level and into force (DESIGN 5)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentAction, DocumentState, Revision, RevisionKind
from doc_service.domain.jobs import JobKind
from doc_service.services.base import SYSTEM, Workspace
from signing.api import Level, SignedRevision, SigningEngine
from storage.api import ObjectStore
from storage.keys import revision_key


@dataclass(frozen=True, slots=True)
class ExtendDocument:
    """Job: revocation data and the archival time stamp. While a TSA or OCSP responder is out of reach the document
    stands as "signed" (extension pending) and the retryable ``SigningError`` brings the job back later; the level is
    never lowered."""

    work: Workspace
    store: ObjectStore
    engine: SigningEngine

    def __call__(self, document_id: str) -> None:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(document_id)
        if document.state is not DocumentState.SIGNED or document.head is None:
            return
        base = self.store.read(document.head.key)
        extended = self.engine.extend(base, target=Level(document.final_level))
        sha256 = hashlib.sha256(extended.pdf).hexdigest()
        key = revision_key(document.id, document.head.number + 1, sha256)
        self.store.put_new(key, extended.pdf, sha256=sha256)
        self._commit(document, extended, key, sha256)

    def _commit(self, document: Document, extended: SignedRevision, key: str, sha256: str) -> None:
        assert document.head is not None
        now = self.work.clock.now()
        number = document.head.number + 1
        level = str(extended.level)
        revision = Revision(document.id, number, RevisionKind.EXTENSION, key, sha256, len(extended.pdf), now, level)
        subject = ("document", document.id)
        with self.work.uow() as uow:
            if uow.documents.get(document.id).state is not DocumentState.SIGNED:
                return
            uow.documents.add_revision(revision)
            uow.documents.save(replace(document.moved(DocumentAction.ENTER_FORCE), head=revision))
            details = {"sha256": sha256, "revision": number, "level": level}
            self.work.record(uow, SYSTEM, Action.DOCUMENT_EXTENDED, subject, details)
            self.work.record(uow, SYSTEM, Action.DOCUMENT_IN_FORCE, subject, {"sha256": sha256})
            self.work.enqueue(uow, JobKind.ARCHIVE, document.id)
            uow.commit()
