"""Mail, as the settings name it."""

from __future__ import annotations

import logging

from doc_service.messages.catalog import LANGUAGES, Catalog
from doc_service.notify.folder import FolderMailer
from doc_service.notify.message import sender
from doc_service.notify.smtp import SmtpMailer, SmtpServer
from doc_service.ports import Mailer
from doc_service.services.reminder_text import ReminderText
from doc_service.settings import Environment, Settings

_log = logging.getLogger(__name__)
_NOBODY = "doc-service@localhost.localdomain"


def open_mailer(settings: Settings) -> Mailer | None:
    """A mail server, or files in the data directory; None in production without a server: nobody is reminded."""
    origin = sender(settings.mail_from or _NOBODY)
    if settings.smtp_host:
        server = SmtpServer(
            settings.smtp_host, settings.smtp_port, settings.smtp_tls, settings.smtp_user,
            settings.smtp_password.get_secret_value(), settings.smtp_ca_file, settings.smtp_timeout,
        )  # fmt: skip
        return SmtpMailer(server, origin)
    if settings.environment is Environment.PRODUCTION:
        _log.info("no mail server is set: signatories are not reminded")
        return None
    return FolderMailer(settings.data_dir / "outbox", origin)


def origin_address(settings: Settings) -> str:
    """The address that mail and calendars come from."""
    return sender(settings.mail_from or _NOBODY).addr_spec


def reminder_text(settings: Settings) -> ReminderText:
    return ReminderText([Catalog(language) for language in LANGUAGES], settings.service_url)
