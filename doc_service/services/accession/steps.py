"""What the steps of an accession share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.accession import Accession
from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace

QUESTIONNAIRE = "klaster-anket"
APPLICATION = "klaster-qosulma-erizesi"
PROTOCOL = "klaster-umumi-yigincaq-protokolu"
SHEET = "klaster-qosulma-vereqesi"
AGREEMENT = "klaster-istirak-sazisi"


def moved(work: Workspace, uow: UnitOfWork, before: Accession, after: Accession, actor: str, **more: Any) -> Accession:
    """Saves the accession and records the step in the open transaction."""
    saved = uow.accessions.save(after)
    details = {"from": str(before.state), "state": str(after.state), **more}
    work.record(uow, actor, Action.ACCESSION_MOVED, ("accession", before.id), details)
    return saved


def about(document: Document, organisation: Mapping[str, Any], voen: str) -> None:
    """``DomainError`` "accession.other_organisation" when the document's data name another organisation."""
    if organisation.get("voen") != voen:
        raise DomainError("accession.other_organisation", "document_id", document=document.id, voen=voen)
