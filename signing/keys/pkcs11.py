"""Keys on PKCS#11 tokens (smart cards, USB tokens, HSM): one login, the session kept, the key never leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, Self

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, exceptions
from pkcs11.util.ec import encode_ecdsa_signature

from signing.api import SigningError
from signing.keys.algorithms import HASHES, split_algorithm, verifies

_RSA_MECHANISMS = {
    "sha256": Mechanism.SHA256_RSA_PKCS,
    "sha384": Mechanism.SHA384_RSA_PKCS,
    "sha512": Mechanism.SHA512_RSA_PKCS,
}
_KINDS = {KeyType.EC: "ecdsa", KeyType.RSA: "rsa"}
_WRONG_PIN = (exceptions.PinIncorrect, exceptions.PinLenRange, exceptions.PinInvalid)
_NO_TOKEN = (exceptions.NoSuchToken, exceptions.TokenNotPresent, exceptions.TokenNotRecognised)


class _KeyObject(Protocol):
    """What we use of a private key on a token."""

    @property
    def key_type(self) -> KeyType: ...
    def __getitem__(self, attribute: Attribute) -> Any: ...
    def sign(self, data: bytes, *, mechanism: Mechanism) -> bytes: ...


@contextmanager
def _token_errors(label: str) -> Iterator[None]:
    """Our codes for what PKCS#11 modules say."""
    try:
        yield
    except _WRONG_PIN as error:
        raise SigningError("signing.wrong_pin") from error
    except exceptions.PinLocked as error:
        raise SigningError("signing.pin_locked", token=label) from error
    except _NO_TOKEN as error:
        raise SigningError("signing.token_not_found", token=label) from error
    except (exceptions.UserAlreadyLoggedIn, exceptions.MultipleTokensReturned) as error:
        raise SigningError("signing.token_in_use", token=label) from error
    except exceptions.PKCS11Error as error:
        raise SigningError("signing.token_failed", retryable=True, token=label, why=type(error).__name__) from error


class Pkcs11Key:
    """A ``SigningKey`` on a token; safe to share between threads, which take turns at the session."""

    def __init__(
        self, session: pkcs11.Session, key: _KeyObject, certificate: x509.Certificate, chain: tuple[bytes, ...]
    ) -> None:
        """Use ``open``."""
        self._session: pkcs11.Session | None = session
        self._key = key
        self._token = session.token.label
        self._public = certificate.public_key()
        self._certificate = certificate.public_bytes(Encoding.DER)
        self._chain = chain
        self._turn = threading.Lock()

    @classmethod
    def open(
        cls,
        module_path: Path | str,
        token_label: str,
        pin: str,
        *,
        key_label: str | None = None,
        cert_label: str | None = None,
        key_id: bytes | None = None,
    ) -> Self:
        """Logs in and finds key and certificate. The key is named by ``key_label`` and/or ``key_id``, or is the
        only one; the certificate by ``cert_label``, else by the key's CKA_ID.

        Raises ``signing.module_not_found``, ``signing.token_not_found``, ``signing.wrong_pin``, ``signing.pin_locked``,
        ``signing.token_in_use`` (somebody is logged in already: a second PIN could not be checked), ``signing.no_key``,
        ``signing.key_ambiguous``, ``signing.no_certificate``, ``signing.key_mismatch``, ``signing.unsupported_key``,
        ``signing.token_failed``."""
        with _token_errors(token_label):
            token = _module(Path(module_path)).get_token(token_label=token_label)
            session = token.open(user_pin=pin)
            try:
                key = _private_key(session, key_label, key_id)
                certificate, chain = _certificates(session, key, cert_label)
                return cls(session, key, certificate, chain)
            except BaseException:
                session.close()
                raise

    @property
    def certificate(self) -> bytes:
        return self._certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self._chain

    def sign(self, data: bytes, algorithm: str) -> bytes:
        """ECDSA hashes here and lets the token sign the digest (CKM_ECDSA), which every token can; r‖s becomes DER.

        Every signature is verified with the certificate before it is given out. Raises ``signing.key_mismatch``,
        ``signing.unsupported_algorithm``, ``signing.key_closed``, ``signing.token_failed``."""
        digest, kind = split_algorithm(algorithm)
        if _KINDS.get(self._key.key_type) != kind:
            raise SigningError("signing.unsupported_algorithm", algorithm=algorithm)
        with self._turn, _token_errors(self._token):
            if self._session is None:
                raise SigningError("signing.key_closed")
            signature = self._sign(data, digest, kind)
        if not verifies(self._public, signature, data, algorithm):
            raise SigningError("signing.key_mismatch")
        return signature

    def _sign(self, data: bytes, digest: str, kind: str) -> bytes:
        if kind == "rsa":
            return bytes(self._key.sign(data, mechanism=_RSA_MECHANISMS[digest]))
        hashed = hashes.Hash(HASHES[digest])
        hashed.update(data)
        value = hashed.finalize()[: self._order_bytes()]
        return encode_ecdsa_signature(bytes(self._key.sign(value, mechanism=Mechanism.ECDSA)))

    def _order_bytes(self) -> int:
        """A digest longer than the curve's order is cut (FIPS 186-5 §6.4.1); tokens differ in doing so."""
        assert isinstance(self._public, ec.EllipticCurvePublicKey)
        return (self._public.key_size + 7) // 8

    def close(self) -> None:
        """Logs out; safe to call twice, and on a token that was pulled out."""
        with self._turn:
            session, self._session = self._session, None
            if session is not None:
                try:
                    session.close()
                except exceptions.PKCS11Error:
                    return


def _module(path: Path) -> Any:
    try:
        return pkcs11.lib(str(path))
    except RuntimeError as error:
        if type(error) not in (RuntimeError, exceptions.PKCS11Error):
            raise
        raise SigningError("signing.module_not_found", module=path.name) from error


def _private_key(session: pkcs11.Session, label: str | None, key_id: bytes | None) -> _KeyObject:
    wanted: dict[Attribute, Any] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    if label is not None:
        wanted[Attribute.LABEL] = label
    if key_id is not None:
        wanted[Attribute.ID] = key_id
    found: list[Any] = list(session.get_objects(wanted))
    if not found:
        raise SigningError("signing.no_key")
    if len(found) > 1:
        raise SigningError("signing.key_ambiguous")
    key: _KeyObject = found[0]
    if key.key_type not in _KINDS:
        raise SigningError("signing.unsupported_key", algorithm=key.key_type.name, bits=0)
    return key


def _certificates(
    session: pkcs11.Session, key: _KeyObject, label: str | None
) -> tuple[x509.Certificate, tuple[bytes, ...]]:
    wanted: dict[Attribute, Any] = {Attribute.LABEL: label} if label is not None else {Attribute.ID: key[Attribute.ID]}
    own = list(_read(session, wanted))
    if not own:
        raise SigningError("signing.no_certificate")
    kind = KeyType.EC if isinstance(own[0].public_key(), ec.EllipticCurvePublicKey) else KeyType.RSA
    if kind != key.key_type:
        raise SigningError("signing.key_mismatch")
    others = (found for found in _read(session, {}) if found != own[0] and found.issuer != found.subject)
    return own[0], tuple(other.public_bytes(Encoding.DER) for other in others)


def _read(session: pkcs11.Session, wanted: dict[Attribute, Any]) -> Iterator[x509.Certificate]:
    found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, **wanted}))
    for item in found:
        try:
            yield x509.load_der_x509_certificate(item[Attribute.VALUE])
        except ValueError as error:
            raise SigningError("signing.bad_certificate") from error
