"""What a reminder says: Azerbaijani first, then English, and nothing that may not travel by e-mail.

No title, no content and nobody's name: a letter passes machines that are not ours, and a title alone can be restricted
information (001 §5.6.3). The kind, the number and the day are enough to know what waits; the rest is read after
authentication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from doc_service.domain.errors import Param

_LISTED = 50
_BETWEEN = "\n\n* * *\n\n"


class Texts(Protocol):
    """The texts of one language."""

    @property
    def language(self) -> str: ...
    def text(self, code: str, params: Mapping[str, Param] | None = None) -> str: ...


@dataclass(frozen=True, slots=True)
class WaitingDocument:
    """``kinds``: the instrument's name by language. ``since``: the day it was put before the person."""

    kinds: Mapping[str, str]
    number: str
    since: date


@dataclass(frozen=True, slots=True)
class ReminderText:
    """``languages`` in the order in which they stand in the letter; ``url``: where to sign."""

    languages: Sequence[Texts]
    url: str

    def subject(self, documents: Sequence[WaitingDocument]) -> str:
        return " / ".join(t.text("mail.remind.subject", {"count": len(documents)}) for t in self.languages)

    def body(self, documents: Sequence[WaitingDocument]) -> str:
        return _BETWEEN.join(self._part(texts, documents) for texts in self.languages) + "\n"

    def _part(self, texts: Texts, documents: Sequence[WaitingDocument]) -> str:
        lines = [texts.text("mail.remind.document", _line(texts.language, d)) for d in documents[:_LISTED]]
        if len(documents) > _LISTED:
            lines.append(texts.text("mail.remind.more", {"count": len(documents) - _LISTED}))
        paragraphs = (
            texts.text("mail.remind.greeting"),
            texts.text("mail.remind.waiting", {"count": len(documents)}),
            "\n".join(lines),
            texts.text("mail.remind.where", {"url": self.url}),
            texts.text("mail.remind.footer"),
        )
        return "\n\n".join(paragraphs)


def _line(language: str, document: WaitingDocument) -> dict[str, Param]:
    return {"kind": document.kinds[language], "number": document.number, "since": f"{document.since:%d.%m.%Y}"}
