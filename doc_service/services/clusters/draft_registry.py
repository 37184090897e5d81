"""What the registry's document says: an edition, and its difference to the last signed one (003 §4.16, Əlavə 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.documents import Document
from doc_service.domain.errors import ConflictError
from doc_service.instruments.cluster.klaster_reyestr import KlasterReyestr
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.clusters.form_data import cited_document, cluster_data, headed_data
from doc_service.services.clusters.papers import SIGNED, documents_of, signed_digests

REGISTRY = "klaster-reyestr"


@dataclass(frozen=True, slots=True)
class RegistryDraft:
    """The data of an edition for ``DraftDocument``; nothing is stored. Raises ``NotFoundError``
    "registry.edition_not_found", ``ConflictError`` "registry.previous_unsigned" while the edition before has no signed
    document to be named, ``DomainError`` "cluster.specialised_missing"."""

    work: Workspace
    instrument: KlasterReyestr

    def __call__(self, cluster_id: str, number: int, place: str) -> dict[str, Any]:
        with self.work.uow.reading() as uow:
            cluster = uow.clusters.get(cluster_id)
            edition, change = uow.editions.get(cluster_id, number)
            previous = _previous(uow, cluster, number - 1) if number > 1 else None
            return self.instrument.from_edition(
                edition,
                change,
                cluster=cluster_data(cluster),
                specialised=headed_data(uow, cluster, place),
                previous=previous,
            )


def signed_edition(uow: UnitOfWork, cluster: Cluster, number: int) -> Document | None:
    """The signed document of an edition, the one made last; None when there is none."""
    for listed in documents_of(uow, cluster, [REGISTRY]):
        if listed.state in SIGNED:
            document = uow.documents.get(listed.id)
            if document.data["edition"] == number:
                return document
    return None


def _previous(uow: UnitOfWork, cluster: Cluster, number: int) -> dict[str, Any]:
    document = signed_edition(uow, cluster, number)
    if document is None:
        raise ConflictError("registry.previous_unsigned", "number", number=number)
    return {"edition": number, **cited_document(document, signed_digests(uow, document.id)[-1])}
