"""prepare and complete: every key kind, every refusal, and revisions that only ever grow."""

from __future__ import annotations

import hashlib
import io
import random
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from signing.api import Appearance, FieldBox, Level, PreparedSignature, SigningError
from signing.appearance_font import AppearanceFont
from signing.fields import PdfFieldPlacer

Place = Callable[[list[FieldBox]], bytes]
BoxMaker = Callable[[int], list[FieldBox]]
NOON = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def prepared_by(workshop: Any, base: bytes, field: str = "imza0") -> tuple[PreparedSignature, bytes]:
    key = workshop.pki.person()
    prepared = workshop.engine.prepare(
        base,
        field=field,
        certificate=key.certificate,
        chain=key.chain,
        appearance=Appearance("İmza", ()),
        signing_time=NOON,
    )
    return prepared, key.sign(prepared.to_be_signed, prepared.algorithm)


def code(work: Callable[[], object]) -> str:
    with pytest.raises(SigningError) as caught:
        work()
    return caught.value.code


def containers(pdf: bytes) -> list[cms.ContentInfo]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fields = opened.Root.AcroForm.Fields
        return [cms.ContentInfo.load(bytes(f.V.Contents)) for f in fields if Name.V in f]


@pytest.mark.parametrize(("kind", "algorithm"), [("", "sha256_ecdsa"), ("p384", "sha384_ecdsa"), ("rsa", "sha256_rsa")])
def test_every_kind_of_key_signs(workshop: Any, placed: bytes, judges: Any, kind: str, algorithm: str) -> None:
    key = workshop.pki.variant(kind) if kind else workshop.pki.person()
    revision = workshop.sign(placed, "imza0", key=key, level=Level.B_T)
    assert (revision.level, revision.pending) == (Level.B_T, ())
    assert revision.pdf.startswith(placed)
    assert judges.valid_signatures(revision.pdf) == 1
    judges.check_structure(revision.pdf)
    (container,) = containers(revision.pdf)
    (signer,) = container["content"]["signer_infos"]
    assert signer["signature_algorithm"]["algorithm"].native == algorithm
    kinds = [a["type"].native for a in signer["signed_attrs"]]
    assert sorted(kinds) == ["content_type", "message_digest", "signing_certificate_v2"]
    assert [a["type"].native for a in signer["unsigned_attrs"]] == ["signature_time_stamp_token"]


def test_signature_dictionary(workshop: Any, placed: bytes) -> None:
    pdf = workshop.sign(placed, "imza1").pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        signature = opened.Root.AcroForm.Fields[1].V
        assert signature.SubFilter == Name("/ETSI.CAdES.detached")
        assert Name.Reference not in signature
        assert Name.Perms not in opened.Root
        assert Name.Version not in opened.Root
        assert str(signature.Location) == "Bakı"
        assert list(opened.Root.Extensions.keys()) == ["/ESIC"]


def test_the_same_preparation_gives_the_same_bytes(workshop: Any, placed: bytes) -> None:
    assert prepared_by(workshop, placed)[0] == prepared_by(workshop, placed)[0]


def test_dates_come_from_the_caller(workshop: Any, placed: bytes) -> None:
    prepared, signature = prepared_by(workshop, placed)
    pdf = workshop.engine.complete(placed, prepared, signature, level=Level.B_B).pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.AcroForm.Fields[0].V.M) == "D:20261120080000Z"
    assert len(re.findall(rb"\(D(:|\\072)", pdf[len(placed) :])) == 1


def test_other_fields_stay_as_they_were(workshop: Any, placed: bytes) -> None:
    pdf = workshop.sign(placed, "imza2").pdf
    with pikepdf.open(io.BytesIO(placed)) as before, pikepdf.open(io.BytesIO(pdf)) as after:
        changed = [
            str(new.T)
            for old, new in zip(before.Root.AcroForm.Fields, after.Root.AcroForm.Fields, strict=True)
            if old.unparse(resolved=True) != new.unparse(resolved=True)
        ]
        assert changed == ["imza2"]
        assert before.Root.unparse(resolved=True) == after.Root.unparse(resolved=True)


def test_each_signature_appends_no_font(workshop: Any, placed: bytes) -> None:
    key = workshop.pki.person()
    prepared = workshop.engine.prepare(
        placed,
        field="imza0",
        certificate=key.certificate,
        chain=key.chain,
        appearance=Appearance("İ", ()),
        signing_time=NOON,
    )
    drawn = prepared.state.partition(b"\n")[2]
    assert len(drawn.replace(b"0", b"")) < 3000


