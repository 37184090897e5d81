"""Who has been asked to sign and for how long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from doc_service.domain.documents import DocumentState
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.persistence.codec import Codec
from doc_service.persistence.tables import document_revisions, documents, signature_requests

_REQUEST = Codec(SignatureRequest)
_ASKED = (str(RequestState.OPEN), str(RequestState.CONSENTED))


def waiting_requests(connection: Connection, opened_before: datetime, signer_id: str) -> Sequence[SignatureRequest]:
    """As ``doc_service.ports.Signatures.waiting``. Only documents in signing are looked at, so that the time does not
    grow with the archive; no row is locked."""
    found = [(request.signer.id, since, request) for request, since in _asked(connection, opened_before, signer_id)]
    return [request for *_, since, request in sorted(found, key=lambda f: f[:2]) if since <= opened_before]


def _asked(
    connection: Connection, opened_before: datetime, signer_id: str
) -> Iterator[tuple[SignatureRequest, datetime]]:
    """Requests with the moment they were opened. One that does not say counts from the document's newest revision:
    it was open by then, so that nobody is called late too early."""
    rows, papers, revisions = signature_requests.c, documents.c, document_revisions.c
    newest = select(func.max(revisions.created_at)).where(revisions.document_id == papers.id).scalar_subquery()
    query = (
        select(rows.body, newest)
        .join_from(signature_requests, documents, rows.document_id == papers.id)
        .where(papers.state == str(DocumentState.SIGNING), papers.created_at <= opened_before)
        .where(rows.state.in_(_ASKED))
        .order_by(rows.rowno)
    )
    if signer_id:
        query = query.where(rows.signer_id == signer_id)
    for body, revised_at in connection.execute(query):
        request = _REQUEST.decode(body)
        since = request.opened_at or revised_at
        if since is not None:
            yield request, since
