"""The client of the CSC API against a real HTTP service: both versions, every kind of authorisation, every fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from signing.api import SigningError
from signing.devpki import Holder
from signing.keys.algorithms import verifies
from signing.remote.api import Ask, Binding, Entered, PromptKind, Returned
from signing.remote.csc.provider import ServiceAuthorization, Version
from signing.remote.csc.session import CscSession
from tests.pki_fixtures import RunningPki, refused
from tests.signing.remote.csc_bench import USER, Bench, Open, benches, person, tasks

BOTH = pytest.mark.parametrize("version", [Version.V2, Version.V1], ids=str)
V2 = Version.V2


@pytest.fixture
def open_bench(tmp_path: Any) -> Iterator[Open]:
    with benches(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(session_pki: RunningPki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Bench]]:
    """One service of each version with a SCAL2 credential, for tests that only read or set faults."""
    with benches(tmp_path_factory.mktemp("csc")) as opened:
        yield {str(v): opened(v, [person(session_pki)]) for v in (Version.V1, Version.V2)}


@pytest.fixture
def bench(shared: dict[str, Bench]) -> Bench:
    shared[str(V2)].process.set(faults=[])
    return shared[str(V2)]


def check_all(signatures: Any, wanted: Any, certificate: bytes) -> None:
    from cryptography import x509

    public = x509.load_der_x509_certificate(certificate).public_key()
    assert set(signatures) == {t.reference for t in wanted}
    assert all(verifies(public, signatures[t.reference], t.data, t.algorithm) for t in wanted)


@BOTH
@pytest.mark.parametrize(
    "credential",
    [
        {"mode": "oauth2code", "scal": "2"},
        {"mode": "oauth2code", "scal": "1"},
        {"mode": "explicit", "scal": "2", "factors": ["PIN"]},
        {"mode": "explicit", "scal": "2", "factors": ["PIN", "OTP"]},
        {"mode": "explicit", "scal": "1", "factors": ["PIN"]},
    ],
    ids=lambda c: "-".join([c["mode"], "SCAL" + c["scal"], *c.get("factors", [])]),
)
def test_three_documents_with_one_authorisation(
    open_bench: Open, dev_pki: RunningPki, version: Version, credential: dict[str, Any]
) -> None:
    bench = open_bench(version, [person(dev_pki, **credential)])
    wanted = tasks(3)
    signer = bench.signer()
    found = bench.identify(signer)
    assert found.terms.binding is (Binding.HASHES if credential["scal"] == "2" else Binding.SESSION)
    given = wanted if credential["scal"] == "2" else []
    ready = bench.authorise(signer, found, given, 3)
    done = bench.finish(signer, signer.sign(ready.session, wanted, again=False))
    check_all(done.signatures, wanted, found.certificate)
    assert len(found.chain) == 1
    assert len(bench.process.log("signatures/signHash")) == 1


def test_a_phone_that_confirms(open_bench: Open, dev_pki: RunningPki) -> None:
    bench = open_bench(V2, [person(dev_pki, mode="explicit", factors=["phone"])])
    wanted = tasks(2)
    check_all(bench.signed(bench.signer(), wanted).signatures, wanted, dev_pki.issue().certificate)
    assert len(bench.process.log("credentials/authorizeCheck")) == 2


def test_signatures_that_come_later(open_bench: Open, dev_pki: RunningPki) -> None:
    bench = open_bench(V2, [person(dev_pki)], asynchronous=True)
    wanted = tasks(2)
    signer = bench.signer(asynchronous=True)
    check_all(bench.signed(signer, wanted).signatures, wanted, dev_pki.issue().certificate)
    assert len(bench.process.log("signatures/signPolling")) == 2


def test_r_and_s_side_by_side_become_der(open_bench: Open, dev_pki: RunningPki) -> None:
    bench = open_bench(V2, [person(dev_pki)], raw_pair=True)
    wanted = tasks(2)
    check_all(bench.signed(bench.signer(), wanted).signatures, wanted, dev_pki.issue().certificate)


@BOTH
def test_rsa(open_bench: Open, dev_pki: RunningPki, version: Version) -> None:
    from signing.devpki import KeyType, Profile

    issued = dev_pki.issue(profile=Profile("rsa", key_type=KeyType.RSA2048))
    bench = open_bench(version, [{**person(dev_pki), "pkcs12": issued.path}])
    wanted = tasks(2, "sha256_rsa")
    check_all(bench.signed(bench.signer(), wanted).signatures, wanted, issued.certificate)


@pytest.mark.parametrize("pushes", [True, False])
def test_two_hundred_documents_with_one_authorisation(open_bench: Open, dev_pki: RunningPki, pushes: bool) -> None:
    """Bound hashes do not fit into an address: they are pushed, or the batch says how many do."""
    bench = open_bench(V2, [person(dev_pki)], pushes=pushes)
    signer = bench.signer()
    found = bench.identify(signer)
    if not pushes:
        assert found.terms.batch == 100
        bench.authorise(signer, found, tasks(100))
        with refused("signing.remote_too_many") as errors:
            signer.authorise(found.session, 200, tasks(200))
        assert 80 < int(errors[0].params["limit"]) < 140
        return
    wanted = tasks(200)
    assert found.terms.batch == 200
    check_all(bench.signed(signer, wanted).signatures, wanted, found.certificate)


def test_a_session_signs_in_rounds_with_one_authorisation(open_bench: Open, dev_pki: RunningPki) -> None:
    """Without bound hashes documents follow each other; each further call renews the SAD where the service does so."""
    bench = open_bench(V2, [person(dev_pki, mode="explicit", scal="1")])
    signer = bench.signer()
    found = bench.identify(signer)
    step: Any = bench.authorise(signer, found, [], 6)
    wanted = tasks(6)
    for start in (0, 2, 4):
        step = signer.sign(step.session, wanted[start : start + 2], again=False)
    assert [e["hashes"] for e in bench.process.log("signatures/signHash")] == [2, 2, 2]
    assert len(bench.process.log("credentials/extendTransaction")) == 2
    assert len(bench.process.log("credentials/authorize")) == 1
    with refused("signing.remote_expired"):
        signer.sign(step.session, wanted[:1], again=False)


def test_more_than_was_authorised_is_refused_by_the_service_too(open_bench: Open, dev_pki: RunningPki) -> None:
    bench = open_bench(V2, [person(dev_pki, mode="explicit", scal="1")], extends=False)
    signer = bench.signer()
    ready = bench.authorise(signer, bench.identify(signer), [], 1)
    forged = replace(CscSession.load(ready.session), count=5).dump()
    signer.sign(forged, tasks(1), again=False)
    with refused("signing.remote_expired"):
        signer.sign(forged, tasks(1), again=False)


def test_other_hashes_than_authorised_are_refused_by_the_service(bench: Bench) -> None:
    signer = bench.signer()
    wanted = tasks(2)
    ready = bench.authorise(signer, bench.identify(signer), wanted[:1])
    forged = replace(CscSession.load(ready.session), count=2).dump()
    with refused("signing.remote_refused") as errors:
        signer.sign(forged, wanted[1:], again=False)
    assert "not authorized" in str(errors[0].params["why"])


def test_the_client_speaks_for_the_person_it_names(open_bench: Open, dev_pki: RunningPki) -> None:
    bench = open_bench(V2, [person(dev_pki, mode="explicit")])
    signer = bench.signer(service_authorization=ServiceAuthorization.CLIENT)
    found = bench.identify(signer, bench.start(user_id=USER))
    assert found.certificate == dev_pki.issue().certificate


def test_the_credential_is_found_by_the_persons_certificate(open_bench: Open, dev_pki: RunningPki) -> None:
    other = dev_pki.issue(Holder("6XYZ1A2", "Quliyev", "Rəşad", "Elçin oğlu"))
    credentials = [
        {**person(dev_pki, "K0"), "pkcs12": other.path},
        person(dev_pki, "K1", status="disabled"),
        person(dev_pki, "K2"),
    ]
    for version, page in ((V2, 0), (Version.V1, 1)):
        bench = open_bench(version, credentials, page=page)
        signer = bench.signer()
        assert CscSession.load(bench.identify(signer).session).chosen.id == "K2"
        if page:
            assert len(bench.process.log("credentials/list")) == 3


def test_several_credentials_are_the_persons_choice(open_bench: Open, dev_pki: RunningPki) -> None:
    bench = open_bench(V2, [person(dev_pki, "K1"), person(dev_pki, "K2")])
    signer = bench.signer()
    with refused("csc.several_credentials") as errors:
        bench.identify(signer)
    assert errors[0].params["credentials"] == "K1, K2"
    chosen = bench.identify(signer, bench.start(credential_id="K2"))
    assert CscSession.load(chosen.session).chosen.id == "K2"
    with refused("csc.unknown_credential"):
        bench.identify(signer, bench.start(credential_id="K9"))


@pytest.mark.parametrize(
    ("credential", "code"),
    [({"status": "disabled"}, "csc.no_credential"), ({"mode": "biometric"}, "csc.unsupported_mode")],
)
def test_a_credential_that_cannot_be_used(
    open_bench: Open, dev_pki: RunningPki, credential: dict[str, str], code: str
) -> None:
    bench = open_bench(V2, [person(dev_pki, **credential)])
    with refused(code):
        bench.identify(bench.signer())


def test_another_version_is_never_spoken_instead(bench: Bench) -> None:
    with refused("csc.version_mismatch") as errors:
        bench.signer(base_url=bench.process.base(1)).begin(bench.start())
    assert errors[0].params == {"found": "1.0.4.0", "expected": "2"}
    bench.process.fail("info", "500", times=9)
    with refused("signing.remote_unavailable") as errors:
        bench.signer().begin(bench.start())
    assert errors[0].retryable
    assert {e["version"] for e in bench.process.log()} == {2}


@BOTH
def test_a_wrong_pin_leaves_the_question_open(open_bench: Open, dev_pki: RunningPki, version: Version) -> None:
    bench = open_bench(version, [person(dev_pki, mode="explicit")])
    signer = bench.signer()
    ask = signer.authorise(bench.identify(signer).session, 1, tasks(1))
    assert isinstance(ask, Ask)
    assert ask.prompt.kind is PromptKind.ENTER
    assert [(f.name, f.secret, f.numeric) for f in ask.prompt.fields] == [("PIN", True, True)]
    for values in ({"PIN": "0000"}, {"PIN": ""}, {}):
        with refused("signing.wrong_pin"):
            signer.resume(ask.session, Entered(values))
    assert b"0000" not in ask.session
    assert b"12345678" not in getattr(signer.resume(ask.session, Entered({"PIN": "12345678"})), "session", b"")


def test_the_person_says_no(bench: Bench) -> None:
    signer = bench.signer()
    login = signer.begin(bench.start())
    assert isinstance(login, Ask)
    with refused("signing.remote_declined"):
        signer.resume(login.session, Returned(bench.process.deny(login.prompt.url)))


@pytest.mark.parametrize("change", [{"state": "other"}, {"state": ""}, {"code": ""}])
def test_a_redirect_that_is_not_ours(bench: Bench, change: dict[str, str]) -> None:
    signer = bench.signer()
    login = signer.begin(bench.start())
    assert isinstance(login, Ask)
    params = bench.process.approve(login.prompt.url, USER)
    with refused("signing.remote_wrong_answer"):
        signer.resume(login.session, Returned({**params, **change}))


def test_a_code_works_once_and_for_its_own_verifier(bench: Bench) -> None:
    signer = bench.signer()
    first, second = signer.begin(bench.start()), signer.begin(bench.start())
    assert isinstance(first, Ask)
    assert isinstance(second, Ask)
    params = bench.process.approve(first.prompt.url, USER)
    stolen = replace(CscSession.load(second.session), state=params["state"]).dump()
    with refused("signing.remote_expired"):
        signer.resume(stolen, Returned(params))
    with refused("signing.remote_expired"):
        signer.resume(first.session, Returned(params))


@pytest.mark.parametrize(
    ("method", "kind", "code", "calls"),
    [
        ("signatures/signHash", "dropped", "signing.remote_outcome_unknown", 1),
        ("signatures/signHash", "lost", "signing.remote_outcome_unknown", 1),
        ("signatures/signHash", "500", "signing.remote_outcome_unknown", 1),
        ("signatures/signHash", "503", "signing.remote_unavailable", 1),
        ("signatures/signHash", "wrong_key", "csc.bad_signature", 1),
        ("signatures/signHash", "garbage", "csc.bad_signature", 1),
        ("signatures/signHash", "truncated", "csc.signature_count", 1),
    ],
)
def test_faults_while_signing(bench: Bench, method: str, kind: str, code: str, calls: int) -> None:
    signer, wanted = bench.signer(), tasks(2)
    ready = bench.authorise(signer, bench.identify(signer), wanted)
    bench.process.fail(method, kind)
    with refused(code) as errors:
        signer.sign(ready.session, wanted, again=False)
    assert errors[0].retryable is (code == "signing.remote_unavailable")
    assert len(bench.process.log(method)) == calls


def test_a_slow_service_is_given_up_and_its_outcome_is_unknown(bench: Bench) -> None:
    signer, wanted = bench.signer(), tasks(1)
    ready = bench.authorise(signer, bench.identify(signer), wanted)
    bench.process.fail("signatures/signHash", "slow", seconds=3.0)
    with refused("signing.remote_outcome_unknown"):
        signer.sign(ready.session, wanted, again=False)


def test_signing_is_repeated_only_where_it_can_do_no_harm(open_bench: Open, dev_pki: RunningPki) -> None:
    bench = open_bench(V2, [person(dev_pki, mode="explicit", scal="1")])
    signer, wanted = bench.signer(), tasks(2)
    found = bench.identify(signer)
    exact = bench.authorise(signer, found, [], 2)
    with refused("signing.remote_outcome_unknown"):
        signer.sign(exact.session, wanted, again=True)
    assert bench.process.log("signatures/signHash") == []
    assert bench.signer(repeatable=True).sign(exact.session, wanted, again=True)
    spare = bench.authorise(signer, found, [], 4)
    assert signer.sign(spare.session, wanted, again=True)


def test_what_changes_nothing_is_asked_twice(bench: Bench) -> None:
    signer = bench.signer()
    login = signer.begin(bench.start())
    assert isinstance(login, Ask)
    params = bench.process.approve(login.prompt.url, USER)
    bench.process.fail("credentials/list", "dropped")
    assert signer.resume(login.session, Returned(params))
    assert len(bench.process.log("credentials/list")) == 2


def test_a_lost_token_asks_for_the_redirect_again(bench: Bench) -> None:
    signer = bench.signer()
    login = signer.begin(bench.start())
    assert isinstance(login, Ask)
    params = bench.process.approve(login.prompt.url, USER)
    bench.process.fail("oauth2/token", "lost")
    again = signer.resume(login.session, Returned(params))
    assert isinstance(again, Ask)
    assert again.prompt.kind is PromptKind.REDIRECT
    assert again.correlation != login.correlation
    assert signer.resume(again.session, Returned(bench.process.approve(again.prompt.url, USER)))


def test_a_service_out_of_reach_loses_nothing(bench: Bench) -> None:
    signer = bench.signer(base_url="http://127.0.0.1:9/csc/v2")
    with refused("signing.remote_unavailable") as errors:
        signer.begin(bench.start())
    assert errors[0].retryable


class _Later:
    """The clock of somebody who comes too late."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


