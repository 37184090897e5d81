"""ASAN İmza against the stand-in, over real HTTP: the steps, and what a lying or failing service cannot do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.api import SigningError
from signing.keys.algorithms import verifies
from signing.remote.api import (
    Ask,
    Binding,
    ClientSigned,
    HashSigner,
    Identified,
    Means,
    PromptKind,
    Signed,
    Start,
    ToSign,
)
from signing.remote.asan import AsanSession, AsanSigner, CodeFrom, verification_code
from signing.remote.asan_http import AsanMapping, HttpAsanTransport
from signing.remote.asan_http import AsanService as Service
from signing.remote.http import RemoteHttp
from tests.pki_fixtures import HOLDER, PIN, RunningPki, SystemClock, refused
from tools.standins.asan_service import PHONE, SECRET, USER_ID, AsanService, Behaviour, Phone

DATA = b"signed attributes"
TASK = ToSign("r1", "3-21-5/KQ-1/2026", DATA, hashlib.sha256(DATA).digest(), "sha256", "sha256_ecdsa")


class Clock(SystemClock):
    """Real time, moved on by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
def service(dev_pki: RunningPki) -> Iterator[AsanService]:
    with AsanService(Phone(dev_pki.issue().pkcs12, PIN)) as made:
        yield made


def signer(service: AsanService, clock: Clock | None = None, **options: Any) -> AsanSigner:
    mapping = AsanMapping(**{"cancel_path": "/cancel/{transaction}", **options.pop("mapping", {})})
    transport = HttpAsanTransport(
        Service(service.url, secret=options.pop("secret", SECRET), mapping=mapping), RemoteHttp(timeout=2.0, total=4.0)
    )
    return AsanSigner(transport, clock or Clock(), **options)


def start(**changes: Any) -> Start:
    fields = {"operation_id": "op-1", "fin": HOLDER.fin, "count": 1, "parameters": {"phone": PHONE, "user_id": USER_ID}}
    return Start(**{**fields, **changes})


def identified(way: AsanSigner) -> Identified:
    step = way.begin(start())
    assert isinstance(step, Identified)
    return step


def asked(way: AsanSigner, task: ToSign = TASK) -> Ask:
    step = way.authorise(identified(way).session, 1, [task])
    assert isinstance(step, Ask)
    return step


def finished(way: AsanSigner, ask: Ask) -> Signed:
    for _ in range(5):
        step = way.resume(ask.session, None)
        if isinstance(step, Signed):
            return step
        assert isinstance(step, Ask)
        assert step == ask
    raise AssertionError("never signed")


def paths(service: AsanService) -> list[str]:
    return [path.split("/")[1] for path, _ in service.log]


# The way through


def test_number_certificate_code_poll_signature(service: AsanService, dev_pki: RunningPki) -> None:
    way: HashSigner = signer(service)
    assert way.means is Means.ASAN
    found = identified(way)  # type: ignore[arg-type]
    assert (found.certificate, found.chain) == (dev_pki.issue().certificate, dev_pki.pki.chain)
    assert (found.terms.binding, found.terms.batch) == (Binding.HASHES, 1)
    assert paths(service) == ["certificate"], "no telephone rings before the documents are prepared"
    ask = way.authorise(found.session, 1, [TASK])
    assert isinstance(ask, Ask)
    assert (ask.prompt.kind, ask.prompt.code) == (PromptKind.COMPARE, verification_code(TASK.digest))
    signed = finished(way, ask)  # type: ignore[arg-type]
    key = dev_pki.person()
    from cryptography import x509

    public = x509.load_der_x509_certificate(key.certificate).public_key()
    assert verifies(public, signed.signatures["r1"], DATA, "sha256_ecdsa")
    _, request = service.log[1]
    assert TASK.label not in json.dumps(request, ensure_ascii=False)
    assert request["displayText"] == "Sənədin imzalanması"


@pytest.mark.parametrize("written", ["+994501234567", "0501234567", "+994 50 123-45-67", "+994 (50) 1234567"])
def test_numbers_as_people_write_them(service: AsanService, written: str) -> None:
    step = signer(service).begin(start(parameters={"phone": written, "user_id": f" {USER_ID} "}))
    assert isinstance(step, Identified)


def test_the_same_question_is_asked_once(service: AsanService) -> None:
    way = signer(service)
    first = asked(way)
    assert way.authorise(first.session, 1, [TASK]) == first
    assert paths(service).count("signature") == 1


def test_a_restart_goes_on_from_the_session_alone(service: AsanService) -> None:
    ask = asked(signer(service))
    assert finished(signer(service), ask).signatures


def test_rsa_keys(service: AsanService, dev_pki: RunningPki) -> None:
    dev_pki.variant("rsa")
    service.phone = Phone(dev_pki.pki.key(HOLDER.fin, "rsa").pkcs12, PIN)
    task = ToSign("r1", "", DATA, TASK.digest, "sha256", "sha256_rsa")
    way = signer(service)
    assert finished(way, asked(way, task)).signatures


