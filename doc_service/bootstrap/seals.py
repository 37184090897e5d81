"""The organisation's seals that this machine reaches, on PKCS#11 tokens or in PKCS#12 files: a TOML file with tables
``[[seal]]``. The embedded default has the secretariat's seal of the development PKI."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from doc_service.bootstrap.pki import DEVELOPMENT_PIN, TrustSource
from doc_service.domain.errors import DomainError, NotFoundError
from doc_service.services.ways.apply_seal import SealKeys
from doc_service.settings import Settings
from signing.api import SigningError, SigningKey
from signing.devpki import DevelopmentPki
from signing.keys.pkcs11 import Pkcs11Key
from signing.keys.pkcs12 import Pkcs12Key

DEVELOPMENT_VOEN = "1500000001"
DEVELOPMENT_NAME = "Kiçik və Orta Biznesin İnkişafı Agentliyi"


class SealTable(BaseModel):
    """One table of the file: ``module``, ``token`` and ``key_label`` of a token, or ``pkcs12``. This and ``pin_file``
    are relative to the file; ``pin_file`` holds the PIN or the password alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    voen: str = Field(pattern=r"^[0-9]{9}[12]$")
    module: Path = Path()
    token: str = ""
    key_label: str = ""
    pkcs12: Path | None = None
    pin_file: Path

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.token and self.key_label and self.module.name) == (self.pkcs12 is not None):
            raise ValueError("either module, token and key_label, or pkcs12")
        return self


class SealsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    seal: tuple[SealTable, ...] = ()


class TokenSeals:
    """``SealKeys``: a token is logged in to when its seal is first needed, and the session is kept. A process is logged
    in to a token once (PKCS#11 §5.6), so of several seals on one token one is open at a time."""

    def __init__(self, tables: tuple[SealTable, ...], directory: Path) -> None:
        self._tables = {table.voen: table for table in tables}
        self._directory = directory
        self._locks = {_place(t): threading.Lock() for t in tables}
        self._open: dict[tuple[Path, str], tuple[str, SigningKey]] = {}

    def holds(self, voen: str) -> bool:
        return voen in self._tables

    @contextmanager
    def using(self, voen: str) -> Iterator[SigningKey]:
        """Raises ``NotFoundError`` "seal.unknown", and what ``Pkcs11Key.open`` does. A session that failed is not
        kept."""
        table = self._tables.get(voen)
        if table is None:
            raise NotFoundError("seal.unknown", "voen")
        place = _place(table)
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
            key = self._opened(table, pin)
            self._open[place] = (table.voen, key)
        return key

    def _opened(self, table: SealTable, pin: str) -> SigningKey:
        if table.pkcs12 is None:
            return Pkcs11Key.open(str(table.module), table.token, pin, key_label=table.key_label)
        try:
            package = (self._directory / table.pkcs12).read_bytes()
        except OSError as error:
            raise SigningError("signing.token_not_found", token=table.pkcs12.name) from error
        return Pkcs12Key.load(package, pin)

    def _close(self, place: tuple[Path, str]) -> None:
        found = self._open.pop(place, None)
        if found is not None:
            found[1].close()

    def close(self) -> None:
        for place in list(self._open):
            self._close(place)


def _place(table: SealTable) -> tuple[Path, str]:
    """What one session at a time is open to."""
    return (table.module, table.token) if table.pkcs12 is None else (table.pkcs12, table.voen)


class DevelopmentSeal:
    """``SealKeys``: the secretariat's seal, made by the development PKI when it is first needed."""

    def __init__(self, pki: DevelopmentPki) -> None:
        self._pki = pki

    def holds(self, voen: str) -> bool:
        return voen == DEVELOPMENT_VOEN

    @contextmanager
    def using(self, voen: str) -> Iterator[SigningKey]:
        if not self.holds(voen):
            raise NotFoundError("seal.unknown", "voen")
        issued = self._pki.issue_seal(voen, DEVELOPMENT_NAME, DEVELOPMENT_PIN)
        yield Pkcs12Key.load(issued.pkcs12, DEVELOPMENT_PIN)


def seal_keys(settings: Settings, trust: TrustSource, stack: ExitStack) -> SealKeys:
    """By the file, or the development PKI's seal where the embedded default has no file."""
    if settings.seals_file is None and trust.development is not None:
        return DevelopmentSeal(trust.development)
    return open_seals(settings, stack)


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
