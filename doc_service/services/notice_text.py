"""What a notice says: that something happened and where to log in. Nothing else may travel (as in ``reminder_text``).

Of a document its kind and number are named, of a restricted one neither; never a title, a person, a digest or a link
that opens anything by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from doc_service.domain.bodies import Body
from doc_service.domain.civil_time import BAKU
from doc_service.domain.errors import Param
from doc_service.domain.meetings import Meeting
from doc_service.domain.notices import NoticeKind
from doc_service.domain.short_messages import MOST_SEGMENTS, segments
from doc_service.instruments.icalendar_text import CalendarEvent, event_text, meeting_uid
from doc_service.instruments.wording import MEETING_KINDS
from doc_service.services.reminder_text import Texts

_BETWEEN = "\n\n* * *\n\n"
_SHOWN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class About:
    """``kinds``: the instrument's name by language, empty for a restricted document. ``due_at``: None without one."""

    kinds: Mapping[str, str]
    number: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeText:
    """``languages`` in the order in which they stand when the person's is not known; ``url``: where to log in;
    ``organizer``: the address that calendars name as the origin."""

    languages: Sequence[Texts]
    url: str
    organizer: str

    def chosen(self, language: str) -> Sequence[Texts]:
        known = [texts for texts in self.languages if texts.language == language]
        return known or self.languages

    def subject(self, kind: NoticeKind, language: str) -> str:
        return " / ".join(texts.text(f"notice.{kind}.subject") for texts in self.chosen(language))

    def body(self, kind: NoticeKind, about: About, language: str) -> str:
        return _BETWEEN.join(self._part(texts, kind, about) for texts in self.chosen(language)) + "\n"

    def sms(self, kind: NoticeKind, language: str) -> str:
        """In one language, the first when the person's is not known. The address shrinks to the host, or is left out,
        before the message grows beyond ``MOST_SEGMENTS``."""
        texts = self.chosen(language)[0]
        short = [texts.text(f"notice.{kind}.sms", {"url": url}) for url in (self.url, urlsplit(self.url).netloc, "")]
        fitting = (text.strip() for text in short if segments(text.strip()) <= MOST_SEGMENTS)
        return next(fitting, short[-1].strip())

    def calendar(self, uid: str, sequence: int, due_at: datetime, at: datetime, *, cancelled: bool) -> str:
        """The deadline as an event; the same ``uid`` and a greater ``sequence`` change or cancel it (RFC 5546)."""
        texts = self.languages[0]
        return event_text(
            CalendarEvent(
                uid=f"{uid}@{self.organizer.rpartition('@')[2]}",
                stamped_at=at,
                starts_at=due_at - _SHOWN,
                duration_minutes=int(_SHOWN.total_seconds() // 60),
                summary=" / ".join(t.text("notice.calendar.summary") for t in self.languages),
                location="",
                description=texts.text("notice.calendar.description", {"url": self.url}),
                method="CANCEL" if cancelled else "PUBLISH",
                sequence=sequence,
                organizer=self.organizer,
            )
        )

    def meeting(self, meeting: Meeting, body: Body, at: datetime) -> str:
        """A meeting as an event; its agenda is read after logging in. The name is that of the notice's own calendar
        file, which therefore becomes the same entry."""
        length = None if meeting.closes_at is None else meeting.closes_at - meeting.opens_at
        return event_text(
            CalendarEvent(
                uid=meeting_uid(meeting.id),
                stamped_at=at,
                starts_at=meeting.opens_at,
                duration_minutes=None if length is None else max(1, int(length.total_seconds() // 60)),
                summary=f"{body.short_name}: {MEETING_KINDS[meeting.kind]}, № {meeting.number}",
                location=meeting.place,
                description="\n".join(t.text("notice.calendar.meeting", {"url": self.url}) for t in self.languages),
                sequence=meeting.version,
                organizer=self.organizer,
            )
        )

    def _part(self, texts: Texts, kind: NoticeKind, about: About) -> str:
        document = self._named(texts, about)
        lines = [texts.text("mail.remind.greeting"), texts.text(f"notice.{kind}.text", {"document": document})]
        if about.due_at is not None and kind not in _WITHOUT_DEADLINE:
            lines.append(texts.text("notice.due", {"due": _shown(about.due_at)}))
        lines += [texts.text("notice.where", {"url": self.url}), texts.text("notice.footer")]
        return "\n\n".join(lines)

    def _named(self, texts: Texts, about: About) -> str:
        if not about.kinds:
            return texts.text("notice.document.restricted")
        params: dict[str, Param] = {"kind": about.kinds[texts.language], "number": about.number}
        return texts.text("notice.document", params)


def deadline_uid(request_id: str, person_id: str) -> str:
    """The name of a person's deadline in every calendar file that tells of it, so that calendars know it again."""
    return f"imza-{hashlib.sha256(f'{request_id} {person_id}'.encode()).hexdigest()[:32]}"


_WITHOUT_DEADLINE = frozenset({NoticeKind.DECLINED, NoticeKind.WITHDRAWN, NoticeKind.COMPLETED, NoticeKind.SUBSTITUTED})


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(BAKU):%d.%m.%Y, %H:%M}"
