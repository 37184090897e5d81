"""Revocation data for every certificate a document rests on: taken from its DSS where they suffice, fetched where not.

"Suffice" is the validator's own question (pyhanko-certvalidator over the stored answers, at the time that is proven for
the signature), so that what this module leaves out is never missed later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import ExpiredError, PathBuildingError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from signing.api import SigningError
from signing.revocation_check import RevocationCheck, Revoked, judge_path, with_issuers
from signing.signed_document import Material

_PARALLEL = 8
Pair = tuple[x509.Certificate, x509.Certificate]


@dataclass(frozen=True, slots=True)
class Subject:
    """A certificate that must be shown good at ``at``; ``others``: certificates that came with it.

    ``used``: when it was used. Answers already stored are judged by that time, so that they do not go stale; a
    stamp that nothing proves yet is judged by the present when answers are fetched."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    at: datetime
    used: datetime

    def when_used(self) -> Subject:
        return replace(self, at=self.used)


@dataclass(frozen=True, slots=True)
class _Answers:
    responses: tuple[ocsp.OCSPResponse, ...] = ()
    lists: tuple[crl.CertificateList, ...] = ()

    def __add__(self, other: _Answers) -> _Answers:
        return _Answers(self.responses + other.responses, self.lists + other.lists)


class EvidenceCollector:
    """Judges subjects by what ``known`` holds, and asks ``source`` for the rest; each certificate is asked for once.

    ``source`` None: nothing can be fetched. Lives for one extension of one document."""

    def __init__(
        self, roots: Sequence[x509.Certificate], others: Sequence[x509.Certificate], source: RevocationCheck | None
    ) -> None:
        self._roots = list(roots)
        self._others = tuple(others)
        self._source = source
        self._fetched: dict[bytes, _Answers] = {}

    async def covered(self, subjects: Iterable[Subject], known: Material) -> bool:
        """True when ``known`` alone shows every subject good (level B-LT)."""
        for subject in subjects:
            path = await self._path(subject.when_used(), known)
            if not await self._known_good(path, subject, known):
                return False
        return True

    async def require_paths(self, subjects: Sequence[Subject], known: Material) -> None:
        """Raises ``signing.untrusted_certificate``, ``signing.certificate_expired``: asked before a stamp is spent."""
        for subject in subjects:
            await self._path(subject.when_used(), known)

    async def collect(self, subjects: Sequence[Subject], known: Material) -> Material:
        """What has to be added to ``known``, certificates of the paths included.

        Raises ``signing.revocation_unavailable`` (retryable), ``signing.certificate_revoked``,
        ``signing.untrusted_certificate``, ``signing.certificate_expired``."""
        paths, wanting = [], []
        for subject in subjects:
            path = await self._path(subject.when_used(), known)
            if not await self._known_good(path, subject, known):
                path = await self._path(subject, known)
                wanting.append((subject, path))
            paths.append(path)
        self._fetch_responses([pair for _, path in wanting for pair in with_issuers(path)])
        for subject, path in wanting:
            await self._require_good(path, subject, known)
        certificates = [c for path in paths for c in path.iter_certs(include_root=True)]
        answers = sum(self._fetched.values(), _Answers())
        return Material(tuple(certificates), answers.responses, answers.lists)

    async def _known_good(self, path: ValidationPath, subject: Subject, known: Material) -> bool:
        answers = _Answers(known.responses, known.lists)
        return await self._judge(path, subject.when_used(), known, answers) is True

    async def _require_good(self, path: ValidationPath, subject: Subject, known: Material) -> None:
        verdict = await self._judge(path, subject, known, self._answers(path))
        if verdict is False:
            self._fetch_lists(path)
            verdict = await self._judge(path, subject, known, self._answers(path))
        if isinstance(verdict, Revoked):
            at = verdict.at.strftime("%Y-%m-%d %H:%M UTC")
            raise SigningError("signing.certificate_revoked", at=at, reason=verdict.reason)
        if verdict is False:
            raise SigningError("signing.revocation_unavailable", retryable=True)

    async def _path(self, subject: Subject, known: Material) -> ValidationPath:
        context = ValidationContext(
            trust_roots=self._roots,
            other_certs=[*self._others, *subject.others, *known.certificates],
            moment=subject.at,
            revocation_mode="soft-fail",
        )
        try:
            return await CertificateValidator(subject.certificate, validation_context=context).async_validate_path()
        except ExpiredError as error:
            not_after = subject.certificate.not_valid_after.strftime("%Y-%m-%d %H:%M UTC")
            raise SigningError("signing.certificate_expired", not_after=not_after) from error
        except (ValidationError, PathBuildingError) as error:
            issuer = str(subject.certificate.issuer.human_friendly)
            raise SigningError("signing.untrusted_certificate", issuer=issuer) from error

    async def _judge(
        self, path: ValidationPath, subject: Subject, known: Material, answers: _Answers
    ) -> Revoked | bool:
        others = [*self._others, *subject.others, *known.certificates]
        return await judge_path(path, others, subject.at, answers.responses, answers.lists)

    def _answers(self, path: ValidationPath) -> _Answers:
        found = (self._fetched.get(certificate.sha256, _Answers()) for certificate, _ in with_issuers(path))
        return sum(found, _Answers())

    def _fetch_responses(self, pairs: Iterable[Pair]) -> None:
        """Side by side: thirty signers are thirty questions to the same responder."""
        source = self._source
        missing = {certificate.sha256: (certificate, issuer) for certificate, issuer in pairs}
        if source is None or not missing:
            return

        def ask(pair: Pair) -> _Answers:
            responses = tuple(source.ocsp(*pair))
            return _Answers(responses, () if responses else tuple(source.crls(pair[0])))

        with ThreadPoolExecutor(max_workers=_PARALLEL) as executor:
            self._fetched.update(zip(missing, executor.map(ask, missing.values()), strict=True))

    def _fetch_lists(self, path: ValidationPath) -> None:
        """For certificates whose OCSP answer was no use."""
        for certificate, _ in with_issuers(path):
            answers = self._fetched.get(certificate.sha256, _Answers())
            if self._source is not None and not answers.lists:
                lists = tuple(self._source.crls(certificate))
                self._fetched[certificate.sha256] = answers + _Answers(lists=lists)
