"""Audit events: what is recorded in the electronic control-audit journal (002 §7.1.15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """Names of events; they are never renamed, since old logs are read for decades."""

    BODY_REGISTERED = "body.registered"
    PERSON_RECORDED = "person.recorded"
    PERSON_CORRECTED = "person.corrected"
    ORGANISATION_RECORDED = "organisation.recorded"
    ORGANISATION_CORRECTED = "organisation.corrected"
    CLUSTER_RECORDED = "cluster.recorded"
    CLUSTER_CORRECTED = "cluster.corrected"
    CLUSTER_MOVED = "cluster.moved"
    PARTICIPATION_RECORDED = "participation.recorded"
    PARTICIPATION_CORRECTED = "participation.corrected"
    PARTICIPATION_ENDED = "participation.ended"
    PROJECT_RECORDED = "joint_project.recorded"
    PROJECT_MOVED = "joint_project.moved"
    FIGURES_RECORDED = "figures.recorded"
    FILE_KEPT = "file.kept"
    REGISTRY_RENEWED = "registry.renewed"
    ACCESSION_OPENED = "accession.opened"
    ACCESSION_MOVED = "accession.moved"
    SUBSTITUTION_RECORDED = "substitution.recorded"
    SUBSTITUTION_ENDED = "substitution.ended"
    JOURNAL_OPENED = "journal.opened"
    MEETING_CONVENED = "meeting.convened"
    MEETING_NOTICE_SENT = "meeting.notice_sent"
    MEETING_HELD = "meeting.held"
    DOCUMENT_DRAFTED = "document.drafted"
    DOCUMENT_SUBMITTED = "document.submitted"
    DOCUMENT_RETURNED = "document.returned"
    DOCUMENT_REVISED = "document.revised"
    VISA_GRANTED = "visa.granted"
    DOCUMENT_APPROVED = "document.approved"
    DOCUMENT_REGISTERED = "document.registered"
    DOCUMENT_RENDERED = "document.rendered"
    SIGNING_OPENED = "signing.opened"
    SIGNATURE_CONSENTED = "signature.consented"
    SIGNATURE_PREPARED = "signature.prepared"
    SIGNATURE_COMPLETED = "signature.completed"
    SIGNATURE_REFUSED = "signature.refused"
    SIGNATURE_DECLINED = "signature.declined"
    SIGNATURE_REOPENED = "signature.reopened"
    SIGNATURE_LEFT_OUT = "signature.left_out"
    SIGNATURE_TRANSFERRED = "signature.transferred"
    SIGNATURE_REMINDER_ASKED = "signature.reminder_asked"
    SIGNING_DEADLINE_SET = "signing.deadline_set"
    SIGNATURE_REMINDED = "signature.reminded"
    SIGNATURE_REMINDER_FAILED = "signature.reminder_failed"
    SIGNING_COMPLETED = "signing.completed"
    SEAL_APPLIED = "seal.applied"
    COPY_ISSUED = "copy.issued"
    COPY_REFUSED = "copy.refused"
    TEMPLATE_UPLOADED = "template.uploaded"
    TEMPLATE_CHECKED = "template.checked"
    TEMPLATE_ACTIVATED = "template.activated"
    TEMPLATE_WITHDRAWN = "template.withdrawn"
    DELIVERY_PLANNED = "delivery.planned"
    DELIVERY_SENT = "delivery.sent"
    DELIVERY_CONFIRMED = "delivery.confirmed"
    DELIVERY_FAILED = "delivery.failed"
    DELIVERY_CANCELLED = "delivery.cancelled"
    DOCUMENT_SUPERSEDED = "document.superseded"
    OPERATION_STARTED = "operation.started"
    OPERATION_ASKED = "operation.asked"
    OPERATION_AUTHORISED = "operation.authorised"
    OPERATION_DONE = "operation.done"
    OPERATION_FAILED = "operation.failed"
    OPERATION_EXPIRED = "operation.expired"
    OPERATION_CANCELLED = "operation.cancelled"
    DOCUMENT_EXTENDED = "document.extended"
    DOCUMENT_IN_FORCE = "document.in_force"
    DOCUMENT_ARCHIVED = "document.archived"
    DOCUMENT_WITHDRAWN = "document.withdrawn"
    DOCUMENT_ANNULLED = "document.annulled"
    ARCHIVE_EXPORTED = "archive.exported"
    AUDIT_EXPORTED = "audit.exported"
    ARCHIVE_ORPHANS_SWEPT = "archive.orphans_swept"
    ARCHIVE_RECONCILED = "archive.reconciled"
    ARCHIVE_REPAIRED = "archive.repaired"
    RECOMMENDATION_HEEDED = "recommendation.heeded"
    RECOMMENDATION_NOT_HEEDED = "recommendation.not_heeded"
    RECOMMENDATION_REOPENED = "recommendation.reopened"
    DUTY_REMINDED = "duty.reminded"
    DUTY_REMINDER_FAILED = "duty.reminder_failed"
    JOB_REVIVED = "job.revived"
    TRUST_ANCHOR_ADDED = "trust_anchor.added"
    TRUST_ANCHOR_CHANGED = "trust_anchor.changed"
    TRUST_ANCHOR_WITHDRAWN = "trust_anchor.withdrawn"
    TRUST_ANCHOR_REMOVED = "trust_anchor.removed"
    NOTICE_SENT = "notice.sent"
    NOTICE_FAILED = "notice.failed"
    WEBHOOK_ADDED = "webhook.added"
    WEBHOOK_SECRET_ROTATED = "webhook.secret_rotated"  # noqa: S105 - a name, no secret
    WEBHOOK_ENABLED = "webhook.enabled"
    WEBHOOK_DISABLED = "webhook.disabled"
    WEBHOOK_SUSPENDED = "webhook.suspended"
    WEBHOOK_REMOVED = "webhook.removed"
    WEBHOOK_REDELIVERED = "webhook.redelivered"
    BACKUP_MADE = "backup.made"
    BACKUP_RESTORED = "backup.restored"
    ACCOUNT_OPENED = "account.opened"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_CORRECTED = "account.corrected"
    ACCOUNT_CLOSED = "account.closed"
    ACCOUNT_REOPENED = "account.reopened"
    ACCOUNT_ENROLMENT_GIVEN = "account.enrolment_given"
    ACCOUNT_PASSWORD_SET = "account.password_set"  # noqa: S105
    ACCOUNT_SECOND_STEP_SET = "account.second_step_set"
    ACCOUNT_RECOVERY_RENEWED = "account.recovery_renewed"
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGIN_CERTIFICATE = "login.certificate"
    IDENTITY_LINKED = "identity.linked"
    IDENTITY_UNLINKED = "identity.unlinked"
    SESSION_ENDED = "session.ended"
    TOKEN_ISSUED = "token.issued"  # noqa: S105
    TOKEN_REVOKED = "token.revoked"  # noqa: S105
    ACCESS_REFUSED = "access.refused"


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds always present: one precision everywhere (DESIGN 11)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event. ``id`` is unique, so recording the same event twice is refused; ``details`` holds JSON values only
    and no personal data beyond ids."""

    id: str
    at: datetime
    actor: str
    action: Action
    subject_type: str
    subject_id: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The canonical content (to be serialised by RFC 8785)."""
        return {
            "id": self.id,
            "at": timestamp(self.at),
            "actor": self.actor,
            "action": str(self.action),
            "subject": {"type": self.subject_type, "id": self.subject_id},
            "details": dict(self.details),
        }
