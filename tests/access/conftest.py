"""Use cases of accounts over real databases, with a clock that tests move and cheap password hashing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from doc_service.access.one_time import SealedTotp
from doc_service.access.passwords import Argon2Cost, Argon2Hasher
from doc_service.access.randomness import SystemSecrets
from doc_service.access.sealed import AesGcmBox
from doc_service.domain.accounts import Account
from doc_service.domain.audit_events import AuditEvent
from doc_service.domain.credentials import Credential, step_of
from doc_service.domain.principals import AccountRole, Means, Principal
from doc_service.domain.sessions import SessionRules
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.access.attempts import Door
from doc_service.services.access.authenticate import Authenticate
from doc_service.services.access.authorise import Authorise
from doc_service.services.access.change_account import ChangeAccount
from doc_service.services.access.change_password import ChangePassword
from doc_service.services.access.close_account import CloseAccount
from doc_service.services.access.confirm_totp import ConfirmTotp
from doc_service.services.access.end_all_sessions import EndAllSessions
from doc_service.services.access.end_session import EndSession
from doc_service.services.access.enrol_password import EnrolPassword
from doc_service.services.access.finish_log_in import FinishLogIn
from doc_service.services.access.give_enrolment import GiveEnrolment
from doc_service.services.access.issue_token import IssueToken
from doc_service.services.access.list_sessions import ListSessions
from doc_service.services.access.list_tokens import ListTokens
from doc_service.services.access.log_in import LogIn, SecondStep
from doc_service.services.access.offer_totp import OfferTotp
from doc_service.services.access.open_account import NewAccount, OpenAccount
from doc_service.services.access.own_data import CorrectOwnData
from doc_service.services.access.prove_password import ProvePassword
from doc_service.services.access.renew_recovery import RenewRecovery
from doc_service.services.access.reopen_account import ReopenAccount
from doc_service.services.access.revoke_token import RevokeToken
from doc_service.services.access.show_own_data import ShowOwnData
from doc_service.services.access.start_session import Started, StartSession
from doc_service.services.access.tidy import TidyAccess
from doc_service.services.base import Workspace
from doc_service.system import RandomIds
from tests.persistence.engines import ENGINES

START = datetime(2026, 3, 4, 6, 30, 0, 123456, UTC)
PASSWORD = "üç alma, iki nar"
CHEAP = Argon2Cost(memory_kib=64, passes=1, lanes=1, at_once=8)
_numbers = itertools.count()


@dataclass
class MovedClock:
    """``Clock`` that stands until it is moved."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def pass_(self, span: timedelta) -> None:
        self.at += span


