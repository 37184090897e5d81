"""How commands speak: results on stdout, messages on stderr, errors in Azerbaijani and English."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from doc_service.domain.errors import DomainError, Fault, Param
from doc_service.messages.catalog import LANGUAGES, Catalog
from signing.api import SigningError
from storage.api import StorageError

UNUSABLE = 2
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def say(text: str) -> None:
    """A message for a person, on stderr."""
    typer.echo(text, err=True)


def tell(code: str, **params: Param) -> None:
    """The text of ``code`` for a person, in both languages."""
    for language in LANGUAGES:
        say(f"{language}: {Catalog(language).text(code, params)}")


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
    catalogs = {language: Catalog(language) for language in LANGUAGES}
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
        for language in LANGUAGES:
            say(f"  {language}: {row['message'][language]}")  # type: ignore[index]


@contextmanager
def refusals(*, as_json: bool = False) -> Iterator[None]:
    """Turns errors with codes, and places that cannot be read or written, into messages and exit code 2; anything
    else is a defect and shows as one."""
    try:
        yield
    except (DomainError, SigningError, StorageError) as error:
        faults = faults_of(error)
    except OSError as error:
        if error.filename is None and error.errno not in FULL:
            raise
        faults = faults_of(place_error(error))
    else:
        return
    report_faults(faults, as_json=as_json)
    raise typer.Exit(UNUSABLE)


def place_error(error: OSError, path: object = None) -> DomainError:
    """What the operating system refused, as "cli.no_space" or "cli.unusable_place" (path, reason)."""
    place = str(path or error.filename or "")
    if error.errno in FULL:
        return DomainError("cli.no_space", "", path=place)
    return DomainError("cli.unusable_place", "", path=place, reason=error.strerror or "")
