"""Rules of accounts, passwords, the lockout, one-time passwords and sessions, by properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from doc_service.domain.accounts import ACCOUNT_TRANSITIONS, Account, AccountAction, AccountState, check_account
from doc_service.domain.authorisation import INCOMPATIBLE
from doc_service.domain.credentials import (
    FORGOTTEN_AFTER,
    FREE_FAILURES,
    STEP,
    Attempts,
    accepted_step,
    check_password,
    normal_recovery_code,
    recovery_digest,
    step_of,
)
from doc_service.domain.errors import ConflictError
from doc_service.domain.principals import AccountRole, Means, Scope
from doc_service.domain.sessions import (
    Session,
    SessionRules,
    check_token,
    device_label,
    is_secret,
    parse_secret,
    secret_sha256,
    secret_text,
)

NOW = datetime(2026, 3, 4, 6, 30, 0, 123456, UTC)
ACCOUNT = Account("a1", "aygun.q", "Quliyeva Aygün", frozenset({AccountRole.SECRETARIAT}), NOW)
LONGEST_WAIT = timedelta(minutes=15)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(), timedelta(days=3))


def codes(faults: object) -> set[str]:
    return {fault.code for fault in faults}  # type: ignore[attr-defined]


@given(st.frozensets(st.sampled_from(AccountRole)))
def test_every_pair_of_incompatible_duties_is_named(roles: frozenset[AccountRole]) -> None:
    """002 §7.1.5: duties are divided: nobody holds two that watch each other."""
    account = replace(ACCOUNT, roles=roles, person_id="p1", document_id="d1" if AccountRole.EXTERNAL in roles else "")
    found = [f.params for f in check_account(account) if f.code == "account.incompatible_roles"]
    named = {frozenset({str(f["role"]), str(f["other_role"])}) for f in found}
    assert named == {frozenset(map(str, pair)) for pair in INCOMPATIBLE if pair <= roles}
    assert ("account.no_roles" in codes(check_account(account))) is (not roles)


@pytest.mark.parametrize("role", [AccountRole.MEMBER, AccountRole.SIGNATORY, AccountRole.EXTERNAL])
def test_a_person_s_part_needs_a_person(role: AccountRole) -> None:
    account = replace(ACCOUNT, roles=frozenset({role}), document_id="d1" if role is AccountRole.EXTERNAL else "")
    assert codes(check_account(account)) == {"account.person_missing"}
    assert check_account(replace(account, person_id="p1")) == ()


def test_an_external_party_has_one_document_and_nobody_else_has() -> None:
    external = replace(ACCOUNT, roles=frozenset({AccountRole.EXTERNAL}), person_id="p1")
    assert codes(check_account(external)) == {"account.document_missing"}
    assert codes(check_account(replace(ACCOUNT, document_id="d1"))) == {"account.document_not_external"}


@pytest.mark.parametrize("login", ["", "ab", "Aygün", "aygün", ".abc", "abc-", "a b c", "a" * 65, "abc\n", "abc\u202e"])
def test_login_names_that_are_none(login: str) -> None:
    assert codes(check_account(replace(ACCOUNT, login=login))) == {"account.bad_login"}


@pytest.mark.parametrize("login", ["abc", "a.quliyeva@kobia.gov.az", "a" * 64, "007"])
def test_login_names(login: str) -> None:
    assert check_account(replace(ACCOUNT, login=login)) == ()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("display_name", " ", "account.bad_name"),
        ("display_name", "A\nB", "account.bad_name"),
        ("language", "ru", "account.bad_language"),
        ("email", "a b@c", "person.bad_email"),
        ("phone", "0501234567", "person.bad_phone"),
        ("phone", "+994 50 123 45 67", "person.bad_phone"),
        ("person_id", "a\x00b", "account.bad_reference"),
        ("document_id", "d" * 201, "account.bad_reference"),
        ("units", frozenset({" "}), "account.bad_reference"),
        ("fin", "5Z7A1BO", "person.bad_fin"),
    ],
)
def test_other_faults_name_their_field(field: str, value: object, code: str) -> None:
    faults = check_account(replace(ACCOUNT, **{field: value}))  # type: ignore[arg-type]
    assert (code, field) in [(f.code, f.field) for f in faults]
    assert {f.code for f in faults} <= {code, "account.document_not_external"}


def test_a_phone_number_and_an_address() -> None:
    assert check_account(replace(ACCOUNT, phone="+994501234567", email="a@kobia.az")) == ()


def test_an_account_is_closed_once_and_reopened() -> None:
    closed = ACCOUNT.moved(AccountAction.CLOSE)
    assert not closed.active
    assert closed.moved(AccountAction.REOPEN) == ACCOUNT
    with pytest.raises(ConflictError):
        closed.moved(AccountAction.CLOSE)
    assert set(ACCOUNT_TRANSITIONS.table.values()) == set(AccountState)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("qisaparol1x", "password.too_short"),
        ("x" * 300 + "abcdef", "password.too_long"),
        ("password1234", "password.too_common"),
        ("AZƏRBAYCAN123", "password.too_common"),
        ("abababababab", "password.too_common"),
        ("aygun.quliyeva", "password.like_login"),
        ("Aygun.Quliyeva1", "password.like_login"),
        ("quliyeva@kobia", "password.like_login"),
    ],
)
def test_passwords_that_are_refused(password: str, code: str) -> None:
    assert code in codes(check_password(password, "aygun.quliyeva", "a.quliyeva@kobia.az"))


@pytest.mark.parametrize("password", ["üç alma, iki nar!", "correct horse battery", "5Ə7-ğüş-öç-İIiı"])
def test_long_passwords_of_any_letters_are_taken(password: str) -> None:
    assert check_password(password, "aygun.quliyeva", "") == ()


def test_the_same_letters_count_the_same_however_typed() -> None:
    assert check_password("ｐａｓｓｗｏｒｄ１２３４") == check_password("password1234")


@given(st.lists(st.tuples(spans, st.booleans()), max_size=60))
def test_the_wait_grows_up_to_a_quarter_of_an_hour_and_ends_by_itself(steps: list[tuple[timedelta, bool]]) -> None:
    """Whatever is tried and whenever: five failures cost nothing, no wait is longer than 15 minutes."""
    now, attempts = NOW, Attempts()
    for pause, obeys in steps:
        now += pause
        wait = attempts.wait(now)
        assert timedelta() <= wait <= LONGEST_WAIT
        assert not wait or attempts.failures >= FREE_FAILURES
        if obeys:
            now += wait
            assert attempts.wait(now) == timedelta()
        if not attempts.wait(now):
            attempts = attempts.failed(now)
    assert attempts.wait(now + LONGEST_WAIT) == timedelta()


def test_the_waits_of_somebody_who_keeps_guessing() -> None:
    now, attempts, waits = NOW, Attempts(), []
    for _ in range(14):
        attempts = attempts.failed(now)
        waits.append(attempts.wait(now).total_seconds())
        now += attempts.wait(now)
    assert waits == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900, 900]


@given(st.integers(0, 40), spans)
def test_more_failures_never_wait_less(failures: int, since: timedelta) -> None:
    now = NOW + since
    waits = [Attempts(failures + more, NOW).wait(now) for more in range(5)]
    assert all(one <= other for one, other in pairwise(waits))


def test_failures_are_forgotten_after_a_day() -> None:
    many = Attempts(50, NOW)
    assert many.at(NOW + FORGOTTEN_AFTER - timedelta(microseconds=1)) == many
    assert many.failed(NOW + FORGOTTEN_AFTER) == Attempts(1, NOW + FORGOTTEN_AFTER)


def test_a_clock_that_went_back_does_not_shorten_the_wait() -> None:
    assert Attempts(7, NOW).failed(NOW - timedelta(hours=1)).last_at == NOW


def test_an_attempt_that_was_none_is_taken_back_and_those_of_others_stay() -> None:
    before = Attempts(6, NOW - timedelta(minutes=5))
    reserved = before.failed(NOW)
    assert reserved.taken_back(reserved, before) == before
    others = reserved.failed(NOW + timedelta(seconds=1))
    assert others.taken_back(reserved, before) == Attempts(7, NOW + timedelta(seconds=1))


def code_at(step: int) -> str:
    """Every step has a code of its own."""
    return f"{step % 1_000_000:06}"


@given(moments, st.integers(-4, 4), st.integers(-4, 4))
def test_a_code_counts_one_step_around_now_and_after_the_last_used(now: datetime, offset: int, used: int) -> None:
    present = step_of(now)
    found = accepted_step(code_at(present + offset), now, present + used, code_at)
    assert found == (present + offset if abs(offset) <= 1 and offset > used else None)


def test_a_code_may_be_typed_with_spaces_and_nothing_else() -> None:
    text = code_at(step_of(NOW))
    assert accepted_step(f" {text[:3]} {text[3:]}", NOW, 0, code_at) == step_of(NOW)
    for other in ("", "x", text[:5], text + "0", "１２３４５６", "\ud800", "ə"):
        assert accepted_step(other, NOW, 0, code_at) is None


class OneTimeCodes(RuleBasedStateMachine):
    """Somebody enters codes of any step at any time; a step is accepted at most once and only grows."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.accepted: list[int] = []

    @rule(pause=st.timedeltas(timedelta(), 3 * STEP))
    def time_goes_on(self, pause: timedelta) -> None:
        self.now += pause

    @rule(offset=st.integers(-3, 3))
    def enter(self, offset: int) -> None:
        step = step_of(self.now) + offset
        last = self.accepted[-1] if self.accepted else 0
        found = accepted_step(code_at(step), self.now, last, code_at)
        if found is not None:
            assert found == step
            assert abs(offset) <= 1
            self.accepted.append(found)

    @invariant()
    def each_step_once(self) -> None:
        assert self.accepted == sorted(set(self.accepted))


