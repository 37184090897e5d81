"""The ways to sign that the settings name, and the use cases that drive them."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from doc_service.bootstrap.asan import open_asan
from doc_service.bootstrap.csc import open_csc
from doc_service.bootstrap.parts import Parts
from doc_service.bootstrap.sealed import open_box
from doc_service.bootstrap.seals import open_seals
from doc_service.bootstrap.sima import Sima
from doc_service.bootstrap.use_cases import UseCases
from doc_service.domain.jobs import Job
from doc_service.jobs.heartbeat import Heartbeat
from doc_service.services.seal_document import SealDocument
from doc_service.services.ways.accept_document import AcceptDocument
from doc_service.services.ways.apply_seal import ApplySeal, SealKeys
from doc_service.services.ways.cancel_operation import CancelOperation
from doc_service.services.ways.completing import CompleteItems
from doc_service.services.ways.documents import HoldDocuments, HoldFile, PrepareItems
from doc_service.services.ways.drive import Drive
from doc_service.services.ways.ending import EndOperation
from doc_service.services.ways.records import Records
from doc_service.services.ways.registry import DrivePolicy, Ways, way_key
from doc_service.services.ways.resume_operation import AnswerFromOutside, ResumeOperation
from doc_service.services.ways.session import Sessions
from doc_service.services.ways.start_operation import StartOperation
from doc_service.services.ways.tend_operations import TendOperations
from doc_service.settings import Settings
from signing.remote.agent import AgentSigner
from signing.remote.api import DocumentSigner, HashSigner, Means, NoFiles, SignedFileChecker
from signing.remote.web_eid import WebEidSigner


@dataclass(frozen=True, slots=True)
class SigningWays:
    """What the interface and background work call."""

    ways: Ways
    sessions: Sessions
    start: StartOperation
    resume: ResumeOperation
    answer_from_outside: AnswerFromOutside
    cancel: CancelOperation
    tend: TendOperations
    apply_seal: ApplySeal
    seal_document: SealDocument

    def tend_job(self, job: Job) -> None:
        """Handler of ``JobKind.TEND``."""
        self.tend()

    def seal_job(self, job: Job) -> None:
        """Handler of ``JobKind.SEAL``."""
        self.seal_document(job.payload["document_id"])


def open_ways(settings: Settings, p: Parts, sima: Sima | None, stack: ExitStack) -> Ways:
    """Every way that can be used here. The agent and Web eID need nothing but the person's own computer."""
    clock = p.work.clock
    hashing: dict[str, HashSigner] = {Means.AGENT: AgentSigner(clock), Means.WEB_EID: WebEidSigner(clock)}
    whole: dict[str, DocumentSigner] = {}
    titles = {str(Means.AGENT): "İmza agenti", str(Means.WEB_EID): "Web eID"}
    for name, (provider, signer) in open_csc(settings, clock, stack).items():
        key = way_key(Means.CSC, name)
        hashing[key] = signer
        titles[key] = provider.title or name
    asan = open_asan(settings, clock, stack)
    if asan is not None:
        hashing[Means.ASAN] = asan
        titles[Means.ASAN] = "ASAN İmza"
    if sima is not None:
        whole[Means.SIMA] = sima.signer
        titles[Means.SIMA] = "SİMA İmza"
    return Ways(hashing, whole, titles)


def build_ways(
    settings: Settings,
    p: Parts,
    use: UseCases,
    ways: Ways,
    files: SignedFileChecker | None,
    stack: ExitStack,
    policy: DrivePolicy | None = None,
    seals: SealKeys | None = None,
) -> SigningWays:
    """``files`` None: no way here signs whole files. ``seals`` None: those of the settings' file."""
    records = _records(p, policy or DrivePolicy())
    sessions = Sessions(open_box(settings))
    hold = HoldDocuments(p.work, use.prepare_signature.policy.queue)
    prepare = PrepareItems(p.work, use.prepare_signature)
    accept = AcceptDocument(p.work, p.store, p.checker, files or NoFiles())
    complete = CompleteItems(records, use.complete_signature, accept, prepare, hold)
    drive = Drive(ways, sessions, records, hold, HoldFile(p.work), prepare, complete)
    end = EndOperation(ways, sessions, records, hold)
    resume = ResumeOperation(records, drive, end)
    seals = seals or open_seals(settings, stack)
    apply_seal = ApplySeal(
        p.work, use.show_document, use.consent_to_sign, use.prepare_signature, use.complete_signature, seals
    )
    return SigningWays(
        ways=ways,
        sessions=sessions,
        start=StartOperation(ways, records, sessions, resume),
        resume=resume,
        answer_from_outside=AnswerFromOutside(resume),
        cancel=CancelOperation(records, end),
        tend=TendOperations(resume),
        apply_seal=apply_seal,
        seal_document=SealDocument(p.work, apply_seal, seals.holds),
    )


def _records(p: Parts, policy: DrivePolicy) -> Records:
    """Claims are renewed three times before they would run out."""
    return Records(p.work, policy, lambda renew: Heartbeat(renew, policy.claim / 3, of="a signing operation"))
