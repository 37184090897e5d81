"""A mail as the bytes that travel (RFC 5322, MIME).

Nothing from outside can add a header or a recipient: addresses must pass ``is_email``, the subject loses line breaks
and control characters before it is encoded (RFC 2047), and everything else is made here.
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from doc_service.domain.errors import DomainError
from doc_service.domain.identifiers import is_email
from doc_service.ports import Mail

_ID = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
_CALENDAR = "deadline.ics"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def sender(text: str) -> Address:
    """ "name@domain" or "Name <name@domain>"; raises ``ValueError`` for anything else."""
    name, address = parseaddr(text)
    if _CONTROL.search(text) or not is_email(address):
        raise ValueError("the sender must be name@domain or Name <name@domain>")
    return Address(name, addr_spec=address)


def compose(mail: Mail, origin: Address) -> EmailMessage:
    """Plain text in UTF-8. "Auto-Submitted" (RFC 3834 §5) and "Precedence" keep absence notes and robots from
    answering. Raises ``DomainError`` "person.bad_email"; ``ValueError`` for an id that is none."""
    if not is_email(mail.recipient):
        raise DomainError("person.bad_email", "recipient")
    if not _ID.fullmatch(mail.id):
        raise ValueError("a mail's id is letters, digits, '-' and '.'")
    message = EmailMessage(policy=SMTP)
    message["From"] = origin
    message["To"] = Address(addr_spec=mail.recipient)
    message["Subject"] = _CONTROL.sub(" ", mail.subject).strip()
    message["Date"] = mail.at
    message["Message-ID"] = f"<{mail.id}@{origin.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    if mail.calendar:
        parameters = {"charset": "utf-8", "method": mail.calendar_method}
        message.add_attachment(
            mail.calendar.encode(), maintype="text", subtype="calendar", filename=_CALENDAR, params=parameters
        )
    for file in mail.attachments:
        main, _, sub = file.mime.partition("/")
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=_CONTROL.sub(" ", file.name))
    if mail.languages:
        message["Content-Language"] = ", ".join(mail.languages)
    return message
