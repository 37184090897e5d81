"""ASAN İmza by the settings: a TOML file (docs/signing/asan.md). Needs the operator's credentials; the shapes in it are
to be confirmed with the operator."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from doc_service.domain.errors import DomainError
from doc_service.ports import Clock
from doc_service.settings import Environment, Settings
from signing.remote.asan import AsanSigner, CodeFrom, State
from signing.remote.asan_http import AsanMapping, AsanService, HttpAsanTransport
from signing.remote.http import RemoteHttp

_TEXTS = frozenset(f.name for f in fields(AsanMapping)) - {"states", "algorithms", "text", "fixed", "repeatable"}


class AsanFile(BaseModel):
    """Paths are relative to the file. ``paths_and_fields``: names as in ``AsanMapping``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str
    header: str = "Authorization"
    secret_file: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None
    ca_file: Path | None = None
    code: CodeFrom = CodeFrom.DIGEST
    hold_seconds: int = Field(default=120, ge=30, le=600)
    timeout_seconds: float = Field(default=10.0, gt=0, le=60)
    total_seconds: float = Field(default=25.0, gt=0, le=40)
    repeatable: bool = False
    paths_and_fields: Mapping[str, str] = Field(default_factory=dict)
    states: Mapping[State, tuple[str, ...]] | None = None
    algorithms: Mapping[str, str] | None = None
    text: Mapping[str, str] | None = None
    fixed: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        unknown = sorted(set(self.paths_and_fields) - _TEXTS)
        if unknown:
            raise ValueError(f"unknown in paths_and_fields: {', '.join(unknown)}")
        if (self.client_certificate is None) != (self.client_key is None):
            raise ValueError("client_certificate and client_key belong together")
        return self

    def mapping(self) -> AsanMapping:
        named = {"states": self.states, "algorithms": self.algorithms, "text": self.text}
        given = {name: value for name, value in named.items() if value is not None}
        return AsanMapping(**self.paths_and_fields, **given, fixed=self.fixed, repeatable=self.repeatable)  # type: ignore[arg-type]


def open_asan(settings: Settings, clock: Clock, stack: ExitStack) -> AsanSigner | None:
    """None without a file. Raises ``DomainError`` "ways.bad_file"."""
    path = settings.asan_file
    if path is None:
        return None
    try:
        file = AsanFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        secret = (
            "" if file.secret_file is None else (path.parent / file.secret_file).read_text(encoding="utf-8").strip()
        )
        http = _http(file, path.parent)
    except ValidationError as error:
        raise _bad(path, "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())) from None
    except (OSError, ValueError) as error:
        raise _bad(path, str(error)) from error
    if settings.environment is Environment.PRODUCTION and not file.base_url.startswith("https://"):
        raise _bad(path, "the address must be https://")
    stack.callback(http.close)
    service = AsanService(file.base_url.rstrip("/"), file.header, secret, file.mapping())
    hold = timedelta(seconds=file.hold_seconds)
    return AsanSigner(HttpAsanTransport(service, http), clock, hold=hold, code_from=file.code)


def _secret(file: AsanFile, directory: Path) -> str:
    return "" if file.secret_file is None else (directory / file.secret_file).read_text(encoding="utf-8").strip()


def _http(file: AsanFile, directory: Path) -> RemoteHttp:
    pair = None
    if file.client_certificate is not None and file.client_key is not None:
        pair = (directory / file.client_certificate, directory / file.client_key)
    return RemoteHttp(
        timeout=file.timeout_seconds,
        total=file.total_seconds,
        ca_file=None if file.ca_file is None else directory / file.ca_file,
        client_certificate=pair,
    )


def _bad(path: Path, why: str) -> DomainError:
    return DomainError("ways.bad_file", "asan_file", file=path.name, why=why[:300])
