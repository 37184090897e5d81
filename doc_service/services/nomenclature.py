"""Which nomenclature of cases rules a document: the one its body has approved, else the model list (004 §5.1.11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.retention import DEFAULT_NOMENCLATURE, Case
from doc_service.instruments.faults import parse
from doc_service.instruments.group.isler_nomenklaturu import NomenclatureData
from doc_service.ports import UnitOfWork
from doc_service.ports_queries import DocumentFilter, Slice

INSTRUMENT = "isler-nomenklaturu"
_IN_FORCE = frozenset({DocumentState.IN_FORCE, DocumentState.ARCHIVED})
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class NomenclatureInForce:
    """``default``: cases that the approved nomenclature does not name keep the period they have there, so that no
    document is without one."""

    default: Mapping[str, Case] = field(default_factory=lambda: DEFAULT_NOMENCLATURE)

    def __call__(self, uow: UnitOfWork, document: Document) -> Mapping[str, Case]:
        """The cases as they stood on the day the document was registered: a later nomenclature changes nothing for
        documents registered before it."""
        return self._cases(self.document_of(uow, document))

    def of_body(self, uow: UnitOfWork, body_id: str, day: date) -> Mapping[str, Case]:
        """The cases of a body as they stood on ``day``."""
        return self._cases(self._approved(uow, body_id, day))

    def document_of(self, uow: UnitOfWork, document: Document) -> Document | None:
        """The newest nomenclature of the body that was approved by then and is of that year or an earlier one."""
        if document.registration is None:
            return None
        return self._approved(uow, document.body_id, document.registration.registered_on)

    def _cases(self, approved: Document | None) -> Mapping[str, Case]:
        if approved is None:
            return self.default
        return {**self.default, **parse(NomenclatureData, approved.data).cases()}

    def _approved(self, uow: UnitOfWork, body_id: str, day: date) -> Document | None:
        wanted = DocumentFilter(instrument=INSTRUMENT, body_id=body_id, states=_IN_FORCE)
        found = []
        for row in uow.queries.documents(wanted, Slice(limit=_LOOKED_AT)).rows:
            approved = uow.documents.get(row.id)
            assert approved.registration is not None
            if approved.registration.registered_on <= day and approved.data["year"] <= day.year:
                found.append(approved)
        return max(found, key=_precedence, default=None)


def _precedence(document: Document) -> tuple[int, str, str]:
    assert document.registration is not None
    return document.data["year"], document.registration.registered_on.isoformat(), document.registration.number
