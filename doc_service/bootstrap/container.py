"""From settings to a running service: the only place that names concrete adapters."""

from __future__ import annotations

import random
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from doc_service.audit.evidence import SubjectProver
from doc_service.audit.export import LogExporter
from doc_service.audit.keys import load_or_make_signer
from doc_service.audit.log import MerkleLog
from doc_service.bootstrap.database import answers, open_database
from doc_service.bootstrap.parts import Decorate, Parts, as_they_are
from doc_service.bootstrap.pki import TrustSource, WrapPki, open_trust, unwrapped
from doc_service.bootstrap.renderer import office_runs, running_renderer
from doc_service.bootstrap.use_cases import UseCases, build_handlers, build_use_cases
from doc_service.bootstrap.verifier import verifier
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.jobs import JobKind
from doc_service.domain.people import Person
from doc_service.instruments.kq_protokol import KqProtokol, kq_protokol
from doc_service.instruments.registry import Registry, default_registry
from doc_service.jobs.policy import RetryPolicy
from doc_service.jobs.runner import JobRunner
from doc_service.jobs.ticker import CheckpointTicker
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.ports import AuditExporter, AuditLog, Clock, Ids
from doc_service.rendering.embedded import embedded_files
from doc_service.rendering.pages import pages_png
from doc_service.services.base import Workspace
from doc_service.services.policy import SigningPolicy
from doc_service.services.verify_file import VerifyFile
from doc_service.settings import PkiMode, Settings
from doc_service.system import RandomIds, SystemClock
from signing.api import SigningKey
from signing.appearance_font import AppearanceFont
from signing.certificates import X509Checker
from signing.engine import PyHankoEngine
from signing.http import HttpxTransport
from signing.tsa import TimeStamper
from storage.api import ObjectStore, StorageError
from storage.filesystem import FilesystemStore

LOG_ID = "doc-service"
CHECKPOINT_RETENTION = timedelta(days=365 * 100)
BRIEF = RetryPolicy(cap=timedelta(seconds=10), max_attempts=25)
"""For LibreOffice: a crash is retried, a document that always crashes it is given up after some minutes."""
PATIENT = RetryPolicy(max_attempts=1_000_000)
"""For work that waits on somebody else's service: it is never given up, only spaced out."""


@dataclass(frozen=True, slots=True)
class Container:
    """The running service, by contracts."""

    settings: Settings
    parts: Parts
    use_cases: UseCases
    runner: JobRunner
    ticker: CheckpointTicker
    protocol: KqProtokol
    trust: TrustSource
    database: Engine

    @property
    def work(self) -> Workspace:
        return self.parts.work

    @property
    def registry(self) -> Registry:
        return self.parts.registry

    @property
    def store(self) -> ObjectStore:
        return self.parts.store

    @property
    def audit(self) -> AuditLog:
        return self.parts.audit

    @property
    def export_audit(self) -> AuditExporter:
        return self.parts.export_audit

    @property
    def verify(self) -> VerifyFile:
        return self.parts.verify

    def development_key(self, person: Person) -> SigningKey:
        """A person's key of the development PKI (embedded default only)."""
        return self.trust.development_key(person)

    def pages_png(self, pdf: bytes, dpi: int) -> Sequence[bytes]:
        """Pages as people see them."""
        return pages_png(pdf, dpi)

    def ready(self) -> dict[str, bool]:
        """Whether each dependency answers, by really asking it."""
        return {
            "database": answers(self.database),
            "jobs": self.runner.alive,
            "archive": _writable(self.settings.archive_dir),
            "office": office_runs(),
        }


