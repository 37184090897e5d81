"""Events after which somebody is told something: persons by notices, other systems by webhooks."""

from __future__ import annotations

from collections.abc import Mapping

from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.webhooks import WEBHOOK_EVENTS

NOTICED = frozenset(
    {
        Action.SIGNING_OPENED,
        Action.SIGNATURE_COMPLETED,
        Action.SIGNATURE_REOPENED,
        Action.SIGNATURE_LEFT_OUT,
        Action.SIGNATURE_TRANSFERRED,
        Action.SIGNATURE_DECLINED,
        Action.SIGNING_DEADLINE_SET,
        Action.DOCUMENT_IN_FORCE,
        Action.DOCUMENT_WITHDRAWN,
    }
)
"""After these it is looked who has to be told what."""

OWNER_TOLD = frozenset({Action.ACCOUNT_ENROLMENT_GIVEN, Action.ACCOUNT_PASSWORD_SET})
"""After these the owner of the account is told by mail, so that nobody opens or takes over an account unnoticed."""

ANNOUNCED = NOTICED | WEBHOOK_EVENTS | OWNER_TOLD


def announcement(job_id: str, event: AuditEvent) -> Job:
    """The job that tells of ``event``; asked for in the transaction that records it."""
    payload: Mapping[str, str] = {
        "event_id": event.id,
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
    }
    return Job(job_id, JobKind.ANNOUNCE, f"{JobKind.ANNOUNCE}:{event.id}", event.at, payload)
