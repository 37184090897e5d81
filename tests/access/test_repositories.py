"""The ports of accounts, credentials, sessions and tokens, on every engine."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from doc_service.domain.accounts import Account, AccountAction, AccountState
from doc_service.domain.credentials import Attempts, Credential
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.principals import AccountRole, Means, Scope
from doc_service.domain.sessions import LoginTicket, ServiceToken, Session
from doc_service.ports import UnitOfWork
from tests.access.conftest import START, Access


@pytest.fixture
def account(access: Access) -> Account:
    return stored(access, new())


def new(**values: object) -> Account:
    key = uuid.uuid4().hex
    made = Account(
        id=key,
        login=f"u{key[:20]}",
        display_name="Məmmədova Əsmər",
        roles=frozenset({AccountRole.SECRETARIAT, AccountRole.MEMBER}),
        created_at=START,
        language="en",
        email="a@b.az",
        person_id=f"p-{key}",
        units=frozenset({"Hüquq şöbəsi", "Maliyyə şöbəsi"}),
    )
    return replace(made, **values)  # type: ignore[arg-type]


def stored(access: Access, account: Account) -> Account:
    with access.units() as uow:
        uow.accounts.add(account)
        uow.commit()
    return account


def test_an_account_comes_back_as_it_went_in(access: Access, account: Account) -> None:
    with access.units() as uow:
        assert uow.accounts.get(account.id) == uow.accounts.find_login(account.login) == account
        assert uow.accounts.find("nobody") is uow.accounts.find_login("nobody") is None
        with pytest.raises(NotFoundError, match=r"account\.not_found"):
            uow.accounts.get("nobody")


def test_a_change_counts_once(access: Access, account: Account) -> None:
    with access.units() as uow:
        saved = uow.accounts.save(replace(account, language="az"))
        assert saved.version == 1
        uow.commit()
    with access.units() as uow:
        assert uow.accounts.get(account.id) == saved
        with pytest.raises(ConflictError, match=r"state\.stale"):
            uow.accounts.save(replace(account, language="en"))
    with access.units() as uow, pytest.raises(NotFoundError, match=r"account\.not_found"):
        uow.accounts.save(new())


@pytest.mark.parametrize(
    ("field", "code"),
    [("id", "exists"), ("login", "login_taken"), ("fin", "fin_taken"), ("person_id", "person_taken")],
)
def test_what_is_one_person_s_is_not_given_twice(access: Access, field: str, code: str) -> None:
    first = stored(access, new(fin=uuid.uuid4().hex[:7].upper()))
    other = new(**{field: getattr(first, field)})
    with access.units() as uow, pytest.raises(ConflictError) as refused:
        uow.accounts.add(other)
    assert refused.value.code == f"account.{code}"
    if field != "id":
        second = stored(access, new())
        with access.units() as uow, pytest.raises(ConflictError) as refused:
            uow.accounts.save(replace(second, **{field: getattr(first, field)}))
        assert refused.value.code == f"account.{code}"


def test_a_closed_account_frees_the_person_but_not_the_login(access: Access) -> None:
    first = stored(access, new(fin="ABCDEF1"))
    with access.units() as uow:
        uow.accounts.save(first.moved(AccountAction.CLOSE))
        uow.commit()
    stored(access, new(fin="ABCDEF1", person_id=first.person_id))
    with access.units() as uow, pytest.raises(ConflictError, match=r"account\.login_taken"):
        uow.accounts.add(new(login=first.login))
    with access.units() as uow, pytest.raises(ConflictError, match=r"account\.fin_taken"):
        uow.accounts.save(uow.accounts.get(first.id).moved(AccountAction.REOPEN))


def test_a_person_may_be_the_external_party_of_several_documents(access: Access) -> None:
    person, one, two = uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex
    role = frozenset({AccountRole.EXTERNAL})
    first = stored(access, new(person_id=person, fin="ABCDEF2", roles=role, document_id=one))
    second = stored(access, new(person_id=person, fin="ABCDEF2", roles=role, document_id=two))
    with access.units() as uow:
        assert {a.id for a in uow.accounts.of_fin("ABCDEF2")} == {first.id, second.id}
        assert {a.id for a in uow.accounts.of_person(person)} == {first.id, second.id}
        assert uow.accounts.of_document(two) == [second]
        with pytest.raises(ConflictError, match=r"account\.fin_taken"):
            uow.accounts.add(new(fin="ABCDEF2", roles=role, document_id=two))


def test_nobody_is_found_by_nothing(access: Access, account: Account) -> None:
    with access.units() as uow:
        assert list(uow.accounts.of_fin("")) == list(uow.accounts.of_person("")) == []
        assert list(uow.accounts.of_document("")) == []
        assert uow.accounts.find_login("") is None


def test_pages_by_login(fresh_access: Access) -> None:
    names = [f"name{number}" for number in range(7)]
    for name in reversed(names):
        stored(fresh_access, new(login=name))
    with fresh_access.units() as uow:
        uow.accounts.save(uow.accounts.find_login("name3").moved(AccountAction.CLOSE))  # type: ignore[union-attr]
        uow.commit()
    with fresh_access.units.reading() as uow:
        first = [a.login for a in uow.accounts.page(limit=3)]
        rest = [a.login for a in uow.accounts.page(after=first[-1])]
        assert first + rest == names
        closed = uow.accounts.page(state=AccountState.CLOSED)
        assert [a.login for a in closed] == ["name3"]


def test_administrators_are_the_active_ones(fresh_access: Access) -> None:
    role = frozenset({AccountRole.ADMINISTRATOR})
    first, second = (stored(fresh_access, new(roles=role, login=f"admin{n}")) for n in range(2))
    stored(fresh_access, new())
    with fresh_access.units() as uow:
        assert uow.accounts.administrators() == [first, second]
        uow.accounts.save(first.moved(AccountAction.CLOSE))
        assert uow.accounts.administrators() == [second]


def test_credentials(access: Access, account: Account) -> None:
    with access.units() as uow:
        assert uow.credentials.get(account.id) == Credential(account.id)
        full = Credential(account.id, "$argon2id$", START, b"\x01", b"\x02", 5, "ab" * 32, START, True)
        uow.credentials.save(full)
        assert uow.credentials.get(account.id) == full
        uow.credentials.save(Credential(account.id))
        assert uow.credentials.get(account.id) == Credential(account.id)
        assert uow.credentials.get("") == Credential("")
    with access.units() as uow, pytest.raises(DomainError, match=r"persistence\.unknown_reference"):
        uow.credentials.save(Credential("nobody"))


def test_a_step_is_taken_once_and_never_an_earlier_one(access: Access, account: Account) -> None:
    with access.units() as uow:
        assert not uow.credentials.use_step(account.id, 10)
        uow.credentials.save(Credential(account.id))
        assert [uow.credentials.use_step(account.id, step) for step in (10, 10, 9, 11)] == [True, False, False, True]


def test_recovery_codes_are_taken_once_each(access: Access, account: Account) -> None:
    with access.units() as uow:
        uow.credentials.set_recovery(account.id, ["a" * 64, "b" * 64])
        assert uow.credentials.recovery_left(account.id) == 2
        assert uow.credentials.use_recovery(account.id, "a" * 64, START)
        assert not uow.credentials.use_recovery(account.id, "a" * 64, START)
        assert not uow.credentials.use_recovery(account.id, "c" * 64, START)
        assert not uow.credentials.use_recovery("other", "b" * 64, START)
        assert uow.credentials.recovery_left(account.id) == 1
        uow.credentials.set_recovery(account.id, ["d" * 64])
        assert not uow.credentials.use_recovery(account.id, "b" * 64, START)
        assert uow.credentials.recovery_left(account.id) == 1


def test_attempts(access: Access) -> None:
    key = uuid.uuid4().hex
    with access.units() as uow:
        assert uow.credentials.attempts(key) == Attempts()
        uow.credentials.put_attempts(key, Attempts(3, START))
        uow.credentials.put_attempts(key, Attempts(4, START))
        assert uow.credentials.attempts(key) == Attempts(4, START)
        assert uow.credentials.forget_attempts(START) == 0
        assert uow.credentials.attempts(key) == Attempts(4, START)
        assert uow.credentials.forget_attempts(START + timedelta(microseconds=1)) == 1
        uow.credentials.put_attempts(key, Attempts(1, START))
        uow.credentials.put_attempts(key, Attempts())
        assert uow.credentials.attempts(key) == Attempts()


def test_tickets_are_taken_once(access: Access, account: Account) -> None:
    one, two = (LoginTicket(uuid.uuid4().hex, account.id, "0" * 64, "Firefox", START + timedelta(n)) for n in range(2))
    with access.units() as uow:
        uow.credentials.add_ticket(one)
        uow.credentials.add_ticket(two)
        assert uow.credentials.ticket(one.id) == one
        assert [uow.credentials.take_ticket(one.id) for _ in range(2)] == [True, False]
        assert uow.credentials.ticket(one.id) is None
        uow.credentials.drop_tickets(two.expires_at)
        assert uow.credentials.ticket(two.id) == two
        uow.credentials.drop_tickets(two.expires_at + timedelta(microseconds=1))
        assert uow.credentials.ticket(two.id) is None


def session(account: Account, number: int = 0) -> Session:
    at = START + timedelta(minutes=number)
    until = at + timedelta(hours=12)
    return Session(uuid.uuid4().hex, account.id, "0" * 64, Means.SIGNATURE, "telefon", at, at, until)


def fill(uow: UnitOfWork, account: Account) -> list[Session]:
    made = [session(account, number) for number in range(3)]
    for one in made:
        uow.sessions.add(one)
    return made


def test_sessions(access: Access, account: Account) -> None:
    with access.units() as uow:
        made = fill(uow, account)
        assert uow.sessions.find(made[1].id) == made[1]
        assert uow.sessions.of_account(account.id) == made[::-1]
        later = START + timedelta(minutes=30)
        assert uow.sessions.end(made[1].id, later)
        assert not uow.sessions.end(made[1].id, later + timedelta(minutes=1))
        assert uow.sessions.find(made[1].id) == replace(made[1], ended_at=later)
        assert uow.sessions.of_account(account.id) == [made[2], made[0]]
        assert uow.sessions.end_all(account.id, later, but=made[0].id) == 1
        assert uow.sessions.of_account(account.id) == [made[0]]
        assert uow.sessions.end_all(account.id, later) == 1
        assert uow.sessions.end_all(account.id, later) == 0
    with access.units() as uow, pytest.raises(DomainError, match=r"persistence\.unknown_reference"):
        uow.sessions.add(session(new()))


def test_a_session_is_touched_when_it_was_not_just_seen(access: Access, account: Account) -> None:
    with access.units() as uow:
        one = fill(uow, account)[0]
        later = START + timedelta(minutes=1)
        assert not uow.sessions.touch(one.id, later, START - timedelta(microseconds=1))
        assert uow.sessions.touch(one.id, later, START)
        assert uow.sessions.find(one.id) == replace(one, seen_at=later)
        uow.sessions.end(one.id, later)
        assert not uow.sessions.touch(one.id, later + timedelta(hours=1), later)


def test_sessions_long_over_are_purged(access: Access, account: Account) -> None:
    with access.units() as uow:
        first, second, third = fill(uow, account)
        assert uow.sessions.purge(second.expires_at) >= 1
        assert uow.sessions.find(first.id) is None
        assert uow.sessions.of_account(account.id) == [third, second]


def test_tokens(access: Access, account: Account) -> None:
    made = [
        ServiceToken(
            uuid.uuid4().hex, account.id, f"feed {n}", frozenset({Scope.READ, Scope.AUDIT}), "0" * 64,
            START + timedelta(minutes=n), START + timedelta(days=1),
        )
        for n in range(2)
    ]  # fmt: skip
    with access.units() as uow:
        for token in made:
            uow.tokens.add(token)
        assert uow.tokens.find(made[0].id) == made[0]
        assert uow.tokens.find("none") is None
        assert uow.tokens.of_account(account.id) == made[::-1]
        assert uow.tokens.touch(made[0].id, START, START - timedelta(minutes=1))
        assert not uow.tokens.touch(made[0].id, START, START - timedelta(minutes=1))
        assert uow.tokens.revoke(made[0].id, START)
        assert not uow.tokens.revoke(made[0].id, START)
        assert uow.tokens.find(made[0].id) == replace(made[0], used_at=START, revoked_at=START)
        assert uow.tokens.revoke_all(account.id, START) == 1
        assert all(token.revoked_at == START for token in uow.tokens.of_account(account.id))
