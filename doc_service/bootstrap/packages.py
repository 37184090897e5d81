"""Use cases of application packages, over the parts that the settings chose."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from doc_service.bootstrap.copies import CopyCases
from doc_service.bootstrap.parts import Parts
from doc_service.bootstrap.use_cases import UseCases
from doc_service.ports import Clock
from doc_service.rendering.paper_print import page_count
from doc_service.services.packages.build import BuildContainer, ReadPackage, WriteFolder
from doc_service.services.packages.gather import GatherPackage
from doc_service.services.packages.prepare import DraftPackage, IssuePackageCopies
from doc_service.services.ways.apply_seal import SealKeys
from doc_service.settings import Settings
from signing.api import SigningKey
from signing.asic import AsicFile, AsicSealer
from signing.http import HttpxTransport
from signing.tsa import TimeStamper


@dataclass(frozen=True, slots=True)
class PackageCases:
    """What the interface and the command line call."""

    gather: GatherPackage
    issue_copies: IssuePackageCopies
    draft: DraftPackage
    container: BuildContainer
    folder: WriteFolder


@dataclass(frozen=True, slots=True)
class AsicContainers:
    """``ContainerSealer`` as ASiC-E."""

    sealer: AsicSealer
    clock: Clock

    def __call__(self, files: Mapping[str, tuple[bytes, str]], root: str, key: SigningKey) -> bytes:
        listed = [AsicFile(name, content, mime, name == root) for name, (content, mime) in files.items()]
        return self.sealer.seal(listed, key, self.clock.now())


def build_packages(
    settings: Settings, p: Parts, use: UseCases, copies: CopyCases, seals: SealKeys, tsa_url: str, stack: ExitStack
) -> PackageCases:
    transport = HttpxTransport(timeout=settings.tsa_timeout.total_seconds())
    stack.callback(transport.close)
    sealer = AsicContainers(AsicSealer(TimeStamper(transport, tsa_url)), p.work.clock)
    gather, read = GatherPackage(p.work), ReadPackage(p.work, p.store)
    return PackageCases(
        gather=gather,
        issue_copies=IssuePackageCopies(gather, copies.issue),
        draft=DraftPackage(p.work, p.store, gather, use.draft_document, page_count),
        container=BuildContainer(read, seals, copies.house.voen, sealer, p.checker),
        folder=WriteFolder(read),
    )
