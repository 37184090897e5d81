"""Texts of codes in one language, from the packaged ``<language>/<area>.toml`` files (DESIGN 13).

A text may use {param} placeholders; a brace that is meant as such is doubled. A value that the rules name in English (a
state, an act kind) or by a short reference (a clause) is shown by its label: for ``{state}`` with the value "draft" the
text "label.state.draft" is put in, when there is one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib import resources

from doc_service.domain.errors import Fault, Param

LANGUAGES = ("az", "en")
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_LIST = ", "


class MessageNotFoundError(LookupError):
    """No text for this code in this language."""


class Catalog:
    """All texts of one language, read once. Raises ``LookupError`` for a language without texts and ``ValueError``
    when two areas claim one code or a file holds anything but a flat table of texts."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise MessageNotFoundError(f"no messages in language {language!r}")
        self.language = language
        self._texts: dict[str, str] = {}
        folder = resources.files("doc_service.messages") / language
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml"):
                self._add(file.name, tomllib.loads(file.read_text(encoding="utf-8")))

    def _add(self, area: str, table: Mapping[str, object]) -> None:
        for code, text in table.items():
            if not isinstance(text, str):
                raise ValueError(f"{self.language}/{area}: {code} is no text (quote codes)")  # noqa: TRY004
            if code in self._texts:
                raise ValueError(f"{self.language}/{area}: {code} is already in another area")
            self._texts[code] = text

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(self._texts)

    def text(self, code: str, params: Mapping[str, Param] | None = None) -> str:
        """The text of ``code`` with its placeholders filled; one without a parameter stays visible as ``{name}``,
        since a message about an error must not become a second error. Raises ``MessageNotFoundError``."""
        try:
            template = self._texts[code]
        except KeyError:
            raise MessageNotFoundError(f"no text for {code!r} in language {self.language!r}") from None
        values = params or {}

        def fill(match: re.Match[str]) -> str:
            name = match[1]
            if name is None:
                return match[0][0]
            return self._label(name, values[name]) if name in values else match[0]

        return _PLACEHOLDER.sub(fill, template)

    def _label(self, name: str, value: Param) -> str:
        """Each part of a comma-separated value that has a label under the parameter's name, by that label."""
        return _LIST.join(self._texts.get(f"label.{name}.{part}", part) for part in str(value).split(_LIST))

    def fault_text(self, fault: Fault) -> str:
        """One line for a reader: the field path, where the fault has one, and the rule it breaks."""
        text = self.text(fault.code, fault.params)
        return f"{fault.field}: {text}" if fault.field else text


def placeholders(text: str) -> frozenset[str]:
    """Names of the placeholders in a text."""
    return frozenset(name for name in _PLACEHOLDER.findall(text) if name)
