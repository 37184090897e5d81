"""Awkward data for any instrument, made from its sample by its schema, and kept as far as its rules allow."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from doc_service.domain.errors import DomainError
from doc_service.instruments.base import AnyInstrument
from doc_service.instruments.faults import path as field_of
from doc_service.instruments.fields import LINE, OPTIONAL_LINE, OPTIONAL_PROSE, PROSE

Place: TypeAlias = tuple[str | int, ...]
Leaf: TypeAlias = tuple[Place, Any, Mapping[str, Any]]

PEOPLE = 60
_FREE = {LINE, OPTIONAL_LINE, PROSE, OPTIONAL_PROSE}
_PROSE = {PROSE, OPTIONAL_PROSE}
CODED = {"voen", "email", "url", "kind"}
"""Fields of text whose rules allow a code only."""

_NAME = (
    " “Uzunadlı & \u200f<Sözlə> Çox 'Geniş' Fəaliyyətli Bir İstehsalat, Emal, Daşınma və Beynəlxalq Ticarət Birliyi: "
    "Abşeron Yarımadasının Kimya, Neft-Kimya və Polimer Sənayesi Müəssisələri” ₼"
)
_LENGTHS = {"surname": 67, "given": 66, "patronymic": 65}
"""A person's name has 200 characters together."""
_PARAGRAPH = 'Uzun & <paraqraf> "dırnaqda" \u200fdavam edir, ₼ 1 500; '
_PARAGRAPHS = 120


def leaves(schema: Mapping[str, Any], value: Any) -> Iterator[Leaf]:
    """Everything inside some data, containers before what they hold, each with its part of the schema."""
    yield from _walk(schema, schema, value, ())


def free_text(schema: Mapping[str, Any], value: Any) -> dict[Place, str]:
    """The text that people write freely, by place: no identifiers, dates, choices or amounts."""
    return {at: v for at, v, part in leaves(schema, value) if isinstance(v, str) and part.get("pattern") in _FREE}


def long(instrument: AnyInstrument) -> dict[str, Any]:
    """Every name and free text at 200 characters with quotes, signs of XML and a right-to-left mark, one paragraph of
    pages, and lists of people at sixty, where the rules allow it. Equal texts stay equal, different ones different."""
    raw, schema = instrument.sample(), instrument.schema()
    for at in [at for at, _, part in leaves(schema, raw) if _is_people(schema, part)]:
        grown = _grown(raw, at)
        raw = grown if not faulty(instrument, grown) else raw
    changes: dict[Place, Any] = {}
    pages = 0
    for at, text, part in leaves(schema, raw):
        if isinstance(text, str) and text and part.get("pattern") in _FREE and at[-1] not in CODED:
            paragraph = part["pattern"] in _PROSE and not pages
            pages += paragraph
            changes[at] = (
                (text + " " + _PARAGRAPH * _PARAGRAPHS)
                if paragraph
                else lengthened(text, _LENGTHS.get(str(at[-1]), 200))
            )
    return applied(instrument, raw, changes)


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


def faulty(instrument: AnyInstrument, raw: Mapping[str, Any]) -> list[str]:
    """Fields at fault, by the schema or else by the rules."""
    try:
        return [f.field for f in instrument.check(instrument.validate(raw))]
    except DomainError as error:
        return [f.field for f in error.faults]


def applied(instrument: AnyInstrument, raw: dict[str, Any], changes: Mapping[Place, Any]) -> dict[str, Any]:
    """``raw`` with as many of the changes as the rules allow: what a fault points at is taken back, then what stands
    nearest, until nothing is at fault."""
    kept = dict(changes)
    while True:
        made = copy.deepcopy(raw)
        for at, value in kept.items():
            _at(made, at[:-1])[at[-1]] = value
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


def _walk(root: Mapping[str, Any], part: Mapping[str, Any], value: Any, at: Place) -> Iterator[Leaf]:
    part = _resolved(root, part)
    if at:
        yield at, value, part
    inner = _alternative(root, part) if value is not None else part
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _walk(root, inner["properties"][key], child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _walk(root, inner["items"], child, (*at, index))


def _resolved(root: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in part:
        part = {**root["$defs"][part["$ref"].rpartition("/")[2]], **{k: v for k, v in part.items() if k != "$ref"}}
    return part


def _alternative(root: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    for choice in part.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolved(root, choice)
    return part


def _emptied(part: Mapping[str, Any], value: Any) -> Any:
    if any(choice.get("type") == "null" for choice in part.get("anyOf", ())):
        return None
    if part.get("pattern") in (OPTIONAL_LINE, OPTIONAL_PROSE):
        return ""
    if part.get("type") == "array" and not part.get("minItems"):
        return []
    return value


def _is_people(root: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    """A list whose entries are, or hold, a person with an id and may be sixty."""
    if part.get("type") != "array" or part.get("maxItems", PEOPLE) < PEOPLE:
        return False
    entry = _resolved(root, part["items"])
    fields = [entry, *(_resolved(root, p) for p in entry.get("properties", {}).values())]
    fields += [_resolved(root, p) for f in fields[1:] for p in f.get("properties", {}).values()]
    return any({"surname", "given"} <= set(f.get("properties", {})) for f in fields)


def _grown(raw: dict[str, Any], at: Place) -> dict[str, Any]:
    """The list at sixty: copies of its last entry under ids and numbers of their own, who take part wherever the last
    one does (attendance, votes)."""
    made = copy.deepcopy(raw)
    entries = _at(made, at)
    if entries:
        last = entries[-1]
        for number in range(len(entries) + 1, PEOPLE + 1):
            entries.append(_renumbered(copy.deepcopy(last), number))
        _join(made, entries, {str(v) for v in _ids(last)}, range(PEOPLE - len(_at(raw, at)), 0, -1))
    return made


def _ids(entry: Any) -> Iterator[Any]:
    if isinstance(entry, dict):
        yield from (v for k, v in entry.items() if k == "id")
        for value in entry.values():
            yield from _ids(value)


def _join(value: Any, grown: list[Any], ids: set[str], left: range) -> None:
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if child is grown:
            continue
        if isinstance(child, list):
            named = [
                e for e in child if isinstance(e, dict) and any(k.endswith("_id") and v in ids for k, v in e.items())
            ]
            numbers = [PEOPLE + 1 - n for n in left]
            child += [{k: f"{v}-{n}" if v in ids else v for k, v in e.items()} for e in named for n in numbers]
        _join(child, grown, ids, left)


def _renumbered(entry: Any, number: int) -> Any:
    fresh: dict[str, Callable[[Any], Any]] = {
        "id": lambda old: f"{old}-{number}",
        "voen": lambda old: f"{500000000 + number}{old[-1]}",
        "number": lambda old: number if isinstance(old, int) else f"{old}-{number}",
        "state_registration": lambda old: f"{old}{number}" if old else old,
    }
    if isinstance(entry, dict):
        return {k: fresh[k](v) if k in fresh and v else _renumbered(v, number) for k, v in entry.items()}
    return [_renumbered(v, number) for v in entry] if isinstance(entry, list) else entry


def _at(raw: Any, at: Place) -> Any:
    for key in at:
        raw = raw[key]
    return raw