def test_an_authorisation_that_has_ended(bench: Bench) -> None:
    signer, wanted = bench.signer(), tasks(1)
    ready = bench.authorise(signer, bench.identify(signer), wanted)
    late = replace(bench, clock=_Later(timedelta(hours=2))).signer()
    with refused("signing.remote_expired"):
        late.sign(ready.session, wanted, again=False)
    assert bench.process.log("signatures/signHash") == []


def test_an_authorisation_that_the_service_has_ended(open_bench: Open, dev_pki: RunningPki) -> None:
    bench = open_bench(V2, [person(dev_pki)], sad_life=0.0)
    signer, wanted = bench.signer(), tasks(1)
    found = bench.identify(signer)
    ask = signer.authorise(found.session, 1, wanted)
    assert isinstance(ask, Ask)
    ready = signer.resume(ask.session, Returned(bench.process.approve(ask.prompt.url, USER)))
    with refused("signing.remote_expired"):
        signer.sign(ready.session, wanted, again=False)


def test_an_answer_after_the_time_out(bench: Bench) -> None:
    signer = bench.signer()
    login = signer.begin(bench.start())
    assert isinstance(login, Ask)
    params = bench.process.approve(login.prompt.url, USER)
    late = replace(bench, clock=_Later(timedelta(minutes=6))).signer()
    with refused("signing.remote_expired"):
        late.resume(login.session, Returned(params))