TestOneTimeCodes = OneTimeCodes.TestCase


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=16, max_size=16))
def test_a_recovery_code_however_it_is_written(code: str) -> None:
    written = "-".join(code[i : i + 4] for i in range(0, 16, 4)).lower().replace("0", "o").replace("1", "l")
    assert normal_recovery_code(f" {written} ") == code
    assert recovery_digest("a1", written) == recovery_digest("a1", code) != recovery_digest("a2", code)


def test_nothing_is_no_recovery_code() -> None:
    assert recovery_digest("a1", " - ") == ""


def session(**changes: object) -> Session:
    until = NOW + timedelta(hours=12)
    made = Session("s1", "a1", "0" * 64, Means.PASSWORD, "Firefox", NOW, NOW, until)
    return replace(made, **changes)  # type: ignore[arg-type]


@given(spans, spans, st.none() | spans)
def test_a_session_lives_until_the_first_of_its_ends(age: timedelta, idle: timedelta, ended: timedelta | None) -> None:
    assume(idle <= age)
    now, rules = NOW + age, SessionRules()
    one = session(seen_at=now - idle, ended_at=None if ended is None else NOW + ended)
    assert one.live(now, rules) is (age < rules.absolute and idle < rules.idle and ended is None)


def test_a_session_ends_once_and_for_good() -> None:
    ended = session().ended(NOW)
    assert ended.ended(NOW + timedelta(hours=1)) == ended
    assert not ended.live(NOW, SessionRules())


