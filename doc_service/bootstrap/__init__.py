"""The composition root: ``Settings`` in, a running ``Container`` out."""

from doc_service.bootstrap.container import (
    Container,
    migrate_database,
    open_container,
    open_instruments,
    open_renderer,
    open_verifier,
)

__all__ = [
    "Container",
    "migrate_database",
    "open_container",
    "open_instruments",
    "open_renderer",
    "open_verifier",
]
