"""Which certificates are trusted, since when and until when: rules are data (TOML beside PEM files).

A development anchor is known by the flag in the data and, whatever the data say, by the policy identifier that the
development PKI puts into every certificate it makes. Production loading refuses both.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509

from signing.api import SigningError

DEVELOPMENT_POLICY_OID = "2.25.147598747921961815182789842327881878033"
"""Marks certificates of the development PKI (ITU-T X.667: an arc made from a UUID needs no registration)."""


def is_development_certificate(certificate: bytes | x509.Certificate) -> bool:
    """True when the certificate carries the development policy. Raises ``signing.bad_certificate``."""
    policies = as_certificate(certificate).certificate_policies_value
    if policies is None:
        return False
    return any(policy["policy_identifier"].dotted == DEVELOPMENT_POLICY_OID for policy in policies)


def as_certificate(certificate: bytes | x509.Certificate) -> x509.Certificate:
    """The parsed certificate, every part read once, so that broken bytes fail here and not in the middle of a check.

    Raises ``signing.bad_certificate``."""
    if isinstance(certificate, x509.Certificate):
        return certificate
    return _parsed_once(certificate) if len(certificate) <= _USUAL_SIZE else _parsed(certificate)


def _parsed(certificate: bytes) -> x509.Certificate:
    try:
        parsed = x509.Certificate.load(certificate, strict=True)
        _ = parsed.native
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise SigningError("signing.bad_certificate") from error
    return parsed


_USUAL_SIZE = 4096
_parsed_once = lru_cache(maxsize=256)(_parsed)
"""One signature needs its certificate and the issuers a dozen times, at 1 ms each. Nobody changes a parsed one."""


def read_certificates(data: bytes) -> tuple[bytes, ...]:
    """DER of every certificate in PEM or DER ``data``. Raises ``signing.bad_certificate`` when there is none."""
    try:
        blocks = (
            [der for kind, _, der in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"]
            if pem.detect(data)
            else [data]
        )
    except ValueError as error:
        raise SigningError("signing.bad_certificate") from error
    if not blocks:
        raise SigningError("signing.bad_certificate")
    for der in blocks:
        as_certificate(der)
    return tuple(blocks)


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """One trusted root. ``added``/``withdrawn``: days on which trust began and ended (ended: from that day on);
    None means open. ``source`` says why it is trusted (act, contract, list), ``reason`` why no longer. An anchor that
    should never have been trusted is one withdrawn on the day it was added."""

    label: str
    certificate: bytes
    development: bool = False
    added: date | None = None
    withdrawn: date | None = None
    source: str = ""
    reason: str = ""

    @property
    def sha256(self) -> str:
        """Of the certificate, hexadecimal."""
        return hashlib.sha256(self.certificate).hexdigest()

    def trusted_on(self, day: date) -> bool:
        return (self.added is None or self.added <= day) and (self.withdrawn is None or day < self.withdrawn)


class TrustStore:
    """Anchors and known intermediates, given to engine, checker and validator alike."""

    def __init__(self, anchors: Iterable[TrustAnchor], intermediates: Iterable[bytes] = ()) -> None:
        """Raises ``signing.bad_certificate``."""
        self.anchors = tuple(anchors)
        self._parsed = {anchor.certificate: as_certificate(anchor.certificate) for anchor in self.anchors}
        self.others_der = tuple(intermediates)
        self.others: tuple[x509.Certificate, ...] = tuple(as_certificate(der) for der in self.others_der)

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        """Every anchor that ever was trusted and is not withdrawn; see ``roots_at`` for a day in history."""
        return tuple(self._parsed[anchor.certificate] for anchor in self.anchors if anchor.withdrawn is None)

    @property
    def roots_der(self) -> tuple[bytes, ...]:
        return tuple(anchor.certificate for anchor in self.anchors if anchor.withdrawn is None)

    @property
    def ever_der(self) -> tuple[bytes, ...]:
        """Every anchor that was trusted on some day: what validation data of older signatures are gathered for. It
        trusts nothing; the validator judges by ``roots_at``."""
        return tuple(
            a.certificate for a in self.anchors if a.withdrawn is None or a.added is None or a.added < a.withdrawn
        )

    def roots_at(self, moment: datetime) -> tuple[x509.Certificate, ...]:
        """Anchors trusted on the day of ``moment``: a signature stays judged by the trust of its own time."""
        return tuple(self._parsed[a.certificate] for a in self.anchors if a.trusted_on(moment.date()))

    def anchor_of(self, root: bytes | x509.Certificate) -> TrustAnchor | None:
        der = root if isinstance(root, bytes) else root.dump()
        return next((anchor for anchor in self.anchors if anchor.certificate == der), None)

    def is_development(self, root: bytes | x509.Certificate) -> bool:
        """True for a root that the data or its own policy call development."""
        anchor = self.anchor_of(root)
        return (anchor is not None and anchor.development) or is_development_certificate(root)

    def with_anchors(self, anchors: Iterable[TrustAnchor], intermediates: Iterable[bytes] = ()) -> TrustStore:
        """A store that trusts these as well."""
        return TrustStore((*self.anchors, *anchors), (*self.others_der, *intermediates))

    def require_production(self) -> TrustStore:
        """Itself, or ``signing.development_trust_refused`` naming the first development anchor."""
        for anchor in self.anchors:
            if self.is_development(anchor.certificate):
                raise SigningError("signing.development_trust_refused", label=anchor.label)
        return self


def load_trust(file: Path, *, production: bool) -> TrustStore:
    """Reads ``trust.toml``; certificate paths in it are relative to the file.

    ``[[anchor]]`` has ``label``, ``file``, and optionally ``development``, ``added``, ``withdrawn``, ``source`` and
    ``reason``; ``[[intermediate]]`` has ``file``. Raises ``signing.bad_trust_file`` (file, why),
    ``signing.bad_certificate``, and in production ``signing.development_trust_refused``."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        anchors = [_anchor(entry, file.parent) for entry in data.get("anchor", [])]
        others = [der for entry in data.get("intermediate", []) for der in _certificates(file.parent / entry["file"])]
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise SigningError("signing.bad_trust_file", file=file.name, why=str(error)) from error
    store = TrustStore(anchors, others)
    return store.require_production() if production else store


