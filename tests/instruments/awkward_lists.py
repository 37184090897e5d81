"""Lists at sixty: each list of an instrument's sample grown as far as its form and its rules let it.

Most lists grow by copies of their last entry under identifiers of their own. Where lists hold each other (an item of
the agenda is an item of the protocol; what is paid is part of a total), ``TOGETHER`` says how they grow.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from doc_service.domain.clusters.kinds import ParticipantKind
from doc_service.domain.errors import DomainError
from doc_service.instruments.base import AnyInstrument

Place: TypeAlias = tuple[str | int, ...]
Leaf: TypeAlias = tuple[Place, Any, Mapping[str, Any]]
Each: TypeAlias = Callable[[Any, int], Any]
"""What becomes of a copied entry: the entry, and which copy it is, from 1."""

SIXTY = 60
_AMOUNTS = {"amount", "amounts", "total", "total_cost", "own_funds", "credit_expected", "value"}
_KINDS_OF_THE_SAMPLE = {"large", "medium", "small", "college", "research", "technology", "finance"}
_NAMED = {"name", "surname", "title", "content", "what", "goods", "text", "product", "products"}


def _same(entry: Any, _: int) -> Any:
    return entry


@dataclass(frozen=True)
class Growth:
    """Lists that grow by one entry each, in step. ``like``: which entry of the sample is copied."""

    lists: tuple[str, ...]
    like: int = -1
    each: Each = _same


def leaves(schema: Mapping[str, Any], value: Any) -> Iterator[Leaf]:
    """Everything inside some data, containers before what they hold, each with its part of the schema."""
    yield from _walk(schema, schema, value, ())


def faulty(instrument: AnyInstrument, raw: Mapping[str, Any]) -> list[str]:
    """Fields at fault, by the schema or else by the rules."""
    try:
        return [f.field for f in instrument.check(instrument.validate(raw))]
    except DomainError as error:
        return [f.field for f in error.faults]


def general(at: Place) -> str:
    """A place without list positions: ``items.votes``."""
    return ".".join(key for key in at if isinstance(key, str))


def at(raw: Any, place: Place) -> Any:
    for key in place:
        raw = raw[key]
    return raw


def short_lists(schema: Mapping[str, Any], raw: Any) -> dict[str, tuple[Place, int]]:
    """Lists that could be longer, by their general name: the first of that name, and how long it may become."""
    found: dict[str, tuple[Place, int]] = {}
    for place, value, part in leaves(schema, raw):
        if isinstance(value, list) and value and general(place) not in found:
            found[general(place)] = place, min(SIXTY, part.get("maxItems", SIXTY))
    return {name: (place, most) for name, (place, most) in found.items() if len(at(raw, place)) < most}


def all_grown(instrument: AnyInstrument, raw: dict[str, Any]) -> dict[str, Any]:
    """``raw`` with every list at sixty, or at what its form allows; of lists inside lists the first one."""
    schema, together = instrument.schema(), TOGETHER.get(instrument.id, ())
    apart = {name for growth in together for name in growth.lists} | set(LEFT_SHORT.get(instrument.id, {}))
    for name in short_lists(schema, raw):
        for each in (_named, _same) if name not in apart else ():
            made = _grown(raw, schema, Growth((name,), each=each))
            if not faulty(instrument, made):
                raw = made
                break
    for growth in together:
        raw = _grown(raw, schema, growth)
    return raw


def _grown(raw: dict[str, Any], schema: Mapping[str, Any], growth: Growth) -> dict[str, Any]:
    made = copy.deepcopy(raw)
    room = short_lists(schema, raw)
    wanted = [room[name] for name in growth.lists if name in room]
    copies = min((most - len(at(raw, place)) for place, most in wanted), default=0)
    for place, _ in wanted:
        entries = at(made, place)
        pattern, first = entries[growth.like], len(entries) + 1
        ids = {str(v) for v in _ids(pattern)}
        grown = [growth.each(_renumbered(copy.deepcopy(pattern), first + n), n + 1) for n in range(copies)]
        top = max((e["number"] for e in entries if isinstance(e, dict) and type(e.get("number")) is int), default=0)
        for n, entry in enumerate(grown if top else (), 1):
            entry["number"] = top + n
        entries += grown
        _join(made, entries, ids, range(first, first + copies))
    for _, value, part in list(leaves(schema, made)):
        if isinstance(value, list):
            del value[part.get("maxItems", len(value)) :]
    return made


def _ids(entry: Any) -> Iterator[Any]:
    if isinstance(entry, dict):
        yield from (v for k, v in entry.items() if k == "id")
        for value in entry.values():
            yield from _ids(value)


def _join(value: Any, grown: list[Any], ids: set[str], numbers: range) -> None:
    """The copies take part wherever the copied one does: attendance, votes."""
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if child is grown:
            continue
        if isinstance(child, list):
            named = [e for e in child if isinstance(e, dict) and "number" not in e and _names(e, ids)]
            child += [
                _without_amounts({k: f"{v}-{n}" if isinstance(v, str) and v in ids else v for k, v in e.items()})
                for e in named
                for n in numbers
            ]
        _join(child, grown, ids, numbers)


def _names(entry: Mapping[str, Any], ids: set[str]) -> bool:
    return any(key.endswith("_id") and value in ids for key, value in entry.items())


def _renumbered(entry: Any, number: int) -> Any:
    fresh: dict[str, Callable[[Any], Any]] = {
        "id": lambda old: f"{old}-{number}",
        "voen": lambda old: f"{500000000 + number}{old[-1]}",
        "number": lambda old: old if isinstance(old, int) else f"{old}-{number}",
        "index": lambda old: f"{old}-{number}",
        "state_registration": lambda old: f"{old}{number}",
    }
    if isinstance(entry, dict):
        return {k: fresh[k](v) if k in fresh and v else _renumbered(v, number) for k, v in entry.items()}
    return [_renumbered(v, number) for v in entry] if isinstance(entry, list) else entry


def _named(entry: Any, copied: int) -> Any:
    """Its texts with the copy's number, so that none stands for another on paper."""
    if isinstance(entry, str):
        return entry if re.fullmatch(r"[\d.-]+", entry) else f"{entry} {copied}"
    if isinstance(entry, dict):
        return {
            k: _named(v, copied) if isinstance(v, dict) or (k in _NAMED and v and isinstance(v, str)) else v
            for k, v in entry.items()
        }
    return entry


