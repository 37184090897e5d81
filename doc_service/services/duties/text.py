"""What a reminder of a duty says: which one, of which period, by when, and the clause. Nothing else travels by mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.domain.bodies import Body
from doc_service.domain.duties import Duty
from doc_service.domain.errors import Param
from doc_service.services.reminder_text import Texts

_BETWEEN = "\n\n* * *\n\n"


@dataclass(frozen=True, slots=True)
class DutyText:
    """``languages`` in the order in which they stand when the person's is not known; ``url``: where to log in."""

    languages: Sequence[Texts]
    url: str

    def chosen(self, language: str) -> Sequence[Texts]:
        known = [texts for texts in self.languages if texts.language == language]
        return known or self.languages

    def subject(self, duty: Duty, language: str) -> str:
        return " / ".join(t.text(f"duty.{duty.state}.subject") for t in self.chosen(language))

    def body(self, duty: Duty, body: Body, language: str) -> str:
        return _BETWEEN.join(self._part(texts, duty, body) for texts in self.chosen(language)) + "\n"

    def _part(self, texts: Texts, duty: Duty, body: Body) -> str:
        about: dict[str, Param] = {
            "body": body.short_name,
            "span": _span(duty),
            "year": ordinal(duty.year) if texts.language == "az" else str(duty.year),
            "due": f"{duty.due_on:%d.%m.%Y}",
            "clause": duty.clause,
        }
        lines = (
            texts.text("mail.remind.greeting"),
            texts.text(f"duty.{duty.kind}.{duty.state}", about),
            texts.text("duty.clause", about),
            texts.text("notice.where", {"url": self.url}),
            texts.text("duty.footer"),
        )
        return "\n\n".join(lines)


def _span(duty: Duty) -> str:
    """The days of a period of meetings."""
    first = f"{duty.opens_on:%d.%m.%Y} – " if duty.opens_on else ""
    return f"{first}{duty.due_on:%d.%m.%Y}"
