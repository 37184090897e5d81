"""What the agent's key is willing to sign."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from asn1crypto import cms, core
from hypothesis import given
from hypothesis import strategies as st

from doc_service.agent.attributes import read_attributes
from doc_service.agent.log_in import require_challenge
from doc_service.domain.errors import DomainError
from tests.agent.conftest import ORIGIN, to_sign
from tests.pki_fixtures import RunningPki


@pytest.fixture(scope="module")
def certificates(session_pki: RunningPki) -> list[bytes]:
    """P-256, P-384, RSA of one person."""
    return [session_pki.person().certificate] + [session_pki.variant(kind).certificate for kind in ("p384", "rsa")]


def part(data: bytes, algorithm: str, certificate: bytes) -> str:
    """What was wrong."""
    with pytest.raises(DomainError) as caught:
        read_attributes(data, algorithm, certificate)
    assert caught.value.code == "agent.not_a_signature"
    return str(caught.value.faults[0].params["part"])


def changed(data: bytes, change: Callable[[cms.CMSAttributes], None]) -> bytes:
    attributes = cms.CMSAttributes.load(data)
    change(attributes)
    made: bytes = attributes.dump(force=True)
    return made


def test_attributes_of_the_engine(certificates: list[bytes]) -> None:
    for certificate in certificates:
        data, algorithm = to_sign(certificate, b"document")
        found = read_attributes(data, algorithm, certificate)
        assert found.document_digest == hashlib.new(algorithm.partition("_")[0], b"document").digest()


def test_attributes_for_another_certificate(certificates: list[bytes]) -> None:
    data, algorithm = to_sign(certificates[0])
    assert part(data, algorithm, certificates[1]) == "attributes"
    assert part(data, algorithm, certificates[2]) == "attributes"


def test_attributes_with_something_else_in_them(certificates: list[bytes]) -> None:
    data, algorithm = to_sign(certificates[0])
    more = cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime("260101000000Z")})]})
    assert part(changed(data, lambda a: a.append(more)), algorithm, certificates[0]) == "attributes"
    assert part(changed(data, lambda a: a.__delitem__(0)), algorithm, certificates[0]) in ("attributes", "encoding")


def test_digest_of_another_length(certificates: list[bytes]) -> None:
    data, _ = to_sign(certificates[0])
    assert part(data, "sha384_ecdsa", certificates[0]) == "message-digest"
    assert part(data, "md5_rsa", certificates[0]) == "algorithm"


def test_bytes_after_the_attributes(certificates: list[bytes]) -> None:
    data, algorithm = to_sign(certificates[0])
    for wrong in (data + b"\0", data[:-1], b"\0" + data, data + data, data.ljust(9000, b"\0")):
        assert part(wrong, algorithm, certificates[0]) in ("encoding", "size")


@given(st.binary(max_size=300))
def test_no_other_bytes_are_signed(data: bytes) -> None:
    with pytest.raises(DomainError):
        read_attributes(data, "sha256_ecdsa", b"certificate")


@pytest.fixture(scope="module")
def good(certificates: list[bytes]) -> tuple[bytes, str]:
    return to_sign(certificates[0])


@given(st.data())
def test_no_flipped_bit_passes_but_in_the_digest(
    certificates: list[bytes], good: tuple[bytes, str], data: st.DataObject
) -> None:
    """Only the digest of the document is free; everything else is fixed by the certificate."""
    attributes, algorithm = good
    at = data.draw(st.integers(0, len(attributes) * 8 - 1))
    bad = bytearray(attributes)
    bad[at // 8] ^= 1 << at % 8
    start = attributes.index(hashlib.sha256(b"prepared").digest())
    if start <= at // 8 < start + 32:
        assert read_attributes(bytes(bad), algorithm, certificates[0]).document_digest == bad[start : start + 32]
    else:
        part(bytes(bad), algorithm, certificates[0])


def test_neither_kind_is_taken_for_the_other(certificates: list[bytes]) -> None:
    text = f"doc-service: log-in\n{ORIGIN}\n2026-11-21T10:00:00.000Z\nid\nnonce\n".encode()
    require_challenge(text, ORIGIN)
    assert part(text, "sha256_ecdsa", certificates[0])
    with pytest.raises(DomainError):
        require_challenge(to_sign(certificates[0])[0], ORIGIN)


@pytest.mark.parametrize(
    "text",
    [
        "doc-service: log-in\nhttps://evil.example.com\n2026\nid\nnonce\n",
        "doc-service: log-in\nhttps://senedler.example.az\n2026\nid\nnonce",
        "doc-service: log-in\nhttps://senedler.example.az\n2026\nid\nnonce\nmore\n",
        "doc-service: log-in\nhttps://senedler.example.az\n\nid\nnonce\n",
        "doc-service: log-in\nhttps://senedler.example.az\n2026\nI owe you\nnonce\n",
        "doc-service: pay\nhttps://senedler.example.az\n2026\nid\nnonce\n",
        "doc-service: log-in\nhttps://senedler.example.az\n2026\nid\n" + "n" * 300 + "\n",
        "doc-service: log-in\nhttps://senedler.example.az\n2026\nid\nəəə\n",
    ],
)
def test_texts_that_are_no_log_in_here(text: str) -> None:
    with pytest.raises(DomainError) as caught:
        require_challenge(text.encode(), ORIGIN)
    assert caught.value.code == "agent.not_a_log_in"
