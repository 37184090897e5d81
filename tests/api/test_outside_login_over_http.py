"""Log-in at a real identity provider, and with a phone, over the sockets of the real service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from doc_service.api.app import create_app
from doc_service.cli.serve import listening
from doc_service.demo.scenario import build_scenario
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.people import Person
from doc_service.domain.principals import AccountRole
from doc_service.instruments.kq_protokol import kq_protokol
from doc_service.services.access.open_account import NewAccount
from tests.api.conftest import free_port
from tests.services.conftest import Service, running_service
from tests.sima.conftest import MASTER_KEY
from tools.servers.oidc import OidcServer, walk
from tools.standins.sima_phone import Fault, SimaPhone

pytestmark = pytest.mark.xdist_group("api")
PASSWORD = "parol-Günel-1"
BACK, PAGE = "/v1/login/oidc/callback", "/senedler?yeni=1"


@dataclass
class Served:
    """``holder`` has an account by FİN; ``stranger`` has none. ``oidc`` knows both by their ids."""

    service: Service
    base: str
    oidc: OidcServer
    holder: Person
    stranger: Person

    def browser(self) -> httpx.Client:
        """One person's browser, with cookies of its own."""
        return httpx.Client(base_url=self.base, timeout=30, headers={"sec-fetch-site": "same-origin"})

    def answer(self, person: Person, link: str, *faults: Fault) -> httpx.Response:
        """What the person's phone is answered in the end."""
        with httpx.Client(timeout=30) as network:
            return SimaPhone(self.service.key(person), MASTER_KEY, network, faults=frozenset(faults)).run(link)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place, port = tmp_path_factory.mktemp("outside"), free_port()
    base = f"http://127.0.0.1:{port}"
    members = build_scenario(kq_protokol(BODY_KINDS), datetime.now().astimezone().date()).body.members
    holder, stranger = members[0].person, members[1].person
    users = {"holder": (PASSWORD, holder.fin), "stranger": (PASSWORD, stranger.fin)}
    with OidcServer(place, base + BACK, users) as oidc:
        opened = running_service(place / "data", **_settings(place, port, oidc))
        service = next(opened)
        given = NewAccount("holder", "Sahib", frozenset({AccountRole.MEMBER}), person_id=holder.id, fin=holder.fin)
        service.container.access.open_account(given, "system")
        with listening("127.0.0.1", port) as listener:
            server = uvicorn.Server(uvicorn.Config(create_app(service.container), log_config=None))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            yield Served(service, base, oidc, holder, stranger)
            server.should_exit = True
            thread.join(20)
        next(opened, None)


def _settings(place: Path, port: int, oidc: OidcServer) -> dict[str, Any]:
    secret, file = place / "oidc-secret", place / "providers.toml"
    secret.write_text(oidc.client_secret)
    file.write_text(
        f'[[provider]]\nname = "dovlet"\nissuer = "{oidc.issuer}"\nclient_id = "{oidc.client_id}"\n'
        f'client_secret_file = "{secret}"\ntitle_az = "Dövlət"\ntitle_en = "State"\n'
        'scopes = ["openid", "fin"]\nfin_claim = "fin"\n'
    )
    (place / "data").mkdir()
    return {
        "port": port, "oidc_providers_file": file, "sima_client_id": 1082, "sima_client_name": "KOBIA (sinaq)",
        "sima_master_key": MASTER_KEY.decode(), "rate_logins": 0, "rate_phones": 0,
    }  # fmt: skip


def log_in_at_provider(served: Served, browser: httpx.Client, user: str) -> httpx.Response:
    """As a browser goes: to the provider, where the person logs in and agrees, and back."""
    sent = browser.get("/v1/login/oidc/dovlet", params={"return_to": PAGE})
    assert sent.status_code == 303, sent.text
    back = walk(sent.headers["location"], user, PASSWORD)
    assert str(back).startswith(served.base + BACK)
    return browser.get(str(back))


def test_the_ways_to_log_in_are_listed(served: Served) -> None:
    with served.browser() as browser:
        told = browser.get("/v1/login").json()
    assert "dovlet" in str(told)
    assert "sima" in str(told)


