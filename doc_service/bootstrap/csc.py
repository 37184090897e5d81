"""Remote signing services by the settings: a TOML file with a table ``[[provider]]`` for each (docs/signing/csc.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from doc_service.domain.errors import DomainError
from doc_service.ports import Clock
from doc_service.settings import Environment, Settings
from signing.remote.csc.provider import CscProvider, ServiceAuthorization, Version
from signing.remote.csc.signer import CscSigner
from signing.remote.http import RemoteHttp


class ProviderTable(BaseModel):
    """One table of the file. Paths are relative to the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    title: str = ""
    base_url: str
    version: Version = Version.V2
    client_id: str
    client_secret: str = Field(default="", repr=False)
    client_secret_file: Path | None = None
    oauth_url: str = ""
    service_authorization: ServiceAuthorization = ServiceAuthorization.CODE
    hold_seconds: int = Field(default=300, ge=30, le=3600)
    asynchronous: bool = False
    repeatable: bool = False
    ca_file: Path | None = None
    timeout_seconds: float = Field(default=10.0, gt=0, le=60)
    total_seconds: float = Field(default=25.0, gt=0, le=40)
    parameters: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if bool(self.client_secret) == (self.client_secret_file is not None):
            raise ValueError("either client_secret or client_secret_file")
        return self

    def provider(self, directory: Path) -> CscProvider:
        """Raises ``OSError`` when the secret's file cannot be read."""
        secret = self.client_secret
        if self.client_secret_file is not None:
            secret = (directory / self.client_secret_file).read_text(encoding="utf-8").strip()
        return CscProvider(
            name=self.name,
            base_url=self.base_url,
            version=self.version,
            client_id=self.client_id,
            client_secret=secret,
            title=self.title,
            oauth_url=self.oauth_url,
            service_authorization=self.service_authorization,
            hold=timedelta(seconds=self.hold_seconds),
            asynchronous=self.asynchronous,
            repeatable=self.repeatable,
            ca_file=None if self.ca_file is None else directory / self.ca_file,
            timeout=timedelta(seconds=self.timeout_seconds),
            total=timedelta(seconds=self.total_seconds),
            parameters=self.parameters,
        )


class ProvidersFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: tuple[ProviderTable, ...] = ()


def open_csc(settings: Settings, clock: Clock, stack: ExitStack) -> dict[str, tuple[CscProvider, CscSigner]]:
    """Providers and their signers by name; {} without a file. Raises ``DomainError`` "ways.bad_file"."""
    path = settings.csc_providers_file
    if path is None:
        return {}
    found: dict[str, tuple[CscProvider, CscSigner]] = {}
    for provider in _read(path, secure=settings.environment is Environment.PRODUCTION):
        http = RemoteHttp(
            timeout=provider.timeout.total_seconds(), total=provider.total.total_seconds(), ca_file=provider.ca_file
        )
        stack.callback(http.close)
        found[provider.name] = (provider, CscSigner(provider, http, clock))
    return found


def _read(path: Path, *, secure: bool) -> list[CscProvider]:
    try:
        tables = ProvidersFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).provider
        providers = [table.provider(path.parent) for table in tables]
    except ValidationError as error:
        raise _bad(path, "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())) from None
    except (OSError, ValueError) as error:
        raise _bad(path, str(error)) from error
    names = [p.name for p in providers]
    if len(set(names)) != len(names):
        raise _bad(path, "a name is there twice")
    if secure and any(not url.startswith("https://") for p in providers for url in (p.base_url, p.oauth_url) if url):
        raise _bad(path, "addresses must be https://")
    return providers


def _bad(path: Path, why: str) -> DomainError:
    return DomainError("ways.bad_file", "csc_providers_file", file=path.name, why=why[:300])
