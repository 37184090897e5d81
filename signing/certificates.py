"""Whose certificate it is, and whether it may sign now: the check that stands before every signature (DESIGN 7)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from signing.api import CertificateInfo, CertificateStatus, IdentityEvidence, SigningError
from signing.http import HttpTransport
from signing.loop import run
from signing.revocation_check import RevocationCheck, Revoked
from signing.trust import TrustStore, as_certificate
from signing.validate_authorities import Authorities

_FIN = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_ORGANISATION = re.compile(r"VATAZ-([0-9]{10})")
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}


def mask_fin(fin: str | None) -> str:
    """What may be shown of a FİN: the first three characters ("5AB****"); "" for None."""
    return "" if not fin else fin[:3] + "*" * (len(fin) - 3)


def inspect_certificate(certificate: bytes | x509.Certificate) -> CertificateInfo:
    """What the certificate says. ``subject`` and ``issuer`` are common names (the whole name where there is none),
    which keeps the FİN out of texts. Raises ``signing.bad_certificate``."""
    parsed = as_certificate(certificate)
    try:
        subject: dict[str, Any] = parsed.subject.native
        return CertificateInfo(
            sha256=hashlib.sha256(parsed.dump()).hexdigest(),
            subject=_common_name(parsed.subject),
            fin=_fin(subject.get("serial_number")),
            organisation_id=_organisation(subject.get("organization_identifier")),
            serial=f"{parsed.serial_number:X}",
            issuer=_common_name(parsed.issuer),
            not_before=parsed.not_valid_before,
            not_after=parsed.not_valid_after,
            key_algorithm=_key_algorithm(parsed),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise SigningError("signing.bad_certificate") from error


def _fin(value: object) -> str | None:
    """FİN of a subject serialNumber, bare (SİMA) or as semantic identifier (ETSI EN 319 412-1 §5.1.3). Other kinds of
    number (passport, several at once) are not a FİN."""
    if not isinstance(value, str):
        return None
    fin = value.removeprefix("PNOAZ-").upper()
    return fin if _FIN.fullmatch(fin) else None


def _organisation(value: object) -> str | None:
    """VÖEN of an organizationIdentifier (ETSI EN 319 412-1 §5.1.4)."""
    found = _ORGANISATION.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def _common_name(name: x509.Name) -> str:
    value = name.native.get("common_name")
    return value if isinstance(value, str) else str(name.human_friendly)


def _key_algorithm(certificate: x509.Certificate) -> str:
    key = certificate.public_key
    if key.algorithm == "ec":
        curve = str(key.curve[1])
        return _CURVES.get(curve, curve)
    return f"{str(key.algorithm).upper()}-{key.bit_size}" if key.algorithm == "rsa" else str(key.algorithm)


class X509Checker:
    """``CertificateChecker`` over a trust store. Without ``transport`` nothing is asked and revocation is "unknown"."""

    def __init__(self, trust: TrustStore, transport: HttpTransport | None) -> None:
        self._trust = trust
        self._revocation = RevocationCheck(transport) if transport is not None else None

    def inspect(self, certificate: bytes) -> CertificateInfo:
        return inspect_certificate(certificate)

    def check(
        self,
        certificate: bytes,
        chain: Sequence[bytes],
        *,
        at: datetime,
        expected_fin: str | None,
        expected_organisation: str | None = None,
    ) -> CertificateStatus:
        """The person first, then time, purpose, chain and revocation, so that the most telling refusal comes out."""
        parsed = as_certificate(certificate)
        info = inspect_certificate(parsed)
        if expected_fin is not None:
            _check_person(info, expected_fin)
        if expected_organisation is not None:
            _check_organisation(info, expected_organisation)
        _check_time(info, at)
        _check_usage(parsed)
        others = [*self._trust.others, *(as_certificate(der) for der in chain)]
        return run(self._check_trust(parsed, info, self._descendants(parsed, info, others, at), at))

    def _descendants(
        self, certificate: x509.Certificate, info: CertificateInfo, others: list[x509.Certificate], at: datetime
    ) -> list[x509.Certificate]:
        """The certificates that an anchor really issued: a client may send any number that only look like it, and the
        path builder tries every combination of names before it verifies a signature."""
        known = Authorities(self._trust.roots_at(at))
        known.learn([*others, certificate])
        if not known.descends(certificate):
            raise SigningError("signing.untrusted_certificate", issuer=info.issuer)
        return [other for other in others if known.descends(other)]

    async def _check_trust(
        self, certificate: x509.Certificate, info: CertificateInfo, others: list[x509.Certificate], at: datetime
    ) -> CertificateStatus:
        context = ValidationContext(
            trust_roots=list(self._trust.roots_at(at)), other_certs=others, moment=at, revocation_mode="soft-fail"
        )
        only = await _only_path(certificate, context) if self._revocation is not None else None
        path = only or await _valid_path(certificate, info, context)
        chain = tuple(c.dump() for c in reversed(list(path.iter_certs(include_root=True))))
        if self._revocation is None:
            return CertificateStatus(info, "unknown", IdentityEvidence(at, chain))
        asked = await self._revocation.ask(path, others, at)
        if only is not None and asked.verdict is False:
            await _valid_path(certificate, info, context)
        if isinstance(asked.verdict, Revoked):
            raise SigningError("signing.certificate_revoked", at=_text(asked.verdict.at), reason=asked.verdict.reason)
        responses, lists = (tuple(found.dump() for found in kind) for kind in (asked.responses, asked.lists))
        evidence = IdentityEvidence(at, chain, responses, lists)
        return CertificateStatus(info, "good" if asked.verdict else "unknown", evidence)


async def _only_path(certificate: x509.Certificate, context: ValidationContext) -> ValidationPath | None:
    """The one path that there is, not validated yet: judging it with its revocation answers validates it as well, and
    once is enough. None where several paths must be tried."""
    found: list[ValidationPath] = []
    paths = context.path_builder.async_build_paths_lazy(certificate)
    try:
        async for path in paths:
            found.append(path)
            if len(found) > 1:
                break
    except (PathBuildingError, ValueError, TypeError):
        return None
    finally:
        await paths.cancel()  # type: ignore[no-untyped-call]
    return found[0] if len(found) == 1 else None


async def _valid_path(
    certificate: x509.Certificate, info: CertificateInfo, context: ValidationContext
) -> ValidationPath:
    try:
        return await CertificateValidator(certificate, validation_context=context).async_validate_path()
    except (ValidationError, PathBuildingError, ValueError, TypeError) as error:
        raise SigningError("signing.untrusted_certificate", issuer=info.issuer) from error


def _check_person(info: CertificateInfo, expected_fin: str) -> None:
    if info.fin is None:
        raise SigningError("signing.no_fin")
    if info.fin != expected_fin.strip().upper():
        raise SigningError("signing.wrong_person", expected=mask_fin(expected_fin), found=mask_fin(info.fin))


def _check_organisation(info: CertificateInfo, expected: str) -> None:
    if info.organisation_id is None:
        raise SigningError("signing.no_voen")
    if info.organisation_id != expected.strip():
        raise SigningError("signing.wrong_organisation", expected=expected, found=info.organisation_id)


def _check_time(info: CertificateInfo, at: datetime) -> None:
    if at > info.not_after:
        raise SigningError("signing.certificate_expired", not_after=_text(info.not_after))
    if at < info.not_before:
        raise SigningError("signing.certificate_not_yet_valid", not_before=_text(info.not_before))


def _check_usage(certificate: x509.Certificate) -> None:
    """Key usage must name nonRepudiation or digitalSignature (ETSI EN 319 412-2 §4.3.2); a CA does not sign papers."""
    usage = certificate.key_usage_value
    allowed = usage is not None and {"digital_signature", "non_repudiation"} & usage.native
    if not allowed or certificate.ca:
        raise SigningError("signing.key_usage")


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