def _without_amounts(entry: Any, _: int = 0) -> Any:
    if isinstance(entry, dict):
        return {k: _zeroed(v) if k in _AMOUNTS else _without_amounts(v) for k, v in entry.items()}
    return [_without_amounts(v) for v in entry] if isinstance(entry, list) else entry


def _zeroed(amount: Any) -> Any:
    return ["0"] * len(amount) if isinstance(amount, list) else "0"


def _costless(entry: Any, copied: int) -> Any:
    return _without_amounts(_named(entry, copied))


def _slim(entry: dict[str, Any], copied: int) -> dict[str, Any]:
    """One of everything: the sheets of a project are drawn in full for the first."""
    return {k: v[:1] if isinstance(v, list) else v for k, v in _named(entry, copied).items()}


def _with(**fields: Any) -> Each:
    return lambda entry, _: {**entry, **fields}


def _weekly(day: str, copied: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=copied)).isoformat()


def _filed(entry: dict[str, Any], copied: int) -> dict[str, Any]:
    return {**entry, "name": f"{100 + copied}_{entry['name'][4:]}"}


def _another_kind(entry: dict[str, Any], copied: int) -> dict[str, Any]:
    others = [k.value for k in ParticipantKind if k.value not in _KINDS_OF_THE_SAMPLE]
    return {**entry, "kind": others[copied - 1]}


def _of_the_registry(entry: dict[str, Any], copied: int) -> dict[str, Any]:
    return {**_named(entry, copied), "voen": f"{700000000 + copied}1"}


def _joint_project(at_: str) -> tuple[Growth, ...]:
    return (
        Growth((f"{at_}.initiators", f"{at_}.financing.initiators"), each=_costless),
        Growth((f"{at_}.stages",), each=_costless),
    )


_YEARS = "the years of the project's term: four"

TOGETHER: Mapping[str, tuple[Growth, ...]] = {
    "kq-protokol": (Growth(("agenda", "items")), Growth(("members",), like=7, each=_named)),
    "klaster-umumi-yigincaq-protokolu": (Growth(("agenda", "items", "topics")),),
    "kq-fealiyyet-proqrami": (Growth(("meetings",), like=0, each=_weekly),),
    "kq-illik-hesabat": (
        Growth(("meetings",), each=_with(attending=0, items=0, quorum_met=False)),
        Growth(("members",), each=_with(in_person=0, delegated=0, absent=3)),
    ),
    "klaster-tesis-protokolu": (Growth(("participants", "founders"), each=_named),),
    "klaster-reyestr": (Growth(("rows", "changes.changed"), each=_of_the_registry),),
    "klaster-pasport": (Growth(("kinds",), each=_another_kind),),
    "birge-layihe-pasportu": _joint_project("project"),
    "klaster-inkisaf-proqrami": (Growth(("projects",), each=_costless), *_joint_project("projects.passport")),
    "klaster-funksional-xerite": (
        Growth(("organisations",), like=5, each=_named),
        Growth(("deliveries",), each=_costless),
        Growth(("projects.new_links",), each=_costless),
        Growth(("projects",), each=_slim),
    ),
    "erize-paketi": (Growth(("entries",), each=_filed),),
}

_OWN_YEARS = {
    f"financing.{line}.amounts": _YEARS
    for line in ("off_budget", "initiators", "others", "regional", "local", "all_sources")
}
_ABSENT = "a vote for everybody present: those absent have none"

LEFT_SHORT: Mapping[str, Mapping[str, str]] = {
    "kq-protokol": {"attendance": "grows with members", "items.votes": _ABSENT},
    "klaster-tesis-protokolu": {"items.votes": _ABSENT},
    "klaster-umumi-yigincaq-protokolu": {"attendance": "grows with members", "items.votes": _ABSENT},
    "klaster-reyestr": {"changes.changed": "as many as the rows that are new to the sample: 36"},
    "birge-layihe-pasportu": {f"project.{line}": why for line, why in _OWN_YEARS.items()},
    "klaster-inkisaf-proqrami": {f"projects.passport.{line}": why for line, why in _OWN_YEARS.items()},
    "klaster-funksional-xerite": {
        "producers": "grows with organisations; four of them do not produce",
        "projects.effects": "grows with organisations; some producers take no part in the project",
    },
}
"""By instrument: lists that do not grow by themselves, and what keeps them below sixty."""


def _walk(root: Mapping[str, Any], part: Mapping[str, Any], value: Any, place: Place) -> Iterator[Leaf]:
    part = _resolved(root, part)
    if place:
        yield place, value, part
    inner = _alternative(root, part) if value is not None else part
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _walk(root, inner["properties"][key], child, (*place, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _walk(root, inner["items"], child, (*place, index))


def _resolved(root: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in part:
        part = {**root["$defs"][part["$ref"].rpartition("/")[2]], **{k: v for k, v in part.items() if k != "$ref"}}
    return part


def _alternative(root: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    for choice in part.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolved(root, choice)
    return part
