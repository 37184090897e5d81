"""The two forms of an ECDSA signature."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature


def raw_pair(der: bytes, size: int = 32) -> bytes:
    """r‖s, as cards in browsers give it."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")
