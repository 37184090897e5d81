"""Logging in and out over HTTP, devices, tokens, and accounts by the administrator; with real accounts."""

from __future__ import annotations

import base64
import hmac
import struct
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from doc_service.domain.principals import AccountRole
from tests.api.world import World, opened_world

PASSWORD = "dəniz-külək-qala-2026"
OWN = {"origin": "https://service.test", "sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for opened in opened_world(tmp_path_factory.mktemp("login") / "data"):
        opened.account("root", AccountRole.ADMINISTRATOR)
        yield opened


@pytest.fixture(autouse=True)
def _no_cookies(world: World) -> None:
    world.http.cookies.clear()


def opened(world: World, login: str, **more: Any) -> dict[str, Any]:
    """An account as an administrator opens it, with a password that its owner chose."""
    asked = {"login": login, "display_name": "Aynur Quliyeva", "roles": ["secretariat"], **more}
    made = world.ask("POST", "/v1/accounts", "root", json=asked)
    assert made.status_code == 201, made.text
    account: dict[str, Any] = made.json()
    token = world.ask("POST", f"/v1/accounts/{account['id']}/enrolment", "root", json={}).json()["token"]
    assert world.http.post("/v1/enrolment", json={"token": token, "password": PASSWORD}).status_code == 204
    return account


def log_in(world: World, login: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return world.http.post("/v1/login", json={"login": login, "password": password}, headers=headers)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_browser_gets_a_cookie_that_no_script_reads(world: World) -> None:
    """002 §4.1.1, §3.6: by user name and password, to one's own cabinet."""
    opened(world, "b.browser")
    answer = log_in(world, "b.browser", **OWN)
    told = answer.json()
    assert (answer.status_code, told["state"], told["token"]) == (200, "logged_in", None)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-session=dss_")
    for part in ("httponly", "secure", "path=/", "samesite=lax", "max-age="):
        assert part in cookie
    assert "domain=" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert world.http.get("/v1/me").json()["account"]["login"] == "b.browser"
    left = world.http.delete("/v1/session", headers=OWN)
    assert left.status_code == 204
    assert '__host-session="";' in left.headers["set-cookie"].lower()
    assert world.http.get("/v1/me").status_code == 401


def test_a_program_gets_a_token_and_no_cookie(world: World) -> None:
    opened(world, "p.program")
    answer = log_in(world, "p.program")
    assert "set-cookie" not in answer.headers
    me = world.http.get("/v1/me", headers=bearer(answer.json()["token"]))
    assert (me.status_code, me.json()["means"]) == (200, "password")


@pytest.mark.parametrize("sent", [{"origin": "https://evil.test"}, {"sec-fetch-site": "cross-site"}])
def test_no_other_site_logs_its_reader_in(world: World, sent: dict[str, str]) -> None:
    answer = log_in(world, "b.browser", **sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf.refused")
    assert "set-cookie" not in answer.headers


def test_wrong_and_unknown_are_told_alike_and_lock_for_a_while(world: World) -> None:
    """002 §7.1.1: "qanunsuz daxilolma": whoever guesses learns nothing, is held off, and is on record."""
    account = opened(world, "l.locked")
    wrong, unknown = log_in(world, "l.locked", "x" * 12), log_in(world, "nobody-here", "x" * 12)
    assert wrong.status_code == unknown.status_code == 401
    assert {**wrong.json(), "request_id": 0} == {**unknown.json(), "request_id": 0}
    for _ in range(20):
        answer = log_in(world, "l.locked", "x" * 12)
        if answer.status_code == 429:
            break
    assert (answer.status_code, answer.json()["code"]) == (429, "login.locked")
    assert int(answer.headers["retry-after"]) > 0
    assert log_in(world, "l.locked").status_code == 429
    with world.service.container.work.uow.reading() as uow:
        actions = [str(e.action) for e in uow.audit.of_subject("account", account["id"])]
    assert "login.failed" in actions


def test_the_second_step(world: World) -> None:
    opened(world, "t.totp")
    token = log_in(world, "t.totp").json()["token"]
    offer = ask(world, "POST", "/v1/me/second-step", token, json={"password": PASSWORD})
    assert offer.status_code == 201, offer.text
    secret = offer.json()["secret"]
    confirmed = ask(world, "POST", "/v1/me/second-step/confirmation", token, json={"code": totp(secret)})
    assert confirmed.status_code == 200, confirmed.text
    codes = confirmed.json()["recovery_codes"]
    first = log_in(world, "t.totp").json()
    assert (first["state"], first["token"]) == ("second_step", None)
    wrong = world.http.post("/v1/login/second-step", json={"ticket": first["ticket"], "code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "login.code_wrong")
    right = world.http.post("/v1/login/second-step", json={"ticket": first["ticket"], "code": codes[0]})
    assert (right.status_code, right.json()["state"]) == (200, "logged_in")
    again = world.http.post("/v1/login/second-step", json={"ticket": first["ticket"], "code": codes[1]})
    assert (again.status_code, again.json()["code"]) == (401, "login.ticket_invalid")


def totp(secret: str) -> str:
    """RFC 6238, written here by itself."""
    step = int(time.time()) // 30
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    place = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def ask(world: World, method: str, path: str, token: str, **options: Any) -> httpx.Response:
    headers = {
        **bearer(token),
        "idempotency-key": base64.b16encode(path.encode()).decode()[:60],
        **options.pop("headers", {}),
    }
    return world.http.request(method, path, headers=headers, **options)


def test_devices_are_listed_and_ended(world: World) -> None:
    opened(world, "d.devices")
    one, two = (log_in(world, "d.devices", **{"user-agent": f"Phone {n}"}).json()["token"] for n in (1, 2))
    listed = ask(world, "GET", "/v1/sessions", one).json()["items"]
    assert [(s["device"], s["current"]) for s in listed] == [("Phone 2", False), ("Phone 1", True)]
    assert ask(world, "DELETE", f"/v1/sessions/{listed[0]['id']}", one).status_code == 204
    ended = ask(world, "GET", "/v1/me", two)
    assert (ended.status_code, 'error="invalid_token"' in ended.headers["www-authenticate"]) == (401, True)
    assert ask(world, "DELETE", "/v1/sessions/no-such", one).status_code == 404
    three = log_in(world, "d.devices").json()["token"]
    assert ask(world, "DELETE", "/v1/sessions", one).status_code == 204
    assert [ask(world, "GET", "/v1/me", t).status_code for t in (one, three)] == [200, 401]


def test_tokens_are_shown_once_narrowed_and_revoked(world: World) -> None:
    opened(world, "m.machine")
    owner = log_in(world, "m.machine").json()["token"]
    asked = {"name": "hesabat", "scopes": ["read"], "days": 30}
    issued = ask(world, "POST", "/v1/tokens", owner, json=asked)
    repeated = ask(world, "POST", "/v1/tokens", owner, json=asked)
    assert (issued.status_code, repeated.json()["code"]) == (201, "idempotency.secret_not_repeated")
    machine, listed = issued.json()["secret"], ask(world, "GET", "/v1/tokens", owner)
    assert [t["scopes"] for t in listed.json()["items"]] == [["read"]]
    assert machine not in listed.text
    assert ask(world, "GET", "/v1/documents", machine).status_code == 200
    denied = ask(
        world, "POST", "/v1/tokens", machine, json={**asked, "name": "other"}, headers={"idempotency-key": "o"}
    )
    assert (denied.status_code, denied.json()["code"]) == (403, "access.session_needed")
    token_id = issued.json()["token"]["id"]
    assert ask(world, "DELETE", f"/v1/tokens/{token_id}", owner).status_code == 204
    assert ask(world, "GET", "/v1/documents", machine).status_code == 401


def test_a_password_is_changed_by_the_old_one(world: World) -> None:
    """002 §6.1.9: and every other session ends."""
    opened(world, "c.change")
    token, other = (log_in(world, "c.change").json()["token"] for _ in range(2))
    wrong = ask(world, "PUT", "/v1/me/password", token, json={"old_password": "x", "new_password": PASSWORD + "9"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "password.wrong")
    short = ask(world, "PUT", "/v1/me/password", token, json={"old_password": PASSWORD, "new_password": "abc"})
    assert {e["field"] for e in short.json()["errors"]} == {"new_password"}
    changed = ask(
        world, "PUT", "/v1/me/password", token, json={"old_password": PASSWORD, "new_password": PASSWORD + "9"}
    )
    assert changed.status_code == 204, changed.text
    assert [ask(world, "GET", "/v1/me", t).status_code for t in (token, other)] == [200, 401]


def test_own_data_are_shown_and_corrected(world: World) -> None:
    """002 §7.1.11, §8.1.3: access to and correction of one's own data."""
    opened(world, "o.own")
    token = log_in(world, "o.own").json()["token"]
    tag = ask(world, "GET", "/v1/me", token).headers["etag"]
    assert ask(world, "PATCH", "/v1/me", token, json={"language": "en"}).status_code == 428
    done = ask(world, "PATCH", "/v1/me", token, json={"language": "en"}, headers={"if-match": tag})
    assert (done.status_code, done.json()["language"]) == (200, "en")
    assert ask(world, "PATCH", "/v1/me", token, json={"language": "az"}, headers={"if-match": tag}).status_code == 412
    data = ask(world, "GET", "/v1/me/data", token).json()
    assert (data["second_step"], len(data["sessions"])) == (False, 1)
    assert "login.succeeded" in {e["action"] for e in data["events"]}


def test_accounts_are_the_administrators(world: World) -> None:
    account = opened(world, "a.account")
    place = f"/v1/accounts/{account['id']}"
    wrong = world.ask("POST", "/v1/accounts", "root", json={**bare("x.y"), "roles": ["auditor", "secretariat"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "account.incompatible_roles")
    taken = world.ask("POST", "/v1/accounts", "root", json=bare("a.account"))
    assert (taken.status_code, taken.json()["code"]) == (409, "account.login_taken")
    token = log_in(world, "a.account").json()["token"]
    assert ask(world, "GET", "/v1/accounts", token).status_code == 403
    changed = world.changed("PATCH", place, "root", place, json={"units": ["Hüquq şöbəsi"]})
    assert changed.json()["units"] == ["Hüquq şöbəsi"]
    closed = world.changed("POST", f"{place}/closure", "root", place)
    assert closed.json()["state"] == "closed"
    assert ask(world, "GET", "/v1/me", token).status_code == 401
    assert log_in(world, "a.account").status_code == 401
    assert world.changed("POST", f"{place}/reopening", "root", place).json()["state"] == "active"


def bare(login: str) -> dict[str, Any]:
    return {"login": login, "display_name": "X", "roles": ["secretariat"]}


def test_accounts_page_by_page(world: World) -> None:
    for number in range(5):
        world.ask("POST", "/v1/accounts", "root", json=bare(f"page{number}"))
    seen, path = [], "/v1/accounts?limit=2"
    while path:
        answer = world.ask("GET", path, "root")
        seen += [a["login"] for a in answer.json()["items"]]
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""
    assert seen == sorted(set(seen))
    assert {f"page{n}" for n in range(5)} <= set(seen)


def test_log_in_by_a_key_of_ones_own(world: World) -> None:
    """As the agent does it."""
    person = world.service.scenario.body.members[0].person
    world.account("k.key", AccountRole.MEMBER, person_id=person.id, fin=person.fin)
    key = world.service.key(person)
    asked = world.http.post("/v1/login/signature/challenge")
    signature = key.sign(asked.json()["text"].encode(), "sha256_ecdsa")
    proof = {
        "challenge": asked.json()["id"], "certificate": b64(key.certificate), "chain": [b64(c) for c in key.chain],
        "signature": b64(signature), "algorithm": "sha256_ecdsa",
    }  # fmt: skip
    cookies = dict(world.http.cookies)
    world.http.cookies.clear()
    elsewhere = world.http.post("/v1/login/signature", json=proof)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (401, "login.challenge_invalid")
    asked = world.http.post("/v1/login/signature/challenge")
    assert cookies
    signature = key.sign(asked.json()["text"].encode(), "sha256_ecdsa")
    entered = world.http.post(
        "/v1/login/signature", json={**proof, "challenge": asked.json()["id"], "signature": b64(signature)}
    )
    assert (entered.status_code, entered.json()["account"]["person_id"]) == (200, person.id)
    assert ask(world, "GET", "/v1/me", entered.json()["token"]).json()["means"] == "signature"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_ways_that_are_not_set_up(world: World) -> None:
    ways = world.http.get("/v1/login").json()
    assert (ways["password"], ways["oidc"], ways["sima"]) == (True, [], False)
    for path, body in (("sima", None), ("sima/session", {}), ("oidc/none", None)):
        method = "GET" if path.startswith("oidc") else "POST"
        assert world.http.request(method, f"/v1/login/{path}", json=body).status_code == 404
    refused = world.http.get("/v1/login/oidc/callback?error=access_denied&state=x")
    assert (refused.status_code, refused.json()["code"]) == (401, "oidc.refused")
