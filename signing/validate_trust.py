"""Whether a certificate was trusted and not revoked at a moment (RFC 5280, 6; RFC 6960; EN 319 102-1, 5.2.6).

The path and every answer about revocation are judged by pyhanko-certvalidator. Which moment counts, what a revocation
after it means, and from where in the file an answer came, is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo, ValidationTimingParams
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import CertificateRegistry, SimpleTrustManager
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response

from signing.api import Finding
from signing.certificates import inspect_certificate
from signing.trust import TrustStore, as_certificate
from signing.validate_authorities import Authorities
from signing.validate_evidence import ONLINE, Evidence, Item, RevocationFetcher
from signing.validate_structure import FAULTS, SIGNATURE, TIME_STAMP

TOLERANCE = timedelta(seconds=1)
_UNCHECKED = CertRevTrustPolicy(
    RevocationCheckingPolicy(RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.NO_CHECK)
)
_RETROACTIVE = CertRevTrustPolicy(
    RevocationCheckingPolicy(
        RevocationCheckingRule.CHECK_IF_DECLARED_SOFT, RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
    ),
    retroactive_revinfo=True,
)


def time_text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


@dataclass(frozen=True)
class Status:
    """Revocation of one certificate. ``word``: "good", "revoked" or "unknown" at the moment asked for; ``source``:
    "ocsp", "crl" or ""; ``revoked_at``: also set when it was revoked later; ``revision``: where the answer lies."""

    word: str = "unknown"
    source: str = ""
    revoked_at: datetime | None = None
    revision: int = ONLINE


@dataclass(frozen=True)
class Trust:
    """Verdict on a certificate at a moment. ``chain``: subjects from the certificate to the anchor; ``leaf``: its own
    revocation; ``evidence``: from which revision of the file on everything about revocation is in it, None when some
    answer is missing."""

    trusted: bool
    chain: tuple[str, ...] = ()
    development: bool = False
    leaf: Status = Status()
    evidence: int | None = None
    findings: tuple[Finding, ...] = ()


@dataclass
class TrustJudge:
    """Judges the certificates of one file. ``fetcher`` None: only what is in the file counts."""

    trust: TrustStore
    evidence: Evidence
    fetcher: RevocationFetcher | None = None
    _authorities: Authorities = field(init=False)
    _managers: dict[date, SimpleTrustManager] = field(init=False, default_factory=dict)
    _statuses: dict[tuple[bytes, datetime], Status] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        anchors = [as_certificate(anchor.certificate) for anchor in self.trust.anchors]
        self._authorities = Authorities(anchors)
        self._authorities.learn([*self.trust.others, *self.evidence.certificates])

    def learn(self, certificates: Iterable[x509.Certificate]) -> None:
        """Makes the certificates of a container known as links of paths."""
        self._authorities.learn(certificates)

    async def judge(self, certificate: x509.Certificate, kind: str, at: datetime) -> Trust:
        """Verdict on the certificate of a signer or a time-stamping authority at a moment."""
        refusals = [*_validity(certificate, kind, at), *_usage(certificate, kind)]
        if refusals:
            return Trust(trusted=False, findings=tuple(refusals))
        path = await self._path(certificate, at)
        if path is None:
            code = "signing.untrusted_signer" if kind == SIGNATURE else "signing.untrusted_time_stamp"
            return Trust(trusted=False, findings=(Finding(code, {"issuer": inspect_certificate(certificate).issuer}),))
        return await self._with_revocation(path, kind, at)

    async def _path(self, certificate: x509.Certificate, at: datetime) -> ValidationPath | None:
        if not self._authorities.descends(certificate):
            return None
        context = self._context(at, _UNCHECKED, self._authorities.registry)
        try:
            path = await CertificateValidator(certificate, validation_context=context).async_validate_path()
        except (ValidationError, PathBuildingError, *FAULTS):
            return None
        return path if path.pkix_len > 0 else None

    def _context(
        self, at: datetime, policy: CertRevTrustPolicy, registry: CertificateRegistry, items: Sequence[Item] = ()
    ) -> ValidationContext:
        day = at.date()
        manager = self._managers.get(day)
        if manager is None:
            roots = list(self.trust.roots_at(at))
            manager = self._managers[day] = SimpleTrustManager.build(trust_roots=roots)
        values = [item.value for item in items]
        return ValidationContext(
            trust_manager=manager,
            certificate_registry=registry,
            moment=at,
            revinfo_policy=policy,
            time_tolerance=TOLERANCE,
            ocsps=[v for v in values if hasattr(v, "ocsp_response_data")],
            crls=[v for v in values if hasattr(v, "crl_data")],
        )

    async def _with_revocation(self, path: ValidationPath, kind: str, at: datetime) -> Trust:
        certificates = list(path.iter_certs(include_root=True))
        root, *below = certificates
        statuses = [await self._status(c, issuer, path, at) for issuer, c in zip(certificates, below, strict=False)]
        findings: list[Finding] = []
        for certificate, status in zip(below[:-1], statuses[:-1], strict=True):
            if status.word == "revoked" and status.revoked_at is not None:
                name = inspect_certificate(certificate).subject
                findings.append(Finding("signing.issuer_revoked", {"issuer": name, "at": time_text(status.revoked_at)}))
        findings += _leaf_findings(statuses[-1], kind)
        known = all(status.word == "good" for status in statuses)
        return Trust(
            trusted=True,
            chain=tuple(inspect_certificate(c).subject for c in reversed(certificates)),
            development=self.trust.is_development(root),
            leaf=statuses[-1],
            evidence=max((status.revision for status in statuses), default=0) if known else None,
            findings=tuple(findings),
        )

    async def _status(
        self, certificate: x509.Certificate, issuer: x509.Certificate, path: ValidationPath, at: datetime
    ) -> Status:
        key = (certificate.sha256, at)
        held = self._statuses.get(key)
        if held is None:
            held = await self._decide(self.evidence, certificate, path, at)
            if held.word == "unknown" and self.fetcher is not None:
                held = await self._online(self.fetcher, certificate, issuer, path, at)
            self._statuses[key] = held
        return held

    async def _decide(
        self, evidence: Evidence, certificate: x509.Certificate, path: ValidationPath, at: datetime
    ) -> Status:
        """The freshest usable answer decides; that it is good is then credited to the answer that came into the file
        first, for that one is the first to lie under a time stamp."""
        answers, lists = evidence.about(certificate)
        items = [("ocsp", item) for item in answers] + [("crl", item) for item in lists]
        items.sort(key=lambda entry: entry[1].issued or at, reverse=True)
        decided = await self._first(items, certificate, path, at)
        if decided.revoked_at is not None or decided.word == "unknown":
            return decided
        items.sort(key=lambda entry: entry[1].revision)
        return await self._first(items, certificate, path, at)

    async def _first(
        self, items: Sequence[tuple[str, Item]], certificate: x509.Certificate, path: ValidationPath, at: datetime
    ) -> Status:
        for source, item in items:
            status = await self._ask(item, source, certificate, path, at)
            if status is not None:
                return status
        return Status()

    async def _online(
        self,
        fetcher: RevocationFetcher,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        path: ValidationPath,
        at: datetime,
    ) -> Status:
        fetched = Evidence()
        answers, lists = fetcher.fetch(certificate.dump(), issuer.dump())
        try:
            for answer in answers:
                fetched.add_ocsp(answer, ONLINE)
            for listed in lists:
                fetched.add_crl(listed, ONLINE)
        except FAULTS:
            return Status()
        return await self._decide(fetched, certificate, path, at)

    async def _ask(
        self, item: Item, source: str, certificate: x509.Certificate, path: ValidationPath, at: datetime
    ) -> Status | None:
        """What one answer says, or None when it is not usable. An answer issued after the certificate expired is not:
        issuers may drop expired certificates from their lists (RFC 5280, 3.3)."""
        if item.issued is None or item.issued > certificate.not_valid_after:
            return None
        registry = CertificateRegistry.build([*path.iter_certs(include_root=True), *self._authorities.responders])
        context = self._context(at, _RETROACTIVE, registry, [item])
        timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=False)
        context.timing_params = ValidationTimingParams(timing, TOLERANCE)
        ask = verify_ocsp_response if source == "ocsp" else verify_crl
        try:
            await ask(certificate, path, context)
        except RevokedError as answer:
            word = "revoked" if answer.revocation_dt <= at else "good"
            return Status(word, source, answer.revocation_dt, item.revision)
        except (OCSPValidationError, CRLValidationError, ValidationError, PathBuildingError, *FAULTS):
            return None
        return Status("good", source, None, item.revision)


def _validity(certificate: x509.Certificate, kind: str, at: datetime) -> list[Finding]:
    """Validity of the certificate itself, said apart from the path, for it is what a reader asks first."""
    subject = "signer" if kind == SIGNATURE else "time_stamp"
    if at > certificate.not_valid_after:
        return [Finding(f"signing.{subject}_expired", {"not_after": time_text(certificate.not_valid_after)})]
    if at < certificate.not_valid_before:
        return [Finding(f"signing.{subject}_not_yet_valid", {"not_before": time_text(certificate.not_valid_before)})]
    return []


def _usage(certificate: x509.Certificate, kind: str) -> list[Finding]:
    """A person's key must be for signatures (EN 319 412-2, 4.3.2), an authority's for time stamps and nothing else
    (RFC 3161, 2.3)."""
    usage = certificate.key_usage_value
    extended = certificate.extended_key_usage_value
    if kind == TIME_STAMP:
        critical = "2.5.29.37" in {e["extn_id"].dotted for e in _extensions(certificate) if e["critical"].native}
        right = extended is not None and extended.native == ["time_stamping"] and critical
    else:
        right = usage is not None and bool({"non_repudiation", "digital_signature"} & usage.native)
        right = right and not (extended is not None and set(extended.native) <= {"time_stamping", "ocsp_signing"})
    if right and not certificate.ca:
        return []
    return [Finding("signing.signer_key_usage" if kind == SIGNATURE else "signing.time_stamp_key_usage")]


def _extensions(certificate: x509.Certificate) -> Iterable[x509.Extension]:
    return tuple(certificate["tbs_certificate"]["extensions"])


def _leaf_findings(status: Status, kind: str) -> list[Finding]:
    subject = "signer" if kind == SIGNATURE else "time_stamp"
    if status.revoked_at is not None:
        code = f"signing.{subject}_revoked" if status.word == "revoked" else f"signing.{subject}_revoked_later"
        return [Finding(code, {"at": time_text(status.revoked_at)})]
    return [Finding("signing.revocation_unknown")] if status.word == "unknown" and kind == SIGNATURE else []
