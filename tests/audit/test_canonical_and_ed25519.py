"""The verifier's own RFC 8785 and RFC 8032 against the libraries and the RFC's vectors."""

from __future__ import annotations

import json
import string

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from doc_service.audit.offline import verify_audit as offline
from tests.audit.kit import signer

VECTORS = [  # RFC 8032 §7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]

NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_canonical_text_is_that_of_the_library(value: object) -> None:
    text = rfc8785.dumps(value)
    assert offline.canonical(json.loads(json.dumps(value))).encode() == text
    assert offline.parse_canonical(text) == json.loads(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_as_the_library_writes_them(value: float) -> None:
    assert offline.canonical(value).encode() == rfc8785.dumps(value)


def number(text: str) -> int | float:
    """A number as JSON means it: a double where it is no exact integer."""
    return int(text) if abs(int(text)) < 2**53 else float(text)


@given(VALUES, st.data())
def test_only_canonical_bytes_are_accepted(value: object, data: st.DataObject) -> None:
    text = rfc8785.dumps(value)
    place = data.draw(st.integers(0, len(text)))
    extra = data.draw(st.sampled_from([b" ", b"\n", b",", b"0", b'"', b"}"]))
    changed = text[:place] + extra + text[place:]
    try:
        again = rfc8785.dumps(json.loads(changed, parse_int=number))
    except (ValueError, OverflowError):
        again = None
    if again == changed:
        assert offline.parse_canonical(changed) == json.loads(changed)
    else:
        with pytest.raises(ValueError):  # noqa: PT011
            offline.parse_canonical(changed)


@pytest.mark.parametrize(
    "text",
    ['{"a":1,"a":1}', '{"b":1,"a":1}', '{"a": 1}', "1e16", "1.0", "-0", "1E2", "9007199254740993", "1" * 400,
     "NaN", '"\\u0041"',
     '"\\/"', "[1,]", "", "{} ", '"\\ud800"', "1" * 5000, '{"\U00010000":1,"\ufb33":1,"a":1}'],
)  # fmt: skip
def test_other_ways_of_writing_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        offline.parse_canonical(text.encode())


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_vectors_of_rfc_8032(key: str, message: str, signature: str) -> None:
    public, data, proof = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert offline.verify_ed25519(public, data, proof)
    assert not offline.verify_ed25519(public, data + b"x", proof)
    assert not offline.verify_ed25519(public[::-1], data, proof)


@given(st.binary(max_size=40), st.integers(0, 64 * 8 - 1))
def test_signatures_are_judged_as_the_library_judges_them(message: bytes, bit: int) -> None:
    key = signer()
    signature = key.sign(message)
    assert offline.verify_ed25519(key.public_key, message, signature)
    flipped = bytes(b ^ (1 << bit % 8 if n == bit // 8 else 0) for n, b in enumerate(signature))
    assert not offline.verify_ed25519(key.public_key, message, flipped)
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(flipped, message)


def test_malleable_and_misshapen_signatures_are_refused() -> None:
    key = signer()
    signature = key.sign(b"m")
    s = int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not offline.verify_ed25519(key.public_key, b"m", signature[:32] + s.to_bytes(32, "little"))
    assert not offline.verify_ed25519(key.public_key, b"m", signature[:-1])
    assert not offline.verify_ed25519(key.public_key[:-1], b"m", signature)
    assert not offline.verify_ed25519(b"\xff" * 32, b"m", signature)


def test_public_keys_as_pem() -> None:
    keys = [signer("a").public_key, signer("b").public_key]
    text = "".join(map(offline.write_public_key, keys))
    assert offline.read_public_keys("words\n" + text) == keys
    assert len(offline.fingerprint(keys[0])) == 64
    assert set(offline.fingerprint(keys[0])) <= set(string.hexdigits.lower())
    for wrong in ("", text.replace("MCow", "MCox"), "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----"):
        with pytest.raises(ValueError):  # noqa: PT011
            offline.read_public_keys(wrong)
