"""The application to accede comes in, with its seven enclosures (003 Əlavə 4, annex 1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from doc_service.domain.clusters.accession import (
    ENCLOSURES,
    QUESTIONNAIRE,
    Accession,
    AccessionAction,
    needed_enclosures,
)
from doc_service.domain.errors import DomainError, Fault, Param
from doc_service.ports import UnitOfWork
from doc_service.services.accession import steps
from doc_service.services.base import Workspace
from doc_service.services.clusters.keep_file import ACCESSION, newest_files
from doc_service.services.clusters.papers import signed_digests, signed_document


@dataclass(frozen=True, slots=True)
class LodgeApplication:
    """``questionnaire_id`` and ``application_id``: documents that the applicant's head has signed. Every enclosure that
    the form asks for is kept with the accession, and its digest on the form is that of the file; the seventh is the
    questionnaire itself.

    Raises ``DomainError`` with one "accession.enclosure_missing" or "accession.enclosure_differs" (number, title) for
    each, "accession.other_organisation", "accession.other_kind", what ``signed_document`` does, ``ConflictError``
    "state.not_allowed"."""

    work: Workspace

    def __call__(self, accession_id: str, questionnaire_id: str, application_id: str, actor: str) -> Accession:
        with self.work.uow() as uow:
            for document_id in sorted({questionnaire_id, application_id}):
                uow.documents.get(document_id)
            accession = uow.accessions.get(accession_id)
            cluster = uow.clusters.get(accession.cluster_id)
            organisation = uow.organisations.get(accession.organisation_id)
            questionnaire = signed_document(uow, cluster, questionnaire_id, steps.QUESTIONNAIRE)
            application = signed_document(uow, cluster, application_id, steps.APPLICATION)
            steps.about(questionnaire, questionnaire.data["organisation"], organisation.voen)
            steps.about(application, application.data["applicant"]["organisation"], organisation.voen)
            if questionnaire.data["kind"] != accession.kind:
                raise DomainError("accession.other_kind", "kind", kind=str(questionnaire.data["kind"]))
            needed = needed_enclosures(organisation.natural)
            given = _digests(uow, accession, questionnaire_id)
            faults = list(_faults(application.data["enclosures"], given, needed))
            if faults:
                raise DomainError.of(faults)
            applied = accession.moved(
                AccessionAction.APPLY, questionnaire_id=questionnaire_id, application_id=application_id
            )
            enclosed = {str(n): min(digests) for n, digests in given.items()}
            documents = {"questionnaire": questionnaire_id, "application": application_id, "enclosures": enclosed}
            saved = steps.moved(self.work, uow, accession, applied, actor, **documents)
            uow.commit()
        return saved


def _digests(uow: UnitOfWork, accession: Accession, questionnaire_id: str) -> dict[int, frozenset[str]]:
    """By number, the digests by which an enclosure may be named on the form."""
    files = newest_files(uow, ACCESSION, accession.id)
    kept = {int(item): frozenset({file.sha256}) for item, file in files.items()}
    return {**kept, QUESTIONNAIRE: frozenset(signed_digests(uow, questionnaire_id))}


def _faults(
    rows: Sequence[dict[str, Any]], given: dict[int, frozenset[str]], needed: frozenset[int]
) -> Iterator[Fault]:
    named = {row["number"]: (row.get("file") or {}).get("sha256") for row in rows}
    for number, title in ENCLOSURES.items():
        on_form = named.get(number)
        field = f"enclosures[{number - 1}]"
        params: dict[str, Param] = {"number": number, "title": title}
        if not on_form or number not in given:
            if number in needed or on_form:
                yield Fault("accession.enclosure_missing", field, params)
        elif on_form not in given[number]:
            yield Fault("accession.enclosure_differs", field, params)
