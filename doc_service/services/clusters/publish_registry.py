"""The signed document of an edition takes the place of the last one (003 §4.16)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError
from doc_service.instruments.cluster.registry_data import row_dict
from doc_service.services.base import Workspace
from doc_service.services.clusters.draft_registry import REGISTRY, signed_edition
from doc_service.services.clusters.papers import signed_document
from doc_service.services.succeed_document import supersede


@dataclass(frozen=True, slots=True)
class PublishEdition:
    """Records that the document supersedes the last signed edition's; once. Raises ``DomainError``
    "registry.other_rows" when the document does not say what the edition says, what ``signed_document`` does,
    ``NotFoundError`` "registry.edition_not_found"."""

    work: Workspace

    def __call__(self, cluster_id: str, document_id: str, actor: str) -> Document | None:
        """The document that is superseded; None for the first edition."""
        with self.work.uow() as uow:
            document = uow.documents.get(document_id)
            cluster = uow.clusters.get(cluster_id)
            document = signed_document(uow, cluster, document.id, REGISTRY)
            edition, _ = uow.editions.get(cluster_id, int(document.data["edition"]))
            if list(document.data["rows"]) != [row_dict(row) for row in edition.rows]:
                raise DomainError("registry.other_rows", "rows", number=edition.number)
            before = signed_edition(uow, cluster, edition.number - 1)
            if before is None:
                return None
            known = {s.new_id for s in uow.successions.after(before.id)}
            if document.id not in known:
                supersede(self.work, uow, before.id, document.id, actor)
                uow.commit()
        return before
