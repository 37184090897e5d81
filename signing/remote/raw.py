"""Raw signatures as devices and services give them, in the one form that the engine embeds."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing.api import SigningError
from signing.keys.algorithms import verifies
from signing.remote.api import ToSign


def checked_signature(certificate: bytes, task: ToSign, raw: bytes) -> bytes:
    """``raw`` over ``task.data``, verified by the key of ``certificate`` (DER): RSA PKCS#1 v1.5 as it is, ECDSA in DER
    whether it came so or as r‖s (IEEE P1363). Raises ``signing.bad_signature``, ``signing.bad_certificate``,
    ``signing.unsupported_algorithm``."""
    try:
        public = x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise SigningError("signing.bad_certificate") from None
    for form in _forms(public, raw):
        if verifies(public, form, task.data, task.algorithm):
            return form
    raise SigningError("signing.bad_signature")


def _forms(public: object, raw: bytes) -> list[bytes]:
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return [raw]
    half = (public.key_size + 7) // 8
    if len(raw) != 2 * half:
        return [raw]
    r, s = (int.from_bytes(part, "big") for part in (raw[:half], raw[half:]))
    return [encode_dss_signature(r, s), raw]
