"""Every document that a filter names, with its data, one page after another."""

from __future__ import annotations

from collections.abc import Iterator

from doc_service.domain.documents import Document
from doc_service.ports import UnitOfWork
from doc_service.ports_queries import DocumentFilter, Position, Slice

_PAGE = 200


def all_documents(uow: UnitOfWork, wanted: DocumentFilter) -> Iterator[Document]:
    """For what a year of one body holds, not for the whole register; lists leave the data out, so each is read."""
    after: Position | None = None
    while True:
        page = uow.queries.documents(wanted, Slice(after, _PAGE))
        yield from (uow.documents.get(row.id) for row in page.rows)
        if page.end is None:
            return
        after = page.end
