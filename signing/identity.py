"""Evidence of a certificate check judged again: by the anchors trusted at the time of the check, and without network.

A signature stays judged by the trust of its own time: an anchor withdrawn later takes nothing from a check made before,
and gives nothing to one made after (EN 319 102-1, 5.6.3: validation at a past time).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from signing.api import IdentityEvidence, IdentityVerdict, IdentityVerifier, SigningError
from signing.loop import run
from signing.revocation_check import Revoked, judge_path
from signing.trust import TrustStore, as_certificate
from signing.validate_authorities import Authorities

_T = TypeVar("_T")


class EvidenceVerifier(IdentityVerifier):
    """``IdentityVerifier`` by the history of ``trust``."""

    def __init__(self, trust: TrustStore) -> None:
        self._trust = trust

    def verify(self, evidence: IdentityEvidence) -> IdentityVerdict:
        """Answers that cannot be parsed prove nothing, and leave revocation "unknown"."""
        if not evidence.chain:
            raise SigningError("signing.bad_certificate")
        chain = [as_certificate(der) for der in evidence.chain]
        anchor = self._trust.anchor_of(chain[-1])
        label, withdrawn = ("", None) if anchor is None else (anchor.label, anchor.withdrawn)
        trusted, revocation = run(self._judge(evidence, chain))
        return IdentityVerdict(trusted, revocation, label, withdrawn)

    async def _judge(self, evidence: IdentityEvidence, chain: Sequence[x509.Certificate]) -> tuple[bool, str]:
        path = await self._path(evidence, chain)
        if path is None:
            return False, "unknown"
        responses = _parsed(ocsp.OCSPResponse.load, evidence.responses)
        lists = _parsed(crl.CertificateList.load, evidence.lists)
        verdict = await judge_path(path, chain, evidence.checked_at, responses, lists)
        if isinstance(verdict, Revoked):
            return True, "revoked"
        return True, "good" if verdict else "unknown"

    async def _path(self, evidence: IdentityEvidence, chain: Sequence[x509.Certificate]) -> ValidationPath | None:
        """Only certificates that a trusted anchor really issued are built from, as in the check itself."""
        roots = list(self._trust.roots_at(evidence.checked_at))
        known = Authorities(roots)
        known.learn(chain)
        if not known.descends(chain[0]):
            return None
        context = ValidationContext(
            trust_roots=roots,
            other_certs=[c for c in chain if known.descends(c)],
            moment=evidence.checked_at,
            revocation_mode="soft-fail",
        )
        try:
            return await CertificateValidator(chain[0], validation_context=context).async_validate_path()
        except (ValidationError, PathBuildingError, ValueError, TypeError):
            return None


def _parsed(load: Callable[..., _T], blobs: Sequence[bytes]) -> list[_T]:
    found = []
    for der in blobs:
        try:
            answer = load(der, strict=True)
            _ = answer.native  # type: ignore[attr-defined]
        except (ValueError, TypeError, KeyError, OverflowError):
            continue
        found.append(answer)
    return found
