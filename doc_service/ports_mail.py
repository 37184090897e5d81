"""Letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from doc_service.ports_rendering import Attachment


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person. ``id`` names it for good: the same mail sent again carries the same Message-ID, so
    that mail systems and readers can know the copy. Letters, digits, "-" and "." only. ``calendar``: iCalendar text
    that goes along ("": none), with its ``calendar_method``; ``attachments``: files that go along as they are."""

    id: str
    recipient: str
    subject: str
    text: str
    at: datetime
    languages: tuple[str, ...] = ()
    calendar: str = ""
    calendar_method: str = ""
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Returns when somebody else has taken responsibility for the mail (RFC 5321 §4.2.5).

        Raises ``DomainError`` "notify.unavailable" when trying later can help; whether the mail went out is then not
        always known. "notify.refused" when this mail or its recipient was refused for good. Neither carries the
        address."""
        ...
