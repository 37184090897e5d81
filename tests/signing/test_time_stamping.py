"""The RFC 3161 client against a real authority, with answers altered on the way."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from asn1crypto.parser import emit

from signing.api import Level, SigningError
from signing.cms_container import time_stamp_info
from signing.engine import PyHankoEngine
from signing.http import HttpAnswer, HttpError, HttpxTransport
from signing.tsa import TimeStamper
from tests.pki_fixtures import SystemClock

DIGEST = hashlib.sha256("Qərar".encode()).digest()
Alter = Callable[[HttpAnswer], HttpAnswer]


class AlteringTransport:
    """Passes everything on and alters the answers; counts the requests."""

    def __init__(self, inner: HttpxTransport, alter: Alter, request: Callable[[bytes], bytes] = lambda b: b) -> None:
        self._inner = inner
        self._alter = alter
        self._request = request
        self.requests = 0

    def get(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        return self._inner.get(url, headers)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        self.requests += 1
        return self._alter(self._inner.post(url, self._request(body), headers))


def same(answer: HttpAnswer) -> HttpAnswer:
    return answer


def stamper(pki: Any, transport: Any, **options: Any) -> TimeStamper:
    return TimeStamper(transport, pki.pki.tsa_url, pause=0, **options)


def code(work: Callable[[], object]) -> tuple[str, bool]:
    with pytest.raises(SigningError) as caught:
        work()
    return caught.value.code, caught.value.retryable


def test_openssl_accepts_the_token(dev_pki: Any, transport: HttpxTransport, tmp_path: Path) -> None:
    token = stamper(dev_pki, transport).stamp(DIGEST)
    (tmp_path / "token.der").write_bytes(token)
    for name, certificates in (("root", dev_pki.trust.roots_der), ("chain", dev_pki.trust.others_der)):
        pem = [
            subprocess.run(["openssl", "x509", "-inform", "der"], input=c, capture_output=True, check=True).stdout
            for c in certificates
        ]
        (tmp_path / f"{name}.pem").write_bytes(b"".join(pem))
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-digest", DIGEST.hex(), "-in", "token.der", "-token_in",
         "-CAfile", "root.pem", "-untrusted", "chain.pem"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Verification: OK" in done.stdout + done.stderr
    assert time_stamp_info(token)["message_imprint"]["hashed_message"].native == DIGEST


def other_digest(body: bytes) -> bytes:
    request = tsp.TimeStampReq.load(body).copy()
    request["message_imprint"]["hashed_message"] = hashlib.sha256(b"other").digest()
    return bytes(request.dump(force=True))


def other_nonce(body: bytes) -> bytes:
    request = tsp.TimeStampReq.load(body).copy()
    request["nonce"] = 7
    return bytes(request.dump(force=True))


def without_certificates(body: bytes) -> bytes:
    request = tsp.TimeStampReq.load(body).copy()
    request["cert_req"] = False
    return bytes(request.dump(force=True))


@pytest.mark.parametrize("change", [other_digest, other_nonce])
def test_an_answer_to_another_question(
    dev_pki: Any, transport: HttpxTransport, change: Callable[[bytes], bytes]
) -> None:
    tampering = AlteringTransport(transport, same, change)
    assert code(lambda: stamper(dev_pki, tampering).stamp(DIGEST)) == ("signing.tsa_bad_token", False)


def test_the_last_byte_of_the_signature(dev_pki: Any, transport: HttpxTransport) -> None:
    def flip(answer: HttpAnswer) -> HttpAnswer:
        return HttpAnswer(answer.body[:-1] + bytes([answer.body[-1] ^ 1]), answer.content_type)

    assert (
        code(lambda: stamper(dev_pki, AlteringTransport(transport, flip)).stamp(DIGEST))[0] == "signing.tsa_bad_token"
    )


@pytest.mark.parametrize("size", [0, 1, 20, 200, 700])
def test_an_answer_cut_short(dev_pki: Any, transport: HttpxTransport, size: int) -> None:
    cut = AlteringTransport(transport, lambda answer: HttpAnswer(answer.body[:size], answer.content_type))
    assert code(lambda: stamper(dev_pki, cut).stamp(DIGEST)) == ("signing.tsa_bad_token", False)


def test_a_time_moved_in_the_token(dev_pki: Any, transport: HttpxTransport) -> None:
    def move(answer: HttpAnswer) -> HttpAnswer:
        moment = tsp.TimeStampResp.load(answer.body)["time_stamp_token"]["content"]["encap_content_info"]["content"]
        written = moment.parsed["gen_time"].contents
        assert answer.body.count(written) == 1
        return HttpAnswer(answer.body.replace(written, b"2020" + written[4:]), answer.content_type)

    assert (
        code(lambda: stamper(dev_pki, AlteringTransport(transport, move)).stamp(DIGEST))[0] == "signing.tsa_bad_token"
    )


def test_refusal_is_told(dev_pki: Any, transport: HttpxTransport) -> None:
    refusal = emit(0, 1, 16, tsp.PKIStatusInfo({"status": "rejection", "status_string": ["policy"]}).dump())
    refusing = AlteringTransport(transport, lambda _: HttpAnswer(refusal, "application/timestamp-reply"))
    with pytest.raises(SigningError) as caught:
        stamper(dev_pki, refusing).stamp(DIGEST)
    assert (caught.value.code, caught.value.params["reason"]) == ("signing.tsa_refused", "policy")


def test_attempts_are_limited(dev_pki: Any, transport: HttpxTransport) -> None:
    pauses: list[float] = []
    wrong_type = AlteringTransport(transport, lambda answer: HttpAnswer(answer.body, "text/html"))
    client = TimeStamper(wrong_type, dev_pki.pki.tsa_url, attempts=3, pause=0.5, sleep=pauses.append)
    assert code(lambda: client.stamp(DIGEST)) == ("signing.tsa_unavailable", True)
    assert (wrong_type.requests, pauses) == (3, [0.5, 0.5])


def test_second_attempt_can_succeed(dev_pki: Any, transport: HttpxTransport) -> None:
    answers = iter(["text/html"])

    def first_fails(answer: HttpAnswer) -> HttpAnswer:
        return HttpAnswer(answer.body, next(answers, answer.content_type))

    assert stamper(dev_pki, AlteringTransport(transport, first_fails)).stamp(DIGEST)


def test_time_out(dev_pki: Any) -> None:
    dev_pki.faults.slow("tsa", 0.6)
    impatient = HttpxTransport(timeout=0.1)
    assert code(lambda: stamper(dev_pki, impatient, attempts=1).stamp(DIGEST)) == ("signing.tsa_unavailable", True)
    impatient.close()


def test_answers_have_a_largest_size(dev_pki: Any) -> None:
    small = HttpxTransport(limit=100)
    with pytest.raises(HttpError, match="larger"):
        small.get(dev_pki.pki.urls.crl("issuing"), {})
    small.close()


def test_nothing_listens(transport: HttpxTransport) -> None:
    client = TimeStamper(transport, "http://127.0.0.1:9/tsa", pause=0)
    assert code(lambda: client.stamp(DIGEST)) == ("signing.tsa_unavailable", True)


def test_a_token_that_does_not_fit_is_said(workshop: Any, placed: bytes, font: Any, transport: HttpxTransport) -> None:

    tight = PyHankoEngine(
        font,
        stamper(workshop.pki, transport),
        transport=transport,
        roots=workshop.pki.trust.roots_der,
        clock=SystemClock(),
        time_stamp_room=64,
    )
    revision = workshop.with_engine(tight).sign(placed, "imza0", level=Level.B_T)
    assert (revision.level, revision.pending) == (Level.B_B, ("signing.container_too_large",))
