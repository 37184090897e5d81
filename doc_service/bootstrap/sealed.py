"""The box for secrets at rest."""

from __future__ import annotations

from doc_service.access.sealed import AesGcmBox, NoBox, load_keys, load_or_make_keys
from doc_service.ports_operations import SealedBox
from doc_service.settings import Environment, Settings


def open_box(settings: Settings) -> SealedBox:
    """With the key of ``secret_key_file``. The embedded default makes one in ``data_dir``; in production, where every
    machine needs the same, a box without a key refuses with "sealed.no_key"."""
    if settings.secret_key_file is not None:
        return AesGcmBox(load_keys(settings.secret_key_file))
    if settings.environment is Environment.PRODUCTION:
        return NoBox()
    return AesGcmBox(load_or_make_keys(settings.data_dir / "secret-key"))
