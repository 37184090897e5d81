"""From settings to a running service: the only place that names concrete adapters."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from doc_service.audit.evidence import SubjectProver
from doc_service.audit.export import LogExporter
from doc_service.audit.keys import Signer, load_or_make_signer, load_signer
from doc_service.audit.log import MerkleLog
from doc_service.bootstrap.access import AccessCases, build_access
from doc_service.bootstrap.archive import Stores, open_stores
from doc_service.bootstrap.background import Beat, background, hand_over, job_runner, make_beat
from doc_service.bootstrap.clock import running_clock
from doc_service.bootstrap.copies import CopyCases, build_copies
from doc_service.bootstrap.database import open_database
from doc_service.bootstrap.handlers import build_handlers
from doc_service.bootstrap.logins import LoginCases, build_logins
from doc_service.bootstrap.mail import open_mailer, reminder_text
from doc_service.bootstrap.notifying import build_notifying
from doc_service.bootstrap.observed import Observability
from doc_service.bootstrap.packages import PackageCases, build_packages
from doc_service.bootstrap.parts import Decorate, Parts, as_they_are
from doc_service.bootstrap.pki import TrustSource, WrapPki, open_trust, unwrapped
from doc_service.bootstrap.proof import require_proven
from doc_service.bootstrap.renderer import running_renderer
from doc_service.bootstrap.reserve import ReserveCentre, join_reserve, log_fallback
from doc_service.bootstrap.seals import seal_keys
from doc_service.bootstrap.sima import SimaCases, build_sima, open_sima
from doc_service.bootstrap.templates import uploaded
from doc_service.bootstrap.trust_history import with_history
from doc_service.bootstrap.use_cases import UseCases, build_use_cases
from doc_service.bootstrap.verifier import verifier
from doc_service.bootstrap.ways import SigningWays, build_ways, open_ways
from doc_service.domain.announcements import ANNOUNCED
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.errors import ConflictError
from doc_service.domain.jobs import JobKind
from doc_service.domain.people import Person
from doc_service.domain.signing_queue import QueuePatience
from doc_service.instruments.kq_protokol import KqProtokol, kq_protokol
from doc_service.instruments.registry import Registry, default_registry
from doc_service.jobs.contract import BackgroundJobs
from doc_service.jobs.runner import JobRunner
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.ports import AuditExporter, AuditLog, Clock, Ids
from doc_service.rendering.embedded import embedded_files
from doc_service.rendering.pages import pages_png
from doc_service.services.base import Workspace
from doc_service.services.policy import AT_HAND, SigningPolicy
from doc_service.services.remind_signers import RemindSigners
from doc_service.services.verify_file import VerifyFile
from doc_service.services.ways.serve_file import ServeFile
from doc_service.settings import JobsMode, PkiMode, Settings
from doc_service.system import RandomIds
from signing.api import SigningKey
from signing.appearance_font import AppearanceFont
from signing.certificates import X509Checker
from signing.engine import PyHankoEngine
from signing.http import HttpxTransport
from signing.identity import EvidenceVerifier
from signing.tsa import TimeStamper
from storage.api import ObjectStore, StorageError

_log = logging.getLogger(__name__)

LOG_ID = "doc-service"
CHECKPOINT_RETENTION = timedelta(days=365 * 100)


@dataclass(frozen=True, slots=True)
class Container:
    """The running service, by contracts."""

    settings: Settings
    parts: Parts
    use_cases: UseCases
    signing: SigningWays
    copies: CopyCases
    packages: PackageCases
    sima: SimaCases | None
    access: AccessCases
    logins: LoginCases
    jobs: BackgroundJobs
    runner: JobRunner
    beat: Beat
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

    def start(self) -> None:
        """Background work of a process that serves: the embedded default does all of it here, with workers elsewhere
        only what concerns this process."""
        self.jobs.start()
        if self.settings.jobs is JobsMode.THREAD:
            self.beat.start()

    def require_whole_log(self) -> None:
        """Before anything is served: over the database of an older backup, numbers and places in the log that were
        given before would be given again. ``ConflictError`` "audit.behind_archive". An archive out of reach is no
        reason not to start."""
        try:
            self.audit.catch_up()
        except StorageError as error:
            _log.warning("the audit log was not compared with the archive: %s", error.code)

    def run_due_jobs(self) -> None:
        """For commands: does what is due now, unless workers do."""
        if self.settings.jobs is JobsMode.THREAD:
            while self.runner.run_once():
                pass

    def development_key(self, person: Person) -> SigningKey:
        """A person's key of the development PKI (embedded default only)."""
        return self.trust.development_key(person)

    def pages_png(self, pdf: bytes, dpi: int) -> Sequence[bytes]:
        """Pages as people see them."""
        return pages_png(pdf, dpi)


