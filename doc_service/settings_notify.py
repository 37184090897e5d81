"""Settings of mail, short messages and webhooks."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from doc_service.domain.identifiers import is_email
from doc_service.notify.transport import SmtpTls
from doc_service.settings_base import BaseOptions, Environment


class NotifyOptions(BaseOptions):
    """How persons and other systems are told of things."""

    smtp_host: str = Field(
        default="", description="Mail submission server; empty: files in data_dir/outbox, in production no mail"
    )
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_tls: SmtpTls = Field(default=SmtpTls.STARTTLS, description="starttls, tls (from the first byte) or none")
    smtp_ca_file: Path | None = Field(default=None, description="CA of the mail server, when not a public one")
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_timeout: timedelta = Field(default=timedelta(seconds=20), gt=timedelta())
    mail_from: str = Field(default="", description="name@domain or Name <name@domain>; needed with smtp_host")
    duty_lead: timedelta = Field(
        default=timedelta(days=45), ge=timedelta(), le=timedelta(days=180),
        description="How long before its last day an undone duty of a body (001 §5.9.2) is warned of",
    )  # fmt: skip
    notice_before: timedelta = Field(
        default=timedelta(days=1), ge=timedelta(), description="Signatories are told so long before a deadline"
    )
    notices_every: timedelta = Field(default=timedelta(hours=1), ge=timedelta(minutes=1))
    sms_url: str = Field(
        default="", description="JSON gateway for short messages; empty: files in data_dir/outbox, in production none"
    )
    sms_header: str = Field(default="Authorization", description="Header that carries sms_secret")
    sms_secret: SecretStr = SecretStr("")
    sms_number_field: str = Field(default="to", min_length=1, description="Field of the number; a dot goes deeper")
    sms_text_field: str = Field(default="text", min_length=1)
    sms_id_field: str = Field(default="id", description="Field of the message's id; empty: none")
    sms_fixed: dict[str, str] = Field(default={}, description="Further fields of every message, as JSON")
    sms_plus: bool = Field(default=True, description="Whether numbers are written with a leading +")
    sms_ca_file: Path | None = None
    sms_timeout: timedelta = Field(default=timedelta(seconds=10), gt=timedelta())
    webhook_networks: tuple[str, ...] = Field(
        default=(), description="Internal networks (CIDR) that webhooks may go to; public addresses always may"
    )
    webhook_ca_file: Path | None = Field(default=None, description="CA of receivers, beside the public ones")
    webhook_timeout: timedelta = Field(default=timedelta(seconds=10), gt=timedelta())
    webhook_give_up: timedelta = Field(
        default=timedelta(days=3), gt=timedelta(), description="Failing so long, a webhook is suspended"
    )
    webhook_secret_overlap: timedelta = Field(
        default=timedelta(days=1), ge=timedelta(), description="A former secret still signs for so long"
    )
    remind_after: timedelta = Field(
        default=timedelta(days=3), ge=timedelta(), description="Signatories are reminded daily once asked so long ago"
    )

    @model_validator(mode="after")
    def _mail_can_be_sent(self) -> Self:
        problems = []
        if self.public_url and not _is_web_address(self.public_url):
            problems.append("DOC_SERVICE_PUBLIC_URL must be an http:// or https:// address")
        if self.mail_from and not _is_sender(self.mail_from):
            problems.append("DOC_SERVICE_MAIL_FROM must be name@domain or Name <name@domain>")
        if self.sms_url and not (_is_web_address(self.sms_url) and self.sms_url.startswith(self._gateway_schemes)):
            problems.append("DOC_SERVICE_SMS_URL must be an https:// address")
        if not all(_is_network(text) for text in self.webhook_networks):
            problems.append("DOC_SERVICE_WEBHOOK_NETWORKS must be networks such as 10.20.0.0/16")
        if self.smtp_host and not self.mail_from:
            problems.append("DOC_SERVICE_MAIL_FROM is missing: mail needs a sender")
        if self.smtp_host and not self.public_url and self.environment is Environment.PRODUCTION:
            problems.append("DOC_SERVICE_PUBLIC_URL is missing: mail says where to sign")
        if self.smtp_user and self.smtp_tls is SmtpTls.NONE:
            problems.append("DOC_SERVICE_SMTP_USER: credentials are sent over TLS only, not with SMTP_TLS=none")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def _gateway_schemes(self) -> tuple[str, ...]:
        return ("https://",) if self.environment is Environment.PRODUCTION else ("https://", "http://")


def _is_web_address(text: str) -> bool:
    """Without anything that would break a line of a letter or hide where it leads."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _is_sender(text: str) -> bool:
    return text.isprintable() and is_email(parseaddr(text)[1])
