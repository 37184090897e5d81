"""The phone's calls: only the phone of the person asked, about the very operation, in its time (acceptance of SİMA)."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from signing.api import SigningError
from signing.devpki import Holder
from signing.remote.api import Ask, Called, FileToSign, Returned, SignedFile, Start
from signing.remote.sima.container import MAX_URL, Seal, SimaClient
from tests.pki_fixtures import HOLDER, RunningPki, refused
from tests.sima.conftest import CLIENT, MASTER_KEY, Station
from tools.standins.sima_phone import Fault, PhoneRefusedError

OTHER = Holder("7XYZ9K8", "Məmmədov", "Elçin", "Rauf oğlu", "Nazirlik")


def test_the_container_says_what_is_asked_under_the_operators_seal(station: Station) -> None:
    ask = station.ask()
    assert ask.prompt.url.startswith("http://service.test/sima/0f3c2a10-0000-4000-8000-000000000001/?tsquery=")
    sealed = json.loads(b64decode(ask.prompt.url.partition("tsquery=")[2]))
    content = sealed["SignableContainer"]
    assert list(sealed) == ["SignableContainer", "Header"]
    assert list(content) == ["ProtoInfo", "OperationInfo", "DataInfo", "ClientInfo"]
    assert content["ProtoInfo"] == {"Name": "web2app", "Version": "1.3"}
    operation = content["OperationInfo"]
    assert (operation["Type"], operation["Assignee"], ask.correlation) == (
        "Sign",
        [HOLDER.fin],
        operation["OperationId"],
    )
    assert operation["ExpUTC"] - operation["NbfUTC"] == 180
    assert b64decode(content["DataInfo"]["FingerPrint"]) == hashlib.sha256(station.base).digest()
    assert content["ClientInfo"]["Callback"].endswith("/callback")
    text = json.dumps(content, separators=(",", ":")).encode()
    expected = hmac.new(MASTER_KEY, hashlib.sha256(text).digest(), hashlib.sha256).digest()
    assert sealed["Header"] == {"AlgName": "HMACSHA256", "Signature": b64encode(expected).decode()}
    assert len(ask.prompt.url) < MAX_URL


def test_a_person_signs_and_exactly_the_stored_bytes_were_shown(station: Station) -> None:
    station.ask()
    phone = station.phone()
    assert phone.run("sima://web-to-app?data=" + station.link).json() == {"status": "success"}
    assert phone.seen == {"protokol.pdf": station.base}
    assert not station.refused


def test_a_phone_refuses_a_container_that_is_not_sealed_by_the_operator(station: Station) -> None:
    station.ask()
    phone = station.phone()
    phone.master_key = b"basqa"
    with pytest.raises(PhoneRefusedError):
        phone.run(station.link)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.ALTERED_CONTAINER, "sima.bad_seal"),
        (Fault.OTHER_PATH, "sima.bad_request_signature"),
        (Fault.OTHER_BODY, "sima.bad_request_signature"),
        (Fault.WRONG_HASH, "sima.signed_hash"),
    ],
)
def test_faults_of_the_calls(station: Station, fault: Fault, code: str) -> None:
    station.ask()
    assert station.code(fault) == code
    assert not station.results


def test_a_container_of_another_operation_is_not_taken_for_this_one(station: Station) -> None:
    first = station.ask()
    other = station.ask()
    station.session = first.session
    query = other.prompt.url.partition("tsquery=")[2]
    station.link = first.prompt.url.partition("tsquery=")[0] + "tsquery=" + query
    assert station.code() == "sima.other_container"
    station.link = other.prompt.url
    assert station.code() == "sima.wrong_path"


def test_a_seal_with_another_key_or_without_the_right_name(station: Station) -> None:
    station.ask()
    sealed = json.loads(b64decode(station.link.partition("tsquery=")[2]))
    seal = Seal(MASTER_KEY)
    with refused("sima.bad_seal"):
        seal.open(Seal(b"basqa").query(sealed["SignableContainer"]))
    for change in ({"AlgName": "none"}, {"Signature": ""}, {"Signature": None}):
        wrong = {**sealed, "Header": {**sealed["Header"], **change}}
        with refused("sima.bad_seal"):
            seal.open(b64encode(json.dumps(wrong).encode()).decode())
    doubled = b64decode(station.link.partition("tsquery=")[2]).replace(
        b'{"SignableContainer"', b'{"Header":1,"SignableContainer"'
    )
    for broken in ("", "!", "AAAA", b64encode(doubled).decode(), b64encode(b"[]").decode(), "A" * 4000):
        with refused("sima.bad_container"):
            seal.open(broken)
    with pytest.raises(ValueError, match="empty"):
        Seal(b"")


@pytest.mark.parametrize(
    ("shift", "code"), [(timedelta(minutes=-1), "sima.not_yet_valid"), (timedelta(minutes=3), "sima.expired")]
)
def test_an_operation_has_its_time(station: Station, shift: timedelta, code: str) -> None:
    station.ask()
    station.clock.shift = shift
    assert station.code() == code


def test_a_callback_after_the_time_is_refused_though_the_data_were_fetched_in_time(station: Station) -> None:
    station.ask()
    phone = station.phone()
    content, got = phone.open(station.link), phone.fetch(station.link)
    result = phone.result(content, phone.show(got))
    station.clock.shift = timedelta(minutes=3)
    assert phone.call_back(content, result).json() == {"errormessage": "sima.expired"}


def test_a_second_persons_phone_gets_nothing_and_brings_nothing(station: Station, dev_pki: RunningPki) -> None:
    station.ask()
    other = dev_pki.person(OTHER)
    assert station.code(key=other) == "sima.foreign_fin"
    phone = station.phone()
    content = phone.open(station.link)
    result = phone.result(content, station.base)
    station.refused.clear()
    assert station.phone(key=other).call_back(content, result).status_code == 400
    assert station.refused == ["sima.foreign_fin"]
    assert not station.results


def test_a_certificate_that_nobody_vouches_for(station: Station, foreign_pki: RunningPki) -> None:
    station.ask()
    assert station.code(key=foreign_pki.person()) == "signing.untrusted_certificate"


@pytest.mark.parametrize(
    ("variant", "code"),
    [
        ("revoked", "signing.certificate_revoked"),
        ("expired", "signing.certificate_expired"),
        ("not-yet-valid", "signing.certificate_not_yet_valid"),
        ("no-fin", "signing.no_fin"),
    ],
)
def test_a_certificate_that_may_not_sign(station: Station, dev_pki: RunningPki, variant: str, code: str) -> None:
    station.ask()
    assert station.code(key=dev_pki.variant(variant)) == code


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ts-cert", None, "sima.headers_missing"),
        ("ts-sign", None, "sima.headers_missing"),
        ("ts-sign-alg", None, "sima.headers_missing"),
        ("ts-sign-alg", "NONE", "sima.algorithm"),
        ("ts-cert", "***", "sima.bad_headers"),
        ("ts-cert", "A" * 20_000, "sima.bad_headers"),
        ("ts-cert", "AAAA", "signing.bad_certificate"),
        ("ts-sign", "A" * 400, "sima.bad_headers"),
        ("ts-sign", "AAAA", "sima.bad_request_signature"),
    ],
)
def test_headers(station: Station, name: str, value: str | None, code: str) -> None:
    station.ask()

    def touch(request: httpx.Request) -> httpx.Request:
        del request.headers[name]
        if value is not None:
            request.headers[name] = value
        return request

    station.touch = touch
    assert station.code() == code


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("Type", "Auth", "sima.other_operation"),
        ("Type", "Other", "sima.bad_callback"),
        ("OperationId", "basqa", "sima.other_operation"),
        ("DataSignature", "", "sima.bad_callback"),
        ("DataSignature", "!", "sima.bad_callback"),
        ("SignedDataHash", "AAAA", "sima.bad_callback"),
        ("AlgName", "MD5", "sima.algorithm"),
        ("AlgName", None, "sima.bad_callback"),
    ],
)
def test_members_of_the_callback(station: Station, member: str, value: str | None, code: str) -> None:
    station.ask()
    phone = station.phone()
    content = phone.open(station.link)
    result = {**phone.result(content, station.base), member: value}
    phone.call_back(content, {k: v for k, v in result.items() if v is not None})
    assert station.refused == [code]


def test_the_data_address_of_the_container_serves_too_but_only_the_right_phone(station: Station) -> None:
    station.ask()
    phone = station.phone()
    url = phone.open(station.link)["DataInfo"]["DataURI"]
    path = httpx.URL(url).raw_path
    assert phone.http.get(url, headers=phone.headers(path)).status_code == 200
    assert phone.http.get(url, headers=phone.headers(path + b"x")).status_code == 400
    assert phone.http.get(url + "?a=b", headers=phone.headers(path + b"?a=b")).status_code == 400
    assert station.refused == ["sima.bad_request_signature", "sima.wrong_path"]


def test_behind_a_proxy_that_takes_a_prefix_away(station: Station, dev_pki: RunningPki) -> None:
    station.calls._client = replace(CLIENT, base_url="https://imza.example/kobia")
    ask = station.ask()
    key = dev_pki.person()
    phone = station.phone(key=key)
    target = httpx.URL(ask.prompt.url).raw_path.decode()
    headers = phone.headers(target.encode())
    for received in (target, target.removeprefix("/kobia")):
        assert station.signer.fetch(ask.session, Called("GET", received, headers, b"")) == "istek"


def test_what_the_app_may_open_afterwards() -> None:
    client = SimaClient(1, "A", "", "https://imza.example/kobia", ("https://portal.example",))
    for good in ("", "https://imza.example/a?b", "https://portal.example/x"):
        assert client.require_redirect(good) == good
    for bad in (
        "https://evil.example/",
        "javascript:alert(1)",
        "https://imza.example.evil/",
        "//x",
        "https://[",
        "https://imza.example\\@evil/",
    ):
        with refused("sima.redirect_not_allowed"):
            client.require_redirect(bad)


def test_offers_that_cannot_be_made(station: Station) -> None:
    file = FileToSign("a", "a.pdf", "00" * 32, 1)
    with refused("sima.one_document"):
        station.signer.offer(Start("o", HOLDER.fin, 2), [file, file])
    with refused("sima.no_fin"):
        station.signer.offer(Start("o", "", 1), [file])
    with refused("sima.redirect_not_allowed"):
        station.signer.offer(Start("o", HOLDER.fin, 1, return_url="https://evil.example/"), [file])
    station.calls._client = replace(CLIENT, name="Şirkət")
    with refused("sima.text_not_plain"):
        station.signer.offer(Start("o", HOLDER.fin, 1), [file])
    station.calls._client = replace(CLIENT, icon_url="http://x/" + "a" * 2000)
    with refused("sima.container_too_large"):
        station.signer.offer(Start("o", HOLDER.fin, 1), [file])


def test_polls_show_the_same_link_until_the_time_is_over(station: Station) -> None:
    ask = station.ask()
    again = station.signer.resume(ask.session, None)
    assert isinstance(again, Ask)
    assert (again.prompt, again.until, again.correlation) == (ask.prompt, ask.until, ask.correlation)
    with refused("signing.remote_wrong_answer"):
        station.signer.resume(ask.session, Returned({}))
    with refused("sima.bad_session"):
        station.signer.resume(b"{}", None)
    station.clock.shift = timedelta(minutes=4)
    with refused("signing.remote_expired"):
        station.signer.resume(ask.session, None)


def test_a_login_proves_the_person(station: Station) -> None:
    station.ask_login()
    assert station.code() == ""
    (identity,) = station.results
    assert (identity.fin, identity.revocation) == (HOLDER.fin, "good")


def test_faults_of_a_login(station: Station, dev_pki: RunningPki, foreign_pki: RunningPki) -> None:
    station.ask_login()
    assert station.code(Fault.OTHER_CHALLENGE) == "sima.bad_challenge_signature"
    assert station.code(Fault.WRONG_HASH) == "sima.signed_hash"
    assert station.code(key=foreign_pki.person()) == "signing.untrusted_certificate"
    assert station.code(key=dev_pki.variant("revoked")) == "signing.certificate_revoked"
    dev_pki.faults.pause("ocsp", "crl")
    assert station.code() == "sima.revocation_unknown"
    assert not station.results


def test_a_signed_login_is_no_answer_to_a_document_and_the_other_way_round(station: Station) -> None:
    station.ask_login()
    phone = station.phone()
    content = phone.open(station.link)
    login = phone.result(content, phone.show(phone.fetch(station.link)))
    station.ask()
    phone.call_back(phone.open(station.link), login)
    assert station.refused == ["sima.other_operation"]


def test_a_signer_keeps_nothing(station: Station) -> None:
    """The same bytes of state give the same answer twice, in any order: the caller decides what is final."""
    station.ask()
    phone = station.phone()
    content = phone.open(station.link)
    result = phone.result(content, station.base)
    for _ in range(2):
        assert phone.call_back(content, result).is_success
    files = [signed for _, signed in station.results]
    assert files[0] == files[1]
    assert isinstance(files[0], bytes)
    assert SignedFile(b"", "", files[0]).pdf.startswith(station.base)


def test_errors_carry_no_full_fin(station: Station, dev_pki: RunningPki) -> None:
    station.ask()
    with pytest.raises(SigningError) as caught:
        station.requests.person(dev_pki.person(OTHER).certificate, (HOLDER.fin,), station.clock())
    assert OTHER.fin not in str(caught.value)
