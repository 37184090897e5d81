"""The text of a visible signature, in Azerbaijani (DESIGN 8)."""

from __future__ import annotations

from datetime import datetime

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.civil_time import BAKU
from doc_service.domain.signatures import SignatureRequest, SignerKind
from signing.api import Appearance, CertificateInfo

TITLE = "Elektron imza ilə imzalanmışdır"
SEAL_TITLE = "Elektron möhürlə təsdiq edilmişdir"
DEVELOPMENT_WARNING = "SINAQ İMZASI – hüquqi qüvvəsi yoxdur"


def appearance(request: SignatureRequest, certificate: CertificateInfo, at: datetime, development: bool) -> Appearance:
    """Name, post, whom the signer acts for and on what basis, time and certificate serial. A seal names its
    organisation and nobody: whoever keeps it has signed nothing."""
    sealed = request.kind is SignerKind.SEAL
    lines = _organisation(request) if sealed else _person(request)
    lines.append(f"Vaxt: {at.astimezone(BAKU):%d.%m.%Y %H:%M:%S} (UTC+4)")
    lines.append(f"Sertifikat: {certificate.serial}")
    return Appearance(SEAL_TITLE if sealed else TITLE, tuple(lines), DEVELOPMENT_WARNING if development else "")


def _person(request: SignatureRequest) -> list[str]:
    lines = [request.signer.name.full, request.signer.post]
    if request.in_place_of:
        lines.append(f"{genitive(request.in_place_of, keep=True)} əvəzinə")
        lines.append(f"Əsas: {request.basis}")
    return lines


def _organisation(request: SignatureRequest) -> list[str]:
    return [request.signer.organisation, f"VÖEN: {request.voen}"]
