"""Stores set up and made to prove themselves, by the settings' credentials."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from doc_service.domain.errors import DomainError
from doc_service.ports import Clock
from doc_service.settings import Settings
from storage.check import CheckReport, check_directory, check_store
from storage.s3.location import Access, S3Location
from storage.s3.setup import BucketSetup, Step
from storage.s3.store import S3Store
from storage.s3.wire import Patience, pool_maker

ADMIN = "DOC_SERVICE_STORAGE_ADMIN"
AUDITOR = "DOC_SERVICE_STORAGE_AUDITOR"


def check(settings: Settings, clock: Clock, url: str, *, reserve: bool = False) -> CheckReport:
    """Tries the store at ``url`` (``s3+https://…`` or ``file:///…``) with the archive's or the reserve's credentials.

    Raises ``storage.bad_url``, and ``storage.unavailable``, ``storage.denied`` or ``storage.clock_skew`` when it could
    not be tried."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return check_directory(Path(unquote(parts.path)), clock)
    store = S3Store(
        S3Location.parse(url), _of(settings, "reserve" if reserve else "archive"), clock,
        encryption=settings.archive_encryption, patience=Patience(attempts=3, total=20),
        new_pool=pool_maker(settings.archive_ca_file),
    )  # fmt: skip
    return check_store(store)


def set_up(
    settings: Settings,
    environment: Mapping[str, str],
    url: str,
    principals: Mapping[str, str],
    *,
    reserve: bool = False,
) -> list[Step]:
    """Makes the bucket at ``url`` ready, as ``DOC_SERVICE_STORAGE_ADMIN_ACCESS_KEY`` and ``…_SECRET_KEY`` (or files,
    ``…_FILE``). Without ``principals`` the users of the settings' credentials are made on the server.

    Raises ``DomainError`` "storage.no_admin" without them, and what ``BucketSetup.apply`` raises."""
    admin = access(environment, ADMIN)
    if admin is None:
        raise DomainError("storage.no_admin", "", variable=f"{ADMIN}_ACCESS_KEY")
    setup = BucketSetup(S3Location.parse(url), admin, new_pool=pool_maker(settings.archive_ca_file))
    return setup.apply({} if principals else _users(settings, environment, reserve=reserve), principals)


def access(environment: Mapping[str, str], name: str) -> Access | None:
    """Credentials in ``<name>_ACCESS_KEY`` and ``<name>_SECRET_KEY``, or in files that these with ``_FILE`` name."""

    def value(variable: str) -> str:
        file = environment.get(f"{variable}_FILE")
        return Path(file).read_text(encoding="utf-8").strip() if file else environment.get(variable, "")

    key, secret = value(f"{name}_ACCESS_KEY"), value(f"{name}_SECRET_KEY")
    return Access(key, secret) if key and secret else None


def environment() -> Mapping[str, str]:
    """Of this process."""
    return os.environ


def _users(settings: Settings, environment: Mapping[str, str], *, reserve: bool) -> dict[str, Access]:
    """By role, those whose credentials are known."""
    found = {
        "reserve-writer" if reserve else "writer": _of(settings, "reserve" if reserve else "archive"),
        "sweeper": _of(settings, "reserve_sweeper" if reserve else "archive_sweeper"),
        "auditor": access(environment, AUDITOR),
    }
    return {role: known for role, known in found.items() if known is not None and known.key}


def _of(settings: Settings, role: str) -> Access:
    key, secret = getattr(settings, f"{role}_access_key"), getattr(settings, f"{role}_secret_key")
    return Access(key.get_secret_value(), secret.get_secret_value())
