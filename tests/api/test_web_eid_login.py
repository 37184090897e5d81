"""Log-in by a card over the interface: the page's steps, with the stand-in of the Web eID extension."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from doc_service.domain.people import Person
from doc_service.domain.principals import AccountRole
from tests.api.world import World, opened_world
from tools.standins.web_eid_extension import CardKey, Extension

pytestmark = pytest.mark.xdist_group("api")
ORIGIN = "https://service.test"
CHALLENGE, LOGIN = "/v1/login/web-eid/challenge", "/v1/login/web-eid"


@pytest.fixture(scope="module")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DOC_SERVICE_PUBLIC_URL", ORIGIN)
        for world in opened_world(tmp_path_factory.mktemp("web-eid") / "data"):
            first = person(world, 0)
            world.account("holder", AccountRole.MEMBER, person_id=first.id, fin=first.fin)
            yield world


@pytest.fixture
def world(shared_world: World) -> World:
    shared_world.http.cookies.clear()
    return shared_world


def person(world: World, number: int) -> Person:
    found: Person = world.service.scenario.body.members[number].person
    return found


def extension(world: World, number: int = 0, origin: str = ORIGIN) -> Extension:
    who = person(world, number)
    world.service.key(who)
    file = next(world.service.container.settings.data_dir.rglob(f"{who.fin}.p12"))
    card = CardKey.from_pkcs12(file.read_bytes(), "1234")
    return Extension(origin, card, card)


def nonce(world: World) -> str:
    answer = world.ask("POST", CHALLENGE)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["nonce"])


def log_in(world: World, token: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = world.ask("POST", LOGIN, json={"token": token})
    return answer.status_code, answer.json()


def test_the_holder_of_the_card_is_logged_in(world: World) -> None:
    """002 §3.6: login by enhanced e-signature."""
    status, entered = log_in(world, extension(world).authenticate(nonce(world)))
    assert status == 200, entered
    assert entered["account"]["display_name"] == "holder"
    headers = {"authorization": f"Bearer {entered['token']}"}
    me = world.ask("GET", "/v1/me", headers=headers).json()
    assert (me["account"]["person_id"], me["means"]) == (person(world, 0).id, "signature")


def test_a_token_is_good_once(world: World) -> None:
    token = extension(world).authenticate(nonce(world))
    assert log_in(world, token)[0] == 200
    status, problem = log_in(world, token)
    assert (status, problem["code"]) == (401, "signing.web_eid_nonce")


def test_a_token_of_another_browser(world: World) -> None:
    token = extension(world).authenticate(nonce(world))
    world.http.cookies.clear()
    status, problem = log_in(world, token)
    assert (status, problem["code"]) == (401, "signing.web_eid_nonce")


def test_a_token_made_for_another_site(world: World) -> None:
    status, problem = log_in(world, extension(world, origin="https://evil.example.com").authenticate(nonce(world)))
    assert (status, problem["code"]) == (401, "signing.web_eid_signature")


def test_a_card_without_an_account(world: World) -> None:
    status, problem = log_in(world, extension(world, 1).authenticate(nonce(world)))
    assert (status, problem["code"]) == (403, "login.no_account")


def test_no_token_at_all(world: World) -> None:
    nonce(world)
    status, problem = log_in(world, {})
    assert problem["code"] == "signing.web_eid_token"
    assert 400 <= status < 500
