"""Use cases of certified copies, over the parts that the settings chose."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from doc_service.bootstrap.parts import Parts
from doc_service.bootstrap.seals import DEVELOPMENT_VOEN
from doc_service.domain.copies import IssueKind
from doc_service.rendering.paper_print import page_count, print_sheets
from doc_service.services.copies.house import House
from doc_service.services.copies.issue import CopyMaker, IssueCopy
from doc_service.services.copies.makers import Extract, WholeCopy
from doc_service.services.copies.original import CheckOriginal
from doc_service.services.copies.print_copy import PrintCopy
from doc_service.services.copies.public_check import PublicCheck
from doc_service.services.succeed_document import AnnulDocument
from doc_service.settings import Environment, PkiMode, Settings


@dataclass(frozen=True, slots=True)
class CopyCases:
    """What the interface and the command line call."""

    house: House
    check_original: CheckOriginal
    issue: IssueCopy
    print_copy: PrintCopy
    check: PublicCheck
    annul: AnnulDocument


def build_copies(settings: Settings, p: Parts) -> CopyCases:
    """In the embedded default the development PKI's seal certifies, unless another is named."""
    development = DEVELOPMENT_VOEN if settings.pki is PkiMode.DEVELOPMENT else ""
    known = bool(settings.public_url) or settings.environment is not Environment.PRODUCTION
    address = settings.service_url if known else ""
    house = House(settings.secretariat_voen or development, address, secrets.token_bytes)
    check = CheckOriginal(p.work, p.store, p.verify, page_count)
    makers: dict[IssueKind, CopyMaker] = {IssueKind.COPY: WholeCopy(), IssueKind.EXTRACT: Extract()}
    return CopyCases(
        house=house,
        check_original=check,
        issue=IssueCopy(p.work, p.registry, p.renderer, p.policy, check, house, makers),
        print_copy=PrintCopy(p.work, p.store, print_sheets),
        check=PublicCheck(p.work),
        annul=AnnulDocument(p.work),
    )