@pytest.mark.parametrize("answer", [None, Entered({"PIN": "1"})])
def test_an_answer_to_another_question(bench: Bench, answer: Any) -> None:
    signer = bench.signer()
    login = signer.begin(bench.start())
    with refused("signing.remote_wrong_answer"):
        signer.resume(login.session, answer)


@pytest.mark.parametrize("broken", [b"", b"{}", b"[]", b"\xff", b'{"stage": "nowhere"}'])
def test_bytes_that_are_no_session(bench: Bench, broken: bytes) -> None:
    with pytest.raises(SigningError) as caught:
        bench.signer().resume(broken, None)
    assert caught.value.code == "signing.remote_wrong_answer"


def test_cancelling_gives_tokens_back(bench: Bench) -> None:
    signer, wanted = bench.signer(), tasks(1)
    ready = bench.authorise(signer, bench.identify(signer), wanted)
    bench.process.set(faults=[])
    signer.cancel(ready.session)
    assert len(bench.process.log("oauth2/revoke")) == 2
    with refused("signing.remote_expired"):
        signer.sign(ready.session, wanted, again=False)
    signer.cancel(b"nonsense")


def test_a_session_goes_through_text_and_back(bench: Bench) -> None:
    signer, wanted = bench.signer(), tasks(2)
    ready = bench.authorise(signer, bench.identify(signer), wanted)
    known = CscSession.load(ready.session)
    assert CscSession.load(replace(known, tasks=tuple(wanted)).dump()) == replace(known, tasks=tuple(wanted))
    assert known.authorisation is not None
    assert known.authorisation.value not in repr(known)
