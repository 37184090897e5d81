"""Makes the package ready: certified copies where the table asks for copies, then the inventory (003 §2, §6)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from doc_service.domain.copies import Recipient
from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError
from doc_service.instruments.cluster.erize_paketi import file_name
from doc_service.services.base import Workspace
from doc_service.services.clusters.form_data import cluster_data, headed_data
from doc_service.services.copies.issue import IssueCopy, IssueRequest
from doc_service.services.draft_document import DraftDocument, DraftRequest
from doc_service.services.packages.gather import GatherPackage, PackageContents, pages_of
from storage.api import ObjectStore

INSTRUMENT = "erize-paketi"
_NAMESPACE = uuid.UUID("6f2b5f0e-4c1d-4a0e-9d0b-3f6f1f0c7a55")


@dataclass(frozen=True, slots=True)
class PackageRequest:
    """``package_id``: the caller's, of the inventory. ``addressee``: in the dative, as printed. ``chosen``: by item of
    the table, the document to take instead of the newest."""

    package_id: str
    cluster_id: str
    addressee: str
    chosen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class IssuePackageCopies:
    """Issues what is wanted and not issued yet; gives the copies' ids. The same package again issues nothing twice."""

    gather: GatherPackage
    issue: IssueCopy

    def __call__(self, wanted: PackageRequest, actor: str) -> tuple[str, ...]:
        contents = self.gather(wanted.cluster_id, wanted.chosen)
        purpose = f"{contents.cluster.name}: tələblərə uyğunluğun yoxlanılması üçün sənədlər paketi"
        ids = []
        for copy in contents.wanted:
            head = copy.original.head
            name = f"{wanted.package_id}:{copy.item.id}:{copy.original.id}:{head.sha256 if head else ''}"
            copy_id = str(uuid.uuid5(_NAMESPACE, name))
            self.issue(IssueRequest(copy_id, copy.original.id, Recipient(wanted.addressee), purpose), actor)
            ids.append(copy_id)
        return tuple(ids)


@dataclass(frozen=True, slots=True)
class DraftPackage:
    """Drafts the inventory of a complete package; its signing goes the way of every document. While there are gaps it
    is refused with all of them at once (``DomainError``, "package.…")."""

    work: Workspace
    store: ObjectStore
    gather: GatherPackage
    draft: DraftDocument
    pages: Callable[[bytes], int]

    def __call__(self, wanted: PackageRequest, actor: str) -> Document:
        contents = self.gather(wanted.cluster_id, wanted.chosen)
        if contents.gaps:
            raise DomainError.of(contents.gaps)
        with self.work.uow.reading() as uow:
            body = uow.bodies.get(contents.cluster.members_body_id)
            headed = headed_data(uow, contents.cluster, body.place)
        data = {
            "cluster": cluster_data(contents.cluster),
            "organisation": headed,
            "addressee": wanted.addressee,
            "members": len(contents.members),
            "entries": self._entries(contents),
        }
        return self.draft(DraftRequest(wanted.package_id, INSTRUMENT, body.id, None, data), actor)

    def _entries(self, contents: PackageContents) -> list[dict[str, Any]]:
        return [
            {
                "item": paper.item.id,
                "form": paper.form,
                "document_id": paper.document_id,
                "number": paper.number,
                "registered_on": paper.day,
                "owner": contents.members.get(paper.owner, ""),
                "pages": pages,
                "size": paper.size,
                "sha256": paper.sha256,
                "name": file_name(place, paper.item.id, paper.media_type),
            }
            for place, (paper, pages) in enumerate(pages_of(self.store, contents.papers, self.pages), 1)
        ]
