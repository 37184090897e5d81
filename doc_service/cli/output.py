"""How commands speak: results on stdout, messages on stderr, errors in Azerbaijani and English."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from doc_service.domain.errors import DomainError, Fault
from doc_service.messages.catalog import Catalog
from signing.api import SigningError
from storage.api import StorageError

UNUSABLE = 2


def say(text: str) -> None:
    """A message for a person, on stderr."""
    typer.echo(text, err=True)


def result(value: Mapping[str, Any] | list[Any]) -> None:
    """Machine-readable result on stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def faults_of(error: DomainError | SigningError | StorageError) -> tuple[Fault, ...]:
    """Every fault of an error, whichever part of the house raised it."""
    if isinstance(error, DomainError):
        return error.faults
    return (Fault(error.code, "", dict(error.params)),)


def report_faults(faults: Iterable[Fault], *, as_json: bool) -> None:
    """Prints each fault with its code, field, and text in both languages."""
    catalogs = {language: Catalog(language) for language in ("az", "en")}
    rows = [
        {
            "code": fault.code,
            "field": fault.field,
            "message": {language: catalog.fault_text(fault) for language, catalog in catalogs.items()},
        }
        for fault in faults
    ]
    if as_json:
        result({"errors": rows})
        return
    for row in rows:
        place = f" [{row['field']}]" if row["field"] else ""
        say(f"{row['code']}{place}")
        for language in ("az", "en"):
            say(f"  {language}: {row['message'][language]}")  # type: ignore[index]


@contextmanager
def refusals(*, as_json: bool = False) -> Iterator[None]:
    """Turns errors with codes into messages and exit code 2; anything else is a defect and shows as one."""
    try:
        yield
    except (DomainError, SigningError, StorageError) as error:
        report_faults(faults_of(error), as_json=as_json)
        raise typer.Exit(UNUSABLE) from None
