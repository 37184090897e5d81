"""Job: a document goes to its addressee by e-mail, as the signed file itself (004 §5.1.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.azerbaijani import plain_date
from doc_service.domain.dispatch import Delivery, DeliveryAction, DeliveryState
from doc_service.domain.document_copies import CopyKind, copy_kind
from doc_service.domain.documents import Document
from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job
from doc_service.ports import Attachment, Mail, Mailer
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.dispatch.plan_deliveries import SUBJECT
from doc_service.services.dispatch.send_delivery import sent_details
from doc_service.services.reminder_text import Texts
from storage.api import ObjectStore

PDF = "application/pdf"
_FINAL = frozenset({"notify.refused", "person.bad_email"})
_BETWEEN = "\n\n* * *\n\n"


@dataclass(frozen=True, slots=True)
class MailDelivery:
    """Sent at least once, and again under the same Message-ID when a process dies between sending and recording it. A
    refusal for good fails the delivery, with its reason, for the clerk to see; without a mail server it fails with
    "dispatch.no_mail_server". Raises "notify.unavailable" to be called again."""

    work: Workspace
    store: ObjectStore
    mailer: Mailer | None
    languages: Sequence[Texts]

    def __call__(self, job: Job) -> None:
        with self.work.uow.reading() as uow:
            delivery = uow.deliveries.get(job.payload["delivery_id"])
            document = uow.documents.get(delivery.document_id)
        if delivery.state is not DeliveryState.QUEUED:
            return
        reason = self._sent(delivery, document)
        now = self.work.clock.now()
        with self.work.uow() as uow:
            current = uow.deliveries.get(delivery.id)
            if current.state is not DeliveryState.QUEUED:
                return
            if reason:
                saved = uow.deliveries.save(current.moved(DeliveryAction.FAIL, reason=reason))
                action, details = Action.DELIVERY_FAILED, {**sent_details(saved), "reason": reason}
            else:
                sent = current.moved(DeliveryAction.SEND, sent_at=now, reference=mail_id(current))
                saved = uow.deliveries.save(sent)
                action, details = Action.DELIVERY_SENT, sent_details(saved)
            self.work.record(uow, current.sent_by or SYSTEM, action, (SUBJECT, saved.document_id), details)
            uow.commit()

    def _sent(self, delivery: Delivery, document: Document) -> str:
        """The code of what stands against it; "" when the mail server has it."""
        if self.mailer is None:
            return "dispatch.no_mail_server"
        if copy_kind(document) is not CopyKind.FINAL or document.head is None:
            return "document.not_final"
        try:
            self.mailer.send(self._mail(delivery, document))
        except DomainError as refusal:
            if refusal.code not in _FINAL:
                raise
            return refusal.code
        return ""

    def _mail(self, delivery: Delivery, document: Document) -> Mail:
        assert document.head is not None
        assert document.registration is not None
        number, day = document.registration.number, document.registration.registered_on
        days = {"az": plain_date(day)}
        params = {
            "number": number,
            "addressee": delivery.addressee.name,
            "sha256": document.head.sha256,
        }
        spoken = [{**params, "day": days.get(t.language, day.isoformat())} for t in self.languages]
        texts = [t.text("dispatch.mail.text", told) for t, told in zip(self.languages, spoken, strict=True)]
        content = self.store.read(document.head.key)
        return Mail(
            id=mail_id(delivery),
            recipient=delivery.addressee.address,
            subject=" / ".join(t.text("dispatch.mail.subject", params) for t in self.languages),
            text=_BETWEEN.join(texts) + "\n",
            at=self.work.clock.now(),
            languages=tuple(t.language for t in self.languages),
            attachments=(Attachment(file_name(number), content, PDF, number),),
        )


def mail_id(delivery: Delivery) -> str:
    """Names the sending for good: the same attempt is the same mail."""
    return f"dispatch.{delivery.id}.{delivery.attempts}"


def file_name(number: str) -> str:
    """The document's number as a file name: "3-21-5/KQ-P-12/2026" is 3-21-5_KQ-P-12_2026.pdf."""
    return "".join(c if c.isalnum() or c in "-._" else "_" for c in number) + ".pdf"
