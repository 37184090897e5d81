"""Several at once: what counts once is given to one, and guessing in parallel is no way around the lockout."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest

from doc_service.domain.accounts import Account
from doc_service.domain.errors import DomainError
from doc_service.domain.principals import AccountRole
from doc_service.services.access.change_account import AccountChanges
from doc_service.services.access.open_account import NewAccount
from doc_service.services.access.start_session import Started
from tests.access.conftest import PASSWORD, Access

T = TypeVar("T")


def at_once(*steps: Callable[[], T]) -> tuple[list[T], list[str]]:
    """Results, and codes of refusals, of steps that begin together."""
    barrier = threading.Barrier(len(steps))
    done: list[T] = []
    refusals: list[str] = []

    def run(step: Callable[[], T]) -> None:
        barrier.wait(timeout=30)
        try:
            done.append(step())
        except DomainError as error:
            refusals.append(error.code)

    with ThreadPoolExecutor(len(steps)) as pool:
        for future in [pool.submit(run, step) for step in steps]:
            future.result(timeout=120)
    return done, refusals


@pytest.mark.parametrize("with_recovery", [False, True], ids=["step", "recovery code"])
def test_of_two_with_one_code_one_gets_in(access: Access, with_recovery: bool) -> None:
    account = access.account()
    recovery = access.second_step(account)
    for attempt in range(5):
        code = recovery[attempt] if with_recovery else access.code(account)
        tickets = [access.ticket(account) for _ in range(2)]

        def enter(ticket: str, code: str = code) -> Started:
            return access.finish(ticket, code)

        done, refusals = at_once(*(lambda t=t: enter(t) for t in tickets))  # type: ignore[misc]
        assert len(done) == 1
        assert refusals == ["login.code_wrong"]
        access.clock.pass_(timedelta(minutes=2))
    succeeded = [e for e in access.events(account.id) if e.action == "login.succeeded"]
    assert len([e for e in succeeded if e.details["means"] != "password"]) == 5


def test_of_two_with_one_ticket_one_gets_in(access: Access) -> None:
    account = access.account()
    recovery = access.second_step(account)
    ticket = access.ticket(account)
    done, refusals = at_once(lambda: access.finish(ticket, recovery[0]), lambda: access.finish(ticket, recovery[1]))
    assert (len(done), refusals) == (1, ["login.ticket_invalid"])
    with access.units.reading() as uow:
        assert uow.credentials.recovery_left(account.id) == 9


def test_of_many_guesses_at_once_five_are_looked_at(access: Access) -> None:
    account = access.account()
    guesses = [lambda: access.log_in(account.login, "wrong")] * 12
    done, refusals = at_once(*guesses)
    assert done == []
    assert sorted(refusals) == ["login.failed"] * 5 + ["login.locked"] * 7
    with pytest.raises(DomainError, match=r"login\.locked"):
        access.log_in(account.login, PASSWORD)


def test_many_log_ins_of_one_person_at_once_all_get_in(access: Access) -> None:
    account = access.account()
    done, refusals = at_once(*[lambda: access.enter(account)] * 5)
    assert refusals == []
    assert len({started.session.id for started in done}) == 5


def test_of_two_enrolments_with_one_token_one_counts(access: Access) -> None:
    account = access.account(password="")
    token = access.give_enrolment(account.id, "operator").token
    done, refusals = at_once(
        lambda: access.enrol(token, "birinci uzun şifrə"), lambda: access.enrol(token, "ikinci uzun şifrə")
    )
    assert (len(done), refusals) == (1, ["enrolment.invalid"])


def test_two_accounts_with_one_login_or_person_at_once(access: Access) -> None:
    role = frozenset({AccountRole.MEMBER})

    def new(login: str, person: str) -> Callable[[], Account]:
        return lambda: access.open(NewAccount(login, "Əhmədov", role, person_id=person), "operator")

    done, refusals = at_once(new("racing", "race-1"), new("racing", "race-2"), new("racing", "race-3"))
    assert (len(done), refusals) == (1, ["account.login_taken"] * 2)
    done, refusals = at_once(*(new(f"racing{n}", "race-4") for n in range(3)))
    assert (len(done), refusals) == (1, ["account.person_taken"] * 2)


def test_two_accounts_are_changed_to_one_person_at_once(access: Access) -> None:
    accounts = [access.account(AccountRole.MEMBER) for _ in range(3)]

    def take(account: Account) -> Callable[[], Account]:
        return lambda: access.change(account.id, AccountChanges(fin="RACE001"), "operator")

    done, refusals = at_once(*map(take, accounts))
    assert (len(done), refusals) == (1, ["account.fin_taken"] * 2)


def test_two_administrators_do_not_close_each_other(fresh_access: Access) -> None:
    first, second = (fresh_access.account(AccountRole.ADMINISTRATOR) for _ in range(2))
    done, refusals = at_once(
        lambda: fresh_access.close(first.id, f"account:{second.id}"),
        lambda: fresh_access.close(second.id, f"account:{first.id}"),
    )
    assert (len(done), refusals) == (1, ["account.last_administrator"])


def test_a_session_is_touched_once_by_many_requests(access: Access) -> None:
    account = access.account()
    started = access.enter(account)
    access.clock.pass_(timedelta(minutes=2))
    done, refusals = at_once(*[lambda: access.authenticate(started.secret)] * 8)
    assert (len(done), refusals) == (8, [])


def test_nobody_waits_in_a_circle(access: Access) -> None:
    """Every way to prove oneself at once, again and again: units take what they change in one order."""
    account = access.account()
    recovery = access.second_step(account)
    for round_ in range(4):
        principal = access.principal(account)
        ticket = access.ticket(account)
        token = access.give_enrolment(account.id, "operator").token
        _, refusals = at_once(
            lambda: access.finish(ticket, recovery[round_]),  # noqa: B023
            lambda: access.log_in(account.login, PASSWORD),
            lambda: access.log_in(account.login, "wrong"),
            lambda: access.renew_recovery(principal, "wrong"),  # noqa: B023
            lambda: access.enrol(token, PASSWORD),  # noqa: B023
            lambda: access.close(access.account(password="").id, "operator"),
        )  # type: ignore[misc]
        assert not [code for code in refusals if code.startswith("persistence.")], refusals
        access.clock.pass_(timedelta(days=2))
