"""Log-in by password, second step and recovery code; the lockout; what the log keeps of it."""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from doc_service.access.passwords import Argon2Cost, Argon2Hasher
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import AccountRole, Means
from doc_service.services.access.log_in import LogIn, SecondStep
from doc_service.services.access.tidy import TidyAccess
from tests.access.conftest import CHEAP, PASSWORD, START, Access


def refused(code: str) -> pytest.RaisesExc[DomainError]:
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def test_a_right_password_gives_a_session(access: Access) -> None:
    account = access.account(AccountRole.MEMBER, person_id="p-login")
    started = access.log_in(f"  {account.login.upper()} ", PASSWORD, "Firefox\non Linux")
    assert not isinstance(started, SecondStep)
    principal = access.authenticate(started.secret)
    assert principal.account_id == account.id
    assert principal.roles == {AccountRole.MEMBER}
    assert (principal.means, principal.person_id, principal.scopes) == (Means.PASSWORD, "p-login", None)
    assert started.session.device == "Firefox on Linux"
    assert access.events(account.id)[-1].details == {"means": "password", "session": started.session.id}


def test_a_password_typed_on_another_keyboard(access: Access) -> None:
    account = access.account(password="ü" + "ç alma, iki nar")
    assert access.log_in(account.login, "u\u0308ç alma, iki nar")


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("nobody", PASSWORD),
        ("{login}", "wrong"),
        ("{login}", ""),
        ("{login}", PASSWORD + "x" * 300),
        ("{login}", "\ud800"),
        ("\ud800", PASSWORD),
        ("\x00", PASSWORD),
        ("x" * 10_000, PASSWORD),
        ("", ""),
    ],
)
def test_whatever_is_wrong_is_told_alike(access: Access, login: str, password: str) -> None:
    account = access.account()
    with refused("login.failed") as told:
        access.log_in(login.format(login=account.login), password)
    assert told.value.faults[0].params == {}


def test_an_account_without_a_password_and_a_closed_one_do_not_open(access: Access) -> None:
    for account in (access.account(password=""), access.account()):
        if access.credential(account).password_hash:
            access.close(account.id, "operator")
        for password in ("", PASSWORD):
            with refused("login.failed"):
                access.log_in(account.login, password)


