"""The returned PDF: the bytes sent plus one valid signature of the person, in the person's field, and nothing else."""

from __future__ import annotations

import hashlib
import io
import json
import random
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from signing.api import Level, SigningError
from signing.appearance_font import AppearanceFont
from signing.devpki import Holder
from signing.engine import PyHankoEngine
from signing.http import HttpxTransport
from signing.remote.api import Called
from signing.tsa import TimeStamper
from tests.pki_fixtures import HOLDER, RunningPki, SystemClock
from tests.signing.conftest import Judges, judges, qpdf_clean
from tests.sima.conftest import Station, make_station
from tools.standins.sima_phone import Fault, broken

__all__ = ["judges"]

OTHER = Holder("7XYZ9K8", "Məmmədov", "Elçin", "Rauf oğlu", "Nazirlik")


def engine(pki: RunningPki) -> PyHankoEngine:
    transport = HttpxTransport(timeout=5)
    return PyHankoEngine(
        AppearanceFont.load(), TimeStamper(transport, pki.pki.tsa_url, pause=0), transport=transport,
        roots=pki.trust.roots_der, intermediates=pki.trust.others_der, clock=SystemClock(),
    )  # fmt: skip


def check(
    station: Station, signed: bytes, *, base: bytes | None = None, field: str = "imza0", fin: str = HOLDER.fin
) -> str:
    """The code of the refusal, "" when the file is accepted."""
    try:
        found = station.checker.check(base or station.base, signed, field=field, expected_fin=fin, at=station.clock())
    except SigningError as refusal:
        return refusal.code
    assert found.field == field
    return ""


def test_an_accepted_file_is_valid_for_others_too_and_goes_on_to_the_archive_level(
    station: Station, judges: Judges, tmp_path: Path
) -> None:
    signed = station.phone().sign_pdf(station.base)
    found = station.checker.check(station.base, signed, field="imza0", expected_fin=HOLDER.fin, at=station.clock())
    assert (found.level, found.certificate) == ("B-B", station.pki.person().certificate)
    assert judges.valid_signatures(signed) == 1
    second = station.phone(key=station.pki.person(OTHER))
    second.field_name = "imza1"
    both = second.sign_pdf(signed)
    assert check(station, both, base=signed, field="imza1", fin=OTHER.fin) == ""
    final = engine(station.pki).extend(both, target=Level.B_LTA)
    assert final.level is Level.B_LTA
    report = station.checker._validator.validate(final.pdf)
    assert report.valid
    assert [s.fin for s in report.signatures if s.kind == "signature"] == [HOLDER.fin, OTHER.fin]
    assert judges.valid_signatures(final.pdf) == 2
    qpdf_clean(final.pdf, tmp_path)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.OTHER_BYTES, "sima.other_bytes"),
        (Fault.NO_SIGNATURE, "sima.no_signature"),
        (Fault.TWO_SIGNATURES, "sima.two_signatures"),
        (Fault.NEW_FIELD, "sima.new_field"),
        (Fault.EXTRA_REVISION, "sima.extra_revision"),
        (Fault.ANNOTATED, "sima.changed"),
        (Fault.RETITLED, "sima.changed"),
        (Fault.HIDDEN, "sima.changed"),
        (Fault.BROKEN_PDF_SIGNATURE, "sima.bad_pdf_signature"),
        (Fault.NOT_PADES, "sima.bad_pdf_signature"),
    ],
)
def test_faults_of_the_file(station: Station, fault: Fault, code: str) -> None:
    station.ask()
    assert station.code(fault) == code
    assert not station.results


def test_the_very_bytes_sent_carry_no_signature(station: Station) -> None:
    assert check(station, station.base) == "sima.no_signature"
    assert check(station, station.base[:-1]) == "sima.other_bytes"
    assert check(station, b"") == "sima.other_bytes"


def test_somebody_elses_field(station: Station) -> None:
    phone = station.phone()
    phone.field_name = "imza1"
    assert check(station, phone.sign_pdf(station.base)) == "sima.other_field"


def test_somebody_elses_signature_in_the_persons_callback(station: Station, dev_pki: RunningPki) -> None:
    station.ask()
    assert station.code(pdf_key=dev_pki.person(OTHER)) == "sima.foreign_fin"


def test_a_file_signed_with_a_revoked_or_unknown_certificate(
    station: Station, dev_pki: RunningPki, foreign_pki: RunningPki
) -> None:
    station.ask()
    assert station.code(pdf_key=dev_pki.variant("revoked")) == "signing.certificate_revoked"
    assert station.code(pdf_key=foreign_pki.person()) == "signing.untrusted_certificate"


def test_two_documents_the_answer_to_one_is_none_to_the_other(station: Station) -> None:
    phone = station.phone()
    first = phone.sign_pdf(station.base)
    phone.field_name = "imza1"
    assert check(station, phone.sign_pdf(first)) == "sima.two_signatures"
    assert check(station, first, base=first + b"\n") == "sima.other_bytes"


def test_an_old_answer_over_an_earlier_state_of_the_document(station: Station, dev_pki: RunningPki) -> None:
    """Another person signed meanwhile: the file is over a base that is no longer the newest."""
    stale = station.phone().sign_pdf(station.base)
    other = station.phone(key=dev_pki.person(OTHER))
    other.field_name = "imza1"
    newest = other.sign_pdf(station.base)
    assert check(station, stale, base=newest) == "sima.other_bytes"


