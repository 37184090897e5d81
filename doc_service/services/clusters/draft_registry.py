"""What the registry's document says: an edition, and its difference to the last signed one (003 §4.16, Əlavə 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.clusters.registry import Edition, difference
from doc_service.domain.documents import Document
from doc_service.instruments.cluster.klaster_reyestr import KlasterReyestr
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.clusters.form_data import cited_document, cluster_data, headed_data
from doc_service.services.clusters.papers import SIGNED, documents_of, signed_digests

REGISTRY = "klaster-reyestr"


@dataclass(frozen=True, slots=True)
class RegistryDraft:
    """The data of an edition for ``DraftDocument``; nothing is stored. The difference is that to the last edition whose
    document is signed, which may be several editions back. Raises ``NotFoundError`` "registry.edition_not_found",
    ``DomainError`` "cluster.specialised_missing"."""

    work: Workspace
    instrument: KlasterReyestr

    def __call__(self, cluster_id: str, number: int, place: str) -> dict[str, Any]:
        with self.work.uow.reading() as uow:
            cluster = uow.clusters.get(cluster_id)
            edition, _ = uow.editions.get(cluster_id, number)
            before = signed_edition(uow, cluster, number)
            previous, change = None, None
            if before is not None:
                document, earlier = before
                previous = {
                    "edition": earlier.number,
                    **cited_document(document, signed_digests(uow, document.id)[-1]),
                }
                change = difference(earlier, edition)
            return self.instrument.from_edition(
                edition,
                change,
                cluster=cluster_data(cluster),
                specialised=headed_data(uow, cluster, place),
                previous=previous,
            )


def signed_edition(uow: UnitOfWork, cluster: Cluster, before: int) -> tuple[Document, Edition] | None:
    """The signed document of the last edition before number ``before``, and that edition; None when there is none."""
    found: tuple[Document, int] | None = None
    for listed in documents_of(uow, cluster, [REGISTRY]):
        if listed.state not in SIGNED:
            continue
        document = uow.documents.get(listed.id)
        number = int(document.data["edition"])
        if number < before and (found is None or number > found[1]):
            found = document, number
    return None if found is None else (found[0], uow.editions.get(cluster.id, found[1])[0])
