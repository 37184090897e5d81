"""Awkward data for any instrument, made from its sample by its schema, and kept as far as its rules allow."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.faults import path as field_of
from doc_service.instruments.fields import LINE, OPTIONAL_LINE, OPTIONAL_PROSE, PROSE
from tests.instruments.awkward_lists import Place, all_grown, faulty, leaves
from tests.instruments.awkward_lists import at as entry_at

_FREE = {LINE, OPTIONAL_LINE, PROSE, OPTIONAL_PROSE}
_PROSE = {PROSE, OPTIONAL_PROSE}
CODED = {"voen", "email", "url", "kind"}
"""Fields of text whose rules allow a code only."""

_NAME = (
    " “Uzunadlı & \u200f<Sözlə> Çox 'Geniş' Fəaliyyətli Bir İstehsalat, Emal, Daşınma və Beynəlxalq Ticarət Birliyi: "
    "Abşeron Yarımadasının Kimya, Neft-Kimya və Polimer Sənayesi Müəssisələri” ₼"
)
_PARAGRAPH = 'Uzun & <paraqraf> "dırnaqda" \u200fdavam edir, ₼ 1 500; '
_PARAGRAPHS = 120
_NAME_PARTS = {"surname": 67, "given": 66, "patronymic": 65}
_FIRST_FORMS = {"kq-bildiris", "kq-gundelik", "kq-protokol", "kq-qerar", "kq-teklif", "kq-tovsiye"}
"""Their templates are in use as they are; in their signature blocks a name of 200 characters in all stays whole."""
_FEW = 3
_ALWAYS_LONG = {"name", "organisation", "initiators"}
"""Names of organisations are long in every entry."""


def free_text(schema: Mapping[str, Any], value: Any) -> dict[Place, str]:
    """The text that people write freely, by place: no identifiers, dates, choices or amounts."""
    return {at: v for at, v, part in leaves(schema, value) if isinstance(v, str) and part.get("pattern") in _FREE}


def long(instrument: AnyInstrument) -> dict[str, Any]:
    """Every list at sixty, names of organisations and free texts at 200 characters with quotes, signs of XML and a
    right-to-left mark, a person's name at three times that, one paragraph of pages, where the rules allow it. Equal
    texts stay equal, different ones different. In a long list the entries between keep the sample's texts, but for the
    organisations' names: what is whole in four rows is whole in sixty."""
    raw, schema = all_grown(instrument, instrument.sample()), instrument.schema()
    changes: dict[Place, Any] = {}
    pages = 0
    for at, text, part in leaves(schema, raw):
        if isinstance(text, str) and text and part.get("pattern") in _FREE and _lengthens(raw, at):
            paragraph = part["pattern"] in _PROSE and not pages
            pages += paragraph
            length = _NAME_PARTS.get(str(at[-1]), 200) if instrument.id in _FIRST_FORMS else 200
            changes[at] = (text + " " + _PARAGRAPH * _PARAGRAPHS) if paragraph else lengthened(text, length)
    return applied(instrument, raw, changes)


def _lengthens(raw: Any, at: Place) -> bool:
    if at[-1] in CODED:
        return False
    between = [
        place
        for depth, place in enumerate(at)
        if isinstance(place, int) and _FEW <= place < len(entry_at(raw, at[:depth])) - 1
    ]
    return not between or next(key for key in reversed(at) if isinstance(key, str)) in _ALWAYS_LONG


def bare(instrument: AnyInstrument) -> dict[str, Any]:
    """Every optional part left out, where the rules allow it: null, empty text, empty list."""
    raw, schema = instrument.sample(), instrument.schema()
    changes: dict[Place, Any] = {}
    for at, value, part in leaves(schema, raw):
        empty = _emptied(part, value)
        if empty != value and not any(at[: len(b)] == b for b in changes):
            changes[at] = empty
    return applied(instrument, raw, changes)


def lengthened(text: str, length: int) -> str:
    """``text`` and a tail, so many characters together."""
    kept = text[: length // 2]
    return kept + _NAME[: length - len(kept)]


def applied(instrument: AnyInstrument, raw: dict[str, Any], changes: Mapping[Place, Any]) -> dict[str, Any]:
    """``raw`` with as many of the changes as the rules allow: what a fault points at is taken back, then what stands
    nearest, until nothing is at fault."""
    kept = dict(changes)
    while True:
        made = copy.deepcopy(raw)
        for at, value in kept.items():
            entry_at(made, at[:-1])[at[-1]] = value
        fields = faulty(instrument, made)
        if not fields:
            return made
        guilty = _guilty(kept, fields)
        for at in guilty or list(kept)[:1]:
            del kept[at]


def _guilty(kept: Mapping[Place, Any], fields: list[str]) -> list[Place]:
    for depth in range(8):
        near = [_shorter(field, depth) for field in fields]
        found = [at for at in kept if any(_within(field_of(at), n) or _within(n, field_of(at)) for n in near)]
        if found:
            return found
    return []


def _shorter(field: str, steps: int) -> str:
    for _ in range(steps):
        field = re.sub(r"(\.[^.\[]+|\[\d+\]|^[^.\[]+)$", "", field)
    return field


def _within(field: str, container: str) -> bool:
    return not container or field == container or field.startswith((f"{container}.", f"{container}["))


def _emptied(part: Mapping[str, Any], value: Any) -> Any:
    if any(choice.get("type") == "null" for choice in part.get("anyOf", ())):
        return None
    if part.get("pattern") in (OPTIONAL_LINE, OPTIONAL_PROSE):
        return ""
    if part.get("type") == "array" and not part.get("minItems"):
        return []
    return value