@dataclass
class Access:
    """All use cases over one database."""

    engine: Engine
    clock: MovedClock
    box: AesGcmBox
    hasher: Argon2Hasher = field(default_factory=lambda: Argon2Hasher(CHEAP))

    def __post_init__(self) -> None:
        work = self.work = Workspace(SqlUnitOfWorkFactory(self.engine), self.clock, RandomIds())
        self.units = work.uow
        self.secrets = SystemSecrets(b"k" * 32)
        self.otp = SealedTotp(self.box, "doc-service")
        self.rules = SessionRules()
        door = self.door = Door(work, self.secrets)
        self.start = StartSession(work, self.secrets, self.rules)
        prove = ProvePassword(work, self.hasher, door)
        self.log_in = LogIn(work, door, self.hasher, self.start, TidyAccess(work))
        self.finish = FinishLogIn(work, door, self.otp, self.start)
        self.authenticate = Authenticate(work, self.rules)
        self.authorise = Authorise(work)
        self.open = OpenAccount(work)
        self.change = ChangeAccount(work)
        self.close = CloseAccount(work)
        self.reopen = ReopenAccount(work)
        self.give_enrolment = GiveEnrolment(work, self.secrets)
        self.enrol = EnrolPassword(work, self.hasher, door)
        self.change_password = ChangePassword(work, self.hasher, prove)
        self.offer_totp = OfferTotp(work, self.otp, prove)
        self.confirm_totp = ConfirmTotp(work, self.otp, self.secrets)
        self.renew_recovery = RenewRecovery(work, self.secrets, prove)
        self.list_sessions = ListSessions(work, self.rules)
        self.end_session = EndSession(work)
        self.end_all = EndAllSessions(work)
        self.issue_token = IssueToken(work, self.secrets)
        self.list_tokens = ListTokens(work)
        self.revoke_token = RevokeToken(work)
        self.show_own_data = ShowOwnData(work)
        self.correct = CorrectOwnData(work)

    def account(self, *roles: AccountRole, password: str = PASSWORD, **values: object) -> Account:
        """An account with a password and a login name of its own."""
        number = next(_numbers)
        wanted = frozenset(roles or {AccountRole.SECRETARIAT})
        if wanted & {AccountRole.MEMBER, AccountRole.SIGNATORY, AccountRole.EXTERNAL}:
            values.setdefault("person_id", f"person-{number}")
        values = {"login": f"user{number}", "display_name": f"İstifadəçi {number}", "roles": wanted, **values}
        account = self.open(NewAccount(**values), "operator")  # type: ignore[arg-type]
        if password:
            self.enrol(self.give_enrolment(account.id, "operator").token, password)
        return account

    def enter(self, account: Account, password: str = PASSWORD) -> Started:
        started = self.log_in(account.login, password, "Firefox")
        assert isinstance(started, Started)
        return started

    def ticket(self, account: Account, password: str = PASSWORD) -> str:
        step = self.log_in(account.login, password, "Firefox")
        assert isinstance(step, SecondStep)
        return step.ticket

    def principal(self, account: Account, means: Means = Means.PASSWORD) -> Principal:
        return self.authenticate(self.start(account.id, means).secret)

    def code(self, account: Account, offset: int = 0, *, pending: bool = False) -> str:
        """What the person's device shows ``offset`` steps from now."""
        kept = self.credential(account)
        return self.otp.code_at(account.id, kept.totp_pending if pending else kept.totp, self.step + offset)

    @property
    def step(self) -> int:
        return step_of(self.clock.now())

    def second_step(self, account: Account) -> tuple[str, ...]:
        """Enrols a device; gives the recovery codes. A minute later its codes are fresh."""
        principal = self.principal(account)
        self.offer_totp(principal, PASSWORD)
        codes = self.confirm_totp(principal, self.code(account, pending=True))
        self.clock.pass_(timedelta(minutes=1))
        return codes

    def credential(self, account: Account) -> Credential:
        with self.units.reading() as uow:
            return uow.credentials.get(account.id)

    def stored(self, account: Account) -> Account:
        with self.units.reading() as uow:
            return uow.accounts.get(account.id)

    def events(self, subject_id: str, subject_type: str = "account") -> list[AuditEvent]:
        with self.units.reading() as uow:
            return list(uow.audit.of_subject(subject_type, subject_id))

    def actions(self, subject_id: str, subject_type: str = "account") -> list[str]:
        return [str(event.action) for event in self.events(subject_id, subject_type)]


@pytest.fixture(scope="module", params=sorted(ENGINES))
def module_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One database for the tests of a module: each test makes accounts of its own."""
    engine = make_engine(ENGINES[request.param](tmp_path_factory.mktemp("access")))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def access(module_engine: Engine) -> Access:
    return Access(module_engine, MovedClock(), AesGcmBox([b"s" * 32]))


@pytest.fixture(params=sorted(ENGINES))
def fresh_access(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    """Over an empty database."""
    engine = make_engine(ENGINES[request.param](tmp_path_factory.mktemp("access")))
    migrate(engine)
    yield Access(engine, MovedClock(), AesGcmBox([b"s" * 32]))
    engine.dispose()
