"""What the owner of an account is told: that a password may be set, or was (002 §7.1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.audit_events import Action
from doc_service.domain.jobs import Job, JobKind

_NAME = "account_notice"


@dataclass(frozen=True, slots=True)
class AccountNotice:
    """``event_id``: of the audit event that is told of; each is told once."""

    action: Action
    account_id: str
    event_id: str

    @property
    def kind(self) -> str:
        """As texts and records name it: "enrolment_given", "password_set"."""
        return self.action.value.partition(".")[2]

    def job(self, job_id: str, at: datetime) -> Job:
        payload = {_NAME: str(self.action), "account_id": self.account_id, "event_id": self.event_id}
        return Job(job_id, JobKind.NOTICE, f"{JobKind.NOTICE}:{self.event_id}", at, payload)

    @classmethod
    def of(cls, job: Job) -> AccountNotice | None:
        """None for a job that tells of something else."""
        values = job.payload
        return cls(Action(values[_NAME]), values["account_id"], values["event_id"]) if _NAME in values else None
