"""Who is told of what, and how: notices by mail and short message, webhooks."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from doc_service.bootstrap.mail import open_mailer, origin_address
from doc_service.bootstrap.sealed import open_box
from doc_service.domain.account_notices import AccountNotice
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.notices import Channel
from doc_service.domain.webhook_signature import SECRET_BYTES
from doc_service.instruments.registry import Registry
from doc_service.jobs.contract import Handler
from doc_service.messages.catalog import LANGUAGES, Catalog
from doc_service.notify.addresses import AddressPolicy, networks
from doc_service.notify.sms_folder import FolderSms
from doc_service.notify.sms_http import HttpSms, SmsSettings
from doc_service.notify.webhook_http import HttpWebhookSender
from doc_service.ports import Mailer
from doc_service.ports_notify import SmsGateway
from doc_service.services.announce import Announce
from doc_service.services.base import Workspace
from doc_service.services.duties.calendar import DutyCalendar
from doc_service.services.duties.remind import RemindOfDuties
from doc_service.services.duties.text import DutyText
from doc_service.services.notice_text import NoticeText
from doc_service.services.plan_deadline_notices import PlanDeadlineNotices
from doc_service.services.reminder_text import Texts
from doc_service.services.send_notice import SendNotice
from doc_service.services.tell_owner import TellOwner
from doc_service.services.webhooks.add_webhook import AddWebhook
from doc_service.services.webhooks.change_webhook import ChangeWebhook
from doc_service.services.webhooks.deliver import Deliver
from doc_service.services.webhooks.list_webhooks import ListWebhooks
from doc_service.services.webhooks.redeliver import Redeliver
from doc_service.services.webhooks.rotate_secret import RotateSecret
from doc_service.services.webhooks.secrets import WebhookSecrets
from doc_service.settings import Environment, Settings

_LOOPBACK = ("127.0.0.0/8", "::1/128")


@dataclass(frozen=True, slots=True)
class Notifying:
    """The jobs that tell somebody something, and the use cases of webhooks."""

    mailer: Mailer | None
    languages: Sequence[Texts]
    announce: Announce
    send_notice: SendNotice
    tell_owner: TellOwner
    plan_deadlines: PlanDeadlineNotices
    duties: RemindOfDuties
    deliver: Deliver
    add_webhook: AddWebhook
    rotate_secret: RotateSecret
    change_webhook: ChangeWebhook
    redeliver: Redeliver
    webhooks: ListWebhooks

    def handlers(self) -> dict[JobKind, Handler]:
        return {
            JobKind.ANNOUNCE: self.announce,
            JobKind.NOTICE: self._notice,
            JobKind.WEBHOOK: self.deliver,
            JobKind.DUTY: self.duties,
        }

    def _notice(self, job: Job) -> None:
        """One person's notice, or the hourly look at deadlines."""
        told = AccountNotice.of(job)
        if told is not None:
            self.tell_owner(told)
        elif "notice" in job.payload:
            self.send_notice(job)
        else:
            self.plan_deadlines()


def build_notifying(settings: Settings, work: Workspace, registry: Registry, stack: ExitStack) -> Notifying:
    mailer, sms = open_mailer(settings), _sms(settings, stack)
    channels = frozenset(channel for channel, way in ((Channel.MAIL, mailer), (Channel.SMS, sms)) if way is not None)
    languages = [Catalog(language) for language in LANGUAGES]
    text = NoticeText(languages, settings.service_url, origin_address(settings))
    duty_text = DutyText([Catalog(language) for language in LANGUAGES], settings.service_url)
    box = WebhookSecrets(open_box(settings), lambda: secrets.token_bytes(SECRET_BYTES))
    sender = _sender(settings)
    loopback = settings.environment is Environment.EMBEDDED
    return Notifying(
        mailer=mailer,
        languages=languages,
        announce=Announce(work, channels),
        send_notice=SendNotice(work, registry, text, mailer, sms),
        tell_owner=TellOwner(work, text, mailer),
        plan_deadlines=PlanDeadlineNotices(work, channels, settings.notice_before),
        duties=RemindOfDuties(work, DutyCalendar(work, settings.duty_lead), duty_text, mailer),
        deliver=Deliver(work, box, sender, settings.webhook_give_up),
        add_webhook=AddWebhook(work, box, sender, plain_loopback=loopback),
        rotate_secret=RotateSecret(work, box, settings.webhook_secret_overlap),
        change_webhook=ChangeWebhook(work),
        redeliver=Redeliver(work),
        webhooks=ListWebhooks(work),
    )


def _sender(settings: Settings) -> HttpWebhookSender:
    """This machine itself may be called in the embedded default alone."""
    allowed = settings.webhook_networks
    if settings.environment is Environment.EMBEDDED:
        allowed = (*allowed, *_LOOPBACK)
    policy = AddressPolicy(networks(allowed))
    return HttpWebhookSender(policy, timeout=settings.webhook_timeout, ca_file=settings.webhook_ca_file)


def _sms(settings: Settings, stack: ExitStack) -> SmsGateway | None:
    """The gateway of the settings, or files in the data directory; None in production without a gateway."""
    if settings.sms_url:
        gateway = HttpSms(
            SmsSettings(
                settings.sms_url, settings.sms_header, settings.sms_secret.get_secret_value(),
                settings.sms_number_field, settings.sms_text_field, settings.sms_id_field, settings.sms_fixed,
                settings.sms_plus, settings.sms_ca_file, settings.sms_timeout,
            )
        )  # fmt: skip
        stack.callback(gateway.close)
        return gateway
    return None if settings.environment is Environment.PRODUCTION else FolderSms(settings.data_dir / "outbox" / "sms")
