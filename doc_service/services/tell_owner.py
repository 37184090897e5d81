"""Tells the owner of an account by mail what was done with it, and records that it was told.

The letter holds nothing that opens anything: the one-time token of an enrolment goes by another way, from the
administrator to the person. The record follows the sending, so a process that dies in between sends once more, under
the same id. Neither log nor record holds an address.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from doc_service.domain.account_notices import AccountNotice
from doc_service.domain.accounts import Account
from doc_service.domain.audit_events import Action
from doc_service.domain.civil_time import BAKU
from doc_service.domain.errors import DomainError
from doc_service.domain.identifiers import is_email
from doc_service.ports import Mail, Mailer
from doc_service.services.access.give_enrolment import ENROLMENT_LIFE
from doc_service.services.base import SYSTEM, Workspace
from doc_service.services.notice_text import NoticeText
from doc_service.services.reminder_text import Texts

_log = logging.getLogger(__name__)
_BETWEEN = "\n\n* * *\n\n"
_FINAL = "notify.refused"


@dataclass(frozen=True, slots=True)
class TellOwner:
    """Job. ``mailer`` None: no mail is set up. Raises ``DomainError`` "notify.unavailable" to be called again."""

    work: Workspace
    text: NoticeText
    mailer: Mailer | None

    def __call__(self, notice: AccountNotice) -> None:
        with self.work.uow.reading() as uow:
            account = uow.accounts.find(notice.account_id)
            events = uow.audit.of_subject("account", notice.account_id)
        marks = {e.details.get("event") for e in events if e.action in (Action.NOTICE_SENT, Action.NOTICE_FAILED)}
        at = next((e.at for e in events if e.id == notice.event_id), None)
        if self.mailer is None or account is None or not account.active or at is None or notice.event_id in marks:
            return
        if not is_email(account.email):
            _log.warning("the owner of an account is told nothing: it has no e-mail address")
            return
        try:
            self.mailer.send(self._letter(notice, account, at))
        except DomainError as refusal:
            if refusal.code != _FINAL:
                raise
            self._record(notice, Action.NOTICE_FAILED, {"code": refusal.code})
        else:
            self._record(notice, Action.NOTICE_SENT, {})

    def _letter(self, notice: AccountNotice, account: Account, at: datetime) -> Mail:
        chosen = self.text.chosen(account.language)
        return Mail(
            id=f"account-{hashlib.sha256(notice.event_id.encode()).hexdigest()[:32]}",
            recipient=account.email,
            subject=" / ".join(texts.text(f"account.mail.{notice.kind}.subject") for texts in chosen),
            text=_BETWEEN.join(self._part(texts, notice.kind, at) for texts in chosen) + "\n",
            at=self.work.clock.now(),
            languages=tuple(texts.language for texts in chosen),
        )

    def _part(self, texts: Texts, kind: str, at: datetime) -> str:
        hours = int(ENROLMENT_LIFE.total_seconds() // 3600)
        moment = f"{at.astimezone(BAKU):%d.%m.%Y, %H:%M}"
        paragraphs: Sequence[str] = (
            texts.text("mail.remind.greeting"),
            texts.text(f"account.mail.{kind}.text", {"at": moment, "hours": hours}),
            texts.text("account.mail.where", {"url": self.text.url}),
            texts.text("account.mail.footer"),
        )
        return "\n\n".join(paragraphs)

    def _record(self, notice: AccountNotice, action: Action, details: dict[str, str]) -> None:
        told = {"notice": notice.kind, "channel": "mail", "event": notice.event_id, **details}
        with self.work.uow() as uow:
            self.work.record(uow, SYSTEM, action, ("account", notice.account_id), told)
            uow.commit()
