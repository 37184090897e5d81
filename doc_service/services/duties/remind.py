"""Reminds the secretary of what the body owes: once when it is due soon, once when it is overdue.

Each letter is a job of its own whose key is the duty and its state: however often it is planned, it is asked for once.
A letter is recorded after it was handed over; a process that dies in between sends it again under the same Message-ID.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.bodies import Body
from doc_service.domain.civil_time import baku_date
from doc_service.domain.duties import Duty, pressing
from doc_service.domain.errors import DomainError
from doc_service.domain.identifiers import is_email
from doc_service.domain.jobs import Job, JobKind
from doc_service.ports import Mail, Mailer, UnitOfWork
from doc_service.ports_queries import Position, Slice
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.contacts import Contact
from doc_service.services.duties.calendar import DutyCalendar
from doc_service.services.duties.text import DutyText

_log = logging.getLogger(__name__)
_FINAL = frozenset({"notify.refused", "person.bad_email"})
_MARKS = frozenset({Action.DUTY_REMINDED, Action.DUTY_REMINDER_FAILED})


@dataclass(frozen=True, slots=True)
class RemindOfDuties:
    """``mailer`` None: no mail is set up, and nobody is reminded."""

    work: Workspace
    calendar: DutyCalendar
    text: DutyText
    mailer: Mailer | None

    def __call__(self, job: Job) -> None:
        """Job: looks at every body, or sends the letter that the payload names."""
        if "duty" in job.payload:
            self.remind(job.payload["body_id"], job.payload["duty"], job.payload["period"], job.payload["state"])
        else:
            self.plan()

    def plan(self) -> int:
        """Asks for a letter for each pressing duty; returns how many had not been asked for."""
        if self.mailer is None:
            return 0
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            wanted = [
                self._letter(body, duty)
                for body in _bodies(uow)
                for duty in pressing(self.calendar.of(uow, body, baku_date(now)))
            ]
            jobs = [job for job in wanted if uow.jobs.find(job.key) is None]
        if not jobs:
            return 0
        with self.work.uow() as uow:
            asked = sum(uow.jobs.enqueue(job) for job in jobs)
            uow.commit()
        return asked

    def remind(self, body_id: str, kind: str, period: str, state: str) -> None:
        """Does nothing when the letter is out, or the duty is not as it was then. Raises ``DomainError``
        "notify.unavailable" to be tried again; a refusal for good is recorded as such."""
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            body = uow.bodies.get(body_id)
            found = self.calendar.of(uow, body, baku_date(now))
            duty = next((d for d in found if (d.kind, d.period, d.state) == (kind, period, state)), None)
            marked = _marked(uow, body_id, (kind, period, state))
            contact = _contact(uow, body)
        if duty is None or marked or self.mailer is None:
            return
        details = {"duty": kind, "period": period, "state": state, "due_on": duty.due_on.isoformat()}
        if not contact.email:
            _log.warning("the secretary of a body has no e-mail address: %s", body_id)
            return
        try:
            self.mailer.send(self._mail(body, duty, contact))
        except DomainError as refusal:
            if refusal.code not in _FINAL:
                raise
            self._record(body_id, Action.DUTY_REMINDER_FAILED, {**details, "code": refusal.code})
        else:
            self._record(body_id, Action.DUTY_REMINDED, details)

    def _letter(self, body: Body, duty: Duty) -> Job:
        key = f"{JobKind.DUTY}:{body.id}:{duty.kind}:{duty.period}:{duty.state}"
        payload = {"body_id": body.id, "duty": str(duty.kind), "period": duty.period, "state": str(duty.state)}
        return Job(self.work.ids.new(), JobKind.DUTY, key, self.work.clock.now(), payload)

    def _mail(self, body: Body, duty: Duty, contact: Contact) -> Mail:
        if not is_email(contact.email):
            raise DomainError("person.bad_email", "email")
        name = hashlib.sha256(f"{body.id} {duty.kind} {duty.period} {duty.state}".encode()).hexdigest()[:32]
        chosen = self.text.chosen(contact.language)
        return Mail(
            id=f"duty-{name}",
            recipient=contact.email,
            subject=self.text.subject(duty, contact.language),
            text=self.text.body(duty, body, contact.language),
            at=self.work.clock.now(),
            languages=tuple(texts.language for texts in chosen),
        )

    def _record(self, body_id: str, action: Action, details: dict[str, str]) -> None:
        with self.work.uow() as uow:
            self.work.record(uow, SYSTEM, action, ("body", body_id), details)
            uow.commit()


def _marked(uow: UnitOfWork, body_id: str, duty: tuple[str, str, str]) -> bool:
    return any(
        e.action in _MARKS and tuple(e.details[n] for n in ("duty", "period", "state")) == duty
        for e in uow.audit.of_subject("body", body_id)
    )


def _contact(uow: UnitOfWork, body: Body) -> Contact:
    """The secretary's account comes first: there the address can be corrected (002 §7.1.16)."""
    accounts = uow.accounts.of_person(body.secretary.id)
    email = next((a.email for a in accounts if a.email), "") or body.secretary.email
    return Contact(email, "", accounts[0].language if accounts else "")


def _bodies(uow: UnitOfWork) -> Iterator[Body]:
    after: Position | None = None
    while True:
        page = uow.queries.bodies(Slice(after, 200))
        yield from page.rows
        if page.end is None:
            return
        after = page.end
