"""What the owner of an account reads by mail when an administrator opens it, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest

from doc_service.domain.principals import AccountRole
from tests.api.world import World, opened_world

pytestmark = pytest.mark.xdist_group("api")
PASSWORD = "uzun-və-gizli-parol-7"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for opened in opened_world(tmp_path_factory.mktemp("account-mail") / "data"):
        opened.account("administrator", AccountRole.ADMINISTRATOR)
        opened.account("gunel", AccountRole.MEMBER, person_id="p-g", email="gunel@qurum.example", language="az")
        yield opened


def test_letters_tell_of_the_password_and_carry_no_token(world: World) -> None:
    account = world.accounts["gunel"].id
    given = world.ask("POST", f"/v1/accounts/{account}/enrolment", "administrator", json={})
    assert given.status_code == 201
    token = given.json()["token"]
    assert world.ask("POST", "/v1/enrolment", json={"token": token, "password": PASSWORD}).status_code == 204
    world.work()
    outbox = world.service.container.settings.data_dir / "outbox"
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in outbox.glob("*.eml")]
    mine = [letter for letter in letters if "gunel@qurum.example" in str(letter["to"])]
    assert sorted(str(letter["subject"]) for letter in mine) == [
        "Hesabınız üçün parol təyin edilə bilər",
        "Hesabınızın parolu təyin edilib",
    ]
    texts = [part.get_content() for letter in mine for part in letter.walk() if part.get_content_type() == "text/plain"]
    secrets = (token, token.rpartition(".")[2], PASSWORD, "gunel")
    assert not any(secret in text for secret in secrets for text in texts)
