"""The organisation's seals on PKCS#11 tokens that this machine reaches: a TOML file with tables ``[[seal]]``."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.settings import Settings
from signing.api import SigningError, SigningKey
from signing.keys.pkcs11 import Pkcs11Key


class SealTable(BaseModel):
    """One table of the file. ``pin_file`` is relative to the file, and holds the PIN alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    voen: str = Field(pattern=r"^[0-9]{9}[12]$")
    module: Path
    token: str
    key_label: str
    pin_file: Path


class SealsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    seal: tuple[SealTable, ...] = ()


class TokenSeals:
    """``SealKeys``: a token is logged in to when its seal is first needed, and the session is kept. A process is logged
    in to a token once (PKCS#11 §5.6), so of several seals on one token one is open at a time."""

    def __init__(self, tables: tuple[SealTable, ...], directory: Path) -> None:
        self._tables = {table.voen: table for table in tables}
        self._directory = directory
        self._locks = {(t.module, t.token): threading.Lock() for t in tables}
        self._open: dict[tuple[Path, str], tuple[str, SigningKey]] = {}

    @contextmanager
    def using(self, voen: str) -> Iterator[SigningKey]:
        """Raises ``NotFoundError`` "seal.unknown", and what ``Pkcs11Key.open`` does. A session that failed is not
        kept."""
        table = self._tables.get(voen)
        if table is None:
            raise NotFoundError("seal.unknown", "voen")
        place = (table.module, table.token)
        with self._locks[place]:
            try:
                yield self._key(place, table)
            except SigningError:
                self._close(place)
                raise

    def _key(self, place: tuple[Path, str], table: SealTable) -> SigningKey:
        voen, key = self._open.get(place, ("", None))
        if key is None or voen != table.voen:
            self._close(place)
            pin = (self._directory / table.pin_file).read_text(encoding="utf-8").strip()
            key = Pkcs11Key.open(str(table.module), table.token, pin, key_label=table.key_label)
            self._open[place] = (table.voen, key)
        return key

    def _close(self, place: tuple[Path, str]) -> None:
        found = self._open.pop(place, None)
        if found is not None:
            found[1].close()

    def close(self) -> None:
        for place in list(self._open):
            self._close(place)


def open_seals(settings: Settings, stack: ExitStack) -> TokenSeals:
    """No token is touched yet. Raises ``DomainError`` "ways.bad_file"."""
    path = settings.seals_file
    if path is None:
        return TokenSeals((), Path())
    try:
        tables = SealsFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).seal
    except ValidationError as error:
        why = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DomainError("ways.bad_file", "seals_file", file=path.name, why=why[:300]) from None
    except (OSError, ValueError) as error:
        raise DomainError("ways.bad_file", "seals_file", file=path.name, why=str(error)[:300]) from error
    seals = TokenSeals(tables, path.parent)
    stack.callback(seals.close)
    return seals