@contextmanager
def open_container(
    settings: Settings,
    *,
    services: bool = True,
    clock: Clock | None = None,
    ids: Ids | None = None,
    decorate: Decorate = as_they_are,
    wrap_pki: WrapPki = unwrapped,
) -> Iterator[Container]:
    """The service by ``settings``, closed at the end of the block.

    ``services`` False: for reading only; no development PKI is served and nothing outside is reached.
    ``decorate`` wraps the parts before anything is built over them, and ``wrap_pki`` the
    development PKI's WSGI application (fault tests)."""
    clock, ids = clock or SystemClock(), ids or RandomIds()
    with ExitStack() as stack:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        wake = threading.Event()
        database = open_database(settings)
        stack.callback(database.dispose)
        migrate(database)
        units = SqlUnitOfWorkFactory(database, on_enqueue=wake.set)
        trust = stack.enter_context(open_trust(settings, clock, served=services, wrap=wrap_pki))
        protocol = kq_protokol(BODY_KINDS)
        store = _archive(settings, clock, tidy=services)
        parts = decorate(_parts(settings, stack, Workspace(units, clock, ids), units, trust, database, store))
        runner = JobRunner(
            parts.units, build_handlers(parts), clock, ids,
            jitter=random.random, wake=wake, lease=settings.job_lease,
            policies={JobKind.RENDER: BRIEF, JobKind.EXTEND: PATIENT, JobKind.CHECKPOINT: PATIENT},
        )  # fmt: skip
        stack.callback(runner.stop, timedelta(seconds=30))
        ticker = CheckpointTicker(parts.units, clock, ids, settings.checkpoint_every)
        stack.callback(ticker.stop)
        yield Container(settings, parts, build_use_cases(parts), runner, ticker, protocol, trust, database)


def _archive(settings: Settings, clock: Clock, *, tidy: bool) -> ObjectStore:
    """``tidy``: removes what killed writers left unfinished. A failure of that is no reason not to start: whatever is
    wrong with the archive is told at the first use."""
    store = FilesystemStore(settings.archive_dir, clock)
    if tidy:
        with suppress(StorageError):
            store.sweep()
    return store


def _parts(
    settings: Settings,
    stack: ExitStack,
    work: Workspace,
    units: SqlUnitOfWorkFactory,
    trust: TrustSource,
    database: Engine,
    store: ObjectStore,
) -> Parts:
    clock = work.clock
    font = AppearanceFont.load()
    transport = HttpxTransport(timeout=settings.revocation_timeout.total_seconds())
    stamping = HttpxTransport(timeout=settings.tsa_timeout.total_seconds())
    stack.callback(transport.close)
    stack.callback(stamping.close)
    authority = TimeStamper(stamping, trust.tsa_url)
    log_store, signer = SqlLogStore(database), load_or_make_signer(settings.data_dir / "audit-key.pem")
    log = MerkleLog(
        log_store, store, signer, authority, clock,
        log_id=LOG_ID, retention=CHECKPOINT_RETENTION, tsa_certificates=trust.pem.decode(),
    )  # fmt: skip
    exporter = LogExporter(log_store, (signer.public_key,), trust.pem.decode())
    verify = verifier(trust.trust, clock)
    return Parts(
        work=work,
        units=units,
        registry=default_registry(),
        renderer=stack.enter_context(running_renderer(settings, font)),
        store=store,
        engine=PyHankoEngine(
            font, authority, transport=transport, roots=trust.trust.roots_der,
            intermediates=trust.trust.others_der, clock=clock,
        ),
        checker=X509Checker(trust.trust, transport),
        verify=verify,
        embedded=embedded_files,
        audit=log,
        export_audit=exporter,
        prove_audit=SubjectProver(log, log_store, exporter),
        policy=SigningPolicy(
            settings.signature_level, settings.final_level, settings.signing_lease,
            development=settings.pki is PkiMode.DEVELOPMENT,
        ),
        anchors_pem=trust.pem,
    )  # fmt: skip


def _writable(directory: Path) -> bool:
    """Whether a file can be made there now."""
    try:
        with tempfile.TemporaryFile(dir=directory):
            return True
    except OSError:
        return False