def test_a_file_without_our_font_gets_it(
    workshop: Any, placed: bytes, judges: Any, tmp_path: Path, verapdf: Any
) -> None:
    with pikepdf.open(io.BytesIO(placed)) as opened:
        del opened.Root.AcroForm[Name.DR]
        out = io.BytesIO()
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    signed = workshop.sign(out.getvalue(), "imza0").pdf
    assert "Quliyeva Nərmin İlqar qızı" in judges.text(signed)
    file = tmp_path / "own-font.pdf"
    file.write_bytes(signed)
    assert verapdf([file]) == {file: ""}


def test_classic_cross_reference_tables(workshop: Any, placed: bytes, judges: Any) -> None:
    with pikepdf.open(io.BytesIO(placed)) as opened:
        out = io.BytesIO()
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    signed = workshop.sign(out.getvalue(), "imza0").pdf
    assert b"\ntrailer" in signed[len(out.getvalue()) :]
    assert judges.valid_signatures(signed) == 1


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)))
def test_any_order_of_signing(workshop: Any, placed: bytes, judges: Any, order: list[int]) -> None:
    current = placed
    for number in order:
        revision = workshop.sign(current, f"imza{number}").pdf
        assert revision.startswith(current)
        assert len(revision) > len(current)
        current = revision
    assert judges.valid_signatures(current) == 5
    judges.check_structure(current)


def test_thirty_signers(
    workshop: Any,
    place: Place,
    field_boxes: BoxMaker,
    judges: Any,
    tmp_path: Path,
    verapdf: Callable[[Iterable[Path]], dict[Path, str]],
) -> None:
    current = place(field_boxes(30))
    files = []
    for number in range(30):
        current = workshop.sign(current, f"imza{number}").pdf
        if number % 10 == 9:
            files.append(tmp_path / f"{number}.pdf")
            files[-1].write_bytes(current)
    assert judges.valid_signatures(current) == 30
    judges.check_structure(current)
    assert set(verapdf(files).values()) == {""}


def test_stale_base(workshop: Any, placed: bytes) -> None:
    prepared, signature = prepared_by(workshop, placed)
    newer = workshop.sign(placed, "imza1").pdf
    for base in (newer, placed[:-1], placed + b"\n"):
        complete = lambda base=base: workshop.engine.complete(base, prepared, signature, level=Level.B_B)  # noqa: E731
        assert code(complete) == "signing.stale_base"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_wrong_raw_signature_is_never_embedded(workshop: Any, placed: bytes, place: int, bit: int) -> None:
    prepared, signature = prepared_by(workshop, placed)
    position = place % len(signature)
    wrong = bytearray(signature)
    wrong[position] ^= 1 << bit
    assert (
        code(lambda: workshop.engine.complete(placed, prepared, bytes(wrong), level=Level.B_B))
        == "signing.bad_signature"
    )


def test_signature_by_another_key(workshop: Any, placed: bytes) -> None:
    prepared, _ = prepared_by(workshop, placed)
    other = workshop.pki.variant("p384")
    for signature in (b"", b"\x30\x00", other.sign(prepared.to_be_signed, "sha256_ecdsa")):
        assert (
            code(lambda s=signature: workshop.engine.complete(placed, prepared, s, level=Level.B_B))
            == "signing.bad_signature"
        )


def test_altered_preparation(workshop: Any, placed: bytes) -> None:
    prepared, signature = prepared_by(workshop, placed)
    other, _ = prepared_by(workshop, placed, "imza1")
    head, _, body = prepared.state.partition(b"\n")
    altered = [
        replace(prepared, state=other.state),
        replace(prepared, state=b"{}\n" + body),
        replace(prepared, state=head + b"\n" + body.replace(b"/Sig", b"/Sug")),
        replace(prepared, state=head.replace(b'"start":', b'"start":1')),
        replace(prepared, certificate=workshop.pki.variant("p384").certificate),
        replace(prepared, algorithm="sha512_ecdsa"),
    ]
    for wrong in altered:
        assert (
            code(lambda w=wrong: workshop.engine.complete(placed, w, signature, level=Level.B_B)) == "signing.bad_state"
        )


def test_fields_that_cannot_be_signed(workshop: Any, placed: bytes) -> None:
    signed = workshop.sign(placed, "imza0").pdf
    assert code(lambda: workshop.sign(placed, "yoxdur")) == "signing.no_such_field"
    assert code(lambda: workshop.sign(signed, "imza0")) == "signing.field_already_signed"


