"""The owner of an account is told by mail that a password may be set, or was: once, and nothing that opens anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doc_service.domain.account_notices import AccountNotice
from doc_service.domain.accounts import Account, AccountState
from doc_service.domain.announcements import ANNOUNCED
from doc_service.domain.audit_events import Action
from doc_service.domain.errors import DomainError
from doc_service.domain.jobs import Job, JobKind
from doc_service.domain.notices import Channel
from doc_service.domain.principals import AccountRole
from doc_service.jobs.executor import JobExecutor
from doc_service.jobs.policy import RetryPolicy
from doc_service.messages.catalog import Catalog
from doc_service.notify.folder import FolderMailer
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.ports import Mail
from doc_service.services.announce import Announce
from doc_service.services.base import Workspace
from doc_service.services.notice_text import NoticeText
from doc_service.services.tell_owner import TellOwner
from doc_service.system import RandomIds
from tests.jobs.clocks import SettableClock
from tests.notify.mails import ORIGIN, read, text_of
from tests.persistence.engines import ENGINES

AT = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)
URL = "https://imza.kobia.example/"


class Refusing:
    """A mail server that takes nothing: ``code`` says whether for now or for good."""

    def __init__(self, code: str) -> None:
        self.code, self.asked = code, 0

    def send(self, mail: Mail) -> None:
        self.asked += 1
        raise DomainError(self.code, "", reason="550")


@dataclass
class Office:
    engine: Engine
    folder: Path

    def __post_init__(self) -> None:
        self.units = SqlUnitOfWorkFactory(self.engine)
        self.clock = SettableClock(AT)
        self.work = Workspace(self.units, self.clock, RandomIds(), ANNOUNCED)

    def account(self, name: str, **more: object) -> None:
        roles = frozenset({AccountRole.MEMBER})
        account = Account(name, f"{name}.login", "Günel G.", roles, AT, "az", f"{name}@qurum.example")
        with self.units() as unit:
            unit.accounts.add(replace(account, **more))  # type: ignore[arg-type]
            unit.commit()

    def happen(self, action: Action, account: str) -> None:
        with self.units() as unit:
            self.work.record(unit, "inzibatci", action, ("account", account), {"by": "enrolment"})
            unit.commit()

    def run(self, mailer: object = None, channels: frozenset[Channel] = frozenset(Channel)) -> None:
        text = NoticeText([Catalog("az"), Catalog("en")], URL, "xidmet@kobia.example")
        tell = TellOwner(self.work, text, mailer or FolderMailer(self.folder, ORIGIN))  # type: ignore[arg-type]

        def notice(job: Job) -> None:
            told = AccountNotice.of(job)
            assert told is not None
            tell(told)

        handlers = {JobKind.ANNOUNCE: Announce(self.work, channels), JobKind.NOTICE: notice}
        policy = RetryPolicy(max_attempts=3)
        executor = JobExecutor(self.units, handlers, self.clock, RandomIds(), jitter=lambda: 0.0, policy=policy)
        while executor.run_next():
            pass

    def letters(self) -> list[str]:
        found = [read(path.read_bytes()) for path in sorted(self.folder.glob("*.eml"))]
        return [f"{letter['to']}\n{letter['subject']}\n{text_of(letter)}" for letter in found]

    def marks(self, account: str) -> list[str]:
        with self.units.reading() as unit:
            events = unit.audit.of_subject("account", account)
        return [str(e.action) for e in events if e.action in (Action.NOTICE_SENT, Action.NOTICE_FAILED)]


@pytest.fixture(params=sorted(ENGINES))
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    yield Office(engine, tmp_path / "mail")
    engine.dispose()


@pytest.mark.parametrize(
    ("action", "words"),
    [(Action.ACCOUNT_ENROLMENT_GIVEN, "72 saat"), (Action.ACCOUNT_PASSWORD_SET, "təyin edilib və ya dəyişdirilib")],
)
def test_the_owner_is_told_once_in_the_own_language(office: Office, action: Action, words: str) -> None:
    office.account("gunel")
    office.account("rauf", language="en")
    office.happen(action, "gunel")
    office.run()
    office.run()
    (letter,) = office.letters()
    assert letter.startswith("gunel@qurum.example")
    assert words in letter
    assert "09.03.2026, 09:00" in letter
    assert URL in letter
    assert "administrator" not in letter
    assert office.marks("gunel") == ["notice.sent"]


def test_each_time_is_told(office: Office) -> None:
    office.account("gunel")
    for _ in range(2):
        office.happen(Action.ACCOUNT_PASSWORD_SET, "gunel")
        office.run()
    assert len(office.letters()) == 2


def test_a_repeated_job_sends_nothing_again(office: Office) -> None:
    office.account("gunel")
    office.happen(Action.ACCOUNT_PASSWORD_SET, "gunel")
    office.run()
    with office.units.reading() as unit:
        event = next(e for e in unit.audit.of_subject("account", "gunel") if e.action is Action.ACCOUNT_PASSWORD_SET)
    with office.units() as unit:
        unit.jobs.enqueue(AccountNotice(event.action, "gunel", event.id).job("again", AT))
        unit.commit()
    office.run()
    assert len(office.letters()) == 1


@pytest.mark.parametrize("lacking", [{"email": ""}, {"state": AccountState.CLOSED}])
def test_nobody_is_written_to_without_address_or_account(office: Office, lacking: dict[str, object]) -> None:
    office.account("gunel", **lacking)
    office.happen(Action.ACCOUNT_ENROLMENT_GIVEN, "gunel")
    office.run()
    assert office.letters() == office.marks("gunel") == []


def test_without_mail_there_is_no_job(office: Office) -> None:
    office.account("gunel")
    office.happen(Action.ACCOUNT_ENROLMENT_GIVEN, "gunel")
    office.run(channels=frozenset({Channel.SMS}))
    assert office.letters() == []


def test_a_refused_letter_is_recorded_and_an_unanswered_one_tried_again(office: Office) -> None:
    office.account("gunel")
    office.happen(Action.ACCOUNT_ENROLMENT_GIVEN, "gunel")
    away = Refusing("notify.unavailable")
    office.run(away)
    assert (away.asked, office.marks("gunel")) == (1, [])
    office.clock.at += timedelta(hours=1)
    office.run(Refusing("notify.refused"))
    assert office.marks("gunel") == ["notice.failed"]
    assert office.letters() == []
