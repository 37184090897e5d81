"""Opening, changing, closing accounts; enrolment; own password and own data; sessions and tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from doc_service.domain.accounts import Account
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.principals import AccountRole, Means, Principal, Scope
from doc_service.services.access.change_account import AccountChanges
from doc_service.services.access.give_enrolment import ENROLMENT_LIFE
from doc_service.services.access.open_account import NewAccount
from doc_service.services.access.own_data import Correction
from tests.access.conftest import PASSWORD, Access

ADMIN = "account:administrator"
NEW = "tamam başqa şifrə"


def refused(code: str) -> pytest.RaisesExc[DomainError]:
    return pytest.raises(DomainError, check=lambda error: code in [fault.code for fault in error.faults])


def machine(access: Access, account: Account, *scopes: Scope) -> tuple[str, Principal]:
    issued = access.issue_token(access.principal(account), "feed", frozenset(scopes or {Scope.READ}), timedelta(days=1))
    return issued.token.id, access.authenticate(issued.secret)


def test_every_fault_of_a_new_account_at_once(access: Access) -> None:
    roles = frozenset({AccountRole.ADMINISTRATOR, AccountRole.SECRETARIAT, AccountRole.MEMBER})
    with pytest.raises(DomainError) as told:
        access.open(NewAccount("x", " ", roles, "ru", "no-address"), ADMIN)
    codes = [fault.code for fault in told.value.faults]
    assert codes.count("account.incompatible_roles") == 2
    assert {"account.bad_login", "account.bad_name", "account.bad_language", "person.bad_email"} <= set(codes)
    assert "account.person_missing" in codes


def test_an_external_party_needs_a_document_that_is_there(access: Access) -> None:
    new = NewAccount("kenar.teref", "Kənar", frozenset({AccountRole.EXTERNAL}), person_id="k1", document_id="none")
    with pytest.raises(NotFoundError, match=r"document\.not_found"):
        access.open(new, ADMIN)


def test_a_change_counts_from_the_next_request_on(access: Access) -> None:
    account = access.account()
    secret = access.enter(account).secret
    units = frozenset({"Hüquq şöbəsi"})
    access.change(account.id, AccountChanges(roles=frozenset({AccountRole.AUDITOR}), units=units), ADMIN)
    principal = access.authenticate(secret)
    assert (principal.roles, principal.units) == ({AccountRole.AUDITOR}, units)
    told = access.events(account.id)[-1]
    assert told.details == {"fields": ["roles", "units"], "roles_before": ["secretariat"], "roles": ["auditor"]}


def test_a_change_over_an_older_state_is_refused(access: Access) -> None:
    account = access.account()
    access.change(account.id, AccountChanges(language="en"), ADMIN, version=0)
    with pytest.raises(ConflictError, match=r"state\.stale"):
        access.change(account.id, AccountChanges(language="az"), ADMIN, version=0)
    again = access.change(account.id, AccountChanges(language="en"), ADMIN, version=1)
    assert again.version == 1


def test_duties_stay_divided_when_they_change(access: Access) -> None:
    account = access.account()
    roles = frozenset({AccountRole.SECRETARIAT, AccountRole.AUDITOR})
    with refused("account.incompatible_roles"):
        access.change(account.id, AccountChanges(roles=roles), ADMIN)
    with refused("account.own_roles"):
        access.change(account.id, AccountChanges(roles=frozenset({AccountRole.AUDITOR})), f"account:{account.id}")
    member = access.account(AccountRole.MEMBER)
    with refused("account.own_roles"):
        access.change(member.id, AccountChanges(units=frozenset({"Hüquq"})), member.person_id)
    assert access.stored(account) == account


def test_the_last_administrator_stays(fresh_access: Access) -> None:
    access = fresh_access
    only = access.account(AccountRole.ADMINISTRATOR)
    with refused("account.last_administrator"):
        access.close(only.id, ADMIN)
    with refused("account.last_administrator"):
        access.change(only.id, AccountChanges(roles=frozenset({AccountRole.AUDITOR})), ADMIN)
    access.account(AccountRole.ADMINISTRATOR)
    access.close(only.id, ADMIN)


def test_closing_ends_everything_and_reopening_starts_anew(access: Access) -> None:
    account = access.account()
    recovery = access.second_step(account)
    principal = access.principal(account)
    secret = access.start(account.id, Means.OIDC).secret
    token = access.issue_token(principal, "feed", frozenset({Scope.READ}), timedelta(days=1)).secret
    pending = access.give_enrolment(account.id, ADMIN).token
    ticket = access.ticket(account)
    assert not access.close(account.id, ADMIN).active
    for used in (secret, token):
        with refused("session.invalid"):
            access.authenticate(used)
    with refused("login.code_wrong"):
        access.finish(ticket, recovery[0])
    for step in (
        lambda: access.start(account.id, Means.SIGNATURE),
        lambda: access.give_enrolment(account.id, ADMIN),
        lambda: access.change(account.id, AccountChanges(language="en"), ADMIN),
    ):
        with refused("account.closed"):
            step()
    assert access.close(account.id, ADMIN) == access.stored(account)
    assert access.actions(account.id).count("account.closed") == 1
    assert access.reopen(account.id, ADMIN).active
    for used in (secret, token):
        with refused("session.invalid"):
            access.authenticate(used)
    with refused("enrolment.invalid"):
        access.enrol(pending, NEW)
    with refused("login.failed"):
        access.log_in(account.login, PASSWORD)
    access.clock.pass_(timedelta(minutes=1))
    access.enrol(access.give_enrolment(account.id, ADMIN).token, NEW)
    assert access.enter(account, NEW).session.means is Means.PASSWORD


def test_an_enrolment_counts_once_and_for_three_days(access: Access) -> None:
    account = access.account(password="")
    first = access.give_enrolment(account.id, ADMIN)
    second = access.give_enrolment(account.id, ADMIN)
    assert first.token not in repr(first)
    with refused("enrolment.invalid"):
        access.enrol(first.token, NEW)
    with refused("password.too_short"):
        access.enrol(second.token, "qısa")
    access.clock.pass_(ENROLMENT_LIFE - timedelta(microseconds=1))
    access.enrol(second.token, NEW)
    with refused("enrolment.invalid"):
        access.enrol(second.token, PASSWORD)
    third = access.give_enrolment(account.id, ADMIN)
    access.clock.pass_(ENROLMENT_LIFE)
    with refused("enrolment.invalid"):
        access.enrol(third.token, PASSWORD)
    assert access.enter(account, NEW)


@pytest.mark.parametrize("text", ["", "x", "dse_nobody_" + "A" * 43, "dss_nobody_" + "A" * 43])
def test_anything_else_is_no_enrolment(access: Access, text: str) -> None:
    with refused("enrolment.invalid"):
        access.enrol(text, NEW)


@pytest.mark.parametrize("reset", [False, True])
def test_an_enrolment_keeps_the_second_step_unless_it_is_lost(access: Access, reset: bool) -> None:
    account = access.account()
    access.second_step(account)
    secret = access.start(account.id, Means.OIDC).secret
    access.enrol(access.give_enrolment(account.id, ADMIN, reset_second_step=reset).token, NEW)
    with refused("session.invalid"):
        access.authenticate(secret)
    assert access.events(account.id)[-1].details == {"by": "enrolment", "second_step_reset": reset}
    if reset:
        assert access.enter(account, NEW)
    else:
        assert access.finish(access.ticket(account, NEW), access.code(account))


def test_the_owner_changes_the_password_by_the_old_one(access: Access) -> None:
    account = access.account()
    mine, other = access.enter(account), access.enter(account)
    principal = access.authenticate(mine.secret)
    with refused("password.wrong"):
        access.change_password(principal, "wrong", NEW)
    with refused("password.unchanged"):
        access.change_password(principal, PASSWORD, PASSWORD)
    with refused("password.like_login"):
        access.change_password(principal, PASSWORD, f"{account.login}-12")
    with refused("password.too_short"):
        access.change_password(principal, PASSWORD, "qısa")
    access.change_password(principal, PASSWORD, NEW)
    assert access.authenticate(mine.secret) == principal
    with refused("session.invalid"):
        access.authenticate(other.secret)
    assert access.enter(account, NEW)


def test_whoever_found_an_open_session_cannot_guess_the_password_there(access: Access) -> None:
    principal = access.principal(access.account())
    for _ in range(5):
        with refused("password.wrong"):
            access.offer_totp(principal, "wrong")
    with refused("login.locked"):
        access.change_password(principal, PASSWORD, NEW)


def test_an_account_without_a_password_has_no_second_step(access: Access) -> None:
    principal = access.principal(access.account(password=""), Means.OIDC)
    with refused("password.none"):
        access.offer_totp(principal, "")
    with refused("totp.none"):
        access.renew_recovery(access.principal(access.account()), PASSWORD)


def test_a_person_sees_what_is_kept(access: Access) -> None:
    account = access.account()
    access.second_step(account)
    principal = access.principal(account)
    access.issue_token(principal, "feed", frozenset({Scope.READ}), timedelta(days=1))
    own = access.show_own_data(principal)
    assert own.account == account
    assert own.second_step
    assert own.recovery_codes_left == 10
    assert own.password_set_at is not None
    assert principal.session_id in [session.id for session in own.sessions]
    assert [token.name for token in own.tokens] == ["feed"]
    assert str(own.events[0].action) == "token.issued"
    assert str(own.events[-1].action) == "account.opened"


def test_a_person_corrects_name_address_and_language(access: Access) -> None:
    account = access.account()
    principal = access.principal(account)
    saved = access.correct(principal, Correction("Yeni Ad", "yeni@kobia.az", language="en"), version=0)
    assert saved == replace(account, display_name="Yeni Ad", email="yeni@kobia.az", language="en", version=1)
    told = access.events(account.id)[-1]
    assert told.details == {"fields": ["display_name", "email", "language"]}
    assert (str(told.action), told.actor) == ("account.corrected", f"account:{account.id}")
    with refused("person.bad_email"):
        access.correct(principal, Correction(email="no"))
    with pytest.raises(ConflictError, match=r"state\.stale"):
        access.correct(principal, Correction(language="az"), version=0)
    assert access.correct(principal, Correction(language="en")) == saved


def test_a_machine_does_nothing_in_its_owner_s_place(access: Access) -> None:
    account = access.account()
    _, token = machine(access, account, *Scope)
    for step in (
        lambda: access.change_password(token, PASSWORD, NEW),
        lambda: access.offer_totp(token, PASSWORD),
        lambda: access.confirm_totp(token, "000000"),
        lambda: access.renew_recovery(token, PASSWORD),
        lambda: access.show_own_data(token),
        lambda: access.correct(token, Correction(language="en")),
        lambda: access.issue_token(token, "another", frozenset({Scope.READ}), timedelta(days=1)),
    ):
        with refused("access.session_needed"):
            step()


def test_a_session_ends_idle_and_after_its_life(access: Access) -> None:
    account = access.account()
    idle, busy = access.enter(account), access.enter(account)
    access.clock.pass_(timedelta(minutes=29))
    access.authenticate(busy.secret)
    access.clock.pass_(timedelta(minutes=1))
    with refused("session.expired"):
        access.authenticate(idle.secret)
    for _ in range(23):
        access.authenticate(busy.secret)
        access.clock.pass_(timedelta(minutes=29, seconds=59))
    assert access.clock.now() < busy.session.expires_at
    access.authenticate(busy.secret)
    access.clock.pass_(busy.session.expires_at - access.clock.now())
    with refused("session.expired"):
        access.authenticate(busy.secret)


def test_a_session_is_written_once_a_minute(access: Access) -> None:
    started = access.enter(access.account())

    def seen() -> object:
        with access.units.reading() as uow:
            session = uow.sessions.find(started.session.id)
        assert session is not None
        return session.seen_at - started.session.started_at

    for seconds, expected in ((59, 0), (1, 60), (59, 60), (1, 120)):
        access.clock.pass_(timedelta(seconds=seconds))
        access.authenticate(started.secret)
        assert seen() == timedelta(seconds=expected)


def test_devices_are_listed_and_sent_away(access: Access) -> None:
    account, stranger = access.account(), access.account()
    mine, phone, old = (access.start(account.id, Means.PASSWORD, name) for name in ("kompüter", "telefon", "köhnə"))
    foreign = access.start(stranger.id, Means.PASSWORD)
    assert {s.device for s in access.list_sessions(account.id)} == {"kompüter", "telefon", "köhnə"}
    access.end_session(account.id, phone.session.id, ADMIN)
    access.end_session(account.id, phone.session.id, ADMIN)
    assert access.actions(account.id).count("session.ended") == 1
    with refused("session.invalid"):
        access.authenticate(phone.secret)
    for missing in (foreign.session.id, "nobody's"):
        with refused("session.not_found"):
            access.end_session(account.id, missing, ADMIN)
    access.authenticate(foreign.secret)
    assert access.end_all(account.id, ADMIN, but=mine.session.id) == 1
    with refused("session.invalid"):
        access.authenticate(old.secret)
    access.authenticate(mine.secret)
    assert access.end_all(account.id, ADMIN) == 1
    assert list(access.list_sessions(account.id)) == []


def test_a_service_token(access: Access) -> None:
    account, stranger = access.account(), access.account()
    token_id, principal = machine(access, account, Scope.READ, Scope.AUDIT)
    assert principal.scopes == {Scope.READ, Scope.AUDIT}
    assert (principal.means, principal.session_id) == (Means.TOKEN, token_id)
    with refused("token.not_found"):
        access.revoke_token(stranger.id, token_id, ADMIN)
    with refused("token.no_scopes"):
        access.issue_token(access.principal(account), " ", frozenset(), timedelta(days=400))
    for _ in range(2):
        access.revoke_token(account.id, token_id, ADMIN)
    assert access.actions(account.id).count("token.revoked") == 1
    (kept,) = access.list_tokens(account.id)
    assert kept.revoked_at == access.clock.now()
    assert kept.used_at == access.clock.now()


def test_a_token_ends_by_revocation_and_by_its_day(access: Access) -> None:
    account = access.account()
    revoked, lasting = (
        access.issue_token(access.principal(account), "feed", frozenset({Scope.READ}), timedelta(days=1))
        for _ in range(2)
    )
    access.revoke_token(account.id, revoked.token.id, ADMIN)
    with refused("session.invalid"):
        access.authenticate(revoked.secret)
    access.clock.pass_(timedelta(days=1) - timedelta(microseconds=1))
    access.authenticate(lasting.secret)
    access.clock.pass_(timedelta(microseconds=1))
    with refused("session.expired"):
        access.authenticate(lasting.secret)


@pytest.mark.parametrize("kind", ["session", "token"])
def test_a_secret_is_kept_as_its_digest_only(access: Access, kind: str) -> None:
    account = access.account()
    if kind == "session":
        secret = access.enter(account).secret
    else:
        secret = access.issue_token(access.principal(account), "x", frozenset({Scope.READ}), timedelta(days=1)).secret
    random = secret.rsplit("_", 1)[-1] if secret.count("_") == 2 else secret[-43:]
    with access.engine.connect() as connection:
        for table in ("sessions", "service_tokens", "audit_events"):
            assert random not in repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
    for wrong in (secret[:-1], secret + "A", secret.replace("ds", "dx", 1), secret[:-2] + "--", ""):
        with refused("session.invalid"):
            access.authenticate(wrong)
    swapped = secret.replace("dss_", "dst_") if kind == "session" else secret.replace("dst_", "dss_")
    with refused("session.invalid"):
        access.authenticate(swapped)
