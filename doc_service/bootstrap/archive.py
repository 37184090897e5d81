"""The archive and the reserve centre, as the settings name them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from doc_service.domain.errors import DomainError
from doc_service.ports import Clock
from doc_service.services.base import Workspace
from doc_service.services.replicate_object import AnnounceChange
from doc_service.settings import Settings
from storage.announcing import AnnouncingStore
from storage.api import ObjectStore, StorageError
from storage.filesystem import FilesystemStore


@dataclass(frozen=True, slots=True)
class Stores:
    """``primary`` and ``reserve`` as they are. ``sweeper`` is the archive again with credentials that may delete what
    nobody refers to: the service's own may not."""

    primary: ObjectStore
    reserve: ObjectStore | None
    sweeper: ObjectStore
    may_sweep: bool
    reserve_sweeper: ObjectStore | None = None


def open_stores(settings: Settings, clock: Clock, *, tidy: bool) -> Stores:
    """``tidy``: removes what killed writers left unfinished in an archive of files. A failure of that is no reason not
    to start: whatever is wrong with the archive is told at the first use. Raises ``DomainError`` "cli.settings"."""
    if not settings.archive_url:
        files = FilesystemStore(settings.archive_dir, clock)
        if tidy:
            with suppress(StorageError):
                files.sweep()
        return Stores(files, _reserve(settings, clock), files, True, _reserve_sweeper(settings, clock))
    primary = open_store(settings, "archive", clock)
    sweeps = settings.archive_sweeper_access_key.get_secret_value()
    sweeper = open_store(settings, "archive_sweeper", clock) if sweeps else primary
    return Stores(primary, _reserve(settings, clock), sweeper, bool(sweeps), _reserve_sweeper(settings, clock))


def open_store(settings: Settings, role: str, clock: Clock) -> ObjectStore:
    """The store of a role: "archive" or "reserve", or one of them with "_sweeper". Nothing is connected yet."""
    url = settings.reserve_url if role.startswith("reserve") else settings.archive_url
    parts = urlsplit(url)
    try:
        if parts.scheme == "file":
            return FilesystemStore(Path(unquote(parts.path)), clock)
        from storage.s3.location import Access, S3Location
        from storage.s3.store import S3Store
        from storage.s3.wire import pool_maker

        return S3Store(
            S3Location.parse(url),
            Access(
                getattr(settings, f"{role}_access_key").get_secret_value(),
                getattr(settings, f"{role}_secret_key").get_secret_value(),
            ),
            clock,
            encryption=settings.archive_encryption,
            new_pool=pool_maker(settings.archive_ca_file),
        )
    except StorageError as error:
        problem = f"DOC_SERVICE_{role.upper()}_URL: {error}"
        raise DomainError("cli.settings", "", problem=problem) from error


def sweeping(stores: Stores, work: Workspace) -> ObjectStore:
    """The archive for whoever removes what nobody refers to; the reserve centre is told."""
    if stores.reserve is None:
        return stores.sweeper
    return AnnouncingStore(stores.sweeper, AnnounceChange(work), work.ids.new)


def _reserve(settings: Settings, clock: Clock) -> ObjectStore | None:
    return open_store(settings, "reserve", clock) if settings.reserve_url else None


def _reserve_sweeper(settings: Settings, clock: Clock) -> ObjectStore | None:
    if not settings.reserve_url or not settings.reserve_sweeper_access_key.get_secret_value():
        return None
    return open_store(settings, "reserve_sweeper", clock)
