"""Notices to persons: what they are told of, and when a telling is the same as an earlier one (002 §6.1.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from doc_service.domain.audit_events import timestamp
from doc_service.domain.jobs import Job, JobKind


class NoticeKind(StrEnum):
    """``asked``: it is the person's turn to sign. ``due_soon``, ``overdue``: of the deadline. ``deadline``: it was set
    or moved. ``declined``: to the secretary, somebody refused. ``withdrawn``: nothing is to be signed any more.
    ``completed``: everybody signed and the document is in force. ``substituted``: somebody else signs instead."""

    ASKED = "asked"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DEADLINE = "deadline"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    SUBSTITUTED = "substituted"


class Channel(StrEnum):
    MAIL = "mail"
    SMS = "sms"


URGENT = frozenset(
    {NoticeKind.ASKED, NoticeKind.DUE_SOON, NoticeKind.OVERDUE, NoticeKind.WITHDRAWN, NoticeKind.SUBSTITUTED}
)
"""Those that also go to the telephone."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One person is told one thing once. ``occasion``: what makes it another telling (an event's id, a deadline, the
    moment a request was opened). ``request_id``: "" for what concerns the document as a whole."""

    kind: NoticeKind
    person_id: str
    document_id: str
    occasion: str
    request_id: str = ""

    def job(self, job_id: str, channel: Channel, at: datetime) -> Job:
        key = f"{JobKind.NOTICE}:{channel}:{self.kind}:{self.request_id or self.document_id}:{self.person_id}"
        payload = {
            "notice": str(self.kind),
            "channel": str(channel),
            "person_id": self.person_id,
            "document_id": self.document_id,
            "request_id": self.request_id,
            "occasion": self.occasion,
        }
        return Job(job_id, JobKind.NOTICE, f"{key}:{self.occasion}", at, payload)

    @classmethod
    def of(cls, job: Job) -> Notice:
        values = job.payload
        return cls(
            NoticeKind(values["notice"]),
            values["person_id"],
            values["document_id"],
            values["occasion"],
            values["request_id"],
        )


def moment(at: datetime | None) -> str:
    """An occasion that is a moment; "" when it is not known."""
    return "" if at is None else timestamp(at)
