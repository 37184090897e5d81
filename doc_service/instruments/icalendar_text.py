"""One calendar event as iCalendar text (RFC 5545), enough for a meeting notice and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_PRODUCT: Final = "-//doc-service//kq-bildiris//AZ"
_OCTETS: Final = 75


def meeting_uid(meeting_id: str) -> str:
    """The name of a meeting in every calendar file that tells of it."""
    return f"{meeting_id}@koordinasiya-qrupu"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """``stamped_at`` and ``starts_at`` are aware moments. ``duration_minutes`` None: the length is not known.

    ``method`` "CANCEL" takes an event back; ``sequence`` numbers its changes (RFC 5545 §3.8.7.4), None: it never
    changes. ``organizer``: an e-mail address, which an event that can change must have (RFC 5546 §3.2)."""

    uid: str
    stamped_at: datetime
    starts_at: datetime
    duration_minutes: int | None
    summary: str
    location: str
    description: str
    method: str = "PUBLISH"
    sequence: int | None = None
    organizer: str = ""


def event_text(event: CalendarEvent) -> str:
    """The VCALENDAR, lines ended by CRLF and folded at 75 octets (RFC 5545 §3.1). Equal events give equal text.

    Raises ``ValueError`` for a moment without UTC offset."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{event.method}",
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{_utc(event.stamped_at)}",
        f"DTSTART:{_utc(event.starts_at)}",
        *([f"DURATION:PT{event.duration_minutes}M"] if event.duration_minutes is not None else []),
        f"SUMMARY;LANGUAGE=az:{escaped(event.summary)}",
        *([f"LOCATION;LANGUAGE=az:{escaped(event.location)}"] if event.location else []),
        f"DESCRIPTION;LANGUAGE=az:{escaped(event.description)}",
        *_changing(event),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _changing(event: CalendarEvent) -> Iterator[str]:
    """Of an event that may be changed or taken back."""
    if event.sequence is None:
        return
    yield f"SEQUENCE:{event.sequence}"
    yield f"STATUS:{'CANCELLED' if event.method == 'CANCEL' else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    if event.organizer:
        yield f"ORGANIZER:mailto:{event.organizer}"


def escaped(text: str) -> str:
    """TEXT as RFC 5545 §3.3.11 writes it; all kinds of line ends become ``\\n``."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    for plain in ("\\", ";", ","):
        unified = unified.replace(plain, f"\\{plain}")
    return unified.replace("\n", "\\n")


def _utc(moment: datetime) -> str:
    if moment.utcoffset() is None:
        raise ValueError("a calendar needs moments with their UTC offset")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, never inside a character; each but the first begins with a space."""
    piece, used = "", 0
    for char in line:
        size = len(char.encode())
        if used + size > _OCTETS:
            yield piece
            piece, used = " ", 1
        piece, used = piece + char, used + size
    yield piece
