"""Opens a registration journal (004 §5.1.8)."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.registration import Journal
from doc_service.services.base import Workspace


@dataclass(frozen=True, slots=True)
class OpenJournal:
    """Adds a journal after checking its index pattern; a journal that is open already stays as it is."""

    work: Workspace

    def __call__(self, journal: Journal, actor: str) -> Journal:
        journal.index(1, 2000)
        with self.work.uow() as uow:
            known = uow.journals.find(journal.code)
            if known is not None:
                return known
            uow.journals.add(journal)
            self.work.record(uow, actor, Action.JOURNAL_OPENED, ("journal", journal.code), {"pattern": journal.pattern})
            uow.commit()
        return journal