# Who


WRONG = [
    ("asan.bad_phone", {"phone": p, "user_id": USER_ID})
    for p in ("", "501234567", "+99450123456", "+9945012345678", "+79161234567", "+994501234567;", "+99450123456a")
]
WRONG += [("asan.bad_user_id", {"phone": PHONE, "user_id": u}) for u in ("", "12", "abcd", "1234567890123", "12 34")]


@pytest.mark.parametrize(("code", "parameters"), WRONG)
def test_wrong_numbers_reach_nobody(service: AsanService, code: str, parameters: dict[str, str]) -> None:
    with refused(code):
        signer(service).begin(start(parameters=parameters))
    assert not service.log


def test_an_unknown_subscriber_and_wrong_credentials(service: AsanService) -> None:
    with refused("signing.remote_refused"):
        signer(service).begin(start(parameters={"phone": PHONE, "user_id": "999999"}))
    with refused("signing.remote_refused"):
        signer(service, secret="Bearer wrong").begin(start())


# The code


@given(st.binary(min_size=32, max_size=32))
def test_the_code_is_that_of_mobile_id(digest: bytes) -> None:
    """First 6 and last 7 bits, said once more with the whole digest as one number."""
    number = int.from_bytes(digest, "big")
    expected = ((number >> 250) << 7) + number % 128
    assert verification_code(digest) == str(expected).zfill(4)
    assert 0 <= expected < 8192


def test_a_code_that_the_service_names_must_be_ours(service: AsanService) -> None:
    service.behave = Behaviour(names_code=True)
    way = signer(service)
    assert finished(way, asked(way)).signatures
    service.behave = Behaviour(code="0000")
    with refused("asan.code_mismatch"):
        asked(signer(service))
    assert paths(service)[-1] == "cancel"


def test_a_code_that_only_the_service_knows_must_stay_the_same(service: AsanService) -> None:
    service.behave = Behaviour(code="4711")
    way = signer(service, code_from=CodeFrom.ANSWER)
    ask = asked(way)
    assert ask.prompt.code == "4711"
    service.behave.code = "4712"
    with refused("asan.code_mismatch"):
        way.resume(ask.session, None)
    assert paths(service)[-1] == "cancel"


@pytest.mark.parametrize("code", ["", "1", "<b>", "0" * 13])
def test_nobody_confirms_without_a_code_to_compare(service: AsanService, code: str) -> None:
    service.behave = Behaviour(code=code)
    with refused("signing.remote_bad_answer"):
        asked(signer(service, code_from=CodeFrom.ANSWER))


# What the person and time do


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ("USER_CANCELLED", "signing.remote_declined"),
        ("TIMEOUT", "signing.remote_expired"),
        ("WRONG_VC", "asan.wrong_code"),
        ("SIM_ERROR", "signing.remote_refused"),
        ("<script>", "signing.remote_refused"),
    ],
)
def test_what_the_telephone_says(service: AsanService, result: str, code: str) -> None:
    service.behave = Behaviour(result=result, polls=0)
    way = signer(service)
    ask = asked(way)
    with refused(code) as errors:
        way.resume(ask.session, None)
    assert "<" not in str(errors[0].params)


def test_a_telephone_that_never_answers(service: AsanService) -> None:
    clock = Clock()
    service.behave = Behaviour(polls=99)
    way = signer(service, clock, hold=timedelta(seconds=60))
    ask = asked(way)
    assert isinstance(way.resume(ask.session, None), Ask)
    clock.ahead = timedelta(seconds=61)
    with refused("signing.remote_expired"):
        way.resume(ask.session, None)
    assert paths(service)[-1] == "cancel"


def test_an_answer_just_after_the_time_counts(service: AsanService) -> None:
    clock = Clock()
    service.behave = Behaviour(polls=0)
    way = signer(service, clock)
    ask = asked(way)
    clock.ahead = timedelta(hours=1)
    assert isinstance(way.resume(ask.session, None), Signed)


# What a service could do


def test_a_signature_over_another_digest(service: AsanService) -> None:
    service.behave = Behaviour(other_digest=True, polls=0)
    way = signer(service)
    with refused("signing.bad_signature"):
        way.resume(asked(way).session, None)


def test_a_signature_by_another_key(service: AsanService, dev_pki: RunningPki) -> None:
    service.behave = Behaviour(polls=0)
    way = signer(service)
    ask = asked(way)
    certificate = service.phone.certificate
    dev_pki.variant("p384")
    service.phone = Phone(dev_pki.pki.key(HOLDER.fin, "p384").pkcs12, PIN)
    with refused("asan.certificate_changed"):
        way.resume(ask.session, None)
    service.phone.certificate = certificate
    with refused("signing.bad_signature"):
        way.resume(ask.session, None)


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("certificate", {"cert": ""}), ("certificate", {"cert": "§"}), ("certificate", {"cert": 7}),
    ("certificate", {"chain": "x"}), ("certificate", {"chain": [1]}), ("start", {"sessionID": ""}),
    ("start", {"sessionID": 5}), ("progress", {"signature": {}}), ("progress", {"signature": {"value": "§"}}),
]  # fmt: skip


