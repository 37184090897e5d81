"""Documents in signing on a real database, real outbox jobs, a real mail server, and a clock moved by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from doc_service.domain.audit_events import AuditEvent
from doc_service.domain.documents import DocumentState, Registration
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.signatures import RequestAction, RequestState, SignatureRequest
from doc_service.instruments.registry import default_registry
from doc_service.jobs.executor import JobExecutor
from doc_service.jobs.policy import RetryPolicy
from doc_service.messages.catalog import LANGUAGES, Catalog
from doc_service.notify.smtp import SmtpMailer
from doc_service.notify.smtp import SmtpServer as Settings
from doc_service.notify.transport import SmtpTls
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.ports import Mailer
from doc_service.services.base import Workspace
from doc_service.services.remind_signers import RemindSigners
from doc_service.services.reminder_text import ReminderText
from doc_service.system import RandomIds
from tests.jobs.clocks import SettableClock
from tests.notify.mails import ORIGIN, read
from tests.persistence import samples
from tools.servers.smtp import SmtpServer

MORNING = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)
"""09:00 in Baku."""
DAY = timedelta(days=1)
URL = "https://imza.kobia.example/"
POLICY = RetryPolicy(base=timedelta(minutes=1), cap=timedelta(minutes=1), spread=0.0, max_attempts=1_000_000)


@dataclass
class Bench:
    engine: Engine
    server: SmtpServer
    after: timedelta = 3 * DAY
    clock: SettableClock = field(default_factory=lambda: SettableClock(MORNING))

    def __post_init__(self) -> None:
        self.units = SqlUnitOfWorkFactory(self.engine)
        self.ids = RandomIds()

    def mailer(self) -> SmtpMailer:
        settings = Settings(self.server.host, self.server.port, SmtpTls.NONE, timeout=timedelta(seconds=20))
        return SmtpMailer(settings, ORIGIN)

    def reminding(self, mailer: Mailer | None = None) -> RemindSigners:
        work = Workspace(self.units, self.clock, self.ids)
        text = ReminderText([Catalog(language) for language in LANGUAGES], URL)
        return RemindSigners(work, default_registry(), mailer or self.mailer(), text, self.after)

    def executor(self, mailer: Mailer | None = None) -> JobExecutor:
        handlers = {JobKind.REMIND: self.reminding(mailer)}
        return JobExecutor(self.units, handlers, self.clock, self.ids, jitter=lambda: 0.0, policy=POLICY)

    def document(self, name: str, state: DocumentState = DocumentState.SIGNING) -> None:
        registration = Registration("KQ", f"3-21-5/{name}/2026", date(2026, 3, 1))
        title = f"Məhdud məsələ {name}"
        paper = replace(samples.document(name, title=title), state=state, registration=registration)
        with self.units() as unit:
            unit.documents.add(paper)
            unit.documents.add_revision(samples.revision(0, name))
            unit.commit()

    def ask(self, document: str, person: str, *, days: float = 4, email: str = "*", **changes: object) -> str:
        """``person`` is asked to sign ``document`` since ``days`` ago; returns the request's id."""
        address = f"{person}@qurum.example" if email == "*" else email
        signer = replace(samples.person(), id=person, email=address)
        request = replace(samples.request(f"{document}-{person}", 1, document), signer=signer)
        opened = request.moved(RequestAction.OPEN, opened_at=self.clock.now() - timedelta(days=days))
        with self.units() as unit:
            unit.signatures.add(replace(opened, **changes))  # type: ignore[arg-type]
            unit.commit()
        return request.id

    def end(self, request_id: str, state: RequestState = RequestState.SIGNED) -> None:
        with self.units() as unit:
            unit.signatures.save(replace(unit.signatures.get(request_id), state=state))
            unit.commit()

    def daily(self, key: str = "") -> None:
        """What the beat asks for once a day."""
        now = self.clock.now()
        with self.units() as unit:
            unit.jobs.enqueue(Job(self.ids.new(), JobKind.REMIND, key or f"remind:{now.date()}", now))
            unit.commit()

    def work(self, mailer: Mailer | None = None) -> None:
        """Everything that is due."""
        executor = self.executor(mailer)
        while executor.run_next():
            pass

    def remind(self) -> None:
        self.daily()
        self.work()

    def pending(self) -> Sequence[Job]:
        with self.units.reading() as unit:
            return unit.jobs.pending()

    def events(self, document: str) -> list[tuple[str, dict[str, object]]]:
        return [(str(e.action), dict(e.details)) for e in self._events(document)]

    def _events(self, document: str) -> Sequence[AuditEvent]:
        with self.units.reading() as unit:
            return unit.audit.of_subject("document", document)

    def letters(self) -> list[tuple[str, str]]:
        """(recipient, Message-ID), in the order of arrival."""
        mails = self.server.received()
        assert all(len(m.recipients) == 1 for m in mails)
        return [(m.recipients[0], str(read(m.data)["Message-ID"])) for m in mails]

    def recipients(self) -> list[str]:
        return sorted(recipient.partition("@")[0] for recipient, _ in self.letters())


def request_of(bench: Bench, request_id: str) -> SignatureRequest:
    with bench.units.reading() as unit:
        return unit.signatures.get(request_id)