def test_who_logged_in_at_the_provider_is_logged_in_here(served: Served) -> None:
    with served.browser() as browser:
        answer = log_in_at_provider(served, browser, "holder")
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
        me = browser.get("/v1/me").json()
        assert (me["account"]["person_id"], me["means"]) == (served.holder.id, "oidc")
        assert list(browser.cookies) == ["plain-session"], "the attempt's cookie is gone"
        left = browser.delete("/v1/session")
        assert left.status_code == 204
        assert browser.get("/v1/me").status_code == 401


def test_an_answer_of_the_provider_counts_once_and_for_its_browser_alone(served: Served) -> None:
    with served.browser() as browser, served.browser() as other:
        sent = browser.get("/v1/login/oidc/dovlet")
        back = str(walk(sent.headers["location"], "holder", PASSWORD))
        refused = other.get(back)
        assert (refused.status_code, refused.json()["code"]) == (401, "oidc.attempt_invalid")
        assert other.get("/v1/me").status_code == 401
        with served.browser() as again:
            answer = log_in_at_provider(served, again, "holder")
            assert answer.status_code == 303
            repeated = again.get(str(answer.request.url))
            assert (repeated.status_code, repeated.json()["code"]) == (401, "oidc.attempt_invalid")


def test_a_stranger_of_the_provider_enters_when_an_administrator_has_linked_the_account(served: Served) -> None:
    container = served.service.container
    with served.browser() as browser:
        refused = log_in_at_provider(served, browser, "stranger")
        assert (refused.status_code, refused.json()["code"]) == (403, "oidc.no_account")
    given = NewAccount("yad", "Yad", frozenset({AccountRole.AUDITOR}))
    account = container.access.open_account(given, "system")
    container.logins.link_identity(account.id, served.oidc.issuer, "2", "system")
    with served.browser() as browser:
        assert log_in_at_provider(served, browser, "stranger").status_code == 303
        assert browser.get("/v1/me").json()["account"]["id"] == account.id


def test_a_refusal_of_the_provider_is_told(served: Served) -> None:
    with served.browser() as browser:
        browser.get("/v1/login/oidc/dovlet")
        refused = browser.get(BACK, params={"error": "access_denied", "state": "x"})
    assert (refused.status_code, refused.json()["code"]) == (401, "oidc.refused")


def claim(browser: httpx.Client) -> httpx.Response:
    return browser.post("/v1/login/sima/session", json={})


def test_who_answered_on_the_phone_is_logged_in_in_the_browser_that_began(served: Served) -> None:
    with served.browser() as browser, served.browser() as other:
        begun = browser.post("/v1/login/sima").json()
        assert claim(browser).status_code == 202
        answer = served.answer(served.holder, begun["app_link"])
        assert answer.json() == {"status": "success"}
        assert claim(other).status_code == 401
        entered = claim(browser)
        assert entered.status_code == 200, entered.text
        assert (entered.json()["state"], entered.json()["account"]["display_name"]) == ("logged_in", "Sahib")
        me = browser.get("/v1/me").json()
        assert (me["account"]["person_id"], me["means"]) == (served.holder.id, "signature")
        assert claim(browser).status_code == 401, "good once"
        assert list(browser.cookies) == ["plain-session"]


def test_a_phone_without_an_account_enters_nothing(served: Served) -> None:
    with served.browser() as browser:
        begun = browser.post("/v1/login/sima").json()
        served.answer(served.stranger, begun["content_url"])
        refused = claim(browser)
        assert (refused.status_code, refused.json()["code"]) == (403, "login.no_account")
        assert browser.get("/v1/me").status_code == 401


@pytest.mark.parametrize("fault", [Fault.ALTERED_CONTAINER, Fault.OTHER_PATH, Fault.OTHER_BODY, Fault.OTHER_CHALLENGE])
def test_a_phone_that_misbehaves_enters_nothing(served: Served, fault: Fault) -> None:
    with served.browser() as browser:
        begun = browser.post("/v1/login/sima").json()
        answer = served.answer(served.holder, begun["content_url"], fault)
        assert answer.status_code >= 400
        assert "errormessage" in answer.json()
        assert claim(browser).status_code == 202
