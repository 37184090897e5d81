"""Reading what the user names, and writing results whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from doc_service.cli.output import place_error
from doc_service.domain.errors import ConflictError, DomainError


def read_bytes(path: Path) -> bytes:
    """The file; ``DomainError`` "cli.file_not_found" / "cli.file_unreadable"."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DomainError("cli.file_not_found", "", path=str(path)) from None
    except OSError as error:
        raise DomainError("cli.file_unreadable", "", path=str(path), reason=error.strerror or "") from None


def read_json_object(path: Path) -> dict[str, Any]:
    """A JSON object as RFC 8259 and I-JSON (RFC 7493) have it: a name occurs once, a number is a number.

    Raises ``DomainError`` "cli.bad_json", "cli.json_not_object", "cli.json_name_twice", "cli.json_not_a_number",
    "cli.json_too_large" (nested too deeply, or a number of thousands of digits)."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise DomainError("cli.json_name_twice", "", path=str(path), name=twice)
        return found

    def no_number(text: str) -> None:
        raise DomainError("cli.json_not_a_number", "", path=str(path), value=text)

    content = read_bytes(path)
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=unique, parse_constant=no_number)
    except json.JSONDecodeError as error:
        raise DomainError("cli.bad_json", "", path=str(path), line=error.lineno, column=error.colno) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise DomainError("cli.bad_json", "", path=str(path), line=line, column=column) from None
    except (RecursionError, ValueError):
        raise DomainError("cli.json_too_large", "", path=str(path)) from None
    if not isinstance(value, dict):
        raise DomainError("cli.json_not_object", "", path=str(path))
    return value


def check_place(path: Path) -> None:
    """Refuses a directory or device, which a rename would replace: ``DomainError`` "cli.not_a_file". Asked before
    the work as well, so that nobody waits for a refusal."""
    if path.exists() and not path.is_file():
        raise DomainError("cli.not_a_file", "out", path=str(path))


def write_whole(path: Path, data: bytes) -> None:
    """Writes through a temporary file beside ``path``: afterwards the whole file is there, or nothing new.

    Raises as ``check_place``, and ``DomainError`` "cli.no_space" on a full disk, "cli.unusable_place"."""
    check_place(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)  # noqa: PTH101
            os.replace(name, path)  # noqa: PTH105
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(name)  # noqa: PTH108
            raise
    except OSError as error:
        raise place_error(error, path) from None


@contextmanager
def write_tree(out: Path) -> Iterator[Path]:
    """A directory to fill beside ``out``, moved there when the block ends well and removed otherwise.

    Raises ``ConflictError`` "cli.exists" when ``out`` is there already."""
    if out.exists():
        raise ConflictError("cli.exists", "out", path=str(out))
    fresh = out.with_name(f".{out.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        yield fresh
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