def test_the_log_keeps_failures_without_what_was_typed(access: Access) -> None:
    account = access.account()
    secret = "parol-yerinə-yazılan-ad"
    before = len(access.events("unknown", "login"))
    with refused("login.failed"):
        access.log_in(account.login, "wrong-password-7")
    with refused("login.failed"):
        access.log_in(secret, "wrong-password-8")
    told = access.events(account.id)[-1]
    assert (told.actor, str(told.action), told.details) == ("anonymous", "login.failed", {"step": "password"})
    unknown = access.events("unknown", "login")
    assert len(unknown) == before + 1
    assert unknown[-1].subject_id == "unknown"
    kept = json.dumps([event.as_json() for event in (told, unknown[-1])], ensure_ascii=False)
    assert secret not in kept
    assert "wrong" not in kept
    with access.engine.connect() as connection:
        for table in ("login_attempts", "audit_events"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert secret not in repr(rows)


@pytest.mark.parametrize("known", [True, False])
def test_guessing_is_slowed_down_alike_for_names_that_nobody_has(access: Access, known: bool) -> None:
    login = access.account().login if known else f"nobody-{access.account().login}"
    for _ in range(5):
        with refused("login.failed"):
            access.log_in(login, "wrong")
    with refused("login.locked") as told:
        access.log_in(login, PASSWORD)
    assert told.value.faults[0].params == {"seconds": 15}
    access.clock.pass_(timedelta(seconds=14))
    with refused("login.locked") as told:
        access.log_in(login, PASSWORD)
    assert told.value.faults[0].params == {"seconds": 1}
    access.clock.pass_(timedelta(seconds=1))
    with refused("login.failed"):
        access.log_in(login, "wrong")
    access.clock.pass_(timedelta(seconds=15))
    with refused("login.locked"):
        access.log_in(login, PASSWORD)
    access.clock.pass_(timedelta(seconds=15))
    if known:
        assert access.log_in(login, PASSWORD)
    else:
        with refused("login.failed"):
            access.log_in(login, PASSWORD)


def test_a_success_forgets_the_failures(access: Access) -> None:
    account = access.account()
    for _ in range(3):
        for _ in range(4):
            with refused("login.failed"):
                access.log_in(account.login, "wrong")
        access.enter(account)


def test_an_administrator_s_enrolment_ends_the_wait(access: Access) -> None:
    account = access.account()
    for _ in range(6):
        with pytest.raises(DomainError):
            access.log_in(account.login, "wrong")
    access.enrol(access.give_enrolment(account.id, "operator").token, "başqa uzun şifrə")
    assert access.log_in(account.login, "başqa uzun şifrə")


def test_an_unknown_name_costs_as_much_as_a_wrong_password(access: Access) -> None:
    """By processor time, which no other load on the machine changes."""
    hasher = Argon2Hasher(Argon2Cost(memory_kib=32768, passes=3, lanes=1))
    log_in = LogIn(access.work, access.door, hasher, access.start, TidyAccess(access.work))
    known = access.account()
    with access.units() as uow:
        uow.credentials.save(replace(uow.credentials.get(known.id), password_hash=hasher.hash(PASSWORD)))
        uow.commit()
    without = access.account(password="")
    times: dict[str, list[float]] = {known.login: [], without.login: [], "nobody-at-all": []}
    for _ in range(5):
        for login, spent in times.items():
            began = time.process_time()
            with refused("login.failed"):
                log_in(login, "a wrong password")
            spent.append(time.process_time() - began)
        access.clock.pass_(timedelta(days=2))
    began = time.process_time()
    hasher.verify("", "a wrong password")
    one = time.process_time() - began
    medians = [statistics.median(spent) for spent in times.values()]
    assert min(medians) > one * 0.7
    assert max(medians) - min(medians) < one * 0.4


def test_new_parameters_renew_the_hash_at_the_next_log_in(access: Access) -> None:
    account = access.account()
    old = access.credential(account).password_hash
    stronger = Argon2Hasher(Argon2Cost(memory_kib=128, passes=2, lanes=1))
    log_in = LogIn(access.work, access.door, stronger, access.start, TidyAccess(access.work))
    assert log_in(account.login, PASSWORD)
    renewed = access.credential(account).password_hash
    assert "m=128,t=2,p=1" in renewed
    assert "m=64,t=1,p=1" in old
    assert log_in(account.login, PASSWORD)
    assert access.credential(account).password_hash == renewed


def test_a_damaged_hash_opens_nothing() -> None:
    hasher = Argon2Hasher(CHEAP)
    good = hasher.hash(PASSWORD)
    assert hasher.verify(good, PASSWORD)
    for hashed in ("", "x", good[:-1], good.replace("m=64", "m=65"), "$argon2id$v=19$m=64,t=1,p=1$$"):
        assert not hasher.verify(hashed, PASSWORD)


def test_the_second_step(access: Access) -> None:
    account = access.account()
    access.second_step(account)
    step = access.log_in(account.login, PASSWORD, "telefon")
    assert isinstance(step, SecondStep)
    started = access.finish(step.ticket, access.code(account))
    assert started.session.means is Means.PASSWORD_TOTP
    assert started.session.device == "telefon"
    with refused("login.ticket_invalid"):
        access.finish(step.ticket, access.code(account, 1))


def test_a_ticket_is_no_session_and_a_session_no_ticket(access: Access) -> None:
    account = access.account()
    access.second_step(account)
    ticket = access.ticket(account)
    with refused("session.invalid"):
        access.authenticate(ticket)
    secret = access.start(account.id, Means.OIDC).secret
    for wrong in (secret, ticket[:-1] + ("A" if ticket[-1] != "A" else "B"), "", "dsl_x_" + "A" * 43):
        with refused("login.ticket_invalid"):
            access.finish(wrong, access.code(account))


def test_a_ticket_is_good_for_five_minutes(access: Access) -> None:
    account = access.account()
    access.second_step(account)
    ticket = access.ticket(account)
    access.clock.pass_(timedelta(minutes=5) - timedelta(microseconds=1))
    with refused("login.code_wrong"):
        access.finish(ticket, "000")
    access.clock.pass_(timedelta(microseconds=1))
    with refused("login.ticket_invalid"):
        access.finish(ticket, access.code(account))


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_code_counts_once_and_so_does_every_earlier_one(access: Access, offset: int) -> None:
    account = access.account()
    access.second_step(account)
    code = access.code(account, offset)
    access.finish(access.ticket(account), code)
    for used in (code, *(access.code(account, earlier) for earlier in range(-2, offset))):
        with refused("login.code_wrong"):
            access.finish(access.ticket(account), used)
        access.clock.pass_(timedelta(0))


@pytest.mark.parametrize("offset", [-2, 2])
def test_a_code_of_another_time_is_wrong(access: Access, offset: int) -> None:
    account = access.account()
    access.second_step(account)
    with refused("login.code_wrong"):
        access.finish(access.ticket(account), access.code(account, offset))


def test_somebody_who_has_the_password_cannot_guess_codes(access: Access) -> None:
    """The right password in between does not start the count anew."""
    account = access.account()
    access.second_step(account)
    tried = 0
    with refused("login.locked"):
        for _ in range(50):
            ticket = access.ticket(account)
            with refused("login.code_wrong"):
                access.finish(ticket, "000000")
            tried += 1
    assert tried == 5
    access.clock.pass_(timedelta(seconds=15))
    access.finish(access.ticket(account), access.code(account))


def test_a_recovery_code_opens_once(access: Access) -> None:
    account = access.account()
    codes = access.second_step(account)
    assert len(set(codes)) == 10
    started = access.finish(access.ticket(account), codes[3].lower().replace("-", " "))
    assert started.session.means is Means.PASSWORD_RECOVERY
    with refused("login.code_wrong"):
        access.finish(access.ticket(account), codes[3])
    access.finish(access.ticket(account), codes[4])


def test_new_recovery_codes_end_the_old_ones(access: Access) -> None:
    account = access.account()
    old = access.second_step(account)
    principal = access.principal(account)
    new = access.renew_recovery(principal, PASSWORD)
    assert not set(old) & set(new)
    with refused("login.code_wrong"):
        access.finish(access.ticket(account), old[0])
    access.finish(access.ticket(account), new[0])


def test_a_device_counts_only_when_it_has_shown_a_code(access: Access) -> None:
    account = access.account()
    principal = access.principal(account)
    with refused("totp.not_offered"):
        access.confirm_totp(principal, "000000")
    offer = access.offer_totp(principal, PASSWORD)
    assert offer.uri.startswith(f"otpauth://totp/doc-service:{account.login}?")
    assert offer.secret in offer.uri
    assert access.log_in(account.login, PASSWORD)
    with refused("login.code_wrong"):
        access.confirm_totp(principal, "000000")
    code = access.code(account, pending=True)
    others = access.principal(account)
    assert len(access.confirm_totp(principal, code)) == 10
    with refused("session.invalid"):
        access.authenticate(others_secret(access, others.session_id))
    with refused("login.code_wrong"):
        access.finish(access.ticket(account), code)


def others_secret(access: Access, session_id: str) -> str:
    """The session was ended, whatever its secret is."""
    with access.units.reading() as uow:
        session = uow.sessions.find(session_id)
    assert session is not None
    assert session.ended_at is not None
    return "dss_" + session_id + "_" + "A" * 43


def test_the_seed_is_sealed_for_its_account(access: Access) -> None:
    account, other = access.account(), access.account()
    offer = access.offer_totp(access.principal(account), PASSWORD)
    kept = access.credential(account).totp_pending
    assert offer.secret.encode() not in kept
    with refused("sealed.unreadable"):
        access.otp.code_at(other.id, kept, access.step)


def test_what_is_over_is_taken_away(access: Access) -> None:
    account = access.account()
    old = access.enter(account)
    with refused("login.failed"):
        access.log_in("somebody-unknown", "x")
    access.clock.pass_(timedelta(days=31, hours=12))
    access.enter(account)
    with access.units.reading() as uow:
        assert uow.sessions.find(old.session.id) is None
    with access.engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM login_attempts WHERE failures > 0").scalar()
        oldest = connection.exec_driver_sql("SELECT min(failed_at) FROM login_attempts").scalar()
    assert left == 0, (oldest, START)
