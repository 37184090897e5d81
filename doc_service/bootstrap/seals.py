"""The organisation's seals on PKCS#11 tokens that this machine reaches: a TOML file with tables ``[[seal]]``."""

from __future__ import annotations

import threading
import tomllib
from contextlib import ExitStack
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.settings import Settings
from signing.api import SigningKey
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
    """``SealKeys``: a token is logged in to when its seal is first needed, and the session is kept."""

    def __init__(self, tables: tuple[SealTable, ...], directory: Path) -> None:
        self._tables = {table.voen: table for table in tables}
        self._directory = directory
        self._open: dict[str, SigningKey] = {}
        self._lock = threading.Lock()

    def key_of(self, voen: str) -> SigningKey:
        """Raises ``NotFoundError`` "seal.unknown", and what ``Pkcs11Key.open`` does."""
        table = self._tables.get(voen)
        if table is None:
            raise NotFoundError("seal.unknown", "voen")
        with self._lock:
            if voen not in self._open:
                pin = (self._directory / table.pin_file).read_text(encoding="utf-8").strip()
                self._open[voen] = Pkcs11Key.open(str(table.module), table.token, pin, key_label=table.key_label)
            return self._open[voen]

    def forget(self, voen: str) -> None:
        """The token failed: it is opened anew when it is next needed."""
        with self._lock:
            key = self._open.pop(voen, None)
        if key is not None:
            key.close()

    def close(self) -> None:
        for voen in list(self._open):
            self.forget(voen)


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
