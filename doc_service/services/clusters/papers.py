"""The documents of a cluster: those whose body is one of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from doc_service.domain.civil_time import baku_date
from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.clusters.files import CaseFile
from doc_service.domain.clusters.road_map import Paper
from doc_service.domain.documents import Document, DocumentState, RevisionKind
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.ports import UnitOfWork
from doc_service.ports_queries import DocumentFilter, Slice

SIGNED = frozenset({DocumentState.SIGNED, DocumentState.IN_FORCE, DocumentState.ARCHIVED})
_GONE = frozenset({DocumentState.WITHDRAWN, DocumentState.ANNULLED})
_PAGE = 200


def documents_of(uow: UnitOfWork, cluster: Cluster, instruments: Iterable[str]) -> Iterator[Document]:
    """Newest first, without withdrawn and annulled ones."""
    for instrument in sorted(set(instruments)):
        for body_id in sorted(cluster.body_ids):
            after: Slice | None = Slice(limit=_PAGE)
            while after is not None:
                page = uow.queries.documents(DocumentFilter(instrument=instrument, body_id=body_id), after)
                yield from (d for d in page.rows if d.state not in _GONE)
                after = None if page.end is None else Slice(page.end, _PAGE)


def signed_document(uow: UnitOfWork, cluster: Cluster, document_id: str, instrument: str) -> Document:
    """The document, when it is this instrument of this cluster and bears all its signatures.

    Raises ``NotFoundError`` "document.not_found", ``DomainError`` "cluster.other_instrument", "cluster.other_cluster",
    ``ConflictError`` "cluster.not_signed"."""
    document = uow.documents.get(document_id)
    if document.instrument != instrument:
        params = {"expected": instrument, "found": document.instrument}
        raise DomainError("cluster.other_instrument", "document_id", **params)
    if document.body_id not in cluster.body_ids:
        raise DomainError("cluster.other_cluster", "document_id", document=document.id)
    if document.state not in SIGNED or document.registration is None or document.head is None:
        raise ConflictError("cluster.not_signed", "document_id", document=document.id, state=str(document.state))
    return document


def signed_digests(uow: UnitOfWork, document_id: str) -> tuple[str, ...]:
    """SHA-256 of the stored files that bear all signatures, the first one first; extensions come after it."""
    revisions = uow.documents.revisions(document_id)
    last = max((n for n, r in enumerate(revisions) if r.kind is RevisionKind.SIGNATURE), default=len(revisions))
    return tuple(r.sha256 for r in revisions[last:])


def paper_of(document: Document, organisation_id: str = "") -> Paper:
    registration = document.registration
    label = registration.number if registration else document.title
    day = registration.registered_on if registration else baku_date(document.created_at)
    return Paper("document", document.id, label, day, document.state in SIGNED, organisation_id)


def file_paper(file: CaseFile) -> Paper:
    return Paper("file", file.id, file.name, baku_date(file.added_at), done=True)