def test_a_session_is_touched_at_most_once_a_minute() -> None:
    assert not session().due_touch(NOW + timedelta(seconds=59))
    assert session().due_touch(NOW + timedelta(seconds=60))


def test_a_secret_finds_its_record_and_is_compared_by_its_digest() -> None:
    random = "A" * 42 + "_"
    text = secret_text("dss", "0b0e-11", random)
    assert parse_secret(text) == ("dss", "0b0e-11")
    assert is_secret(text, secret_sha256(text))
    assert not is_secret(text + "A", secret_sha256(text))


@given(st.text())
def test_anything_else_is_no_secret(text: str) -> None:
    assert parse_secret(text) is None


@pytest.mark.parametrize("text", ["dss_a_" + "A" * 42, "dss_a_" + "A" * 44, "xss_a_" + "A" * 43, "dss__" + "A" * 43])
def test_almost_a_secret_is_none(text: str) -> None:
    assert parse_secret(text) is None


def test_a_device_label_is_one_printable_line() -> None:
    assert device_label("  Firefox\n\x1b[31m on Linux\u202e ") == "Firefox  [31m on Linux"
    assert len(device_label("x" * 1000)) == 200


def test_a_token_needs_a_name_scopes_and_a_life() -> None:
    assert check_token("feed", frozenset({Scope.READ}), timedelta(days=366)) == ()
    found = check_token(" ", frozenset(), timedelta(days=367))
    assert codes(found) == {"token.bad_name", "token.no_scopes", "token.bad_life"}
    assert codes(check_token("feed", frozenset({Scope.READ}), timedelta())) == {"token.bad_life"}
