"""``SigningEngine`` on pyHanko: prepare, complete, extend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from signing import cms_container
from signing.api import Appearance, Level, PreparedSignature, SignedRevision, TimeStampAuthority
from signing.appearance import AppearanceDrawer
from signing.appearance_font import AppearanceFont
from signing.complete import Completer
from signing.prepare import Preparer, Request, load_chain

TIME_STAMP_ROOM = 8192
"""Bytes kept for a time-stamp token with its certificates; seen in practice: 2 to 7 KB."""


class PyHankoEngine:
    """``SigningEngine``. Holds no document state; safe to share between threads."""

    def __init__(
        self,
        font: AppearanceFont,
        authority: TimeStampAuthority | None,
        *,
        time_stamp_room: int = TIME_STAMP_ROOM,
    ) -> None:
        self._preparer = Preparer(font, AppearanceDrawer(font), time_stamp_room)
        self._completer = Completer(authority)

    def prepare(
        self,
        base: bytes,
        *,
        field: str,
        certificate: bytes,
        chain: Sequence[bytes],
        appearance: Appearance,
        signing_time: datetime,
        reason: str = "",
        location: str = "",
    ) -> PreparedSignature:
        """As ``SigningEngine.prepare``; also ``signing.bad_certificate``, ``signing.unsupported_key``,
        ``signing.appearance_too_large``, ``signing.decode_limit``."""
        request = Request(
            field=field,
            certificate=cms_container.load_certificate(certificate),
            chain=load_chain(chain),
            appearance=appearance,
            signing_time=signing_time,
            reason=reason,
            location=location,
        )
        return self._preparer.prepare(base, request)

    def complete(self, base: bytes, prepared: PreparedSignature, signature: bytes, *, level: Level) -> SignedRevision:
        """As ``SigningEngine.complete``."""
        return self._completer.complete(base, prepared, signature, stamped=level.rank >= Level.B_T.rank)