def test_a_locked_document_takes_no_signature(station: Station, placed_pdf: bytes) -> None:
    """An earlier signature locked the document (ISO 32000-2, 12.8.2.4); the phone signs all the same."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(placed_pdf)) as pdf:
        field = next(f for f in pdf.Root.AcroForm.Fields if str(f.T) == "imza2")
        field.Lock = pikepdf.Dictionary(Type=pikepdf.Name.SigFieldLock, Action=pikepdf.Name.All, P=1)
        pdf.save(out)
    first = station.phone(key=station.pki.person(OTHER))
    first.field_name = "imza2"
    locked = first.sign_pdf(out.getvalue())
    assert check(station, locked, base=out.getvalue(), field="imza2", fin=OTHER.fin) == ""
    assert check(station, station.phone().sign_pdf(locked), base=locked) == "sima.bad_pdf_signature"


def test_bytes_after_the_signature(station: Station) -> None:
    signed = station.phone().sign_pdf(station.base)
    assert check(station, signed + b"\n% qeyd\n%%EOF\n") != ""
    assert check(station, signed + b" ") != ""
    assert check(station, signed[:-7]) == "signing.unreadable_pdf"


def test_a_certificate_that_ended_before(station: Station) -> None:
    signed = station.phone().sign_pdf(station.base)
    station.clock.shift = timedelta(days=4 * 365)
    assert check(station, signed) == "signing.certificate_expired"


CODES = ("sima.", "signing.")


@pytest.fixture(scope="module")
def steady(session_pki: RunningPki, placed_pdf: bytes) -> Station:
    """For properties: one station, one signed file, no revocation asked for each example."""
    session_pki.faults.resume()
    return make_station(session_pki, session_pki.trust, placed_pdf, None)


@pytest.fixture(scope="module")
def signed_once(steady: Station) -> bytes:
    return steady.phone().sign_pdf(steady.base)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(["flip", "cut", "insert", "repeat", "swap"]))
def test_no_mutated_file_is_accepted(steady: Station, signed_once: bytes, seed: int, kind: str) -> None:
    """Every byte of the new part counts but the zeros that pad the container, which are checked to be zeros."""
    chance = random.Random(seed)
    added = bytearray(signed_once[len(steady.base) :])
    place = chance.randrange(len(added))
    if kind == "flip":
        added[place] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        del added[place : place + chance.randrange(1, 50)]
    elif kind == "insert":
        added[place:place] = chance.randbytes(chance.randrange(1, 20))
    elif kind == "repeat":
        added += bytes(added[place:] if chance.random() < 0.5 else added)
    else:
        other = chance.randrange(len(added))
        added[place], added[other] = added[other], added[place]
    mutated = steady.base + bytes(added)
    code = check(steady, mutated)
    if mutated == signed_once:
        assert code == ""
    else:
        assert code or _same_digits(mutated, signed_once)
    assert code.startswith(CODES) or code == ""


def _same_digits(mutated: bytes, signed: bytes) -> bool:
    """A hexadecimal digit of /Contents written in the other case: the same signature, the same file otherwise."""
    start = signed.rindex(b"/Contents")
    same_place = len(mutated) == len(signed) and mutated[:start] == signed[:start]
    return same_place and mutated.lower() == signed.lower()


PARTS = ["target", "ts-cert", "ts-sign", "ts-sign-alg"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    place=st.integers(0, 10_000),
    bit=st.integers(0, 7),
    part=st.sampled_from(PARTS),
)
def test_no_mutated_call_is_taken_for_genuine(steady: Station, place: int, bit: int, part: str) -> None:
    ask = steady.ask()
    phone = steady.phone()
    target = ask.prompt.url.removeprefix("http://service.test")
    headers = phone.headers(target.encode())
    values = {**headers, "target": target}
    text = bytearray(values[part].encode())
    text[place % len(text)] ^= 1 << bit
    values[part] = text.decode("latin-1")
    call = Called("GET", values.pop("target"), values, b"")
    assert call.target != target or call.headers != headers
    with pytest.raises(SigningError) as caught:
        steady.signer.fetch(ask.session, call)
    assert caught.value.code.startswith(CODES)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(["Type", "OperationId", "DataSignature", "SignedDataHash", "AlgName", "x"]),
                    inner,
                    max_size=6,
                )
            ),
            max_leaves=10,
        ),
    )
)
def test_no_other_body_signs_anything(steady: Station, body: object) -> None:
    """Even when the right phone signs it."""
    ask = steady.ask()
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    phone = steady.phone()
    target = f"/sima/{ask.correlation}/callback"
    with pytest.raises(SigningError) as caught:
        steady.signer.resume(ask.session, Called("POST", target, phone.headers(data), data))
    assert caught.value.code.startswith(CODES)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(place=st.integers(0, 10_000), new=st.sampled_from("ABab01+/=%&-_ "), cut=st.booleans())
def test_no_mutated_container_is_taken_for_the_one_issued(steady: Station, place: int, new: str, cut: bool) -> None:
    """Even when the right phone signs the changed address: the seal and the very text must be ours."""
    ask = steady.ask()
    start, mark, query = ask.prompt.url.removeprefix("http://service.test").partition("tsquery=")
    place %= len(query)
    assume(cut or query[place] != new)
    target = start + mark + query[:place] + ("" if cut else new) + query[place + 1 :]
    with pytest.raises(SigningError) as caught:
        steady.signer.fetch(ask.session, Called("GET", target, steady.phone().headers(target.encode()), b""))
    assert caught.value.code in ("sima.bad_container", "sima.bad_seal", "sima.other_container")


def test_the_faults_are_faults(steady: Station, signed_once: bytes) -> None:
    """So that a stand-in that did nothing could not make the table above pass."""
    assert broken(steady.base, signed_once) != signed_once
    assert hashlib.sha256(signed_once).digest() != hashlib.sha256(steady.base).digest()
    assert b64encode(signed_once[: len(steady.base)]) == b64encode(steady.base)
    assert check(steady, signed_once) == ""