def locked_by_field(placed: bytes, lock: Dictionary) -> bytes:
    with pikepdf.open(io.BytesIO(placed)) as opened:
        opened.Root.AcroForm.Fields[0].Lock = opened.make_indirect(lock)
        out = io.BytesIO()
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@pytest.mark.parametrize(
    ("lock", "refused"),
    [
        (Dictionary(Type=Name.SigFieldLock, Action=Name.All), True),
        (Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=Array([]), P=1), True),
        (Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=Array([pikepdf.String("imza1")])), True),
        (Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=Array([pikepdf.String("imza2")])), False),
        (Dictionary(Type=Name.SigFieldLock, Action=Name.Exclude, Fields=Array([pikepdf.String("imza1")])), False),
    ],
)
def test_locks_of_earlier_signatures_hold(workshop: Any, placed: bytes, lock: Dictionary, refused: bool) -> None:
    signed = workshop.sign(locked_by_field(placed, lock), "imza0").pdf
    if refused:
        assert code(lambda: workshop.sign(signed, "imza1")) == "signing.document_locked"
    else:
        assert workshop.sign(signed, "imza1").pdf.startswith(signed)


def test_certified_document_without_changes(workshop: Any, placed: bytes) -> None:
    with pikepdf.open(io.BytesIO(placed)) as opened:
        rule = Dictionary(TransformMethod=Name.DocMDP, TransformParams=Dictionary(P=1, V=Name("/1.2")))
        signature = opened.make_indirect(Dictionary(Type=Name.Sig, Reference=Array([rule])))
        opened.Root.Perms = Dictionary(DocMDP=signature)
        out = io.BytesIO()
        opened.save(out)
    assert code(lambda: workshop.sign(out.getvalue(), "imza0")) == "signing.document_locked"


def test_unusable_files(workshop: Any, placed: bytes) -> None:
    with pikepdf.open(io.BytesIO(placed)) as opened:
        encrypted = io.BytesIO()
        opened.save(encrypted, encryption=pikepdf.Encryption(user="", owner="x"))
    assert code(lambda: workshop.sign(encrypted.getvalue(), "imza0")) == "signing.encrypted_pdf"
    for broken in (b"", b"%%EOF", b"%PDF-1.7\n%%EOF\n", placed[:-3], placed[: len(placed) // 2], placed + b"x" * 2000):
        assert code(lambda b=broken: workshop.sign(b, "imza0")) == "signing.unreadable_pdf"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_damaged_files_never_crash(workshop: Any, placed: bytes, seed: int) -> None:
    chance = random.Random(seed)
    damaged = bytearray(placed)
    for _ in range(chance.randint(1, 200)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    try:
        workshop.sign(bytes(damaged), "imza0")
    except SigningError as error:
        assert error.code.startswith("signing.")  # noqa: PT017


@pytest.mark.parametrize("certificate", [b"", b"\x30\x03\x02\x01\x00", b"x" * 500])
def test_bad_certificate(workshop: Any, placed: bytes, certificate: bytes) -> None:
    prepare = lambda: workshop.engine.prepare(  # noqa: E731
        placed, field="imza0", certificate=certificate, chain=(), appearance=Appearance("İ", ()), signing_time=NOON
    )
    assert code(prepare) == "signing.bad_certificate"


def test_placing_into_a_signed_file_is_refused(
    workshop: Any, placed: bytes, font: AppearanceFont, field_boxes: BoxMaker
) -> None:
    signed = workshop.sign(placed, "imza0").pdf
    box = replace(field_boxes(1)[0], name="yeni")
    assert code(lambda: PdfFieldPlacer(font).place(signed, [box])) == "signing.field_already_signed"


def test_many_threads_share_one_engine(workshop: Any, placed: bytes, judges: Any) -> None:
    with ThreadPoolExecutor(4) as executor:
        results = list(executor.map(lambda i: workshop.sign(placed, f"imza{i % 5}").pdf, range(8)))
    assert [judges.valid_signatures(pdf) for pdf in results] == [1] * 8


def test_byte_range_covers_everything_but_the_container(workshop: Any, placed: bytes) -> None:
    pdf = workshop.sign(placed, "imza0").pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        signature = opened.Root.AcroForm.Fields[0].V
        zero, first, second, rest = (int(v) for v in signature.ByteRange)
        assert (zero, second + rest) == (0, len(pdf))
        assert pdf[first : first + 1] + pdf[second - 1 : second] == b"<>"
        digest = hashlib.sha256(pdf[:first] + pdf[second:]).digest()
    (container,) = containers(pdf)
    attributes = container["content"]["signer_infos"][0]["signed_attrs"]
    assert [a["values"][0].native for a in attributes if a["type"].native == "message_digest"] == [digest]
