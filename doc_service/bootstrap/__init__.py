"""The composition root: ``Settings`` in, a running ``Container`` out.

Each name is loaded from its module when first asked for: a command that needs a part of the house does not wait until
LibreOffice's, the database's and the signing engine's libraries are loaded (three seconds of a cold start).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doc_service.bootstrap.catalogue import open_instruments
    from doc_service.bootstrap.container import Container, open_container
    from doc_service.bootstrap.database import migrate_database
    from doc_service.bootstrap.keys import pkcs11_key, pkcs12_directory, pkcs12_key
    from doc_service.bootstrap.renderer import open_renderer
    from doc_service.bootstrap.verifier import open_verifier

_MODULES = {
    "Container": "container",
    "migrate_database": "database",
    "open_container": "container",
    "open_instruments": "catalogue",
    "open_renderer": "renderer",
    "open_verifier": "verifier",
    "pkcs11_key": "keys",
    "pkcs12_directory": "keys",
    "pkcs12_key": "keys",
}

__all__ = [
    "Container",
    "migrate_database",
    "open_container",
    "open_instruments",
    "open_renderer",
    "open_verifier",
    "pkcs11_key",
    "pkcs12_directory",
    "pkcs12_key",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
