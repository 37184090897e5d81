"""What every use case is built from: a unit of work, a clock, identifiers, and the recorder of audit events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doc_service.domain.announcements import announcement
from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.jobs import Job, JobKind
from doc_service.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Workspace:
    """The common parts of use cases. ``actor`` of an event is who asked: a person's id or ``system``. After events of
    ``announced`` kinds somebody is told something: a job that is asked for in the same transaction."""

    uow: UnitOfWorkFactory
    clock: Clock
    ids: Ids
    announced: frozenset[Action] = frozenset()

    def record(
        self,
        uow: UnitOfWork,
        actor: str,
        action: Action,
        subject: tuple[str, str],
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Appends an audit event to the open transaction; ``subject`` is (type, id)."""
        event = AuditEvent(self.ids.new(), self.clock.now(), actor, action, subject[0], subject[1], dict(details or {}))
        uow.audit.append(event)
        if action in self.announced:
            uow.jobs.enqueue(announcement(self.ids.new(), event))

    def enqueue(self, uow: UnitOfWork, kind: JobKind, document_id: str, step: str = "") -> None:
        """Asks for background work on a document in the open transaction; asking twice is one job."""
        key = f"{kind}:{document_id}:{step}" if step else f"{kind}:{document_id}"
        uow.jobs.enqueue(Job(self.ids.new(), kind, key, self.clock.now(), {"document_id": document_id}))


SYSTEM = "system"
