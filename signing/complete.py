"""Second half of a signature: the device's raw signature goes into the gap, with a time stamp when one is wanted."""

from __future__ import annotations

import hashlib
from functools import partial

from signing import cms_container
from signing.api import Level, PreparedSignature, SignedRevision, SigningError, TimeStampAuthority
from signing.prepare import State, load_chain


class Completer:
    """Embeds raw signatures. ``authority`` None: no time stamp can be had, which is said in ``pending``."""

    def __init__(self, authority: TimeStampAuthority | None) -> None:
        self._authority = authority

    def complete(self, base: bytes, prepared: PreparedSignature, signature: bytes, *, stamped: bool) -> SignedRevision:
        """B-B, or B-T when ``stamped`` and the authority answers. Raises ``signing.stale_base``,
        ``signing.bad_signature``, ``signing.bad_state``."""
        state = State.load(prepared.state)
        certificate = cms_container.load_certificate(prepared.certificate)
        if not hashlib.sha256(base).hexdigest() == prepared.base_sha256 == state.base_sha256:
            raise SigningError("signing.stale_base", field=prepared.field)
        digest = state.gap.digest(base, cms_container.digest_name(prepared.algorithm))
        expected = cms_container.signed_attributes(digest, certificate)
        if expected != prepared.to_be_signed or prepared.algorithm != cms_container.signature_algorithm(certificate):
            raise SigningError("signing.bad_state")
        cms_container.verify_raw(certificate, prepared.algorithm, prepared.to_be_signed, signature)
        container = partial(
            cms_container.signed_data,
            prepared.to_be_signed,
            signature,
            prepared.algorithm,
            certificate,
            load_chain(state.chain),
        )
        pending: tuple[str, ...] = ()
        if stamped:
            try:
                token = self._stamp(signature)
                return SignedRevision(base + state.gap.filled(container(token)), Level.B_T)
            except SigningError as error:
                pending = (error.code,)
        return SignedRevision(base + state.gap.filled(container()), Level.B_B, pending)

    def _stamp(self, signature: bytes) -> bytes:
        if self._authority is None:
            raise SigningError("signing.tsa_unavailable", retryable=True)
        return self._authority.stamp(cms_container.imprint(signature))
