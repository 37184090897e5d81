"""``SigningEngine`` on pyHanko: prepare, complete, extend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from signing import cms_container
from signing.api import (
    Appearance,
    Level,
    PreparedSignature,
    SignedRevision,
    SigningEngine,
    SigningError,
    TimeStampAuthority,
)
from signing.appearance import AppearanceDrawer
from signing.appearance_font import AppearanceFont
from signing.complete import Completer
from signing.extend import Clock, Extender
from signing.http import HttpTransport
from signing.prepare import Preparer, Request, load_chain
from signing.revocation_check import RevocationCheck

TIME_STAMP_ROOM = 8192
"""Bytes kept for a time-stamp token with its certificates; seen in practice: 2 to 7 KB."""


class PyHankoEngine(SigningEngine):
    """``SigningEngine``. Holds no document state; safe to share between threads."""

    def __init__(
        self,
        font: AppearanceFont,
        authority: TimeStampAuthority | None,
        *,
        transport: HttpTransport | None,
        roots: Sequence[bytes],
        intermediates: Sequence[bytes] = (),
        clock: Clock,
        time_stamp_room: int = TIME_STAMP_ROOM,
    ) -> None:
        """``authority`` None: no time stamps (reported as pending). ``transport`` None: no OCSP and no CRLs.
        ``roots``/``intermediates``: DER. Raises ``signing.bad_certificate``."""
        signature_room = 0 if authority is None else time_stamp_room
        self._preparer = Preparer(font, AppearanceDrawer(font), signature_room)
        self._completer = Completer(authority)
        source = None if transport is None else RevocationCheck(transport)
        self._extender = Extender(
            authority, source, load_chain(roots), load_chain(intermediates), clock, time_stamp_room
        )

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
        """As ``SigningEngine.complete``; also ``signing.bad_state``, ``signing.container_too_large``. For B-LT and
        B-LTA the signed revision is extended at once; what could not be had is named in ``pending``, and ``extend``
        catches up."""
        signed = self._completer.complete(base, prepared, signature, stamped=level.rank >= Level.B_T.rank)
        if level.rank <= Level.B_T.rank or signed.pending:
            return signed
        try:
            return self._extender.extend(signed.pdf, level)
        except SigningError as error:
            return SignedRevision(signed.pdf, signed.level, (error.code,))

    def extend(self, pdf: bytes, *, target: Level) -> SignedRevision:
        """As ``SigningEngine.extend``; further codes in ``Extender.extend``."""
        return self._extender.extend(pdf, target)
