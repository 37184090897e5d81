"""The secretary is warned before a half-year passes without a meeting: once, by a real mail server (001 §5.9.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doc_service.domain.bodies import Body
from doc_service.domain.body_kinds import COORDINATION_GROUP, rules_for
from doc_service.domain.duties import DutyKind
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.meetings import MeetingKind, MeetingState
from doc_service.jobs.executor import JobExecutor
from doc_service.messages.catalog import LANGUAGES, Catalog
from doc_service.notify.smtp import SmtpMailer
from doc_service.notify.smtp import SmtpServer as Server
from doc_service.notify.transport import SmtpTls
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.base import Workspace
from doc_service.services.duties.calendar import DutyCalendar
from doc_service.services.duties.remind import RemindOfDuties
from doc_service.services.duties.text import DutyText
from doc_service.system import RandomIds
from tests.domain.domain_builders import body_of, person
from tests.jobs.clocks import SettableClock
from tests.notify.bench import POLICY
from tests.notify.mails import ORIGIN, read, text_of
from tests.persistence.engines import ENGINES
from tests.persistence.samples import meeting
from tools.servers.smtp import SmtpServer

LEAD = timedelta(days=45)
PAPERS = {DutyKind.PROGRAMME, DutyKind.REPORT}


def morning(day: str) -> datetime:
    """Nine o'clock in Baku."""
    return datetime.fromisoformat(f"{day}T05:00:00").replace(tzinfo=UTC)


@dataclass
class Desk:
    engine: Engine
    server: SmtpServer
    email: str = "katib@qurum.example"
    clock: SettableClock = field(default_factory=lambda: SettableClock(morning("2026-11-01")))

    def __post_init__(self) -> None:
        self.units = SqlUnitOfWorkFactory(self.engine)
        self.work = Workspace(self.units, self.clock, RandomIds())
        secretary = replace(person("katib", 3), email=self.email)
        rules = rules_for(COORDINATION_GROUP)
        self.body = Body("kq", "Qrup", "Koordinasiya Qrupu", "Agentlik", "1", "Bakı", rules, body_of(3), secretary)
        with self.units() as unit:
            unit.bodies.add(self.body)
            unit.commit()

    def remind(self, day: str) -> list[tuple[str, str]]:
        """What the beat asks for on ``day``, done; (recipient, text) of all letters so far."""
        self.clock.move(morning(day) - self.clock.now())
        mailer = SmtpMailer(
            Server(self.server.host, self.server.port, SmtpTls.NONE, timeout=timedelta(seconds=20)), ORIGIN
        )
        text = DutyText([Catalog(language) for language in LANGUAGES], "https://imza.kobia.example/")
        handler = RemindOfDuties(self.work, DutyCalendar(self.work, LEAD), text, mailer)
        with self.units() as unit:
            unit.jobs.enqueue(Job(self.work.ids.new(), JobKind.DUTY, f"duty:{day}", self.clock.now()))
            unit.commit()
        executor = JobExecutor(
            self.units, {JobKind.DUTY: handler}, self.clock, self.work.ids, jitter=lambda: 0.0, policy=POLICY
        )
        while executor.run_next():
            pass
        return [(m.recipients[0], text_of(read(m.data))) for m in self.server.received()]

    def meet(self, day: date, state: MeetingState) -> None:
        opens = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
        made = replace(meeting(), id=f"m-{day}", body_id="kq", kind=MeetingKind.ORDINARY, opens_at=opens, state=state)
        with self.units() as unit:
            unit.meetings.add(made)
            unit.commit()

    def events(self) -> list[tuple[str, str, str]]:
        with self.units.reading() as unit:
            found = unit.audit.of_subject("body", "kq")
        return [(str(e.action), e.details["duty"], e.details["state"]) for e in found]


@pytest.fixture(params=sorted(ENGINES))
def desk(request: pytest.FixtureRequest, tmp_path: Path, mail_server: SmtpServer) -> Iterator[Desk]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield Desk(engine, mail_server)
    engine.dispose()


