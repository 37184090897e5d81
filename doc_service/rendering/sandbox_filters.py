"""The filters and tests a template may use, each with bounded cost and result."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from jinja2 import pass_context
from jinja2.runtime import Context
from jinja2.tests import TESTS

from doc_service.domain.errors import DomainError
from doc_service.domain.pictures import PICTURE_NAME
from doc_service.rendering.plain import Items, Missing, Nothing, Record
from doc_service.rendering.qr_drawing import qr

ANCHOR_OPEN, ANCHOR_CLOSE = "\ufdd0", "\ufdd1"
PICTURE_OPEN, PICTURE_CLOSE = "\ufdd2", "\ufdd3"
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
METER = "__meter"
_MAX_SEPARATOR = 20


def forbid(expression: str) -> NoReturn:
    """Refuses what only shows while a template is filled."""
    raise DomainError("template.forbidden", expression=expression, place="filling")


class Meter:
    """Counts the steps of all loops of one filling: a bound on time that does not depend on the machine."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def step(self) -> None:
        self._left -= 1
        if self._left < 0:
            forbid("more loop steps than allowed")


class Metered(list[Any]):
    """A list that counts each step over it."""

    def __init__(self, items: Any, meter: Meter) -> None:
        super().__init__(items)
        self._meter = meter

    def __iter__(self) -> Any:
        for item in super().__iter__():
            self._meter.step()
            yield item


@pass_context
def metered(context: Context, value: Any) -> Metered:
    """Put around the iterable of every loop by the sandbox; a template cannot name it."""
    if isinstance(value, Missing) and not isinstance(value, Nothing):
        bool(value)
    if not isinstance(value, list | tuple):
        forbid(f"a loop over {_kind(value)}")
    meter = context.resolve(METER)
    if not isinstance(meter, Meter):
        raise TypeError("a template is filled with a meter in its context")
    return Metered(value, meter)


def _kind(value: Any) -> str:
    if isinstance(value, Nothing):
        return f"{value._undefined_name}, which is empty (None)"
    return "a mapping" if isinstance(value, Record) else "a value that is not a list"


def anchor(value: Any) -> str:
    """Marks the place of the signature field called ``value``; turned into a bookmark after filling."""
    name = str(value)
    if not FIELD_NAME.fullmatch(name):
        forbid(f"{name[:60]}|anchor: not a field name")
    return f"{ANCHOR_OPEN}{name}{ANCHOR_CLOSE}"


def picture(value: Any) -> str:
    """Marks the place of the picture called ``value``; turned into a drawing after filling."""
    name = str(value)
    if not PICTURE_NAME.fullmatch(name):
        forbid(f"{name[:60]}|picture: not a picture's name")
    return f"{PICTURE_OPEN}{name}{PICTURE_CLOSE}"


def upper(value: Any) -> str:
    """Upper case by the rules of Azerbaijani: i becomes İ, ı becomes I."""
    return str(value).replace("i", "İ").replace("ı", "I").upper()


def lower(value: Any) -> str:
    """Lower case by the rules of Azerbaijani: I becomes ı, İ becomes i."""
    return str(value).replace("İ", "i").replace("I", "ı").lower()


def capitalize(value: Any) -> str:
    """The first letter in upper case, the rest as it is."""
    text = str(value)
    return upper(text[:1]) + text[1:]


def default(value: Any, otherwise: Any = "") -> Any:
    """``otherwise`` where the value is missing or None."""
    return otherwise if isinstance(value, Missing) else value


def length(value: Any) -> int:
    return len(value)


def first(value: Any) -> Any:
    return _edge(value, 0)


def last(value: Any) -> Any:
    return _edge(value, -1)


def _edge(value: Any, index: int) -> Any:
    if isinstance(value, Items):
        return value[index] if value else Missing(name=f"{value.path}[{index}]")
    str(value)
    forbid("first or last of a value that is not a list")


def join(value: Any, separator: str = "") -> str:
    """The texts of a list with ``separator`` (at most 20 characters) between them."""
    if not isinstance(value, Items) or not isinstance(separator, str) or len(separator) > _MAX_SEPARATOR:
        str(value)
        forbid("join of a value that is not a list, or with a long separator")
    return separator.join(str(item) for item in value)


def trim(value: Any) -> str:
    return str(value).strip()


def is_none(value: Any) -> bool:
    return value is None or isinstance(value, Nothing)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "anchor": anchor,
    "qr": qr,
    "picture": picture,
    "default": default,
    "d": default,
    "length": length,
    "count": length,
    "first": first,
    "last": last,
    "join": join,
    "upper": upper,
    "lower": lower,
    "capitalize": capitalize,
    "trim": trim,
}
_JINJA_TESTS = ("defined", "undefined", "odd", "even", "divisibleby", "equalto", "eq", "==", "ne", "!=", "in")
ALLOWED_TESTS: Mapping[str, Any] = {**{name: TESTS[name] for name in _JINJA_TESTS}, "none": is_none}
