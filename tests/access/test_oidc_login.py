"""Log-in at a real identity provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from doc_service.access.oidc import OidcProvider, ProviderSettings
from doc_service.access.randomness import SystemSecrets
from doc_service.access.sealed import AesGcmBox
from doc_service.domain.accounts import Account
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.principals import AccountRole, Means
from doc_service.domain.sessions import SessionRules
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from doc_service.services.access.authenticate import Authenticate
from doc_service.services.access.link_identity import LinkIdentity, UnlinkIdentity
from doc_service.services.access.oidc_login import BeginOidc, FinishOidc
from doc_service.services.access.start_session import StartSession
from doc_service.services.base import Workspace
from doc_service.system import RandomIds
from tests.persistence.engines import ENGINES
from tools.servers.oidc import OidcServer, walk

BACK = "https://docs.example.az/v1/login/oidc/callback"
USERS = {"gunel": ("parol-Günel-1", "5AB12CD"), "rauf": ("parol-Rauf-22", "7KL34MN")}


class Clock:
    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at


SECRETS = SystemSecrets(b"k" * 32)


class Desk:
    """The use cases over one provider."""

    def __init__(self, work: Workspace, clock: Clock, provider: OidcProvider) -> None:
        self.work, self.clock = work, clock
        box, rules = AesGcmBox([b"k" * 32]), SessionRules()
        start = StartSession(work, SECRETS, rules)
        providers = {"dovlet": provider}
        self.begin = BeginOidc(work, providers, SECRETS, box, BACK)
        self.finish = FinishOidc(work, providers, box, start, BACK)
        self.link, self.unlink = LinkIdentity(work), UnlinkIdentity(work)
        self.authenticate = Authenticate(work, rules)

    def open(self, account_id: str, fin: str = "") -> None:
        account = Account(
            account_id, account_id, "Əliyeva Günel", frozenset({AccountRole.SECRETARIAT}), self.clock.now(), fin=fin
        )
        with self.work.uow() as uow:
            uow.accounts.add(account)
            uow.commit()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcServer]:
    with OidcServer(tmp_path_factory.mktemp("oidc"), BACK, USERS) as running:
        yield running


@pytest.fixture
def settings(server: OidcServer) -> ProviderSettings:
    return ProviderSettings(
        "dovlet", server.issuer, server.client_id, {"az": "Dövlət", "en": "State"},
        client_secret=server.client_secret, scopes=("openid", "fin"),
    )  # fmt: skip


@pytest.fixture(params=sorted(ENGINES))
def desk_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[ProviderSettings], Desk]]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    with ExitStack() as stack:
        stack.callback(engine.dispose)

        def made(settings: ProviderSettings) -> Desk:
            clock = Clock()
            work = Workspace(SqlUnitOfWorkFactory(engine), clock, RandomIds())
            return Desk(work, clock, OidcProvider(settings, stack.enter_context(httpx.Client())))

        yield made


def returned(url: httpx.URL) -> tuple[str, str]:
    assert str(url).startswith(BACK)
    return url.params["state"], url.params["code"]


def subject_of(desk: Desk, issuer: str, account_id: str) -> str:
    with desk.work.uow.reading() as uow:
        (identity,) = [i for i in uow.logins.of_account(account_id) if i.issuer == issuer]
    return identity.subject


def test_a_linked_subject_opens_its_account_once(
    desk_of: Callable[[ProviderSettings], Desk], settings: ProviderSettings, server: OidcServer
) -> None:
    desk = desk_of(settings)
    desk.open("gunel")
    desk.link("gunel", server.issuer, "1", "account:inzibatci")
    begun = desk.begin("dovlet", "/v1/me")
    state, code = returned(walk(begun.url, "gunel", USERS["gunel"][0]))
    started, on = desk.finish(state, code, begun.browser, "Firefox")
    assert (started.account.id, started.session.means, on) == ("gunel", Means.OIDC, "/v1/me")
    assert desk.authenticate(started.secret).account_id == "gunel"
    with pytest.raises(DomainError, match=r"oidc\.attempt_invalid"):
        desk.finish(state, code, begun.browser)
    assert desk.unlink("gunel", server.issuer, "1", "account:inzibatci")
    begun = desk.begin("dovlet")
    state, code = returned(walk(begun.url, "gunel", USERS["gunel"][0]))
    with pytest.raises(DomainError, match=r"oidc\.no_account"):
        desk.finish(state, code, begun.browser)


def test_fin_counts_only_where_the_settings_vouch_for_it(
    desk_of: Callable[[ProviderSettings], Desk], settings: ProviderSettings
) -> None:
    for claim, enters in (("", False), ("fin", True)):
        desk = desk_of(replace(settings, fin_claim=claim))
        if not enters:
            desk.open("rauf", fin=USERS["rauf"][1])
        begun = desk.begin("dovlet")
        state, code = returned(walk(begun.url, "rauf", USERS["rauf"][0]))
        if enters:
            assert desk.finish(state, code, begun.browser)[0].account.id == "rauf"
        else:
            with pytest.raises(DomainError, match=r"oidc\.no_account"):
                desk.finish(state, code, begun.browser)


@pytest.mark.parametrize("how", ["other_browser", "late", "other_state", "caught_code"])
def test_answers_that_were_not_asked_for(
    how: str, desk_of: Callable[[ProviderSettings], Desk], settings: ProviderSettings, server: OidcServer
) -> None:
    desk = desk_of(settings)
    desk.open("gunel")
    desk.link("gunel", server.issuer, "1", "account:inzibatci")
    begun = desk.begin("dovlet")
    state, code = returned(walk(begun.url, "gunel", USERS["gunel"][0]))
    browser = begun.browser
    if how == "other_browser":
        browser = desk.begin("dovlet").browser
    if how == "late":
        desk.clock.at += timedelta(minutes=10)
    if how == "other_state":
        state += "x"
    if how == "caught_code":
        other = desk.begin("dovlet")
        state, browser = httpx.URL(other.url).params["state"], other.browser
    with pytest.raises(DomainError) as caught:
        desk.finish(state, code, browser)
    assert caught.value.code == ("oidc.refused" if how == "caught_code" else "oidc.attempt_invalid")


def test_tokens_of_another_issuer_client_or_key(
    desk_of: Callable[[ProviderSettings], Desk], settings: ProviderSettings, server: OidcServer
) -> None:
    with pytest.raises(DomainError, match=r"oidc\.bad_answer"):
        desk_of(replace(settings, issuer=server.issuer + "/")).begin("dovlet")
    with pytest.raises(DomainError, match=r"oidc\.unavailable"):
        desk_of(replace(settings, issuer="http://127.0.0.1:9/o")).begin("dovlet")
    with pytest.raises(DomainError, match=r"oidc\.insecure_issuer"):
        desk_of(replace(settings, issuer="http://login.example.az/o"))
    with pytest.raises(NotFoundError, match=r"oidc\.unknown_provider"):
        desk_of(settings).begin("basqa")
    desk = desk_of(replace(settings, client_secret="wrong"))
    begun = desk.begin("dovlet")
    state, code = returned(walk(begun.url, "gunel", USERS["gunel"][0]))
    with pytest.raises(DomainError, match=r"oidc\.refused"):
        desk.finish(state, code, begun.browser)


def test_an_identity_opens_one_account_and_nobody_links_their_own(
    desk_of: Callable[[ProviderSettings], Desk], settings: ProviderSettings, server: OidcServer
) -> None:
    desk = desk_of(settings)
    desk.open("gunel")
    desk.open("rauf")
    desk.link("gunel", server.issuer, "1", "account:inzibatci")
    desk.link("gunel", server.issuer, "1", "account:inzibatci")
    with pytest.raises(ConflictError, match=r"identity\.taken"):
        desk.link("rauf", server.issuer, "1", "account:inzibatci")
    with pytest.raises(DomainError, match=r"account\.own_roles"):
        desk.link("rauf", server.issuer, "2", "account:rauf")
    assert subject_of(desk, server.issuer, "gunel") == "1"
