"""Letters of the notification tests, and how a reader's program sees one."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from doc_service.notify.message import sender
from doc_service.ports import Mail
from tests.persistence.samples import NOW

ORIGIN = sender("Sənəd xidməti <xidmet@kobia.example>")
TEXT = "Hörmətli xanım / cənab!\n\n.nöqtə ilə başlayan sətir\nİmza, şəhadət, ğ, ö, ü, ç, ı\n"
MAIL = Mail(
    "reminder-2026-03-04-0123456789abcdef01234567", "a.quliyeva@qurum.example",
    "İmzanızı gözləyən sənədlərin sayı: 2 / Documents awaiting your signature: 2", TEXT, NOW, ("az", "en"),
)  # fmt: skip


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(message: EmailMessage) -> str:
    content = message.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")
