"""Domain records to JSON text and back, without loss.

Nested records are kept as one JSON text beside the columns that are queried. Moments keep their UTC offset (a
meeting's times are local civil times) and always show microseconds: one precision everywhere (DESIGN 11).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from doc_service.domain.errors import DomainError

T = TypeVar("T")


def _plain(value: object) -> Any:
    """What JSON lacks: records, moments, days, exact decimal numbers (as text), sets (sorted, so that the same record
    gives the same text)."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def to_text(value: object) -> str:
    """Compact JSON; raises ``DomainError`` "persistence.not_storable" for what JSON cannot hold exactly
    (NaN, infinities, unknown types, text with lone surrogates, naive moments)."""
    try:
        text = json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError) as error:
        raise DomainError("persistence.not_storable", "", reason=str(error)) from error
    return text


def json_to_text(value: Mapping[str, Any], field: str) -> str:
    """Free JSON data, such as what the secretariat entered: JSON values only, so that exactly what went in comes
    back. Raises ``DomainError`` "persistence.not_storable" naming ``field``."""
    try:
        text = json.dumps(dict(value), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError) as error:
        raise DomainError("persistence.not_storable", field, reason=str(error)) from error
    return text


class Codec(Generic[T]):
    """JSON text of one record type. Decoding validates types, so a damaged row is an error and never a wrong record."""

    def __init__(self, kind: type[T]) -> None:
        self._name = kind.__name__
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def encode(self, record: T) -> str:
        """Raises ``DomainError`` "persistence.not_storable"."""
        return to_text(record)

    def decode(self, text: str) -> T:
        """Raises ``DomainError`` "persistence.damaged" on text that is not such a record; the message names places and
        rules and no values, since those may be personal data."""
        try:
            return self._adapter.validate_json(text)
        except ValidationError as error:
            raise DomainError("persistence.damaged", "", reason=f"{self._name}: {_places(error)}") from None


def _places(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))} {fault['type']}".strip() for fault in faults)
