"""Accounts, log-in, sessions and authorisation, over the parts that the settings chose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from doc_service.access.one_time import SealedTotp
from doc_service.access.passwords import Argon2Hasher
from doc_service.access.randomness import SystemSecrets
from doc_service.access.sealed import load_keys, load_or_make_keys
from doc_service.bootstrap.clock import running_clock
from doc_service.bootstrap.database import open_database
from doc_service.bootstrap.sealed import open_box
from doc_service.domain.sessions import SessionRules
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
from doc_service.services.access.log_in import LogIn
from doc_service.services.access.offer_totp import OfferTotp
from doc_service.services.access.open_account import OpenAccount
from doc_service.services.access.own_data import CorrectOwnData
from doc_service.services.access.prove_password import ProvePassword
from doc_service.services.access.renew_recovery import RenewRecovery
from doc_service.services.access.reopen_account import ReopenAccount
from doc_service.services.access.revoke_token import RevokeToken
from doc_service.services.access.show_own_data import ShowOwnData
from doc_service.services.access.start_session import StartSession
from doc_service.services.access.tidy import TidyAccess
from doc_service.services.base import Workspace
from doc_service.settings import Settings
from doc_service.system import RandomIds

ISSUER = "doc-service"


@dataclass(frozen=True, slots=True)
class AccessCases:
    """What the command line and the API call about accounts and callers."""

    authorise: Authorise
    authenticate: Authenticate
    start_session: StartSession
    log_in: LogIn
    finish_log_in: FinishLogIn
    list_sessions: ListSessions
    end_session: EndSession
    end_all_sessions: EndAllSessions
    issue_token: IssueToken
    list_tokens: ListTokens
    revoke_token: RevokeToken
    open_account: OpenAccount
    change_account: ChangeAccount
    close_account: CloseAccount
    reopen_account: ReopenAccount
    give_enrolment: GiveEnrolment
    enrol_password: EnrolPassword
    change_password: ChangePassword
    offer_totp: OfferTotp
    confirm_totp: ConfirmTotp
    renew_recovery: RenewRecovery
    show_own_data: ShowOwnData
    correct_own_data: CorrectOwnData


def build_access(settings: Settings, work: Workspace) -> AccessCases:
    """Raises ``DomainError`` "sealed.bad_key_file"."""
    secrets = SystemSecrets(_digest_key(settings))
    hasher = Argon2Hasher()
    otp = SealedTotp(open_box(settings), ISSUER)
    rules = SessionRules(settings.session_life, settings.session_idle)
    door = Door(work, secrets)
    start = StartSession(work, secrets, rules)
    prove = ProvePassword(work, hasher, door)
    return AccessCases(
        authorise=Authorise(work),
        authenticate=Authenticate(work, rules),
        start_session=start,
        log_in=LogIn(work, door, hasher, start, TidyAccess(work)),
        finish_log_in=FinishLogIn(work, door, otp, start),
        list_sessions=ListSessions(work, rules),
        end_session=EndSession(work),
        end_all_sessions=EndAllSessions(work),
        issue_token=IssueToken(work, secrets),
        list_tokens=ListTokens(work),
        revoke_token=RevokeToken(work),
        open_account=OpenAccount(work),
        change_account=ChangeAccount(work),
        close_account=CloseAccount(work),
        reopen_account=ReopenAccount(work),
        give_enrolment=GiveEnrolment(work, secrets),
        enrol_password=EnrolPassword(work, hasher, door),
        change_password=ChangePassword(work, hasher, prove),
        offer_totp=OfferTotp(work, otp, prove),
        confirm_totp=ConfirmTotp(work, otp, secrets),
        renew_recovery=RenewRecovery(work, secrets, prove),
        show_own_data=ShowOwnData(work),
        correct_own_data=CorrectOwnData(work),
    )


@dataclass(frozen=True, slots=True)
class OpenedAccess:
    """Accounts without the rest of the service."""

    work: Workspace
    cases: AccessCases


@contextmanager
def open_access(settings: Settings) -> Iterator[OpenedAccess]:
    """For commands over accounts: nothing but the database and the keys is needed, and nothing else is waited for."""
    database = open_database(settings)
    try:
        migrate(database)
        with running_clock(database) as clock:
            work = Workspace(SqlUnitOfWorkFactory(database), clock, RandomIds())
            yield OpenedAccess(work, build_access(settings, work))
    finally:
        database.dispose()


def _digest_key(settings: Settings) -> bytes:
    """Derived from the newest key of secrets at rest (RFC 5869). It counts failed attempts only: a new key forgets
    them."""
    path = settings.secret_key_file
    keys = load_or_make_keys(settings.data_dir / "secret-key") if path is None else load_keys(path)
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"doc-service login attempts")
    return hkdf.derive(keys[0])
