"""The context of a template as plain data that knows its own path.

A template sees mappings, lists, text, whole numbers and truth values only, never an object of the program; and since
each mapping and list carries the path it was reached by, an error can name ``items[2].post`` instead of ``post``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import StrictUndefined

from doc_service.domain.errors import DomainError

_MAX_DEPTH = 32
_REMOVED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\x85|\u2028|\u2029")


class Record(dict[str, Any]):
    """A mapping of the context; ``path`` is where it was reached."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


class Items(list[Any]):
    """A list of the context; ``path`` is where it was reached."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


class Missing(StrictUndefined):
    """What an absent name evaluates to. Any use but ``is defined`` and ``default`` is an error that names it."""

    __slots__ = ()

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise DomainError("template.unknown_variable", name=str(self._undefined_name))

    __str__ = __iter__ = __len__ = __bool__ = __eq__ = __ne__ = __contains__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __html__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return id(type(self))


class Nothing(Missing):
    """A value that is there and is None: false in a condition, an error when printed or walked into."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return other is None or isinstance(other, Nothing)

    def __ne__(self, other: object) -> bool:  # type: ignore[override]
        return not self == other

    __hash__ = StrictUndefined.__hash__


def clean(text: str) -> str:
    """The text without control characters (XML 1.0 §2.2) and non-characters; line breaks become ``\\n``.

    Right-to-left and other format marks stay: they belong to names."""
    return _REMOVED.sub("", _BREAKS.sub("\n", text))


def plain(value: Any, path: str = "", depth: int = 0) -> Any:
    """A deep copy of ``value`` as plain data. Raises ``TypeError`` naming the path of anything else: dates and
    decimal figures are formatted in the context builder, where the language's rules are."""
    if depth > _MAX_DEPTH:
        raise TypeError(f"{path}: nested deeper than {_MAX_DEPTH}")
    if value is None:
        return Nothing(name=path)
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return clean(str.__str__(value))
    if isinstance(value, Mapping):
        return _record(value, path, depth)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        items = Items(path)
        items.extend(plain(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value))
        return items
    raise TypeError(f"{path}: {type(value).__name__} is not plain data")


def _record(value: Mapping[Any, Any], path: str, depth: int) -> Record:
    record = Record(path)
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"{path}: key {key!r} is not text")
        record[key] = plain(item, f"{path}.{key}" if path else key, depth + 1)
    return record