def trust_from_pem(files: Sequence[Path], *, production: bool) -> TrustStore:
    """Every self-issued certificate of the files becomes an anchor, the others become intermediates.

    For ``verify --trust PEM``. Raises as ``load_trust``."""
    anchors: list[TrustAnchor] = []
    others: list[bytes] = []
    for file in files:
        try:
            found = _certificates(file)
        except OSError as error:
            raise SigningError("signing.bad_trust_file", file=file.name, why=str(error)) from error
        for der in found:
            parsed = as_certificate(der)
            if parsed.issuer == parsed.subject:
                anchors.append(TrustAnchor(file.stem, der, development=is_development_certificate(parsed)))
            else:
                others.append(der)
    store = TrustStore(anchors, others)
    return store.require_production() if production else store


def _certificates(file: Path) -> tuple[bytes, ...]:
    return read_certificates(file.read_bytes())


def _anchor(entry: dict[str, Any], directory: Path) -> TrustAnchor:
    found = _certificates(directory / entry["file"])
    if len(found) != 1:
        raise KeyError(f"{entry['file']}: one certificate is expected, {len(found)} found")
    for name in ("added", "withdrawn"):
        if name in entry and type(entry[name]) is not date:
            raise TypeError(f"{name} must be a date")
    return TrustAnchor(
        label=str(entry["label"]),
        certificate=found[0],
        development=bool(entry.get("development", False)),
        added=entry.get("added"),
        withdrawn=entry.get("withdrawn"),
        source=str(entry.get("source", "")),
        reason=str(entry.get("reason", "")),
    )
