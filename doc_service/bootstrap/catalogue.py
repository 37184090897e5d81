"""The catalogue of instruments alone."""

from __future__ import annotations

from doc_service.instruments.registry import Registry, default_registry


def open_instruments() -> Registry:
    """The catalogue: neither settings nor anything outside is needed."""
    return default_registry()
