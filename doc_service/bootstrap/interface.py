"""What the interface keeps of its own, for the process that serves."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.bootstrap.container import Container
from doc_service.persistence.feed import SqlFeed
from doc_service.persistence.interface import SqlIdempotencyKeys
from doc_service.ports_interface import Feed, IdempotencyKeys


@dataclass(frozen=True, slots=True)
class Interface:
    """By contracts."""

    keys: IdempotencyKeys
    feed: Feed


def open_interface(service: Container) -> Interface:
    """Over the container's database."""
    return Interface(SqlIdempotencyKeys(service.database), SqlFeed(service.database))
