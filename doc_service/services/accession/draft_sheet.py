"""What the accession sheet says: bound by digest to the agreement and to the sheet before it (DESIGN 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doc_service.domain.clusters.accession import Accession, AccessionState
from doc_service.domain.clusters.clusters import Cluster
from doc_service.domain.documents import Document
from doc_service.domain.errors import ConflictError
from doc_service.ports import UnitOfWork
from doc_service.services.accession import steps
from doc_service.services.base import Workspace
from doc_service.services.clusters.form_data import cited_document, cluster_data, headed_data, represented_data
from doc_service.services.clusters.papers import SIGNED, documents_of, signed_digests


@dataclass(frozen=True, slots=True)
class SheetData:
    """The data of the next accession sheet for ``DraftDocument``; nothing is stored. ``place``: where it is drawn up.

    Raises ``ConflictError`` "accession.not_admitted", "accession.no_agreement"."""

    work: Workspace

    def __call__(self, accession_id: str, place: str) -> dict[str, Any]:
        with self.work.uow.reading() as uow:
            accession = uow.accessions.get(accession_id)
            if accession.state is not AccessionState.ADMITTED:
                raise ConflictError("accession.not_admitted", "", state=str(accession.state))
            cluster = uow.clusters.get(accession.cluster_id)
            agreement = standing_agreement(uow, cluster)
            last = last_sheet(uow, cluster)
            application = uow.documents.get(accession.application_id)
            protocol = uow.documents.get(accession.protocol_id)
            assert protocol.registration is not None
            return {
                "cluster": cluster_data(cluster),
                "specialised": headed_data(uow, cluster, place),
                "agreement": cited_document(agreement, newest_digest(uow, agreement)),
                "previous": _previous(uow, last),
                "sheet_number": next_number(last),
                "newcomer": represented_data(uow, uow.organisations.get(accession.organisation_id)),
                "application": cited_document(application, newest_digest(uow, application)),
                "decision": {
                    "number": protocol.registration.number,
                    "held_on": protocol.data["meeting"]["opens_at"][:10],
                },
            }


def standing_agreement(uow: UnitOfWork, cluster: Cluster) -> Document:
    """The cluster's agreement on participation: the signed one that was registered last. ``ConflictError``
    "accession.no_agreement"."""
    found = next((d for d in documents_of(uow, cluster, [steps.AGREEMENT]) if d.state in SIGNED), None)
    if found is None:
        raise ConflictError("accession.no_agreement", "", cluster=cluster.id)
    return uow.documents.get(found.id)


def last_sheet(uow: UnitOfWork, cluster: Cluster) -> Accession | None:
    """The accession whose sheet stands last in the series; one that was left later still counts."""
    numbered = [a for a in uow.accessions.of_cluster(cluster.id) if a.sheet_number is not None]
    return max(numbered, key=lambda a: a.sheet_number or 0, default=None)


def next_number(last: Accession | None) -> int:
    return 1 + (last.sheet_number or 0 if last else 0)


def newest_digest(uow: UnitOfWork, document: Document) -> str:
    """Of the file that stands now: the one that anybody who asks is given."""
    return signed_digests(uow, document.id)[-1]


def _previous(uow: UnitOfWork, last: Accession | None) -> dict[str, Any] | None:
    if last is None:
        return None
    sheet = uow.documents.get(last.sheet_id)
    return {"sheet_number": last.sheet_number, **cited_document(sheet, newest_digest(uow, sheet))}
