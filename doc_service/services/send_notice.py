"""Tells one person one thing by mail or short message, if it still holds, and records that it was done.

As with reminders, the record follows the sending, so a notice is sent at least once and, when a process dies in
between, once more under the same id. Neither log nor record holds an address or a number.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.audit_events import Action
from doc_service.domain.documents import Document, DocumentState
from doc_service.domain.errors import DomainError
from doc_service.domain.identifiers import is_email
from doc_service.domain.jobs import Job
from doc_service.domain.notices import Channel, Notice, NoticeKind, moment
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.instruments.registry import Registry
from doc_service.ports import Mail, Mailer, UnitOfWork
from doc_service.ports_notify import Sms, SmsGateway
from doc_service.services.access.facts import is_restricted
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.contacts import Contact, contact_of
from doc_service.services.notice_text import About, NoticeText, deadline_uid

_log = logging.getLogger(__name__)
_FINAL = frozenset({"notify.refused", "notify.sms_refused", "person.bad_email"})
_MARKS = frozenset({Action.NOTICE_SENT, Action.NOTICE_FAILED})
_ASKED = frozenset({RequestState.OPEN, RequestState.CONSENTED})
_OF_A_TURN = frozenset({NoticeKind.ASKED, NoticeKind.DUE_SOON, NoticeKind.OVERDUE, NoticeKind.DEADLINE})
_WITH_CALENDAR = frozenset({NoticeKind.ASKED, NoticeKind.DEADLINE, NoticeKind.WITHDRAWN, NoticeKind.SUBSTITUTED})
_CANCELS = frozenset({NoticeKind.WITHDRAWN, NoticeKind.SUBSTITUTED})


@dataclass(frozen=True, slots=True)
class _Case:
    notice: Notice
    document: Document
    request: SignatureRequest | None
    contact: Contact
    restricted: bool


@dataclass(frozen=True, slots=True)
class SendNotice:
    """``mailer``/``sms`` None: that channel is not set up, and its notices are dropped."""

    work: Workspace
    registry: Registry
    text: NoticeText
    mailer: Mailer | None
    sms: SmsGateway | None

    def __call__(self, job: Job) -> None:
        """Job. Raises ``DomainError`` "notify.unavailable" or "notify.sms_unavailable" to be called again."""
        notice, channel = Notice.of(job), Channel(job.payload["channel"])
        with self.work.uow.reading() as uow:
            case = self._case(uow, notice, channel)
        if case is None:
            return
        details = {"notice": str(notice.kind), "channel": str(channel), "person": notice.person_id}
        try:
            sent = self._mail(case) if channel is Channel.MAIL else self._sms(case)
        except DomainError as refusal:
            if refusal.code not in _FINAL:
                raise
            self._record(notice, Action.NOTICE_FAILED, {**details, "code": refusal.code})
        else:
            if sent:
                self._record(notice, Action.NOTICE_SENT, details)

    def _case(self, uow: UnitOfWork, notice: Notice, channel: Channel) -> _Case | None:
        """None when it was sent, or does not hold any more."""
        document = uow.documents.get(notice.document_id)
        mine = [r for r in uow.signatures.of_document(document.id) if r.signer.id == notice.person_id]
        request = uow.signatures.get(notice.request_id) if notice.request_id else next(iter(mine), None)
        if not holds(notice, document, request) or _marked(uow, notice, channel):
            return None
        contact = contact_of(uow, notice.person_id, document)
        return _Case(notice, document, request, contact, is_restricted(uow, document))

    def _mail(self, case: _Case) -> bool:
        """False when there is nobody to send to."""
        if self.mailer is None:
            return False
        if not case.contact.email:
            _log.warning("a person to be told of a document has no e-mail address")
            return False
        if not is_email(case.contact.email):
            raise DomainError("person.bad_email", "email")
        now, language, kind = self.work.clock.now(), case.contact.language, case.notice.kind
        calendar = self._calendar(case, now)
        self.mailer.send(
            Mail(
                id=f"notice-{_name(case.notice)}",
                recipient=case.contact.email,
                subject=self.text.subject(kind, language),
                text=self.text.body(kind, self._about(case), language),
                at=now,
                languages=tuple(texts.language for texts in self.text.chosen(language)),
                calendar=calendar,
                calendar_method="" if not calendar else "CANCEL" if kind in _CANCELS else "PUBLISH",
            )
        )
        return True

    def _sms(self, case: _Case) -> bool:
        if self.sms is None or not case.contact.phone:
            return False
        text = self.text.sms(case.notice.kind, case.contact.language)
        self.sms.send(Sms(_name(case.notice), case.contact.phone, text))
        return True

    def _about(self, case: _Case) -> About:
        instrument = self.registry.get(case.document.instrument)
        kinds = {} if case.restricted else {"az": instrument.title_az, "en": instrument.title_en}
        number = case.document.registration.number if case.document.registration else ""
        return About(kinds, number, case.request.due_at if case.request else None)

    def _calendar(self, case: _Case, now: datetime) -> str:
        """Of the signer's own deadline; the request's version is the number of the change."""
        request, kind = case.request, case.notice.kind
        if request is None or request.due_at is None or kind not in _WITH_CALENDAR:
            return ""
        uid = deadline_uid(request.id, case.notice.person_id)
        return self.text.calendar(uid, request.version, request.due_at, now, cancelled=kind in _CANCELS)

    def _record(self, notice: Notice, action: Action, details: Mapping[str, str]) -> None:
        more = {"request": notice.request_id} if notice.request_id else {}
        with self.work.uow() as uow:
            subject = ("document", notice.document_id)
            self.work.record(uow, SYSTEM, action, subject, {**details, **more, "occasion": notice.occasion})
            uow.commit()


def holds(notice: Notice, document: Document, request: SignatureRequest | None) -> bool:
    """Whether the person is still to be told."""
    kind = notice.kind
    if kind is NoticeKind.WITHDRAWN:
        return document.state is DocumentState.WITHDRAWN
    if kind is NoticeKind.COMPLETED:
        return True
    if request is None:
        return False
    if kind is NoticeKind.DECLINED:
        return request.state is RequestState.DECLINED
    if kind is NoticeKind.SUBSTITUTED:
        return request.signer.id != notice.person_id
    return kind in _OF_A_TURN and _turn_holds(notice, document, request)


def _turn_holds(notice: Notice, document: Document, request: SignatureRequest) -> bool:
    if document.state is not DocumentState.SIGNING or request.state not in _ASKED:
        return False
    if notice.kind is NoticeKind.OVERDUE:
        return moment(request.due_at) == notice.occasion
    since = request.opened_at if notice.kind is NoticeKind.ASKED else request.due_at
    return request.signer.id == notice.person_id and moment(since) == notice.occasion


def _marked(uow: UnitOfWork, notice: Notice, channel: Channel) -> bool:
    wanted = (str(notice.kind), str(channel), notice.person_id, notice.request_id, notice.occasion)
    return any(
        e.action in _MARKS
        and tuple(e.details.get(n, "") for n in ("notice", "channel", "person", "request", "occasion")) == wanted
        for e in uow.audit.of_subject("document", notice.document_id)
    )


def _name(notice: Notice) -> str:
    """The same for the same notice, and nothing can be read from it."""
    return _digest(f"{notice.kind} {notice.person_id} {notice.request_id or notice.document_id} {notice.occasion}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
