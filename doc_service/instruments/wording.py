"""Fixed wording of instruments, and the formats of dates, times and names in them.

Labels are the form: they stand here once, as data, so that protocol, acts and notices never word the same thing
differently. All text is Azerbaijani; upper-casing and endings follow its alphabet and vowel harmony.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from doc_service.domain.azerbaijani import long_date, plain_date, reference_date, upper
from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.azerbaijani_numbers import number_words
from doc_service.domain.bodies import ActKind, Role
from doc_service.domain.documents import Registration
from doc_service.domain.meetings import Choice, MeetingKind
from doc_service.instruments.people_data import BodyData

STATUTE: Final = (
    "Azərbaycan Respublikası Nazirlər Kabinetinin 2024-cü il 13 yanvar tarixli 21 nömrəli Qərarı ilə təsdiq edilmiş "
    "Əsasnamə"
)
LEGAL_UNIT: Final = "Hüquq şöbəsi"

BLANK_DATE: Final = "«____» ______________ 20____ il"
BLANK_NUMBER: Final = "______________"

MEETING_KINDS: Final[Mapping[MeetingKind, str]] = {
    MeetingKind.ORDINARY: "Növbəti iclas",
    MeetingKind.EXTRAORDINARY: "Növbədənkənar iclas",
}
ROLES: Final[Mapping[Role, str]] = {
    Role.HEAD: "rəhbəri",
    Role.DEPUTY_HEAD: "rəhbərinin müavini",
    Role.MEMBER: "üzvü",
}
SHORT_ROLES: Final[Mapping[Role, str]] = {
    Role.HEAD: "Rəhbər",
    Role.DEPUTY_HEAD: "Rəhbərin müavini",
    Role.MEMBER: "Üzv",
}
ACTS: Final[Mapping[ActKind, str]] = {
    ActKind.DECISION: "Qərar",
    ActKind.PROPOSAL: "Təklif",
    ActKind.RECOMMENDATION: "Tövsiyə",
}
CHOICES: Final[Mapping[Choice, str]] = {
    Choice.FOR: "lehinə",
    Choice.AGAINST: "əleyhinə",
    Choice.ABSTAIN: "bitərəf",
}


def role_label(body: BodyData, role: Role) -> str:
    """ "Koordinasiya Qrupunun rəhbəri" (001 §5.2)."""
    return f"{genitive(body.short_name)} {ROLES[role]}"


def secretary_label(body: BodyData) -> str:
    """ "Koordinasiya Qrupunun katibi" (001 §5.5)."""
    return f"{genitive(body.short_name)} katibi"


def counted(number: int) -> str:
    """A figure with its words, as official records state numbers: 12 (on iki)."""
    return f"{number} ({number_words(number)})"


def clock(moment: datetime) -> str:
    """Hours and minutes in the moment's own civil time."""
    return f"{moment:%H:%M}"


def day_text(day: date | None) -> str:
    """20 noyabr 2026-cı il; empty for None."""
    return "" if day is None else plain_date(day)


def cited(day: date, number: str) -> str:
    """ "2026-cı il 20 noyabr tarixli 3-21-5/KQ-P-12/2026 nömrəli", before the name of what is cited."""
    return f"{reference_date(day)} tarixli {number} nömrəli"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text as entered: one a line, empty lines dropped."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def letterhead(body: BodyData) -> dict[str, str]:
    """The blank's lines. The parent organisation has its own line unless the body's full name begins with it."""
    parent = "" if body.name.startswith(body.parent_organisation) else body.parent_organisation
    return {"organisation": upper(parent), "body": upper(body.name), "contact": body.contact}


def number_line(body: BodyData, registration: Registration | None) -> dict[str, str]:
    """Date, number and place of issue; blank lines for what registration has not given yet."""
    return {
        "date": long_date(registration.registered_on) if registration else BLANK_DATE,
        "number": registration.number if registration else BLANK_NUMBER,
        "place": body.place,
    }


def heading(body: BodyData, registration: Registration | None) -> dict[str, Any]:
    """The variables that every letterhead and footer needs."""
    return {"letterhead": letterhead(body), "line": number_line(body, registration)}