@pytest.mark.parametrize(("step", "raw"), BROKEN)
def test_answers_that_cannot_be_used(service: AsanService, step: str, raw: dict[str, Any]) -> None:
    way = signer(service)
    session = b"" if step == "certificate" else identified(way).session
    service.behave = Behaviour(polls=0, raw={} if step == "progress" else raw)
    with refused("signing.remote_bad_answer"):
        if step == "certificate":
            way.begin(start())
        ask = way.authorise(session, 1, [TASK])
        assert isinstance(ask, Ask)
        service.behave.raw = raw
        way.resume(ask.session, None)


def test_a_certificate_that_is_none(service: AsanService) -> None:
    service.behave = Behaviour(raw={"cert": "AAAA"})
    with refused("signing.bad_certificate"):
        signer(service).begin(start())


def test_the_name_of_a_transaction_leads_to_no_other_path(service: AsanService) -> None:
    service.behave = Behaviour(raw={"sessionID": "../../admin?x=1#y"})
    way = signer(service)
    ask = asked(way)
    with pytest.raises(SigningError):
        way.resume(ask.session, None)
    assert service.log[-1][0] == "/signature/session/..%2F..%2Fadmin%3Fx%3D1%23y"


# Outages


@pytest.mark.parametrize("status", [0, 429, 503])
@pytest.mark.parametrize("step", ["certificate", "progress"])
def test_a_service_out_of_reach_loses_nothing(service: AsanService, step: str, status: int) -> None:
    way = signer(service)
    ask = asked(way) if step == "progress" else None
    service.behave = Behaviour(fault=step, status=status)
    with refused("signing.remote_unavailable") as errors:
        way.resume(ask.session, None) if ask else way.begin(start())
    assert errors[0].retryable
    service.behave = Behaviour(polls=0)
    assert way.resume(ask.session, None) if ask else way.begin(start())


def test_a_question_whose_answer_was_lost_is_not_asked_again_in_silence(service: AsanService) -> None:
    way = signer(service)
    found = identified(way)
    service.behave = Behaviour(fault="start")
    with refused("signing.remote_outcome_unknown") as errors:
        way.authorise(found.session, 1, [TASK])
    assert not errors[0].retryable


def test_a_service_that_knows_references_is_asked_again(service: AsanService) -> None:
    way = signer(service, mapping={"repeatable": True})
    found = identified(way)
    service.behave = Behaviour(fault="start")
    with refused("signing.remote_unavailable"):
        way.authorise(found.session, 1, [TASK])
    service.behave = Behaviour()
    assert isinstance(way.authorise(found.session, 1, [TASK]), Ask)
    references = [content["reference"] for path, content in service.log if path == "/signature"]
    assert len(set(references)) == 1


def test_cancelling_never_fails(service: AsanService) -> None:
    way = signer(service)
    ask = asked(way)
    way.cancel(identified(way).session)
    service.behave = Behaviour(fault="cancel")
    way.cancel(ask.session)
    assert paths(service)[-1] == "cancel"


# The session


def test_the_session_keeps_everything_and_shows_no_number(service: AsanService) -> None:
    session = AsanSession.load(asked(signer(service)).session)
    assert AsanSession.load(session.dump()) == session
    assert PHONE not in repr(session)
    assert USER_ID not in repr(session)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"junk", b'{"task": 1}'])
def test_what_is_no_session(service: AsanService, data: bytes) -> None:
    with refused("signing.remote_wrong_answer"):
        signer(service).resume(data, None)


def test_answers_to_what_was_not_asked(service: AsanService) -> None:
    way = signer(service)
    found = identified(way)
    for step in (
        lambda: way.resume(found.session, None),
        lambda: way.resume(asked(way).session, ClientSigned({"r1": b"x"})),
        lambda: way.sign(found.session, [TASK], again=False),
    ):
        with refused("signing.remote_wrong_answer"):
            step()
    with refused("signing.remote_too_many"):
        way.authorise(found.session, 2, [TASK, TASK])


def test_another_shape_by_configuration_alone(service: AsanService) -> None:
    """Fields that go deeper, fixed fields, fields left out."""
    mapping = {
        "fixed": {"relyingParty.name": "KOBİA", "relyingParty.id": "7"},
        "language": "",
        "display": "message.text",
        "text": {"en": "Signing"},
    }
    way = signer(service, mapping=mapping)
    assert finished(way, asked(way)).signatures
    _, request = next(entry for entry in service.log if entry[0] == "/signature")
    assert request["relyingParty"] == {"name": "KOBİA", "id": "7"}
    assert request["message"] == {"text": "Signing"}
    assert "language" not in request
