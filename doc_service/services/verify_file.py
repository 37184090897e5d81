"""Judges a PDF that somebody holds, by what it carries and the trust anchors alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doc_service.domain.errors import DomainError
from doc_service.ports import EmbeddedReader
from signing.api import Expectation, Level, Report, Validator


@dataclass(frozen=True, slots=True)
class Verification:
    """The validator's report, and what the document says of itself ("" and None where it is not one of ours)."""

    report: Report
    instrument: str
    number: str
    registered_on: str
    expectation: Expectation | None


@dataclass(frozen=True, slots=True)
class VerifyFile:
    """Reads the document's own declaration of required fields and final level (provenance.json, inside the bytes
    that every signature covers), so that a removed revision is seen; then validates. Raises ``SigningError`` for
    files that cannot be judged."""

    validator: Validator
    embedded: EmbeddedReader

    def __call__(self, pdf: bytes, at: datetime | None = None) -> Verification:
        provenance = _json(self._provenance(pdf))
        expectation = expectation_of(provenance)
        report = self.validator.validate(pdf, at=at, expectation=expectation)
        text = {name: str(provenance.get(name, "")) for name in ("instrument", "number", "registered_on")}
        return Verification(report, text["instrument"], text["number"], text["registered_on"], expectation)

    def _provenance(self, pdf: bytes) -> bytes:
        """Empty when the attachments cannot be read: the validator then says what is wrong with the file, and a
        finished document of ours never loses them without a change that it sees."""
        try:
            return self.embedded(pdf).get("provenance.json", b"{}")
        except DomainError:
            return b"{}"


def expectation_of(provenance: Mapping[str, Any]) -> Expectation | None:
    """What the document declares it must carry; None when it declares nothing that can be understood."""
    expected = provenance.get("expected")
    if not isinstance(expected, dict):
        return None
    fields, level = expected.get("fields"), expected.get("level")
    if not isinstance(fields, list) or level not in {str(known) for known in Level}:
        return None
    return Expectation(tuple(str(name) for name in fields), Level(level))


def _json(data: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(data)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