def of_meetings(letters: list[tuple[str, str]]) -> list[str]:
    return [text for _, text in letters if "iclas" in text and "proqram" not in text and "hesabat" not in text]


def test_the_half_year_is_warned_of_once_near_its_end_and_once_after_it(desk: Desk) -> None:
    """001 §5.9.2."""
    desk.meet(date(2026, 5, 20), MeetingState.HELD)
    assert of_meetings(desk.remind("2026-11-15")) == []
    (warning,) = of_meetings(desk.remind("2026-11-16"))
    assert "31.12.2026" in warning
    assert "001 §5.9.2" in warning
    assert "Koordinasiya Qrupu" in warning
    assert "No meeting has been held" in warning or "no meeting has been held" in warning
    assert len(of_meetings(desk.remind("2026-12-20"))) == 1
    after = of_meetings(desk.remind("2027-01-01"))
    assert len(after) == 2
    assert len(of_meetings(desk.remind("2027-01-02"))) == 2
    told = [e for e in desk.events() if e[1] == "meeting"]
    assert told == [("duty.reminded", "meeting", "due_soon"), ("duty.reminded", "meeting", "overdue")]


def test_a_meeting_held_or_convened_makes_the_warning_needless(desk: Desk) -> None:
    desk.meet(date(2026, 5, 20), MeetingState.HELD)
    desk.meet(date(2026, 12, 10), MeetingState.CONVENED)
    assert of_meetings(desk.remind("2026-12-01")) == []
    with desk.units() as unit:
        unit.meetings.save(replace(unit.meetings.get("m-2026-12-10"), state=MeetingState.HELD))
        unit.commit()
    assert [e for e in desk.events() if e[1] == "meeting" and e[2] == "due_soon"] == []
    letters = desk.remind("2026-12-11")
    assert {recipient for recipient, _ in letters} == {"katib@qurum.example"}


def test_the_programme_and_the_report_are_reminded_of(desk: Desk) -> None:
    """001 §5.3.1, §5.6.10: the next year's programme and this year's report fall due on the last day of the year."""
    desk.remind("2026-11-20")
    told = {(duty, state) for _, duty, state in desk.events() if duty in PAPERS}
    assert {("programme", "due_soon"), ("report", "due_soon")} <= told


def test_what_is_no_longer_so_is_not_sent(desk: Desk) -> None:
    """The letter was asked for, and a meeting was convened before it went out."""
    calendar = DutyCalendar(desk.work, LEAD)
    desk.clock.move(morning("2026-12-01") - desk.clock.now())
    text = DutyText([Catalog("az")], "https://imza.kobia.example/")
    mailer = SmtpMailer(Server(desk.server.host, desk.server.port, SmtpTls.NONE), ORIGIN)
    reminding = RemindOfDuties(desk.work, calendar, text, mailer)
    assert reminding.plan() > 0
    assert reminding.plan() == 0
    desk.meet(date(2026, 12, 20), MeetingState.CONVENED)
    reminding.remind("kq", "meeting", "2026-H2", "due_soon")
    assert desk.server.received() == []
    reminding.remind("kq", "programme", "2027", "due_soon")
    reminding.remind("kq", "programme", "2027", "due_soon")
    assert len(desk.server.received()) == 1


def test_without_mail_or_address_nobody_is_reminded(desk: Desk) -> None:
    calendar, text = DutyCalendar(desk.work, LEAD), DutyText([Catalog("az")], "https://imza.kobia.example/")
    assert RemindOfDuties(desk.work, calendar, text, None).plan() == 0
    with desk.units() as unit:
        unit.bodies.add(replace(desk.body, id="kq-2", secretary=replace(desk.body.secretary, email="")))
        unit.commit()
    desk.remind("2026-12-01")
    with desk.units.reading() as unit:
        assert unit.audit.of_subject("body", "kq-2") == []
