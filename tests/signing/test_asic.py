"""ASiC-E containers: what is in them cannot be changed unseen, whatever the key."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.api import SigningError
from signing.asic import MIMETYPE, AsicFile, AsicSealer, read_container
from signing.http import HttpxTransport
from signing.tsa import TimeStamper
from tests.pki_fixtures import RunningPki

FILES = (
    AsicFile("000_siyahi.pdf", b"%PDF-1.7 siyahi", "application/pdf", root=True),
    AsicFile("001_pasport.pdf", b"%PDF-1.7 pasport", "application/pdf"),
    AsicFile("002_plan.png", b"\x89PNG", "image/png"),
)
AT = datetime(2026, 11, 24, 8, 30, 5, 123, tzinfo=UTC)


@pytest.fixture(scope="module")
def sealed(session_pki: RunningPki) -> bytes:
    return container(session_pki, "p384")


def container(pki: RunningPki, variant: str) -> bytes:
    transport = HttpxTransport(timeout=10)
    try:
        return AsicSealer(TimeStamper(transport, pki.pki.tsa_url)).seal(FILES, pki.variant(variant), AT)
    finally:
        transport.close()


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(inside: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("variant", ["rsa", "p384"])
def test_every_kind_of_key_seals(session_pki: RunningPki, variant: str) -> None:
    data = container(session_pki, variant)
    report = read_container(data)
    assert report.sound
    assert report.files == {f.name: f.content for f in FILES}
    assert report.certificate == session_pki.variant(variant).certificate
    assert report.time_stamp is not None
    assert abs((report.time_stamp - datetime.now(UTC)).total_seconds()) < 120
    assert data[38 : 38 + len(MIMETYPE)] == MIMETYPE.encode()


@settings(max_examples=60)
@given(st.data())
def test_no_byte_changes_unseen(sealed: bytes, data: st.DataObject) -> None:
    inside = entries(sealed)
    name = data.draw(st.sampled_from([n for n in inside if not n.endswith(".p7s")]))
    place = data.draw(st.integers(0, len(inside[name]) - 1))
    changed = bytearray(inside[name])
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        report = read_container(packed({**inside, name: bytes(changed)}))
    except SigningError:
        return
    assert not report.sound


def test_nothing_is_added_left_out_renamed_or_put_in_another_order(sealed: bytes) -> None:
    inside = entries(sealed)
    assert read_container(packed(inside)).sound
    without = {n: c for n, c in inside.items() if not n.startswith("001")}
    renamed = {n.replace("001_", "003_"): c for n, c in inside.items()}
    late = dict(sorted(inside.items(), key=lambda pair: pair[0] == "mimetype"))
    for broken in (without, renamed, late, {**inside, "evil.pdf": b"x"}):
        assert not read_container(packed(broken)).sound
    for unreadable in (b"", b"PK", packed({"mimetype": b"x"}), sealed[:-40]):
        with pytest.raises(SigningError, match=r"signing\.unreadable_container"):
            read_container(unreadable)


@pytest.mark.parametrize("name", ["../x.pdf", "META-INF/x", "a b", "", "ə.pdf", "x" * 121])
def test_names_are_plain(session_pki: RunningPki, name: str) -> None:
    sealer = AsicSealer(TimeStamper(HttpxTransport(timeout=1), session_pki.pki.tsa_url))
    with pytest.raises(ValueError, match="plain names"):
        sealer.seal((AsicFile(name, b"x", "application/pdf"),), session_pki.variant("p384"), AT)
    with pytest.raises(ValueError, match="plain names"):
        sealer.seal((FILES[0], FILES[0]), session_pki.variant("p384"), AT)
