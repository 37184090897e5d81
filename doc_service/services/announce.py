"""After an event was recorded: who is told, as jobs of their own.

The event's transaction asks for this one job; here it becomes a delivery for each subscription and a notice for each
person, each of them once, whoever runs it and however often. Who is told is read from the state, not from the event, so
that a late run tells nobody what no longer holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from doc_service.domain.account_notices import AccountNotice
from doc_service.domain.announcements import NOTICED, OWNER_TOLD
from doc_service.domain.audit_events import Action, AuditEvent
from doc_service.domain.documents import Document
from doc_service.domain.jobs import Job
from doc_service.domain.notices import URGENT, Channel, Notice, NoticeKind, moment
from doc_service.domain.signatures import RequestState, SignatureRequest
from doc_service.domain.webhooks import WEBHOOK_EVENTS, Delivery, Webhook, delivery_id
from doc_service.ports import UnitOfWork
from doc_service.services.base import Workspace
from doc_service.services.webhooks.deliver import delivery_body
from doc_service.services.webhooks.delivery_jobs import enqueue_delivery

_TURN_COMES = frozenset(
    {
        Action.SIGNING_OPENED,
        Action.SIGNATURE_COMPLETED,
        Action.SIGNATURE_REOPENED,
        Action.SIGNATURE_LEFT_OUT,
        Action.SIGNATURE_TRANSFERRED,
    }
)
"""After these it may be the turn of persons who were not asked before."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Job. ``channels``: those that the settings name; a notice is asked for on each that can reach the person."""

    work: Workspace
    channels: frozenset[Channel]

    def __call__(self, job: Job) -> None:
        """What is there already is found out without holding up writers: after most signatures nobody new is told."""
        with self.work.uow.reading() as uow:
            event = _event(uow, job)
        if event is not None and event.action in OWNER_TOLD:
            self._tell_owner(event)
        elif event is not None and event.subject_type == "document":
            self._tell(event)

    def _tell_owner(self, event: AuditEvent) -> None:
        if Channel.MAIL not in self.channels:
            return
        notice = AccountNotice(event.action, event.subject_id, event.id)
        with self.work.uow() as uow:
            uow.jobs.enqueue(notice.job(self.work.ids.new(), self.work.clock.now()))
            uow.commit()

    def _tell(self, event: AuditEvent) -> None:
        with self.work.uow.reading() as uow:
            document = uow.documents.get(event.subject_id)
            notices = self._notices(uow, event, document)
            hooks = _untold(uow, event)
        if not notices and not hooks:
            return
        body = _body(event, document)
        with self.work.uow() as uow:
            for notice in notices:
                uow.jobs.enqueue(notice)
            for webhook in hooks:
                self._deliver(uow, webhook, event, body)
            uow.commit()

    def _notices(self, uow: UnitOfWork, event: AuditEvent, document: Document) -> list[Job]:
        if event.action not in NOTICED:
            return []
        requests = uow.signatures.of_document(document.id)
        found = notices_of(event, document, requests, uow.bodies.get(document.body_id).secretary.id)
        return [job for notice in found for job in notice_jobs(self.work, uow, notice, self.channels)]

    def _deliver(self, uow: UnitOfWork, webhook: Webhook, event: AuditEvent, body: str) -> None:
        seq, now = uow.webhooks.next_seq(webhook.id), self.work.clock.now()
        name = delivery_id(seq, self.work.ids.new())
        delivery = Delivery(name, webhook.id, seq, event.id, str(event.action), body, now, now)
        if uow.webhooks.add_delivery(delivery):
            enqueue_delivery(self.work, uow, delivery)


def notice_jobs(work: Workspace, uow: UnitOfWork, notice: Notice, channels: frozenset[Channel]) -> list[Job]:
    """A job for each of ``channels`` that suits the notice and reaches the person; none when it was asked for before
    (all of them are asked for together)."""
    wanted = channels if notice.kind in URGENT else channels - {Channel.SMS}
    jobs = {channel: notice.job(work.ids.new(), channel, work.clock.now()) for channel in sorted(wanted)}
    if any(uow.jobs.find(job.key) is not None for job in jobs.values()):
        return []
    if Channel.SMS in jobs and not any(account.phone for account in uow.accounts.of_person(notice.person_id)):
        del jobs[Channel.SMS]
    return list(jobs.values())


def _untold(uow: UnitOfWork, event: AuditEvent) -> list[Webhook]:
    """Subscriptions that want the event and have no delivery of it."""
    if event.action not in WEBHOOK_EVENTS:
        return []
    wanting = (w for w in uow.webhooks.enabled() if str(event.action) in w.events)
    return [w for w in wanting if not uow.webhooks.has_delivery(w.id, event.id)]


def _body(event: AuditEvent, document: Document) -> str:
    ids = {"event": event.id, "document": document.id}
    if isinstance(request := event.details.get("request"), str):
        ids["request"] = request
    return delivery_body(str(event.action), event.at, ids, str(document.state))


def notices_of(
    event: AuditEvent, document: Document, requests: Sequence[SignatureRequest], secretary: str
) -> Iterator[Notice]:
    """Who is to be told what after ``event``."""
    if event.action in _TURN_COMES:
        yield from (_asked(r) for r in requests if r.state is RequestState.OPEN)
    if event.action is Action.SIGNATURE_TRANSFERRED:
        yield Notice(
            NoticeKind.SUBSTITUTED, str(event.details["from"]), document.id, event.id, str(event.details["request"])
        )
    elif event.action is Action.SIGNATURE_DECLINED:
        yield Notice(NoticeKind.DECLINED, secretary, document.id, event.id, str(event.details["request"]))
    elif event.action is Action.DOCUMENT_WITHDRAWN:
        yield from _all(NoticeKind.WITHDRAWN, event, document, {r.signer.id for r in requests if r.opened_at})
    elif event.action is Action.DOCUMENT_IN_FORCE:
        signers = {r.signer.id for r in requests if r.state is RequestState.SIGNED}
        if not signers:
            return
        yield from _all(NoticeKind.COMPLETED, event, document, signers | {secretary})
    elif event.action is Action.SIGNING_DEADLINE_SET:
        yield from _deadlines(event, requests)


def _asked(request: SignatureRequest) -> Notice:
    return Notice(NoticeKind.ASKED, request.signer.id, request.document_id, moment(request.opened_at), request.id)


def _all(kind: NoticeKind, event: AuditEvent, document: Document, persons: set[str]) -> Iterator[Notice]:
    yield from (Notice(kind, person, document.id, event.id) for person in sorted(persons))


def _deadlines(event: AuditEvent, requests: Sequence[SignatureRequest]) -> Iterator[Notice]:
    """To those whose turn it is; the others read it when they are asked."""
    changed = event.details.get("requests", ())
    for request in requests:
        if request.id in changed and request.state in (RequestState.OPEN, RequestState.CONSENTED):
            occasion = moment(request.due_at)
            yield Notice(NoticeKind.DEADLINE, request.signer.id, request.document_id, occasion, request.id)


def _event(uow: UnitOfWork, job: Job) -> AuditEvent | None:
    found = uow.audit.of_subject(job.payload["subject_type"], job.payload["subject_id"])
    return next((event for event in reversed(found) if event.id == job.payload["event_id"]), None)
