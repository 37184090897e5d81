"""Archived originals that travel inside another document (004 §5.1.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from doc_service.domain.documents import Document, Revision
from doc_service.domain.errors import ConflictError, NotFoundError
from doc_service.instruments.base import Enclosure, Instrument
from doc_service.ports import Attachment
from doc_service.services.base import Workspace
from storage.api import ObjectStore

PDF = "application/pdf"


def read_enclosures(
    work: Workspace, store: ObjectStore, instrument: Instrument[Any], document: Document
) -> tuple[Attachment, ...]:
    """The bytes that the document's data name, from the archive, and checked against the digest that they name.

    Raises ``NotFoundError`` "enclosure.not_found" when no revision has this digest, ``ConflictError``
    "enclosure.damaged" when the archive gives other bytes."""
    wanted = instrument.enclosures(instrument.validate(document.data))
    if not wanted:
        return ()
    with work.uow.reading() as uow:
        found = [(e, _revision(uow.documents.revisions(e.document_id), e)) for e in wanted]
    return tuple(Attachment(e.name, _content(store, r), PDF, e.description) for e, r in found)


def _revision(revisions: Sequence[Revision], enclosure: Enclosure) -> Revision:
    for revision in revisions:
        if revision.sha256 == enclosure.sha256:
            return revision
    raise NotFoundError("enclosure.not_found", enclosure.name, document=enclosure.document_id)


def _content(store: ObjectStore, revision: Revision) -> bytes:
    content = store.read(revision.key)
    if hashlib.sha256(content).hexdigest() != revision.sha256:
        raise ConflictError("enclosure.damaged", "", document=revision.document_id)
    return content
