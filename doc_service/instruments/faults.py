"""Pydantic's errors as faults with our stable codes, all of one input at once (004 §5.1.9)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from doc_service.domain.errors import DomainError, Fault, Param
from doc_service.instruments.fields import CODE_OF_PATTERN

M = TypeVar("M", bound=BaseModel)

_CODES: Final[Mapping[str, str]] = {
    "missing": "data.missing",
    "extra_forbidden": "data.unknown_field",
    "string_too_long": "data.too_long",
    "string_too_short": "data.too_short",
    "too_long": "data.too_many",
    "too_short": "data.too_few",
    "greater_than": "data.out_of_range",
    "greater_than_equal": "data.out_of_range",
    "less_than": "data.out_of_range",
    "less_than_equal": "data.out_of_range",
    "timezone_aware": "data.timezone",
}
_LIMITS: Final = ("max_length", "min_length", "ge", "gt", "le", "lt")
_TYPES: Final[Mapping[str, str]] = {
    "string": "data.not_text",
    "int": "data.not_integer",
    "bool": "data.not_boolean",
    "tuple": "data.not_list",
    "list": "data.not_list",
    "model": "data.not_object",
    "dict": "data.not_object",
    "date": "data.date",
    "datetime": "data.datetime",
}


def path(location: Sequence[str | int]) -> str:
    """A field path as faults name it: ``("items", 2, "choice")`` is ``items[2].choice``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def parse(model: type[M], raw: Mapping[str, Any]) -> M:
    """``raw`` as a model, by the rules of JSON (ISO 8601 dates as text, no coercion otherwise).

    Raises ``DomainError`` with one ``data.*`` fault per field that breaks the schema.
    """
    try:
        text = json.dumps(raw, allow_nan=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise DomainError("data.not_json", "", detail=str(error)) from error
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise DomainError.of(one_per_field(error.errors(include_url=False, include_input=False))) from error


def one_per_field(details: Iterable[ErrorDetails]) -> list[Fault]:
    """The first fault of every field. A list whose elements are at fault is not also called too short for them."""
    found: dict[str, Fault] = {}
    for detail in details:
        fault = _fault(detail)
        inside = any(known.startswith(f"{fault.field}[") for known in found)
        if not (fault.code == "data.too_few" and inside):
            found.setdefault(fault.field, fault)
    return list(found.values())


def _plain(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _fault(error: ErrorDetails) -> Fault:
    kind, context, field = error["type"], error.get("ctx", {}), path(error["loc"])
    if kind == "json_invalid":
        return Fault("data.not_json", field, {"detail": str(context.get("error", ""))})
    if kind == "string_pattern_mismatch":
        return Fault(CODE_OF_PATTERN.get(str(context.get("pattern")), "data.invalid"), field)
    if kind in ("enum", "literal_error"):
        allowed = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
        return Fault("data.not_allowed", field, {"allowed": allowed})
    if kind in _CODES:
        return Fault(_CODES[kind], field, _limit(context))
    return Fault(_TYPES.get(kind.partition("_")[0], "data.invalid"), field)


def _limit(context: Mapping[str, Any]) -> dict[str, Param]:
    return next(({"limit": int(context[name])} for name in _LIMITS if name in context), {})
