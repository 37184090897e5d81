"""Reminds signatories by e-mail of the documents that wait for them: one letter a person and day.

Each letter is a job of its own, whose key is the person and the day: whoever plans, and however often, asks for it
once, and one refused address or slow server holds up nobody else. A letter is recorded after it was handed over, since
a mail system and a database share no transaction. So it is sent *at least* once: a process that dies between the two
sends it again, under the same Message-ID; the record, once made, ends the matter for that day.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import baku_date
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import DomainError
from doc_service.domain.identifiers import is_email
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.signatures import ASKED, SignatureRequest
from doc_service.instruments.registry import Registry
from doc_service.ports import Mail, Mailer, UnitOfWork
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.reminder_text import ReminderText, WaitingDocument

_log = logging.getLogger(__name__)
_FINAL = frozenset({"notify.refused", "person.bad_email"})
_MARKS = frozenset({Action.SIGNATURE_REMINDED, Action.SIGNATURE_REMINDER_FAILED})
Waiting = tuple[SignatureRequest, Document]


@dataclass(frozen=True, slots=True)
class RemindSigners:
    """Persons whose request is open (or consented to) for ``after`` or longer, in a document that is being signed.
    Days are those of Baku."""

    work: Workspace
    registry: Registry
    mailer: Mailer
    text: ReminderText
    after: timedelta

    def __call__(self, job: Job) -> None:
        """Job: plans the day's letters, or sends the one that the payload names."""
        signer_id, request_id = job.payload.get("signer_id"), job.payload.get("request_id")
        if request_id:
            self.remind_now(request_id, job.id)
        elif signer_id:
            self.remind(signer_id, date.fromisoformat(job.payload["day"]))
        else:
            self.plan()

    def plan(self) -> int:
        """Asks for one letter to each person who is to be reminded today; returns how many had not been asked for.
        Persons without an address are counted in the service's log."""
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            requests = uow.signatures.waiting(now - self.after)
        everybody = {r.signer.id for r in requests}
        reachable = sorted({r.signer.id for r in requests if r.signer.email})
        if len(reachable) < len(everybody):
            _log.warning("signatories to be reminded without an e-mail address: %d", len(everybody) - len(reachable))
        with self.work.uow() as uow:
            asked = sum(uow.jobs.enqueue(self._letter(signer_id, now)) for signer_id in reachable)
            uow.commit()
        return asked

    def remind(self, signer_id: str, day: date) -> None:
        """Sends the person's letter of ``day`` and records it; does nothing when that was done, when nothing waits any
        more, or when the day is over (the next one has its own letter).

        Raises ``DomainError`` "notify.unavailable": nothing is recorded and the same letter is tried again. A refusal
        for good is recorded as such, once a day."""
        now = self.work.clock.now()
        if baku_date(now) != day:
            return
        with self.work.uow.reading() as uow:
            waiting = self._waiting(uow, signer_id, now)
            if not waiting or _marked(uow, waiting, day):
                return
        details = {"day": day.isoformat()}
        try:
            self.mailer.send(self._mail(signer_id, waiting, day, now))
        except DomainError as refusal:
            if refusal.code not in _FINAL:
                raise
            reason = {"code": refusal.code, **refusal.faults[0].params}
            self._record(waiting, Action.SIGNATURE_REMINDER_FAILED, {**details, **reason})
        else:
            self._record(waiting, Action.SIGNATURE_REMINDED, details)

    def remind_now(self, request_id: str, mark: str) -> None:
        """Sends a letter about one request, which the secretariat asked for (``ResendRequest``), and records it; does
        nothing when it is not the person's turn any more. The same ``mark`` gives the same Message-ID. Raises as
        ``remind``."""
        now = self.work.clock.now()
        with self.work.uow.reading() as uow:
            request = uow.signatures.get(request_id)
            document = uow.documents.get(request.document_id)
        if request.state not in ASKED or document.state is not DocumentState.SIGNING:
            return
        waiting, day = [(request, document)], baku_date(now)
        try:
            mail = self._mail(request.signer.id, waiting, day, now)
            self.mailer.send(replace(mail, id=f"{mail.id}-{hashlib.sha256(mark.encode()).hexdigest()[:16]}"))
        except DomainError as refusal:
            if refusal.code not in _FINAL:
                raise
            details = {"day": day.isoformat(), "code": refusal.code, **refusal.faults[0].params}
            self._record(waiting, Action.SIGNATURE_REMINDER_FAILED, details)
        else:
            self._record(waiting, Action.SIGNATURE_REMINDED, {"day": day.isoformat()})

    def _letter(self, signer_id: str, now: datetime) -> Job:
        day = baku_date(now).isoformat()
        payload = {"signer_id": signer_id, "day": day}
        return Job(self.work.ids.new(), JobKind.REMIND, f"{JobKind.REMIND}:{day}:{signer_id}", now, payload)

    def _waiting(self, uow: UnitOfWork, signer_id: str, now: datetime) -> list[Waiting]:
        requests = uow.signatures.waiting(now - self.after, signer_id=signer_id)
        return [(r, uow.documents.get(r.document_id)) for r in requests]

    def _mail(self, signer_id: str, waiting: Sequence[Waiting], day: date, now: datetime) -> Mail:
        documents = list({document.id: self._described(request, document) for request, document in waiting}.values())
        digest = hashlib.sha256(f"{self.text.url}\n{signer_id}".encode()).hexdigest()
        return Mail(
            id=f"reminder-{day.isoformat()}-{digest[:24]}",
            recipient=_address(waiting),
            subject=self.text.subject(documents),
            text=self.text.body(documents),
            at=now,
            languages=tuple(texts.language for texts in self.text.languages),
        )

    def _described(self, request: SignatureRequest, document: Document) -> WaitingDocument:
        instrument = self.registry.get(document.instrument)
        kinds = {"az": instrument.title_az, "en": instrument.title_en}
        number = document.registration.number if document.registration else ""
        return WaitingDocument(kinds, number, baku_date(request.opened_at or document.created_at))

    def _record(self, waiting: Sequence[Waiting], action: Action, details: Mapping[str, str | int]) -> None:
        with self.work.uow() as uow:
            for request, document in waiting:
                self.work.record(uow, SYSTEM, action, ("document", document.id), {"request": request.id, **details})
            uow.commit()


def _address(waiting: Sequence[Waiting]) -> str:
    """The one recorded last. Raises ``DomainError`` "person.bad_email" for what is no address: older records were not
    checked."""
    known = [request.signer.email for request, _ in waiting if request.signer.email]
    if not known or not is_email(known[-1]):
        raise DomainError("person.bad_email", "signer.email")
    return known[-1]


def _marked(uow: UnitOfWork, waiting: Sequence[Waiting], day: date) -> bool:
    """Whether any of the requests has its record of ``day``: then the letter of that day is out."""
    ids = {request.id for request, _ in waiting}
    return any(
        event.action in _MARKS and event.details["request"] in ids and event.details["day"] == day.isoformat()
        for document_id in sorted({document.id for _, document in waiting})
        for event in uow.audit.of_subject("document", document_id)
    )