@contextmanager
def open_container(
    settings: Settings,
    *,
    services: bool = True,
    clock: Clock | None = None,
    ids: Ids | None = None,
    decorate: Decorate = as_they_are,
    observed: Observability | None = None,
    wrap_pki: WrapPki = unwrapped,
) -> Iterator[Container]:
    """The service by ``settings``, closed at the end of the block.

    ``services`` False: for reading only; no development PKI is served and nothing outside is reached.
    ``observed`` counts, times and traces what the parts do. ``decorate`` wraps the parts before anything is built over
    them, and ``wrap_pki`` the development PKI's WSGI application (fault tests)."""
    ids = ids or RandomIds()
    with ExitStack() as stack:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        way = hand_over(settings, stack)
        database = open_database(settings)
        stack.callback(database.dispose)
        migrate(database)
        clock = clock or stack.enter_context(running_clock(database))
        units = SqlUnitOfWorkFactory(database, on_enqueue=way.tell, queued_for=way.queued_for)
        trust = stack.enter_context(open_trust(settings, clock, served=services, wrap=wrap_pki))
        work = Workspace(units, clock, ids, ANNOUNCED)
        stores = open_stores(settings, clock, tidy=services)
        if services:
            require_proven(settings, clock, stores.primary)
        whole = services and _may_append(settings, database, stores.primary, clock, trust.tsa_url)
        trust = with_history(work, trust, record=whole)
        told = log_fallback if observed is None else observed.note_fallback
        reserve = (
            None
            if stores.reserve is None
            else join_reserve(
                work, database, stores.primary, stores.reserve, on_fallback=told, remover=stores.reserve_sweeper
            )
        )
        parts = decorate(_parts(settings, stack, work, units, trust, database, stores, reserve))
        if observed is not None:
            parts = observed.parts(parts)
        use_cases = build_use_cases(parts, settings)
        sima = open_sima(settings, trust.trust, clock, stack) if services else None
        files = None if sima is None else sima.files
        seals = seal_keys(settings, trust, stack)
        offered = open_ways(settings, parts, sima, stack)
        signing = build_ways(settings, parts, use_cases, offered, files, stack, seals=seals)
        handlers = {**build_handlers(parts), JobKind.TEND: signing.tend_job, JobKind.SEAL: signing.seal_job}
        runner = job_runner(settings, parts, observed.handlers(handlers) if observed else handlers, way.wake)
        stack.callback(runner.stop, timedelta(seconds=30))
        beat = make_beat(settings, parts.units, clock, ids, way.broker)
        stack.callback(beat.stop)
        jobs = background(settings, runner, parts.units, clock, way)
        access = build_access(settings, parts.work)
        logins = build_logins(settings, parts.work, access, parts.checker, secrets.token_bytes, stack)
        serve = ServeFile(parts.work, parts.store, signing.ways, signing.sessions)
        outside = signing.answer_from_outside
        phones = None if sima is None else build_sima(sima, settings, work, serve, outside, access, logins)
        copies = build_copies(settings, parts)
        packages = build_packages(settings, parts, use_cases, copies, seals, trust.tsa_url, stack)
        yield Container(
            settings, parts, use_cases, signing, copies, packages, phones, access, logins,
            jobs, runner, beat, kq_protokol(BODY_KINDS), trust, database,
        )  # fmt: skip


def _may_append(settings: Settings, database: Engine, store: ObjectStore, clock: Clock, tsa_url: str) -> bool:
    """False over the database of an older backup: an event recorded there would hide that it is one."""
    with closing(HttpxTransport(timeout=settings.tsa_timeout.total_seconds())) as transport:
        log = MerkleLog(
            SqlLogStore(database), store, _signer(settings), TimeStamper(transport, tsa_url), clock,
            log_id=LOG_ID, retention=CHECKPOINT_RETENTION, tsa_certificates="",
        )  # fmt: skip
        try:
            log.catch_up()
        except ConflictError:
            return False
        except StorageError as error:
            _log.warning("the audit log was not compared with the archive: %s", error.code)
    return True


def _parts(
    settings: Settings,
    stack: ExitStack,
    work: Workspace,
    units: SqlUnitOfWorkFactory,
    trust: TrustSource,
    database: Engine,
    stores: Stores,
    reserve: ReserveCentre | None,
) -> Parts:
    clock = work.clock
    store = stores.primary if reserve is None else reserve.store
    font = AppearanceFont.load()
    transport = HttpxTransport(timeout=settings.revocation_timeout.total_seconds())
    stamping = HttpxTransport(timeout=settings.tsa_timeout.total_seconds())
    stack.callback(transport.close)
    stack.callback(stamping.close)
    authority = TimeStamper(stamping, trust.tsa_url)
    log_store, signer = SqlLogStore(database), _signer(settings)
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
        renderer=stack.enter_context(running_renderer(settings, font, uploaded(work.uow))),
        store=store,
        engine=PyHankoEngine(
            font, authority, transport=transport, roots=trust.trust.ever_der,
            intermediates=trust.trust.others_der, clock=clock,
        ),
        checker=X509Checker(trust.trust, transport),
        identity=EvidenceVerifier(trust.trust),
        verify=verify,
        embedded=embedded_files,
        audit=log,
        export_audit=exporter,
        prove_audit=SubjectProver(log, log_store, exporter),
        policy=SigningPolicy(
            settings.signature_level, settings.final_level, settings.signing_lease,
            development=settings.pki is PkiMode.DEVELOPMENT,
            leases={AT_HAND: settings.signing_lease_at_hand},
            queue=QueuePatience(settings.signing_queue_unseen, settings.signing_turn),
            sign_within=settings.sign_within,
            remind_again=settings.remind_again,
        ),
        anchors_pem=trust.pem,
        stores=stores,
        reserve=reserve,
        reminders=_reminders(settings, work),
        notifying=build_notifying(settings, work, default_registry(), stack),
    )  # fmt: skip


def _reminders(settings: Settings, work: Workspace) -> RemindSigners | None:
    mailer = open_mailer(settings)
    if mailer is None:
        return None
    return RemindSigners(work, default_registry(), mailer, reminder_text(settings), settings.remind_after)


def _signer(settings: Settings) -> Signer:
    """A named key must be there: a machine that made its own would sign a log of its own."""
    return load_signer(settings.audit_key_file) if settings.audit_key_file else load_or_make_signer(settings.audit_key)
